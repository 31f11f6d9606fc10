//! `cargo xtask bench [NAME]`: the measurements of `docs/benchmarks.md`. All but the first are taken by the bench `product`
//! of crate `app`, on the released program.

mod build;

use crate::{machine, packages, shell};
use anyhow::{Result, bail};

const COLD: &str = "cold-build";

/// What a user would set beside us for questions, and data to ask about; digests pinned.
const OTHERS: &[&str] = &[
    packages::DUCKDB,
    packages::COMPLETE_JOURNEY,
    "chdb==4.4.0 --hash=sha256:b9d1159b19a101a650e72e085631dcc3a0879c31faf7c098bff3ea51dbba2daf",
    "chdb-core==26.9.0 --hash=sha256:707e2ec3fe0f7953bac97942eaeb7a1ed1d66b1e56ecef3f0aa2130f61f6e735",
];

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
        let python = machine::python_with(&shell::target().join("tools/others"), OTHERS)?;
        let mut bench = shell::cargo();
        bench.args(["bench", "--locked", "--workspace", "--bench", "product", "--"]).args(named);
        shell::run(bench.env("KUNDENKREIS_TEST_PYTHON", python))?;
    }
    Ok(())
}
