//! From what was typed to blocks.

use super::{Piece, scan};
use crate::planning::link::{self, Target};
use kernel::Sentence;

/// A block of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Level 1 or 2.
    Heading(u8, Vec<Inline>),
    Paragraph(Vec<Inline>),
    List(Vec<Vec<Inline>>),
    /// Template tags that stand on a line of their own: conditions around blocks.
    Tags(String),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    /// Template language, as typed.
    Template(String),
    Bold(Vec<Inline>),
    Break,
    /// A counted link: its position in [`Letter::links`], from 0.
    Link {
        position: usize,
        label: Vec<Inline>,
        button: bool,
    },
    /// `mailto:` or `tel:`, as it is.
    Direct {
        url: String,
        label: Vec<Inline>,
    },
}

/// A letter as typed, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    pub blocks: Vec<Block>,
    /// Web addresses in the order of their first appearance, each once.
    pub links: Vec<String>,
    /// The words of each link where it appears first.
    pub labels: Vec<String>,
}

/// Stands for a piece of template language while lines are taken apart; typed ones are dropped.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Longest text taken, in bytes.
const LONGEST: usize = 200_000;

/// Understands a text.
///
/// # Errors
/// Sentences for the author: template language that is never closed, links that lead nowhere.
pub fn parse(source: &str) -> Result<Letter, Vec<Sentence>> {
    if source.len() > LONGEST {
        return Err(vec![Sentence::new("planning-body-too-long")]);
    }
    let source: String = source
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !matches!(*c, OPEN | CLOSE) && (!c.is_control() || matches!(c, '\n' | '\t')))
        .collect();
    let pieces = scan(&source).map_err(|sentence| vec![sentence])?;
    let mut reader = Reader::default();
    let mut flat = String::with_capacity(source.len());
    for piece in &pieces {
        match piece {
            Piece::Text(text) => flat.push_str(text),
            Piece::Value(whole) | Piece::Tag(whole) | Piece::Comment(whole) => {
                flat.push(OPEN);
                flat.push_str(&reader.pieces.len().to_string());
                flat.push(CLOSE);
                reader.pieces.push((matches!(piece, Piece::Value(_)), (*whole).to_owned()));
            }
        }
    }
    reader.read(&flat);
    if reader.complaints.is_empty() { Ok(reader.letter) } else { Err(reader.complaints) }
}

#[derive(Default)]
struct Reader {
    /// Whether it is a value, and the template language itself.
    pieces: Vec<(bool, String)>,
    letter: Letter,
    complaints: Vec<Sentence>,
}

impl Reader {
    fn read(&mut self, flat: &str) {
        let mut paragraph: Vec<Inline> = Vec::new();
        let mut list: Vec<Vec<Inline>> = Vec::new();
        for line in flat.lines() {
            let line = line.trim();
            let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
            let heading = line.strip_prefix("## ").map(|t| (2, t)).or_else(|| line.strip_prefix("# ").map(|t| (1, t)));
            let tags = self.tags(line);
            if item.is_none() && !list.is_empty() {
                self.letter.blocks.push(Block::List(std::mem::take(&mut list)));
            }
            if (line.is_empty() || item.is_some() || heading.is_some() || tags.is_some()) && !paragraph.is_empty() {
                self.letter.blocks.push(Block::Paragraph(std::mem::take(&mut paragraph)));
            }
            match (tags, heading, item) {
                (Some(tags), ..) => self.letter.blocks.push(Block::Tags(tags)),
                (None, Some((level, text)), _) => {
                    let inlines = self.inlines(text, true);
                    self.letter.blocks.push(Block::Heading(level, inlines));
                }
                (None, None, Some(text)) => list.push(self.inlines(text, true)),
                _ if line.is_empty() => {}
                _ => {
                    if !paragraph.is_empty() {
                        paragraph.push(Inline::Break);
                    }
                    paragraph.extend(self.inlines(line, true));
                }
            }
        }
        if !list.is_empty() {
            self.letter.blocks.push(Block::List(list));
        }
        if !paragraph.is_empty() {
            self.letter.blocks.push(Block::Paragraph(paragraph));
        }
    }

