//! Mail: what is possible on this machine at all.

use super::lab::{self, Lab};
use super::measure::by_turns;
use super::table::Row;
use crate::shell;
use anyhow::{Context, Result};
use std::process::Command;
use std::time::Instant;

const MAILS: u32 = 20_000;
const ROUNDS: usize = 5;

/// `smtp-source` into `smtp-sink`: no ledger, no signature, no composing. The reference for our own sending.
pub fn ceiling(_: &Lab) -> Result<Vec<Row>> {
    let sink = lab::smtp_sink()?;
    let mut one = || smtp_source(sink.port, 1, MAILS);
    let mut twenty = || smtp_source(sink.port, 20, MAILS);
    let medians = by_turns(ROUNDS, &mut [&mut one, &mut twenty])?;
    Ok(vec![
        Row::reference("smtp-source, 1 connection", medians[0], "mails/s"),
        Row::reference("smtp-source, 20 connections", medians[1], "mails/s"),
    ])
}

/// Mails a second that Postfix' `smtp-source` gets rid of, 4 KiB each; connections are kept (`-d`).
pub fn smtp_source(port: u16, connections: u32, mails: u32) -> Result<f64> {
    let mut source = Command::new(shell::which("smtp-source").context("smtp-source: `cargo xtask test` installs it")?);
    source.args(["-s", &connections.to_string(), "-m", &mails.to_string(), "-l", "4096", "-d"]);
    source.args(["-f", "us@example.org", "-t", "ada@example.org"]).arg(format!("127.0.0.1:{port}"));
    let since = Instant::now();
    shell::output(&mut source)?;
    Ok(f64::from(mails) / since.elapsed().as_secs_f64())
}
