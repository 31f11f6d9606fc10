//! `cargo xtask check`: everything that can be said about the source without running it. All parts run, so that one
//! round shows all that is wrong.

use crate::{deny, floors, shell};
use anyhow::{Result, bail};

pub fn run() -> Result<()> {
    let parts: [(&str, fn() -> Result<()>); 4] =
        [("floors", floors::run), ("format", format), ("dependencies", deny::run), ("clippy", clippy)];
    let mut failed = Vec::new();
    for (name, part) in parts {
        shell::step(&format!("check: {name}"));
        match part() {
            Ok(()) => shell::note("ok"),
            Err(trouble) => {
                shell::note(&format!("FAILED: {trouble:#}"));
                failed.push(name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("check found fault with: {}", failed.join(", "));
    }
    println!("\ncheck: all good");
    Ok(())
}

fn format() -> Result<()> {
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    shell::run(shell::cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}
