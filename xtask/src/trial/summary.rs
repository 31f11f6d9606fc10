//! Adding up what `cargo test` prints, one result line for each test program.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};

#[derive(Debug, Default, PartialEq)]
pub struct Summary {
    pub programs: usize,
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
    pub failures: Vec<String>,
}

impl Summary {
    fn hear(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let count = |what: &str| -> u64 {
                let mut words = counts.split([' ', ';', '.']).filter(|w| !w.is_empty());
                let mut last = "";
                words
                    .find(|w| {
                        *w == what || {
                            last = w;
                            false
                        }
                    })
                    .and_then(|_| last.parse().ok())
                    .unwrap_or(0)
            };
            self.programs += 1;
            self.passed += count("passed");
            self.failed += count("failed");
            self.ignored += count("ignored");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_string());
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { programs, passed, failed, ignored, failures } = self;
        for name in failures {
            writeln!(f, "    failed: {name}")?;
        }
        write!(f, "    {passed} passed, {failed} failed, {ignored} ignored, in {programs} test programs")
    }
}

/// Reads to the end, passing every line on as it comes.
pub fn listen(from: impl Read, mut out: impl Write) -> std::io::Result<Summary> {
    let mut summary = Summary::default();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        out.write_all(&line)?;
        summary.hear(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_programs_are_added() {
        let text = "\
test a::b ... ok
test a::c ... FAILED
test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 40 passed; 0 failed; 2 ignored; 0 measured; 3 filtered out; finished in 1.00s
";
        let mut passed_on = Vec::new();
        let summary = listen(text.as_bytes(), &mut passed_on).unwrap();
        assert_eq!(passed_on, text.as_bytes());
        let failures = vec!["a::c".to_string()];
        assert_eq!(summary, Summary { programs: 2, passed: 41, failed: 1, ignored: 2, failures });
        assert!(summary.to_string().contains("failed: a::c\n    41 passed, 1 failed"));
    }
}
