//! Blocks as plain text, for people and programs that do not read HTML.

use super::{Block, Inline, Letter};
use std::fmt::Write;

/// The text part; links are written out as `label: {{ link_1 }}`.
pub fn text(letter: &Letter) -> String {
    let mut out = String::new();
    for block in &letter.blocks {
        match block {
            Block::Heading(_, inlines) => {
                write_inlines(&mut out, inlines);
                out.push_str("\n\n");
            }
            Block::Paragraph(inlines) => {
                write_inlines(&mut out, inlines);
                out.push_str("\n\n");
            }
            Block::List(items) => {
                for item in items {
                    out.push_str("- ");
                    write_inlines(&mut out, item);
                    out.push('\n');
                }
                out.push('\n');
            }
            Block::Tags(tags) => out.push_str(tags),
        }
    }
    out
}

fn write_inlines(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => escape(out, text),
            Inline::Template(whole) => out.push_str(whole),
            Inline::Break => out.push('\n'),
            Inline::Bold(inside) => {
                out.push_str("**");
                write_inlines(out, inside);
                out.push_str("**");
            }
            Inline::Link { position, label, .. } => {
                if !label.is_empty() {
                    write_inlines(out, label);
                    out.push_str(": ");
                }
                let _ = write!(out, "{{{{ link_{} }}}}", position + 1);
            }
            Inline::Direct { url, label } => {
                write_inlines(out, label);
                out.push_str(": ");
                escape(out, url.split_once(':').map_or(url.as_str(), |(_, rest)| rest));
            }
        }
    }
}

/// A brace typed as such says itself, so that it never opens template language.
pub(in crate::planning) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '{' => out.push_str("{{ '{' }}"),
            c => out.push(c),
        }
    }
}
