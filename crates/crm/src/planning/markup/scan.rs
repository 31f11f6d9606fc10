//! Splits what was typed into plain text and template language, by the same rules as the template engine's own lexer.

use kernel::Sentence;

/// A part of the source; template language keeps its braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// `{{ … }}`
    Value(&'a str),
    /// `{% … %}`
    Tag(&'a str),
    /// `{# … #}`
    Comment(&'a str),
}

/// What a tag may begin with. Everything else could leave the frame or switch escaping off.
const TAGS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "set"];

/// Splits; nothing is lost.
///
/// # Errors
/// A sentence with the line: braces that are never closed, or a tag that is not allowed.
pub fn scan(source: &str) -> Result<Vec<Piece<'_>>, Sentence> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let Some(start) = opening(rest) else {
            pieces.push(Piece::Text(rest));
            break;
        };
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        let inside = &rest[start..];
        let line = || 1 + source[..source.len() - inside.len()].matches('\n').count();
        let unclosed = || Sentence::new("planning-template-unclosed").with("line", line());
        let length = match &inside[..2] {
            "{#" => inside.find("#}").map(|at| at + 2),
            open => closing(inside, if open == "{{" { "}}" } else { "%}" }),
        }
        .ok_or_else(unclosed)?;
        let (whole, after) = inside.split_at(length);
        pieces.push(match &whole[..2] {
            "{{" => Piece::Value(whole),
            "{#" => Piece::Comment(whole),
            _ => {
                let name = tag_name(whole);
                let block_set = name == "set" && !whole.contains('=');
                if !TAGS.contains(&name) || block_set {
                    let name: String = name.chars().take(40).collect();
                    return Err(Sentence::new("planning-template-tag-refused").with("tag", name).with("line", line()));
                }
                Piece::Tag(whole)
            }
        });
        rest = after;
    }
    Ok(pieces)
}

fn opening(text: &str) -> Option<usize> {
    ["{{", "{%", "{#"].iter().filter_map(|open| text.find(open)).min()
}

/// Where the closing braces end, strings skipped.
fn closing(text: &str, close: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 2;
    let mut quote = None;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(close.as_bytes()) => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The first word of a tag.
fn tag_name(tag: &str) -> &str {
    let inside = tag[2..tag.len() - 2].trim_start_matches(['-', '+']).trim_start();
    let end = inside.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inside.len());
    &inside[..end]
}
