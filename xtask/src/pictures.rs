//! `cargo xtask pictures`: draws the pictures of README and manual anew, from a freshly filled demonstration.

use crate::{machine, shell};
use anyhow::Result;
use std::process::Command;

pub fn run() -> Result<()> {
    let there = |program: &str| shell::which(program).is_some();
    machine::debian(&[(there("chromium"), "chromium"), (there("chromedriver"), "chromium-driver")])?;
    shell::step("pictures: build the product");
    // As the tests build it: another choice of crates would compile everything below with other features.
    shell::run(shell::cargo().args(["build", "--workspace", "--locked", "--bins", "--example", "pictures"]))?;
    shell::step("pictures: look at it");
    let mut painter = Command::new(shell::target().join("debug/examples/pictures"));
    shell::run(
        painter.current_dir(shell::root()).env("KUNDENKREIS_TEST_BINARY", shell::target().join("debug/kundenkreis")),
    )
}
