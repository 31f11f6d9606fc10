//! Logs to standard error: a sentence and its fields, as text for people or JSON for collectors.

use crate::config::Config;
use anyhow::{Context, Result};
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

pub fn start(config: &Config) -> Result<()> {
    let filter: Targets = config.text("log.filter").parse().context("log.filter cannot be read")?;
    // Where a line cannot be written (a full disk, a closed pipe) it is lost; complaining about it on the same stream
    // would panic in the middle of whatever was to be logged.
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false).log_internal_errors(false);
    match config.text("log.format") {
        "json" => registry().with(filter).with(lines.json().flatten_event(true)).init(),
        _ => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            registry().with(filter).with(lines.with_ansi(colours)).init();
        }
    }
    Ok(())
}
