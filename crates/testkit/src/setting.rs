//! What the runner of the tests (`cargo xtask test`) tells them about the machine, with Debian's places as defaults.

use std::path::PathBuf;

/// The value of a variable, where it is set.
#[allow(clippy::disallowed_methods, reason = "tests are configured by their runner")]
pub fn setting(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

/// A program the tests need: where the variable says, else at its usual place. Fails with what to do about it.
pub fn program(variable: &str, usual: &str) -> PathBuf {
    let path = PathBuf::from(setting(variable).unwrap_or_else(|| usual.into()));
    assert!(path.is_file(), "{} is missing: `cargo xtask test` installs it, or set {variable}", path.display());
    path
}

/// Whether the tests run as root; some need it and say so.
pub fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output().expect("id");
    id.stdout.starts_with(b"0\n")
}

/// A port of the loopback nobody listens on now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("a port").port()
}
