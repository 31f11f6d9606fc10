//! `cargo xtask bench [NAME]`: the measurements of `docs/benchmarks.md`. All but the first are taken by the bench `product`
//! of crate `app`, on the released program.

mod build;

use crate::shell;
use anyhow::{Result, bail};

const COLD: &str = "cold-build";

pub fn run(arguments: &[String]) -> Result<()> {
    let named = match arguments {
        [] => None,
        [name] => Some(name.as_str()),
        _ => bail!("one name, please"),
    };
    if named.is_none_or(|name| name == COLD) {
        shell::step(&format!("bench: {COLD}"));
        build::cold()?;
    }
    if named != Some(COLD) {
        shell::step(&format!("bench: {}", named.unwrap_or("all of the product")));
        shell::run(shell::cargo().args(["bench", "--locked", "-p", "app", "--bench", "product", "--"]).args(named))?;
    }
    Ok(())
}
