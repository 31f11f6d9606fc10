//! `cargo xtask bench [NAME]`: the measurements of `docs/benchmarks.md`. Each is a function from a [`Lab`] to rows; ours
//! and the reference are measured in the same run, by turns, so that a busy machine disturbs both alike.
//! The table is printed and written to `target/bench/NAME.md`.

mod build;
mod lab;
mod mail;
mod measure;
mod start;
mod table;

use crate::shell;
use anyhow::{Context, Result, bail};
use lab::Lab;
use std::fs;
use table::Row;

struct Bench {
    name: &'static str,
    about: &'static str,
    run: fn(&Lab) -> Result<Vec<Row>>,
}

const BENCHES: &[Bench] = &[
    Bench { name: "cold-build", about: "release build from an empty target folder", run: build::cold },
    Bench { name: "start", about: "from starting the program to its first page", run: start::run },
    Bench { name: "mail-ceiling", about: "what Postfix' own sender does here, without a ledger", run: mail::ceiling },
];

pub fn run(arguments: &[String]) -> Result<()> {
    println!("benches:");
    for bench in BENCHES {
        println!("    {:<14} {}", bench.name, bench.about);
    }
    let chosen: Vec<&Bench> = match arguments {
        [] => BENCHES.iter().collect(),
        [name] => BENCHES.iter().filter(|b| b.name == name).collect(),
        _ => bail!("one name, please"),
    };
    if chosen.is_empty() {
        bail!("there is no bench {}", arguments.join(" "));
    }
    let folder = shell::target().join("bench");
    fs::create_dir_all(&folder)?;
    let lab = Lab::new();
    for bench in chosen {
        shell::step(&format!("bench: {}", bench.name));
        let machine = lab::machine();
        let rows = (bench.run)(&lab).with_context(|| format!("bench {}", bench.name))?;
        let text = table::render(bench.name, bench.about, &machine, &rows);
        println!("\n{text}");
        fs::write(folder.join(format!("{}.md", bench.name)), text)?;
    }
    Ok(())
}
