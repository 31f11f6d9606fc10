//! Commands for the knowledgebase: what is in it, whether it is right, and making it anew.

use crate::{config::Config, console::tell, wire};
use ::knowledge::{Compared, Knowledge};
use anyhow::{Result, bail};
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Command {
    /// Tables, rows, files and bytes, and how far the files have come.
    Status,
    /// Read every row of the truth and of the copy and compare them; fails when they differ. A server may be running.
    Verify,
    /// Throw the files away and read the whole truth again. The server must be stopped.
    Rebuild,
}

pub async fn run(config: &Config, command: Command) -> Result<()> {
    let ground = wire::ground(config, matches!(command, Command::Rebuild)).await?;
    let knowledge = wire::knowledge(config, &ground.folder, &ground.db, &ground.clock)?;
    match command {
        Command::Status => {
            let Some(status) = knowledge.status().await? else {
                tell("There are no files yet: the server writes them, or `kundenkreis knowledge rebuild`.")?;
                return Ok(());
            };
            for (table, rows, files, bytes) in &status.tables {
                tell(format_args!("{table:<14} {rows:>12} rows  {files:>4} files  {bytes:>14} bytes"))?;
            }
            let behind = status.newest - status.seq;
            tell(format_args!("files hold the log up to {}, {behind} before its end", status.seq))?;
        }
        Command::Verify => {
            let compared = compared(&knowledge).await?;
            for one in &compared {
                let verdict = if one.is_equal() { "equal" } else { "DIFFERENT" };
                tell(format_args!(
                    "{:<14} {:>12} rows, copy {:>12}  {verdict}",
                    one.table, one.truth.rows, one.copy.rows
                ))?;
            }
            if compared.iter().any(|one| !one.is_equal()) {
                bail!("the copy differs from the truth: run `kundenkreis knowledge rebuild` with the server stopped");
            }
        }
        Command::Rebuild => {
            knowledge.rebuild().await?;
            tell("The knowledgebase was made anew.")?;
        }
    }
    Ok(())
}

/// Beside a running server its files may be replaced while they are read: then they are read again.
async fn compared(knowledge: &Knowledge) -> Result<Vec<Compared>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let compared = match knowledge.visit().await {
            Ok(true) => knowledge.verify().await,
            Ok(false) => bail!("there are no files yet: the server writes them, or `kundenkreis knowledge rebuild`"),
            Err(fault) => Err(fault),
        };
        match compared {
            Ok(compared) => return Ok(compared),
            Err(fault) if tries == 10 => return Err(fault.into()),
            Err(_) => {}
        }
    }
}
