//! Between the rooms of `crm`, imports only fall too.

use super::source::{self, Source};
use super::{File, Finding};

/// From the top. A room may use the rooms below it, never those above.
const ROOMS: &[&str] = &[
    "privacy",
    "documents",
    "quality",
    "evaluation",
    "execution",
    "selection",
    "planning",
    "sales",
    "mining",
    "interactions",
    "agenda",
    "customers",
    "intake",
    "history",
    "staff",
];

/// What every room says no with stands on the ground, beside the lowest room, and sees no other.
const GROUND: &[&str] = &["refusal"];

const SOURCE: &str = "crates/crm/src/";

pub fn imports_fall(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|f| f.is_rust()) {
        let Some(inside) = file.path.strip_prefix(SOURCE).filter(|p| *p != "lib.rs") else { continue };
        let room = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let ground = || GROUND.contains(&room).then_some(ROOMS.len() - 1);
        let Some(here) = ROOMS.iter().position(|r| *r == room).or_else(ground) else {
            findings.push(Finding::new(file, 1, format!("{room} is no room of crm: name its place in xtask")));
            continue;
        };
        for (line, used) in used(&source::read(&file.text), depth(inside)) {
            if ROOMS[..here].contains(&used.as_str()) {
                findings.push(Finding::new(file, line, format!("{room} must not use {used}: imports only fall")));
            }
        }
    }
    findings
}

/// How many modules deep a file lies below the root of the crate.
fn depth(inside: &str) -> usize {
    let names = inside.split('/').count();
    if inside.ends_with("/mod.rs") { names - 1 } else { names }
}

/// The modules of the crate's root that this source names, each with its line.
fn used(source: &Source, depth: usize) -> Vec<(usize, String)> {
    let code = &source.code;
    let mut found = Vec::new();
    for root in ["crate::".to_string(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&root) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' {
                continue;
            }
            let after = at + root.len();
            for (offset, name) in heads(&code[after..]) {
                found.push((code[..after + offset].matches('\n').count() + 1, name.to_string()));
            }
        }
    }
    found
}

/// The first names of a path or of a group of paths: `a::b` gives a; `{a::{b, c}, d}` gives a and d.
fn heads(text: &str) -> Vec<(usize, &str)> {
    let word = |at: usize| {
        let rest = &text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        let end = text[start..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(text.len(), |e| start + e);
        (start, &text[start..end])
    };
    if !text.trim_start().starts_with('{') {
        return vec![word(0)];
    }
    let (mut depth, mut heads) = (0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && c == '}' {
            break;
        }
        if depth == 1 && (c == '{' || c == ',') {
            heads.push(word(at + 1));
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn a_room_may_use_those_below() {
        let text = "use crate::{customers::Contact, staff::{Actor, evaluation}};\nuse crate::sales::Order; // crate::execution";
        assert!(found(imports_fall, &[("crates/crm/src/planning/campaign.rs", text)]).is_empty());
    }

    #[test]
    fn a_room_above_is_found_however_it_is_named() {
        for text in [
            "use crate::execution::Message;",
            "use crate::{\n    staff::Actor,\n    execution::{Message, Step},\n};",
            "fn f() -> crate::execution::Message {}",
            "use super::super::execution::Message;",
        ] {
            let findings = found(imports_fall, &[("crates/crm/src/planning/campaign.rs", text)]);
            assert_eq!(findings.len(), 1, "{text}");
            assert!(findings[0].ends_with("planning must not use execution: imports only fall"));
        }
    }

    #[test]
    fn a_room_in_one_file_is_a_room_too() {
        let findings = found(imports_fall, &[("crates/crm/src/staff.rs", "use super::customers::Contact;")]);
        assert_eq!(findings, ["crates/crm/src/staff.rs:1: staff must not use customers: imports only fall"]);
    }

    #[test]
    fn the_ground_sees_the_lowest_room_only() {
        let text = "use crate::staff::Right;\nuse crate::intake::File;";
        assert_eq!(
            found(imports_fall, &[("crates/crm/src/refusal.rs", text)]),
            ["crates/crm/src/refusal.rs:2: refusal must not use intake: imports only fall"]
        );
    }

    #[test]
    fn an_unknown_room_is_found() {
        assert_eq!(found(imports_fall, &[("crates/crm/src/attic/mod.rs", "")]).len(), 1);
    }

    #[test]
    fn other_crates_have_no_rooms() {
        assert!(found(imports_fall, &[("crates/web/src/staff.rs", "use crate::execution::page;")]).is_empty());
    }
}
