//! Files: short enough to read at one sitting, named after what is inside, free of anybody's machine.

use super::{File, Finding, source};
use crate::shell;

const LONGEST: usize = 500;
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "types", "models"];

pub fn not_too_long(files: &[File]) -> Vec<Finding> {
    files
        .iter()
        .filter(|f| f.is_rust())
        .map(|f| (f, f.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(f, lines)| Finding::new(f, LONGEST, format!("{lines} lines: split it by meaning before {LONGEST}")))
        .collect()
}

pub fn telling_names(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for name in file.path.split('/').map(|part| part.split('.').next().unwrap_or_default()) {
            if EMPTY_NAMES.contains(&name) {
                findings.push(Finding::new(file, 1, format!("the name \"{name}\" says nothing about what is inside")));
            }
        }
        if file.is_rust() {
            for (at, line) in source::read(&file.text).code.lines().enumerate() {
                let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').skip_while(|w| *w != "mod");
                if let Some(name) = words.nth(1).filter(|name| EMPTY_NAMES.contains(name)) {
                    let what = format!("the name \"{name}\" says nothing about what is inside");
                    findings.push(Finding::new(file, at + 1, what));
                }
            }
        }
    }
    findings
}

/// Home folders of any system, and the very folder this tree lies in.
pub fn no_machine_paths(files: &[File]) -> Vec<Finding> {
    let here = shell::root().to_string_lossy().into_owned();
    let mut findings = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            let home = ["/home/", "/Users/", "C:\\Users\\"].into_iter().find(|home| {
                line.match_indices(home).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = &line[at + home.len()..];
                    let name = after.find(['/', '\\']).filter(|end| {
                        *end > 0 && after[..*end].chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
                    });
                    name.is_some() && !before.is_some_and(|c| c.is_alphanumeric())
                })
            });
            let root = concat!("/ro", "ot/");
            let found = home
                .or_else(|| line.contains(root).then_some(root))
                .or_else(|| line.contains(&here).then_some(here.as_str()));
            if let Some(found) = found {
                findings.push(Finding::new(file, at + 1, format!("a path of somebody's machine ({found}…)")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn the_501st_line_is_found_and_the_500th_is_not() {
        assert!(found(not_too_long, &[("a.rs", &"x\n".repeat(500))]).is_empty());
        assert_eq!(found(not_too_long, &[("a.rs", &"x\n".repeat(501))]).len(), 1);
        assert!(found(not_too_long, &[("a.css", &"x\n".repeat(501))]).is_empty());
    }

    #[test]
    fn empty_names_are_found_as_file_folder_and_module() {
        assert_eq!(found(telling_names, &[("crates/web/src/utils.rs", "")]).len(), 1);
        assert_eq!(found(telling_names, &[("crates/web/src/common/page.rs", "")]).len(), 1);
        assert_eq!(
            found(telling_names, &[("crates/web/src/lib.rs", "// mod misc\npub(crate) mod helpers {\n}")]),
            ["crates/web/src/lib.rs:2: the name \"helpers\" says nothing about what is inside"]
        );
        assert!(found(telling_names, &[("crates/web/src/lib.rs", "mod commonwealth;\nmod page;")]).is_empty());
    }

    #[test]
    fn paths_of_machines_are_found_anywhere() {
        let home = format!("see {}/ada/notes", "/home");
        assert_eq!(found(no_machine_paths, &[("README.md", &home)]).len(), 1);
        assert_eq!(found(no_machine_paths, &[("docs/a.md", &shell::root().join("x").to_string_lossy())]).len(), 1);
        assert!(found(no_machine_paths, &[("web.rs", "get(\"/home\") https://example.org/home/page")]).is_empty());
    }
}
