//! What a file is, by its content. Names are believed only where the content says nothing by itself, and never when they would let
//! more happen.

use super::name::ending;
use crate::Refusal;
use infer::MatcherType;
use kernel::Sentence;

/// Bytes at the beginning that are looked at.
pub(super) const HEAD: usize = 64 * 1024;

/// How a browser may show a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Image,
    Pdf,
    /// As plain text, whatever stands in it.
    Text,
    /// Not at all: it is downloaded.
    None,
}

const PLAIN: &str = "text/plain; charset=utf-8";
const PLAIN_1252: &str = "text/plain; charset=windows-1252";
const PLAIN_16: &str = "text/plain; charset=utf-16";
const SVG: &str = "image/svg+xml";
const HTML: &str = "text/html";
const XML: &str = "application/xml";

/// Everything that is taken: what it is, key of its name, how it may be shown. SVG, HTML and XML can carry scripts and are never
/// shown by a browser of ours.
const TAKEN: &[(&str, &str, View)] = &[
    ("application/pdf", "documents-kind-pdf", View::Pdf),
    ("image/png", "documents-kind-png", View::Image),
    ("image/jpeg", "documents-kind-jpeg", View::Image),
    ("image/gif", "documents-kind-gif", View::Image),
    ("image/webp", "documents-kind-webp", View::Image),
    ("image/avif", "documents-kind-image", View::None),
    ("image/bmp", "documents-kind-image", View::None),
    ("image/heif", "documents-kind-image", View::None),
    ("image/tiff", "documents-kind-image", View::None),
    (SVG, "documents-kind-svg", View::None),
    (HTML, "documents-kind-html", View::None),
    (XML, "documents-kind-xml", View::None),
    (PLAIN, "documents-kind-text", View::Text),
    (PLAIN_1252, "documents-kind-text", View::Text),
    (PLAIN_16, "documents-kind-text", View::None),
    ("text/csv", "documents-kind-table", View::None),
    ("text/calendar", "documents-kind-calendar", View::None),
    ("text/vcard", "documents-kind-vcard", View::None),
    ("application/json", "documents-kind-json", View::None),
    ("message/rfc822", "documents-kind-mail", View::None),
    ("application/vnd.ms-outlook", "documents-kind-mail", View::None),
    ("application/msword", "documents-kind-writing", View::None),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "documents-kind-writing", View::None),
    ("application/vnd.oasis.opendocument.text", "documents-kind-writing", View::None),
    ("application/rtf", "documents-kind-writing", View::None),
    ("application/vnd.ms-excel", "documents-kind-table", View::None),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "documents-kind-table", View::None),
    ("application/vnd.oasis.opendocument.spreadsheet", "documents-kind-table", View::None),
    ("application/vnd.ms-powerpoint", "documents-kind-slides", View::None),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "documents-kind-slides", View::None),
    ("application/vnd.oasis.opendocument.presentation", "documents-kind-slides", View::None),
    ("application/zip", "documents-kind-archive", View::None),
    ("application/gzip", "documents-kind-archive", View::None),
    ("application/x-7z-compressed", "documents-kind-archive", View::None),
    ("audio/mpeg", "documents-kind-sound", View::None),
    ("audio/m4a", "documents-kind-sound", View::None),
    ("audio/ogg", "documents-kind-sound", View::None),
    ("audio/x-wav", "documents-kind-sound", View::None),
    ("video/mp4", "documents-kind-film", View::None),
    ("video/quicktime", "documents-kind-film", View::None),
    ("video/webm", "documents-kind-film", View::None),
];

/// Endings a double click runs as a program on some desk.
const PROGRAMS: &[&str] = &[
    "apk",
    "app",
    "appx",
    "bat",
    "chm",
    "cmd",
    "com",
    "cpl",
    "deb",
    "desktop",
    "dll",
    "dmg",
    "exe",
    "gadget",
    "hta",
    "inf",
    "iso",
    "jar",
    "js",
    "jse",
    "lnk",
    "mjs",
    "msc",
    "msi",
    "msix",
    "msp",
    "pif",
    "pkg",
    "ps1",
    "psm1",
    "reg",
    "rpm",
    "scf",
    "scr",
    "sct",
    "settingcontent-ms",
    "sh",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xll",
];

/// The compound files of old Office programs (MS-CFB), told apart by the ending of their name.
const COMPOUND_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const COMPOUND: &[(&str, &str)] = &[
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("msg", "application/vnd.ms-outlook"),
];