    /// The tags of a line that holds nothing else.
    fn tags(&self, line: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = line;
        while let Some((index, after)) = placeholder(rest) {
            let (value, whole) = self.pieces.get(index)?;
            if *value {
                return None;
            }
            out.push_str(whole);
            rest = after.trim_start();
        }
        (rest.is_empty() && !out.is_empty()).then_some(out)
    }

    fn inlines(&mut self, text: &str, links: bool) -> Vec<Inline> {
        let mut out = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let taken = if let Some((index, after)) = placeholder(rest) {
                let whole = self.pieces.get(index).map(|(_, whole)| whole.clone()).unwrap_or_default();
                Some((Inline::Template(whole), after))
            } else if let Some((inside, after)) = bold(rest) {
                Some((Inline::Bold(self.inlines(inside, links)), after))
            } else {
                links.then(|| bracketed(rest)).flatten().map(|found| (self.link(&found), found.after))
            };
            match taken {
                Some((inline, after)) => {
                    if !plain.is_empty() {
                        out.push(Inline::Text(std::mem::take(&mut plain)));
                    }
                    out.push(inline);
                    rest = after;
                }
                None => {
                    plain.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        if !plain.is_empty() {
            out.push(Inline::Text(plain));
        }
        out
    }

    fn link(&mut self, found: &Bracketed) -> Inline {
        let label = self.inlines(found.label, false);
        // What a placeholder stands for has to be seen by the check of the address.
        let url = found.url.replace(OPEN, "{{").replace(CLOSE, "}}");
        match link::target(&url) {
            Ok(Target::Direct(url)) => Inline::Direct { url, label },
            Ok(Target::Web(url)) => {
                let known = self.letter.links.iter().position(|l| *l == url);
                let position = known.unwrap_or_else(|| {
                    self.letter.links.push(url);
                    self.letter.labels.push(words(&label));
                    self.letter.links.len() - 1
                });
                Inline::Link { position, label, button: found.button }
            }
            Err(sentence) => {
                self.complaints.push(sentence);
                Inline::Text(String::new())
            }
        }
    }
}

/// A placeholder at the beginning, and what follows it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    let (number, after) = text.strip_prefix(OPEN)?.split_once(CLOSE)?;
    Some((number.parse().ok()?, after))
}

fn bold(text: &str) -> Option<(&str, &str)> {
    let (inside, after) = text.strip_prefix("**")?.split_once("**")?;
    (!inside.trim().is_empty()).then_some((inside, after))
}

struct Bracketed<'a> {
    label: &'a str,
    url: &'a str,
    button: bool,
    after: &'a str,
}

/// `[text](url)`, `[text](<url>)` or `[[text](url)]` at the beginning. Brackets and parentheses inside must balance.
fn bracketed(text: &str) -> Option<Bracketed<'_>> {
    if let Some(found) = text.strip_prefix("[[").and_then(|_| bracketed_once(&text[1..]))
        && let Some(after) = found.after.strip_prefix(']')
    {
        return Some(Bracketed { button: true, after, ..found });
    }
    bracketed_once(text)
}

fn bracketed_once(text: &str) -> Option<Bracketed<'_>> {
    let (label, after) = balanced(text, '[', ']')?;
    if let Some((url, after)) = after.strip_prefix("(<").and_then(|inside| inside.split_once(">)")) {
        return Some(Bracketed { label, url, button: false, after });
    }
    let (url, after) = balanced(after, '(', ')')?;
    Some(Bracketed { label, url, button: false, after })
}

fn balanced(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    text.strip_prefix(open)?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some((&text[1..at], &text[at + 1..]));
            }
        }
    }
    None
}

/// The words of a label without markup and template language, for lists of links.
fn words(label: &[Inline]) -> String {
    let mut out = String::new();
    for inline in label {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Bold(inside) => out.push_str(&words(inside)),
            Inline::Template(_) => out.push('…'),
            Inline::Break | Inline::Link { .. } | Inline::Direct { .. } => {}
        }
    }
    out.trim().to_owned()
}
