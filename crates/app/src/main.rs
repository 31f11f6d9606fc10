//! `kundenkreis`: command line, configuration, wiring, lifecycle. It knows everyone and decides nothing.

mod cabinet;
mod command;
mod config;
mod console;
mod demo;
mod doctor;
mod knowledge;
mod logs;
mod memory;
mod serve;
mod wire;

use anyhow::Result;
use clap::{Parser, Subcommand};
use config::Config;
use std::{io::Write, path::PathBuf, process::ExitCode};

/// The CRM that closes the marketing loop.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A single setting, e.g. --set http.listen=0.0.0.0:80. `kundenkreis config` lists all.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Run the server on a folder filled with a believable tour operator; mails are caught, nothing leaves this machine.
    Demo {
        /// Fill the folder and stop.
        #[arg(long)]
        fill_only: bool,
    },
    /// Print the effective configuration with the source of each value, secrets masked.
    Config,
    /// Check configuration, database, mail server and disk.
    Doctor,
    /// People who work here.
    #[command(subcommand)]
    User(command::User),
    /// Tokens for the API.
    #[command(subcommand)]
    Token(command::Token),
    /// The columnar copy that answers questions.
    #[command(subcommand)]
    Knowledge(knowledge::Command),
    /// Websites and programs that tell what visitors do.
    #[command(subcommand)]
    Source(command::Source),
    /// Import a file of contacts or orders.
    Import(command::Import),
    /// Renders templates for the server; started by it.
    #[command(hide = true)]
    RenderWorker,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.command, Command::RenderWorker) {
        return channels::render::worker_main();
    }
    if matches!(arguments.command, Command::Serve | Command::Demo { .. }) {
        memory::settle();
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With nobody to tell, the exit code has to say it.
            let _ = writeln!(std::io::stderr(), "kundenkreis: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let presets = if matches!(arguments.command, Command::Demo { .. }) { demo::PRESETS } else { &[] };
    let config = Config::load(arguments.config.as_deref(), &arguments.set, presets)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Serve => serve::serve(&config, false).await,
            Command::Demo { fill_only } => demo::run(&config, fill_only).await,
            Command::Config => {
                console::tell(config.describe().trim_end())?;
                Ok(())
            }
            Command::Doctor => doctor::examine(&config).await,
            Command::User(user) => command::user(&config, user).await,
            Command::Token(token) => command::token(&config, token).await,
            Command::Knowledge(command) => knowledge::run(&config, command).await,
            Command::Source(source) => command::source(&config, source).await,
            Command::Import(import) => command::import(&config, import).await,
            Command::RenderWorker => Ok(()),
        }
    })
}
