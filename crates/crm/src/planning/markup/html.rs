//! Blocks as HTML for mail programs: plain tags with inline styles, because many of them drop style sheets.

use super::{Block, Inline, Letter};
use std::fmt::Write;

/// The body of the mail; counted links lead to `{{ link_1 }}`, `{{ link_2 }}`, … of the template.
pub fn html(letter: &Letter) -> String {
    let mut out = String::new();
    for block in &letter.blocks {
        match block {
            Block::Heading(level, inlines) => {
                let (tag, size) = if *level == 1 { ("h1", 24) } else { ("h2", 19) };
                let _ = write!(out, "<{tag} style=\"margin:28px 0 12px;font-size:{size}px;line-height:1.3\">");
                write_inlines(&mut out, inlines);
                let _ = writeln!(out, "</{tag}>");
            }
            Block::Paragraph(inlines) => {
                out.push_str("<p style=\"margin:0 0 16px\">");
                write_inlines(&mut out, inlines);
                out.push_str("</p>\n");
            }
            Block::List(items) => {
                out.push_str("<ul style=\"margin:0 0 16px;padding-left:22px\">\n");
                for item in items {
                    out.push_str("<li style=\"margin:0 0 6px\">");
                    write_inlines(&mut out, item);
                    out.push_str("</li>\n");
                }
                out.push_str("</ul>\n");
            }
            Block::Tags(tags) => out.push_str(tags),
        }
    }
    out
}

const BUTTON: &str = "display:inline-block;padding:12px 22px;border-radius:6px;background:#0b5c6b;color:#ffffff;\
    font-weight:600;text-decoration:none";

fn write_inlines(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => escape(out, text),
            Inline::Template(whole) => out.push_str(whole),
            Inline::Break => out.push_str("<br>\n"),
            Inline::Bold(inside) => {
                out.push_str("<strong>");
                write_inlines(out, inside);
                out.push_str("</strong>");
            }
            Inline::Link { position, label, button } => {
                let style = if *button { BUTTON } else { "color:#0b5c6b" };
                let _ = write!(out, "<a href=\"{{{{ link_{} }}}}\" style=\"{style}\">", position + 1);
                write_inlines(out, label);
                out.push_str("</a>");
            }
            Inline::Direct { url, label } => {
                out.push_str("<a href=\"");
                escape(out, url);
                out.push_str("\" style=\"color:#0b5c6b\">");
                write_inlines(out, label);
                out.push_str("</a>");
            }
        }
    }
}

/// Escapes for HTML and for the template language.
pub(in crate::planning) fn escape(out: &mut String, text: &str) {
    out.push_str(&kernel::text::escaped(text).replace('{', "&#123;").replace('}', "&#125;"));
}
