//! Commands for the administrator's shell. They act as the house itself and leave audit entries like everybody.

use crate::{config::Config, console::tell, wire};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use crm::{
    Trouble,
    customers::ContactImport,
    intake::{
        ImportKind,
        runs::{self, ImportWorker, Progress},
    },
    interactions::tracking::{SourceDraft, Switches, sources},
    sales::OrderImport,
    staff::{Actor, Role, links, tokens, users},
};
use kernel::{Currency, Locale, chance};
use std::path::PathBuf;
use store::jobs::Outcome;

#[derive(Subcommand)]
pub enum User {
    /// Add a person and print the one-time link with which they choose a password.
    Add {
        /// E-mail address they sign in with.
        login: String,
        /// Their name as shown.
        #[arg(long)]
        name: String,
        /// Roles, e.g. --role marketing_manager; may be given several times.
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// Print a fresh one-time link for a person who forgot their password.
    Link { login: String },
    /// List everybody.
    List,
}

#[derive(Subcommand)]
pub enum Token {
    /// Make a token and print it, once.
    Create {
        /// What it is for.
        name: String,
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// List tokens, without their text.
    List,
}

#[derive(Subcommand)]
pub enum Source {
    /// Add a website or program that tells what visitors do, and print its write key.
    Create {
        name: String,
        /// Web origins browsers may send from, e.g. --origin https://www.example.org; everywhere without one.
        #[arg(long = "origin")]
        origins: Vec<String>,
        /// Make unknown people with an e-mail address leads.
        #[arg(long)]
        leads: bool,
        /// Fill empty master data of identified people.
        #[arg(long)]
        fill: bool,
        /// Drop events without consent instead of counting them anonymously.
        #[arg(long)]
        no_anonymous_counts: bool,
    },
    /// List sources with their write keys.
    List,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    Contacts,
    Orders,
}

#[derive(Args)]
pub struct Import {
    pub kind: Kind,
    pub file: PathBuf,
    /// Check only; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where rejected rows are written, ready to be corrected and imported again.
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
}

fn role(text: &str) -> Result<Role, String> {
    let all: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
    Role::parse(text).ok_or_else(|| format!("there is no role “{text}”; choose from {}", all.join(", ")))
}

/// The sentence of a refusal, or the fault.
pub fn said(trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::Refusal(crm::Refusal::Invalid(complaints)) => {
            let lines: Vec<_> =
                complaints.iter().map(|c| format!("{}: {}", c.field, c.sentence.say(Locale::En))).collect();
            anyhow::anyhow!(lines.join("\n"))
        }
        Trouble::Refusal(crm::Refusal::State(sentence)) => anyhow::anyhow!(sentence.say(Locale::En)),
        other => other.into(),
    }
}

fn house() -> Actor {
    Actor::system("command line")
}

pub async fn user(config: &Config, command: User) -> Result<()> {
    let ground = wire::ground(config, false).await?;
    let now = ground.clock.now();
    let mut rng = chance::system();
    let url =
        config.given("http.public_url").map_or_else(|| format!("http://{}", config.text("http.listen")), str::to_owned);
    match command {
        User::Add { login, name, roles } => {
            let unit = ground.db.write().await?;
            let new = users::NewUser { login: &login, name: &name, roles: &roles, locale: Locale::De };
            let id = users::create(&unit, &house(), new, now).await.map_err(said)?;
            let secret =
                links::issue(&unit, &house(), id, links::Purpose::Invitation, now, &mut rng).await.map_err(said)?;
            unit.save().await?;
            tell(format_args!("{name} can choose a password here (works once):\n{url}/einladung/{secret}"))?;
        }
        User::Link { login } => {
            let unit = ground.db.write().await?;
            let Some(user) = users::by_login(&unit, &login).await? else { bail!("nobody signs in as {login}") };
            let secret =
                links::issue(&unit, &house(), user.id, links::Purpose::Reset, now, &mut rng).await.map_err(said)?;
            unit.save().await?;
            tell(format_args!("{url}/einladung/{secret}"))?;
        }
        User::List => {
            for user in users::list(&ground.db.read().await?).await? {
                let roles: Vec<_> = user.roles.iter().map(|role| role.code()).collect();
                let state = if user.active { "active" } else { "closed" };
                tell(format_args!("{:<32} {:<28} {state:<7} {}", user.login, user.name, roles.join(", ")))?;
            }
        }
    }
    Ok(())
}

pub async fn token(config: &Config, command: Token) -> Result<()> {
    let ground = wire::ground(config, false).await?;
    match command {
        Token::Create { name, roles } => {
            let unit = ground.db.write().await?;
            let made = tokens::create(&unit, &house(), &name, &roles, ground.clock.now(), &mut chance::system()).await;
            let (_, secret) = made.map_err(said)?;
            unit.save().await?;
            tell(secret)?;
        }
        Token::List => {
            for token in tokens::list(&ground.db.read().await?).await? {
                let roles: Vec<_> = token.roles.iter().map(|role| role.code()).collect();
                let state = if token.revoked_at.is_some() { "revoked" } else { "active" };
                tell(format_args!("{:<6} {:<28} {state:<8} {}", token.id, token.name, roles.join(", ")))?;
            }
        }
    }
    Ok(())
}

pub async fn source(config: &Config, command: Source) -> Result<()> {
    let ground = wire::ground(config, false).await?;
    match command {
        Source::Create { name, origins, leads, fill, no_anonymous_counts } => {
            let switches =
                Switches { creates_leads: leads, fills_contacts: fill, counts_anonymously: !no_anonymous_counts };
            let draft = SourceDraft { name, origins: origins.join(" "), switches };
            let unit = ground.db.write().await?;
            let id = sources::create(&unit, &house(), &draft, ground.clock.now(), &mut chance::system()).await;
            let made = sources::find(&unit, id.map_err(said)?).await?.context("the source that was just made")?;
            unit.save().await?;
            tell(made.write_key)?;
        }
        Source::List => {
            for source in sources::list(&ground.db.read().await?).await? {
                let state = if source.active { "on" } else { "off" };
                tell(format_args!("{:<6} {:<28} {state:<4} {}", source.id, source.name, source.write_key))?;
            }
        }
    }
    Ok(())
}

pub async fn import(config: &Config, command: Import) -> Result<()> {
    let ground = wire::ground(config, false).await?;
    let (db, clock) = (&ground.db, &ground.clock);
    let kind = match command.kind {
        Kind::Contacts => ImportKind::Contacts,
        Kind::Orders => ImportKind::Orders,
    };
    let path = command.file.canonicalize().with_context(|| format!("{} cannot be read", command.file.display()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let run = runs::prepare(db, &house(), kind, &name, &path, clock).await.map_err(said)?;
    let zone = ground.zone.clone();
    let outcome = match command.kind {
        Kind::Contacts => {
            let worker = ImportWorker::new(ContactImport, zone, Currency::EUR);
            worker.perform(db, clock, run.id, command.dry_run, Progress::Silent).await?
        }
        Kind::Orders => {
            let worker = ImportWorker::new(OrderImport, zone, Currency::EUR);
            worker.perform(db, clock, run.id, command.dry_run, Progress::Silent).await?
        }
    };
    if let Outcome::Failed(sentence) = outcome {
        bail!("{name}: {}", sentence.say(Locale::En));
    }
    let rows = db.read().await?;
    let Some(run) = runs::find(&rows, run.id).await? else { bail!("the import is gone") };
    let wording = if command.dry_run { "would be" } else { "were" };
    tell(format_args!(
        "{name}: {} rows read; {} {wording} created, {} updated, {} unchanged, {} rejected",
        run.lines, run.created, run.updated, run.unchanged, run.rejected
    ))?;
    for rejection in runs::rejections(&rows, run.id, 0, 20).await? {
        tell(format_args!(
            "  line {}, {}: {}",
            rejection.line,
            rejection.field.as_deref().unwrap_or("row"),
            rejection.sentence.say(Locale::En)
        ))?;
    }
    if run.rejected > 20 {
        tell(format_args!("  … {} more", run.rejected - 20))?;
    }
    if let Some(file) = command.errors.filter(|_| run.rejected > 0) {
        std::fs::write(&file, runs::error_file_of(&rows, &run, Locale::De).await.map_err(said)?)?;
        tell(format_args!("rejected rows are in {}", file.display()))?;
    }
    Ok(())
}
