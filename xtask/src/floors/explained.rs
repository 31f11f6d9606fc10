//! Every direct dependency is explained in `docs/dependencies.md`, and nothing is explained that is not there.

use super::{File, Finding};
use std::collections::BTreeSet;
use toml::{Table, Value};

const PAGE: &str = "docs/dependencies.md";

pub fn dependencies(files: &[File]) -> Vec<Finding> {
    let Some(manifest) = files.iter().find(|f| f.path == "Cargo.toml") else { return vec![] };
    let used = used(&manifest.text);
    let Some(page) = files.iter().find(|f| f.path == PAGE) else {
        return vec![Finding::new(manifest, 1, format!("{PAGE} is missing"))];
    };
    let explained: BTreeSet<String> = page.text.lines().filter_map(first_cell).collect();
    let missing = used.difference(&explained).map(|name| Finding::new(page, 1, format!("{name} is not explained")));
    let gone = explained.difference(&used).map(|name| Finding::new(page, 1, format!("{name} is not used any more")));
    missing.chain(gone).collect()
}

/// What the workspace takes from outside: its own crates have a path.
fn used(manifest: &str) -> BTreeSet<String> {
    let manifest = manifest.parse::<Table>().unwrap_or_default();
    let dependencies = manifest.get("workspace").and_then(|w| w.get("dependencies")).and_then(Value::as_table);
    let outside = dependencies.into_iter().flatten().filter(|(_, value)| value.get("path").is_none());
    outside.map(|(name, _)| name.clone()).collect()
}

/// The crate's name in a line of the table: `| `name` | …`.
fn first_cell(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("| `")?.split_once("` |")?;
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn unexplained_and_forgotten_dependencies_are_found() {
        let manifest = "[workspace.dependencies]\nkernel = { path = \"crates/kernel\" }\nserde = \"1\"\ntokio = { version = \"1\" }";
        let page = "| crate | why |\n|---|---|\n| `serde` | JSON |\n| `chrono` | time |\n";
        assert_eq!(
            found(dependencies, &[("Cargo.toml", manifest), (PAGE, page)]),
            ["docs/dependencies.md:1: tokio is not explained", "docs/dependencies.md:1: chrono is not used any more"]
        );
    }
}
