//! Between crates, imports only fall; crates side by side do not see each other.

use super::{File, Finding};
use toml::{Table, Value};

/// Floor by floor from the top. `testkit` stands beside: only tests may lean on it.
const FLOORS: &[&[&str]] = &[
    &["app"],
    &["web"],
    &["crm", "channels", "documents", "finder", "knowledge"],
    &["store", "charts", "linkage"],
    &["kernel"],
];
const BESIDE: &[&str] = &["testkit", "xtask"];

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

pub fn imports_fall(files: &[File]) -> Vec<Finding> {
    files.iter().filter(|f| f.path.ends_with("/Cargo.toml")).flat_map(manifest).collect()
}

fn manifest(file: &File) -> Vec<Finding> {
    let Some(name) = file.crate_name() else { return vec![] };
    let Ok(manifest) = file.text.parse::<Table>() else {
        return vec![Finding::new(file, 1, "this manifest cannot be read")];
    };
    if floor(name).is_none() && !BESIDE.contains(&name) {
        return vec![Finding::new(file, 1, format!("the crate {name} stands on no floor: give it one in xtask"))];
    }
    let mut sections = vec![&manifest];
    sections.extend(table(&manifest, "target").into_iter().flat_map(|t| t.values()).filter_map(Value::as_table));
    let mut findings = Vec::new();
    for section in sections {
        for (kind, for_tests) in [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)] {
            for used in table(section, kind).into_iter().flat_map(|t| t.iter()).map(package) {
                if let Some(why) = refusal(name, used, for_tests) {
                    findings.push(Finding::new(file, line_of(&file.text, used), why));
                }
            }
        }
    }
    findings
}

fn table<'a>(of: &'a Table, key: &str) -> Option<&'a Table> {
    of.get(key).and_then(Value::as_table)
}

/// What is really used, also when it goes by another name here.
fn package<'a>((name, value): (&'a String, &'a Value)) -> &'a str {
    value.get("package").and_then(Value::as_str).unwrap_or(name)
}

fn line_of(text: &str, word: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(word)).map_or(1, |at| at + 1)
}

fn refusal(user: &str, used: &str, for_tests: bool) -> Option<String> {
    if used == "xtask" {
        return Some(format!("{user} must not use xtask"));
    }
    if used == "testkit" {
        return (!for_tests).then(|| format!("{user} must not use testkit outside tests"));
    }
    let below = floor(used)?;
    if user == "xtask" {
        return Some(format!("xtask must not use {used}: it builds before the house stands"));
    }
    // testkit stands beside the whole house and may see all of it.
    let here = floor(user)?;
    (below <= here).then(|| format!("{user} must not use {used}: imports only fall"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn falling_imports_are_welcome() {
        let crm = "[dependencies]\nkernel.workspace = true\nstore = { path = \"../store\" }\nserde = \"1\"\n[dev-dependencies]\ntestkit.workspace = true";
        assert!(found(imports_fall, &[("crates/crm/Cargo.toml", crm)]).is_empty());
    }

    #[test]
    fn a_rising_import_is_found() {
        assert_eq!(
            found(
                imports_fall,
                &[("crates/kernel/Cargo.toml", "[dependencies]\nserde = \"1\"\nstore.workspace = true")]
            ),
            ["crates/kernel/Cargo.toml:3: kernel must not use store: imports only fall"]
        );
    }

    #[test]
    fn rules_and_machines_do_not_see_each_other() {
        for (user, used) in [("crm", "channels"), ("channels", "crm"), ("charts", "store")] {
            let manifest = format!("[target.'cfg(unix)'.dependencies]\nx = {{ package = \"{used}\" }}");
            let path = format!("crates/{user}/Cargo.toml");
            assert_eq!(found(imports_fall, &[(&path, &manifest)]).len(), 1, "{user} uses {used}");
        }
    }

    #[test]
    fn only_tests_lean_on_the_testkit() {
        assert_eq!(
            found(imports_fall, &[("crates/web/Cargo.toml", "[dependencies]\ntestkit.workspace = true")]).len(),
            1
        );
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        assert_eq!(found(imports_fall, &[("crates/extra/Cargo.toml", "[package]\nname = \"extra\"")]).len(), 1);
    }
}