/// Kinds of plain text that look like any other, told apart by the ending of their name.
const TEXTS: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("tsv", "text/csv"),
    ("ics", "text/calendar"),
    ("vcf", "text/vcard"),
    ("json", "application/json"),
];

fn taken(mime: &str) -> Option<&'static (&'static str, &'static str, View)> {
    TAKEN.iter().find(|(known, ..)| *known == mime)
}

/// Key of the name of a content type.
pub fn label(mime: &str) -> &'static str {
    taken(mime).map_or("documents-kind-other", |(_, key, _)| key)
}

/// The content type a row names.
pub(super) fn known(mime: &str) -> &'static str {
    taken(mime).map_or("application/octet-stream", |(known, ..)| known)
}

/// How a browser may show a content type.
pub fn view(mime: &str) -> View {
    taken(mime).map_or(View::None, |(.., view)| *view)
}

/// What a file with this beginning and this name is.
///
/// # Errors
/// `Invalid` on the field `file` with the code `empty`, `program` or `unknown_kind`.
pub(super) fn recognise(head: &[u8], name: &str) -> Result<&'static str, Refusal> {
    let refuse = |code, key| Err(Refusal::field("file", code, Sentence::new(key).with("name", name)));
    if head.is_empty() {
        return refuse("empty", "documents-empty");
    }
    let ending = ending(name);
    if PROGRAMS.contains(&ending.as_str()) {
        return refuse("program", "documents-program");
    }
    if let Some(active) = markup(head) {
        return Ok(active);
    }
    if head.starts_with(COMPOUND_MAGIC) {
        let compound = COMPOUND.iter().find(|(known, _)| *known == ending);
        return compound.map_or_else(|| refuse("unknown_kind", "documents-unknown-kind"), |(_, mime)| Ok(*mime));
    }
    if let Some(kind) = infer::get(head) {
        if let Some((mime, ..)) = taken(kind.mime_type()) {
            return Ok(mime);
        }
        let program = kind.matcher_type() == MatcherType::App || kind.mime_type() == "text/x-shellscript";
        return match program {
            true => refuse("program", "documents-program"),
            false => refuse("unknown_kind", "documents-unknown-kind"),
        };
    }
    match text(head) {
        Some(_) if head.starts_with(b"#!") => refuse("program", "documents-program"),
        Some(_) if mail(head) => Ok("message/rfc822"),
        Some(plain) => Ok(TEXTS.iter().find(|(known, _)| *known == ending).map_or(plain, |(_, mime)| mime)),
        None => refuse("unknown_kind", "documents-unknown-kind"),
    }
}

/// Markup a browser could run: whatever begins with `<`, also after a byte order mark, blanks and comments, in UTF-8 or UTF-16.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = match head {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [b'<', 0, ..] => wide(head, u16::from_le_bytes),
        [0, b'<', ..] => wide(head, u16::from_be_bytes),
        _ => String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)).into_owned(),
    };
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0').to_ascii_lowercase();
    let opens = text.starts_with('<')
        && text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/'));
    if !opens {
        return None;
    }
    if text.contains("<svg") || text.contains(":svg") {
        return Some(SVG);
    }
    let page =
        ["<html", "<!doctype html", "<script", "<body", "<head", "<iframe", "<div", "<p", "<a ", "<img", "<table"];
    Some(if page.iter().any(|tag| text.contains(tag)) { HTML } else { XML })
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Which text this is; nothing where it is none. The last letter may be cut off in the middle.
fn text(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(PLAIN_16);
    }
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c) || *byte == 0x7f;
    if head.iter().any(control) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(_) => Some(PLAIN),
        Err(cut) if cut.error_len().is_none() && cut.valid_up_to() + 4 > head.len() => Some(PLAIN),
        // Not assigned in Windows-1252: this is no text of it.
        Err(_) if head.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)) => None,
        Err(_) => Some(PLAIN_1252),
    }
}

/// Whether it begins as a mail does (RFC 5322): known fields of the header, line by line.
fn mail(head: &[u8]) -> bool {
    const FIELDS: [&str; 7] =
        ["received:", "from:", "date:", "subject:", "mime-version:", "return-path:", "message-id:"];
    let text = String::from_utf8_lossy(&head[..head.len().min(4096)]).to_ascii_lowercase();
    let header = text.lines().take_while(|line| !line.is_empty());
    header.filter(|line| FIELDS.iter().any(|field| line.starts_with(field))).count() >= 3
}

#[cfg(test)]
mod tests;
