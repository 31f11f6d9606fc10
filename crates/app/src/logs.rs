//! Logs to standard error: a sentence and its fields, as text for people or JSON for collectors.

use crate::config::Config;
use anyhow::{Context, Result};
use tracing_subscriber::{EnvFilter, fmt};

pub fn start(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(config.text("log.filter")).context("log.filter cannot be read")?;
    // Where a line cannot be written (a full disk, a closed pipe) it is lost; complaining about it on the same stream
    // would panic in the middle of whatever was to be logged.
    let lines =
        fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).log_internal_errors(false);
    match config.text("log.format") {
        "json" => lines.json().flatten_event(true).init(),
        _ => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
    }
    Ok(())
}
