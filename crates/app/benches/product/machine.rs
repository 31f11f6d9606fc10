//! What a reader needs to know about the conditions.

use std::{fs, process::Command};

/// Cores, load, compiler and commit, in one line.
pub fn describe() -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, |n| n.get());
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    let rust = said(Command::new("rustc").arg("--version"));
    let commit = said(Command::new("git").args(["rev-parse", "--short", "HEAD"]));
    format!("{cores} cores ({model}), load {load} at the start, {rust}, commit {commit}")
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}
