//! How long a newcomer waits for the first release build.

use super::lab::Lab;
use super::measure::children_processor_time;
use super::table::Row;
use crate::shell;
use anyhow::Result;
use std::fs;
use std::time::Instant;

/// Everything from nothing, in a target folder of its own; the downloads are not counted.
pub fn cold(_: &Lab) -> Result<Vec<Row>> {
    let folder = shell::target().join("bench/cold-build");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    shell::run(shell::cargo().args(["fetch", "--locked"]))?;
    let (since, before) = (Instant::now(), children_processor_time()?);
    shell::run(shell::cargo().args(["build", "--release", "--locked", "--target-dir"]).arg(&folder))?;
    let (wall, processor) = (since.elapsed().as_secs_f64(), children_processor_time()? - before);
    let size = fs::metadata(folder.join("release/kundenkreis"))?.len() as f64 / (1024.0 * 1024.0);
    fs::remove_dir_all(&folder)?;
    Ok(vec![
        Row::ours("wall time", wall, "s"),
        Row::ours("processor time", processor, "s"),
        Row::ours("size of the program", size, "MiB"),
    ])
}
