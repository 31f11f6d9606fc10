//! `kundenkreis doctor`: looks at everything a server needs and says what is wrong and what helps.

use crate::{cabinet, config::Config, console::tell, wire};
use anyhow::{Result, bail};
use channels::SmtpCourier;
use kernel::{Clock, Locale, mail::Courier};
use std::{fmt::Display, net::TcpListener, path::Path};
use store::DataFolder;

struct Findings(usize);

impl Findings {
    fn good(&self, what: &str, detail: impl Display) -> Result<()> {
        Ok(tell(format_args!("  ok      {what}: {detail}"))?)
    }

    fn note(&self, what: &str, detail: impl Display) -> Result<()> {
        Ok(tell(format_args!("  note    {what}: {detail}"))?)
    }

    fn bad(&mut self, what: &str, detail: impl Display) -> Result<()> {
        self.0 += 1;
        Ok(tell(format_args!("  WRONG   {what}: {detail}"))?)
    }
}

/// Examines and prints; fails when something must be mended before a server can work.
pub async fn examine(config: &Config) -> Result<()> {
    let mut findings = Findings(0);
    folder(config, &mut findings)?;
    match wire::ground(config, false).await {
        Ok(ground) => {
            let engine = ground.db.engine();
            match ground.db.ping().await {
                Ok(()) => findings.good("database", format!("{engine:?}, tables are up to date"))?,
                Err(fault) => findings.bad("database", fault)?,
            }
            documents(config, &ground.folder, &mut findings).await?;
        }
        Err(error) => findings.bad("database", format!("{error:#}"))?,
    }
    address(config, &mut findings)?;
    mail(config, &mut findings).await?;
    if config.given("http.public_url").is_none() {
        findings.note("http.public_url", "not set: links in mails will only work on this machine")?;
    }
    match findings.0 {
        0 => Ok(()),
        n => bail!("{n} thing(s) must be mended"),
    }
}

fn folder(config: &Config, findings: &mut Findings) -> Result<()> {
    let path = Path::new(config.text("data.folder"));
    let probe = path.join(".doctor");
    let written = std::fs::create_dir_all(path)
        .and_then(|()| std::fs::write(&probe, b"x"))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => findings.good("data folder", path.display()),
        Err(error) => findings.bad("data folder", format!("{} cannot be written: {error}", path.display())),
    }
}

fn address(config: &Config, findings: &mut Findings) -> Result<()> {
    let listen = config.text("http.listen");
    match TcpListener::bind(listen) {
        Ok(_) => findings.good("http.listen", listen),
        Err(error) => findings.note("http.listen", format!("{listen}: {error} (a running server, perhaps this one)")),
    }
}

async fn documents(config: &Config, folder: &DataFolder, findings: &mut Findings) -> Result<()> {
    match cabinet::examine(config, folder).await {
        Ok(found) => {
            for (what, said) in found {
                match said {
                    Ok(place) => findings.good(what, place)?,
                    Err(why) => findings.bad(what, why)?,
                }
            }
            Ok(())
        }
        Err(error) => findings.bad("document store", format!("{error:#}")),
    }
}

async fn mail(config: &Config, findings: &mut Findings) -> Result<()> {
    if config.given("smtp.host").is_none() {
        return findings.note("smtp.host", "not set: mails are caught and stay on this machine");
    }
    let courier = match wire::smtp(config) {
        Ok(smtp) => SmtpCourier::new(smtp, Clock::System),
        Err(error) => return findings.bad("mail", format!("{error:#}")),
    };
    match courier {
        Ok(courier) => match courier.check().await {
            Ok(()) => findings.good("mail server", config.text("smtp.host"))?,
            Err(sentence) => findings.bad("mail server", sentence.say(Locale::En))?,
        },
        Err(sentence) => findings.bad("mail", sentence.say(Locale::En))?,
    }
    if config.given("mail.dkim_domain").is_none() {
        findings
            .note("mail.dkim_domain", "not set: mails are not signed, and large providers will refuse them in bulk")?;
    }
    Ok(())
}
