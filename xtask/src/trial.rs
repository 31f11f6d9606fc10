//! `cargo xtask test`: fetches and starts what the tests need, builds everything once, runs all tests, and says at
//! the end what came of it. The servers are private, on free ports, and gone afterwards.

mod postgres;
mod summary;

use crate::{machine, shell};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The DKIM verification of others, against which ours is held; digests pinned.
const PYTHON: &[&str] = &[
    "dkimpy==1.1.8 --hash=sha256:b5f60fb47bbf5d8d762f134bcea0c388eba6b498342a682a21f1686545094b77",
    "dnspython==2.9.2 --hash=sha256:af15f7d385a6ae2fb35a796fde2138004c8c42c7389090e2addc83e3b3340fd8",
];

pub fn run(arguments: &[String]) -> Result<()> {
    shell::step("test: programs from Debian (PostgreSQL, Chromium, Postfix, Python)");
    let there = |program: &str| shell::which(program).is_some();
    machine::debian(&[
        (postgres::folder().is_some(), "postgresql"),
        (there("chromium"), "chromium"),
        (there("chromedriver"), "chromium-driver"),
        (there("smtp-sink") && there("postfix"), "postfix"),
        (there("openssl"), "openssl"),
        (there("python3"), "python3"),
        (there("python3"), "python3-venv"),
    ])?;

    shell::step("test: Python packages");
    let python = machine::python_with(&shell::target().join("tools/python"), PYTHON)?;
    shell::note(&format!("{} with dkimpy", python.display()));

    shell::step("test: a PostgreSQL of our own");
    let server = postgres::Server::start()?;
    shell::note(&server.url());

    shell::step("test: build everything once");
    shell::run(shell::cargo().args(["build", "--workspace", "--all-targets", "--locked"]))?;

    shell::step("test: run");
    let mut tests = shell::cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast", "--locked"])
        .args(arguments)
        .env("KUNDENKREIS_TEST_POSTGRES", server.url())
        .env("KUNDENKREIS_TEST_PYTHON", python)
        .env("KUNDENKREIS_TEST_CHROMIUM", found("chromium")?)
        .env("KUNDENKREIS_TEST_CHROMEDRIVER", found("chromedriver")?)
        .env("KUNDENKREIS_TEST_SMTP_SINK", found("smtp-sink")?)
        .env("KUNDENKREIS_TEST_POSTFIX", found("postfix")?)
        .env("KUNDENKREIS_TEST_BINARY", shell::target().join("debug/kundenkreis"));
    let outcome = report(&mut tests);
    server.stop();
    outcome
}

fn found(program: &str) -> Result<PathBuf> {
    shell::which(program).ok_or_else(|| anyhow::anyhow!("{program} is not on this machine although it was installed"))
}

/// Passes the tests' output through and adds it up.
fn report(tests: &mut Command) -> Result<()> {
    shell::note(&format!("$ {}", shell::spoken(tests)));
    let mut child = tests.stdout(Stdio::piped()).spawn()?;
    let summary = summary::listen(child.stdout.take().expect("a pipe was asked for"), std::io::stdout())?;
    let status = child.wait()?;
    shell::step("test: summary");
    println!("{summary}");
    if !status.success() || summary.failed > 0 {
        bail!("tests failed ({status})");
    }
    if summary.passed == 0 {
        bail!("no test ran: nothing was shown");
    }
    Ok(())
}
