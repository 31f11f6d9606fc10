//! `cargo xtask pictures`: draws the pictures of README and manual anew, from a freshly filled demonstration.

use crate::{machine, shell};
use anyhow::Result;

pub fn run() -> Result<()> {
    let there = |program: &str| shell::which(program).is_some();
    machine::debian(&[(there("chromium"), "chromium"), (there("chromedriver"), "chromium-driver")])?;
    shell::step("pictures: build the product");
    shell::run(shell::cargo().args(["build", "-p", "app", "--locked"]))?;
    shell::step("pictures: look at it");
    shell::run(shell::cargo().args(["run", "-p", "app", "--locked", "--example", "pictures"]))
}
