//! The floors test: what `ARCHITECTURE.md` promises about the shape of the house, held against the source.
//! Each rule is a function from the tree of files to findings; its own tests show that it can fail.

mod crates;
mod explained;
mod files;
mod rooms;
mod source;
mod wording;

use crate::shell;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;

/// One file of the tree: its path from the root with `/`, and its text.
pub struct File {
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The crate a file belongs to: `crates/<name>/…`, or `xtask`.
    fn crate_name(&self) -> Option<&str> {
        match self.path.split_once('/') {
            Some(("crates", rest)) => rest.split('/').next(),
            Some(("xtask", _)) => Some("xtask"),
            _ => None,
        }
    }
}

/// A promise broken: where, and in one sentence what.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, what: what.into() }
    }
}

type Rule = fn(&[File]) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("imports between crates fall", crates::imports_fall),
    ("imports between rooms fall", rooms::imports_fall),
    ("no file is too long", files::not_too_long),
    ("names say what is inside", files::telling_names),
    ("no path of somebody's machine", files::no_machine_paths),
    ("SQL lives in store and crm", wording::sql_at_home),
    ("nothing unfinished", wording::nothing_unfinished),
    ("words in both languages", wording::both_languages),
    ("every dependency is explained", explained::dependencies),
];

pub fn run() -> Result<()> {
    let tree = tree(shell::root())?;
    ensure!(tree.iter().any(File::is_rust), "no source at {}: nothing was checked", shell::root().display());
    let mut broken = 0;
    for (promise, rule) in RULES {
        let mut findings = rule(&tree);
        findings.sort();
        broken += findings.len();
        shell::note(&format!("{} {promise}", if findings.is_empty() { "ok  " } else { "FAIL" }));
        for Finding { path, line, what } in findings {
            shell::note(&format!("       {path}:{line}: {what}"));
        }
    }
    if broken > 0 {
        bail!("{broken} promises of the house are broken");
    }
    Ok(())
}

/// All text files of the product: not what cargo builds, not what others wrote (`vendor`), not what git keeps.
fn tree(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", ".git", "vendor", "kundenkreis-data"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if let (Ok(text), true) = (fs::read_to_string(&path), name != "Cargo.lock" && name != ".git") {
                let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small tree out of paths and texts.
    pub fn files(list: &[(&str, &str)]) -> Vec<File> {
        list.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect()
    }

    /// The findings as `path:line: what`, for reading.
    pub fn found(rule: Rule, list: &[(&str, &str)]) -> Vec<String> {
        rule(&files(list)).into_iter().map(|f| format!("{}:{}: {}", f.path, f.line, f.what)).collect()
    }

    #[test]
    fn the_tree_of_this_workspace_is_found() {
        let tree = tree(shell::root()).unwrap();
        assert!(tree.iter().any(|f| f.path == "crates/kernel/src/lib.rs"));
        assert!(tree.iter().all(|f| !f.path.starts_with("target/")));
    }
}
