//! How long a newcomer waits for the first release build.

use crate::shell;
use anyhow::{Context, Result};
use std::fs;
use std::time::Instant;

/// Everything from nothing, in a target folder of its own; the downloads are not counted.
pub fn cold() -> Result<()> {
    let folder = shell::target().join("bench/cold-build");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    shell::run(shell::cargo().args(["fetch", "--locked"]))?;
    let (since, before) = (Instant::now(), children_processor_time()?);
    shell::run(shell::cargo().args(["build", "--release", "--locked", "--timings", "--target-dir"]).arg(&folder))?;
    let (wall, processor) = (since.elapsed().as_secs_f64(), children_processor_time()? - before);
    let size = fs::metadata(folder.join("release/kundenkreis"))?.len() as f64 / (1024.0 * 1024.0);
    shell::note(&format!("{wall:.0} s on the clock, {processor:.0} s of processor time, a program of {size:.1} MiB"));
    shell::note(&format!("what took how long: {}", folder.join("cargo-timings").display()));
    Ok(())
}

/// Processor time, in seconds, of all processes we started that have ended, with theirs (fields 16 and 17 of
/// proc(5)'s stat, in ticks of 10 ms on Linux).
fn children_processor_time() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is a name in brackets that may hold anything; count from behind it.
    let fields: Vec<&str> = stat.rsplit_once(')').context("stat")?.1.split_whitespace().collect();
    let ticks = |at: usize| -> Result<f64> { Ok(fields.get(at).context("stat")?.parse()?) };
    Ok((ticks(13)? + ticks(14)?) / 100.0)
}
