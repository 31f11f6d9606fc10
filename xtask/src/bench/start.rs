//! From starting the program to the first page a person sees.

use super::lab::Lab;
use super::measure::{by_turns, median, peak_memory};
use super::table::Row;
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Instant;

const ROUNDS: usize = 11;

pub fn run(lab: &Lab) -> Result<Vec<Row>> {
    lab.binary()?;
    let kept = tempfile::tempdir()?;
    let mut memory = Vec::new();
    start(lab, &kept.path().join("data"))?;
    let mut first = || {
        let folder = tempfile::tempdir()?;
        Ok(start(lab, &folder.path().join("data"))?.0)
    };
    let mut later = || {
        let (milliseconds, mebibytes) = start(lab, &kept.path().join("data"))?;
        memory.push(mebibytes);
        Ok(milliseconds)
    };
    let medians = by_turns(ROUNDS, &mut [&mut first, &mut later])?;
    Ok(vec![
        Row::ours("first start, new data folder", medians[0], "ms"),
        Row::ours("later start", medians[1], "ms"),
        Row::ours("memory after the first page", median(memory), "MiB"),
    ])
}

/// Milliseconds to the first page, and the peak of memory by then.
fn start(lab: &Lab, data: &Path) -> Result<(f64, f64)> {
    let since = Instant::now();
    let mut server = lab.serve(data, &[])?;
    let page = server.first_page("/")?;
    let milliseconds = since.elapsed().as_secs_f64() * 1000.0;
    ensure!(page.contains("<html"), "the first page is no page: {page}");
    Ok((milliseconds, peak_memory(server.process.id())?))
}
