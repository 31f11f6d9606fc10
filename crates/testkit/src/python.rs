//! Asking programs of others about our output: Python's `email`, dkimpy.

use crate::setting::program;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs a script with `input` on its standard input; what it prints. A script that fails fails the test.
pub fn python(script: &str, input: &[u8]) -> String {
    let mut child = Command::new(interpreter())
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python can be started");
    // Written from beside, so that a script which prints before it has read all cannot block us both.
    let (mut pipe, input) = (child.stdin.take().expect("a pipe"), input.to_vec());
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().expect("Python ends");
    let written = writer.join().expect("the writer ends");
    assert!(output.status.success(), "the script failed:\n{}", String::from_utf8_lossy(&output.stderr));
    written.expect("the script reads its input");
    String::from_utf8(output.stdout).expect("Python prints UTF-8")
}

/// The one `cargo xtask test` has furnished, in the target folder.
pub fn interpreter() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let target = test.ancestors().nth(3).expect("target/debug/deps");
    program("KUNDENKREIS_TEST_PYTHON", &target.join("tools/python/bin/python").to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_and_answers() {
        assert_eq!(python("import sys, dkim; print(len(sys.stdin.buffer.read()))", &[b'x'; 300_000]), "300000\n");
    }
}
