//! What is written inside the files: where SQL may stand, what must not be left lying about, and that every text of
//! the product exists in both languages.

use super::{File, Finding, source};
use std::collections::{BTreeMap, BTreeSet};

/// Statements stand beside the rules and the rows. Tests and measurements may look into the database, too.
pub fn sql_at_home(files: &[File]) -> Vec<Finding> {
    let at_home = |f: &&File| {
        f.is_rust()
            && !matches!(f.crate_name(), Some("store" | "crm" | "testkit" | "xtask"))
            && !["/tests/", "/benches/"].iter().any(|folder| f.path.contains(folder))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(at_home) {
        for (line, string) in source::read(&file.text).strings {
            let start = string.trim_start().trim_start_matches("\\n").trim_start();
            if ["SELECT ", "SELECT\n", "INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|s| start.starts_with(s)) {
                findings.push(Finding::new(file, line, "an SQL statement outside store and crm"));
            }
        }
    }
    findings
}

/// Marks of work in progress. They are put together here so that this file does not find itself.
pub fn nothing_unfinished(files: &[File]) -> Vec<Finding> {
    let in_code = [concat!("to", "do!"), "unimplemented!", "dbg!", "#[ignore"];
    let in_comments = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut findings = Vec::new();
    for file in files.iter().filter(|f| f.is_rust()) {
        let source = source::read(&file.text);
        for (at, line) in source.code.lines().enumerate() {
            for mark in in_code.iter().filter(|mark| line.contains(**mark)) {
                findings.push(Finding::new(file, at + 1, format!("{mark} is left here")));
            }
        }
        for (line, comment) in &source.comments {
            for mark in in_comments.iter().filter(|mark| comment.contains(**mark)) {
                findings.push(Finding::new(file, *line, format!("a comment says {mark}")));
            }
        }
    }
    findings
}

/// Every words file has its twin, with the same keys.
pub fn both_languages(files: &[File]) -> Vec<Finding> {
    let mut topics: BTreeMap<&str, BTreeMap<&str, &File>> = BTreeMap::new();
    for file in files {
        let place = file.path.strip_prefix("crates/kernel/words/").and_then(|p| p.split_once('/'));
        if let Some((language, topic)) = place.filter(|(_, topic)| topic.ends_with(".ftl")) {
            topics.entry(topic).or_default().insert(language, file);
        }
    }
    let mut findings = Vec::new();
    for (topic, languages) in &topics {
        for (here, there) in [("de", "en"), ("en", "de")] {
            let Some(file) = languages.get(here) else { continue };
            match languages.get(there) {
                None => findings.push(Finding::new(file, 1, format!("{there}/{topic} is missing"))),
                Some(twin) => {
                    for key in keys(&file.text).difference(&keys(&twin.text)) {
                        findings.push(Finding::new(file, 1, format!("{there}/{topic} lacks \"{key}\"")));
                    }
                }
            }
        }
    }
    findings
}

/// The keys of a Fluent file: what stands at the very beginning of a line before an equals sign.
fn keys(text: &str) -> BTreeSet<&str> {
    let key = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
    text.lines().filter(|l| key(l)).filter_map(|l| l.split_once('=')).map(|(key, _)| key.trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn sql_is_found_where_it_does_not_belong() {
        let text = "// \"SELECT 1\"\nlet a = \"select one\";\nlet q = r#\"\n  SELECT id FROM contact\"#;";
        assert_eq!(
            found(sql_at_home, &[("crates/web/src/contacts.rs", text)]),
            ["crates/web/src/contacts.rs:3: an SQL statement outside store and crm"]
        );
        assert!(found(sql_at_home, &[("crates/crm/src/customers/contact.rs", text)]).is_empty());
        assert!(found(sql_at_home, &[("crates/web/src/api.rs", "method(\"DELETE\"); say(\"UPDATED\")")]).is_empty());
    }

    #[test]
    fn work_in_progress_is_found() {
        let text =
            format!("fn a() {{ {}!() }}\n#[ignore = \"slow\"]\n// {}: later\nlet s = \"dbg!\";", "todo", "FIXME");
        assert_eq!(found(nothing_unfinished, &[("crates/web/src/a.rs", &text)]).len(), 3);
    }

    #[test]
    fn a_text_in_one_language_only_is_found() {
        let found = found(
            both_languages,
            &[
                ("crates/kernel/words/de/sales.ftl", "sales-a = A\nsales-b =\n    B = C\n"),
                ("crates/kernel/words/en/sales.ftl", "# sales-b = no\nsales-a = A\n"),
                ("crates/kernel/words/en/staff.ftl", "staff-a = A\n"),
            ],
        );
        assert_eq!(
            found,
            [
                "crates/kernel/words/de/sales.ftl:1: en/sales.ftl lacks \"sales-b\"",
                "crates/kernel/words/en/staff.ftl:1: de/staff.ftl is missing"
            ]
        );
    }
}
