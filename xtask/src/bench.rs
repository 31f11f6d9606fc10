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
    // Splink with what it needs beside DuckDB; of the Record Linkage Toolkit only its data sets are read.
    "splink==5.0.0 --hash=sha256:4b4b99a9d9d59f313a6bee766832d5632d33ff39083d153f5e9a5ab505325a1c",
    "pyarrow==26.0.1 --hash=sha256:39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c",
    "sqlglot==30.30.0 --hash=sha256:06c4c212a7868c7dcff0fd0fda348dd3c5cbad40137b3083a70ecdfe22921cf9",
    "recordlinkage==0.16 --hash=sha256:7ca404ab30435ea4b0ae2eda411f8dcc3c48186e152d3ca91fb525e8f6c0fd63",
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
