//! What makes a page whole.

use std::collections::BTreeSet;

const VOID: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "col", "wbr"];

/// One start tag: its name and attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, Option<String>)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_deref().unwrap_or(""))
    }
}

pub fn page(name: &str, html: &str) {
    assert!(html.starts_with("<!doctype html>"), "{name}: begins with {:?}", &html[..html.len().min(40)]);
    fragment(name, html);
    let tags = tags(name, html);
    assert_eq!(tags.iter().filter(|t| t.name == "h1").count(), 1, "{name}: one h1");
    assert!(tags.iter().any(|t| t.name == "main"), "{name}: main");
    let ids: Vec<&str> = tags.iter().filter_map(|t| t.get("id")).collect();
    for tag in &tags {
        for attribute in ["for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "data-open"] {
            for id in tag.get(attribute).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name}: {attribute}={id} points nowhere");
            }
        }
    }
}

pub fn fragment(name: &str, html: &str) {
    if let Some(start) = html.find('⟨') {
        panic!("{name}: no words for {}", html[start..].chars().take(40).collect::<String>());
    }
    assert!(!html.contains("&#60;svg") && !html.contains("&lt;svg"), "{name}: a block was escaped");
    let tags = tags(name, html);
    let icons = web::assets::all().find(|(n, _)| *n == "icons.svg").map(|(_, b)| String::from_utf8_lossy(b)).unwrap();
    let mut ids = BTreeSet::new();
    for tag in &tags {
        if let Some(id) = tag.get("id") {
            assert!(ids.insert(id.to_owned()), "{name}: id {id} twice");
        }
        if tag.name == "script" {
            assert!(tag.get("src").is_some(), "{name}: inline script");
        }
        assert_ne!(tag.name, "style", "{name}: inline style sheet");
        for (attribute, value) in &tag.attributes {
            let handler = attribute.starts_with("on") || attribute.starts_with("hx-on");
            assert!(!handler, "{name}: inline handler {attribute}");
            let value = value.as_deref().unwrap_or("");
            assert!(!value.trim_start().starts_with("javascript:"), "{name}: {attribute}={value}");
        }
        if tag.name == "use" {
            let icon = tag.get("href").and_then(|h| h.split_once('#')).map(|(_, id)| id).unwrap_or_default();
            assert!(icons.contains(&format!("id=\"{icon}\"")), "{name}: no icon {icon}");
        }
        if tag.name == "button" {
            assert!(tag.get("type").is_some(), "{name}: a button without a type");
        }
        if tag.name == "a" {
            assert!(tag.get("href").is_some_and(|h| !h.is_empty() && h != "#"), "{name}: a link to nowhere");
        }
    }
    forms(name, html);
}

/// A form that changes something carries the token.
fn forms(name: &str, html: &str) {
    for form in html.split("<form").skip(1) {
        let (head, body) = form.split_once('>').expect("the end of a tag");
        let body = body.split("</form>").next().unwrap_or_default();
        let changes = head.contains("method=\"post\"") || head.contains("hx-post");
        assert!(!changes || body.contains("name=\"csrf\""), "{name}: a form without the token: {head}");
        assert!(changes || head.contains("method=\"get\""), "{name}: a form that does not say its method: {head}");
    }
}

/// Reads all start tags and checks on the way that every element that is opened is closed, in the right order.
fn tags(name: &str, html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let end =
            end_of_tag(rest).unwrap_or_else(|| panic!("{name}: a tag without an end: {}", &rest[..rest.len().min(80)]));
        let inside = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(closed) = inside.strip_prefix('/') {
            let expected = open.pop().unwrap_or_default();
            assert_eq!(closed.trim(), expected, "{name}: closed out of order, before {}", &rest[..rest.len().min(80)]);
            continue;
        }
        let tag = read(inside.trim_end_matches('/'));
        if !inside.ends_with('/') && !VOID.contains(&tag.name.as_str()) {
            open.push(tag.name.clone());
        }
        found.push(tag);
    }
    assert!(open.is_empty(), "{name}: never closed: {open:?}");
    found
}

fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, '>') => return Some(at),
            _ => {}
        }
    }
    None
}

fn read(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let stop = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let attribute = rest[..stop].to_owned();
        rest = &rest[stop..];
        let value = rest.strip_prefix('=').map(|after| {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).expect("a quoted value");
            let (value, behind) = after[1..].split_once(quote).expect("the closing quote");
            rest = behind;
            value.to_owned()
        });
        attributes.push((attribute, value));
    }
    Tag { name: name.to_owned(), attributes }
}
