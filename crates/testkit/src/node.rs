//! Programs of others that run on Node.js: the trackers people have already, as npm delivers them.

use crate::setting::{program, setting};
use std::path::PathBuf;
use tokio::process::Command;

/// Runs a script with the packages of `crates/testkit/clients` in reach and these arguments; what it prints. A script that
/// fails fails the test.
pub async fn node(script: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program("KUNDENKREIS_TEST_NODE", "/usr/bin/node"));
    // What follows `-e` is the script; its own arguments come after the dashes.
    command.args(["-e", script, "--"]).args(arguments).env("NODE_PATH", modules()).kill_on_drop(true);
    let output = command.output().await.expect("Node.js can be started");
    assert!(output.status.success(), "the script failed:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("Node.js prints UTF-8")
}

/// The folder `cargo xtask test` has filled, in the target folder.
pub fn modules() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(3).expect("target/debug/deps");
    let folder =
        setting("KUNDENKREIS_TEST_NODE_MODULES").map_or_else(|| target.join("tools/node/node_modules"), PathBuf::from);
    assert!(folder.is_dir(), "{} is missing: `cargo xtask test` installs it", folder.display());
    folder
}
