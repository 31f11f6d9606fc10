//! Rust source taken apart just far enough that a rule never mistakes a comment or a string for code.

/// Code with strings emptied and comments removed (lines stay where they were), and those apart.
pub struct Source {
    pub code: String,
    pub strings: Vec<(usize, String)>,
    pub comments: Vec<(usize, String)>,
}

/// Takes the text of a Rust file apart.
pub fn read(text: &str) -> Source {
    Reader { left: text, line: 1, source: Source { code: String::new(), strings: vec![], comments: vec![] } }.read()
}

struct Reader<'a> {
    left: &'a str,
    line: usize,
    source: Source,
}

impl Reader<'_> {
    fn read(mut self) -> Source {
        let mut previous = ' ';
        while let Some(next) = self.left.chars().next() {
            let inside_word = previous.is_alphanumeric() || previous == '_';
            if self.left.starts_with("//") {
                let end = self.left.find('\n').unwrap_or(self.left.len());
                self.comment(end);
            } else if self.left.starts_with("/*") {
                let end = block_comment(self.left);
                self.comment(end);
            } else if let Some((open, close)) = raw_string(self.left).filter(|_| !inside_word) {
                let end = self.left[open..].find(&close).map_or(self.left.len(), |at| open + at);
                self.string(open, end, close.len());
            } else if next == '"' {
                let end = plain_string(self.left);
                self.string(1, end, 1);
            } else if let Some(end) = character(self.left) {
                self.source.code.push_str("' '");
                self.skip(end);
            } else {
                self.source.code.push(next);
                self.line += usize::from(next == '\n');
                self.left = &self.left[next.len_utf8()..];
            }
            previous = next;
        }
        self.source
    }

    fn comment(&mut self, end: usize) {
        self.source.comments.push((self.line, self.left[..end].to_string()));
        self.skip(end);
    }

    fn string(&mut self, open: usize, end: usize, close: usize) {
        self.source.strings.push((self.line, self.left[open..end].to_string()));
        self.source.code.push_str("\"\"");
        self.skip((end + close).min(self.left.len()));
    }

    /// Leaves text out of the code, but not its line breaks.
    fn skip(&mut self, end: usize) {
        let lines = self.left[..end].matches('\n').count();
        self.source.code.extend(std::iter::repeat_n('\n', lines));
        self.line += lines;
        self.left = &self.left[end..];
    }
}

/// Length of a block comment; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Of `r#"…"#` and its kin: the length of the opening, and the closing.
fn raw_string(text: &str) -> Option<(usize, String)> {
    let prefix = ["br", "cr", "r"].into_iter().find(|p| text.starts_with(p))?;
    let hashes = text[prefix.len()..].chars().take_while(|c| *c == '#').count();
    let open = prefix.len() + hashes;
    text[open..].starts_with('"').then(|| (open + 1, format!("\"{}", "#".repeat(hashes))))
}

/// Where the closing quote of a plain string is.
fn plain_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Length of a character literal; a lifetime (`'a`) is none.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    chars.next().filter(|(_, c)| *c == '\'')?;
    let (_, first) = chars.next()?;
    if first == '\\' {
        chars.next()?;
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_code() {
        let source =
            read("let a = \"x // \\\" y\"; // b\n/* c /* d */\n e */ let f = 'g'; let h: &'static str = r#\"i\"j\"#;");
        assert_eq!(source.code, "let a = \"\"; \n\n let f = ' '; let h: &'static str = \"\";");
        assert_eq!(source.strings, [(1, "x // \\\" y".to_string()), (3, "i\"j".to_string())]);
        assert_eq!(source.comments.iter().map(|c| c.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_quote_as_a_character_opens_no_string() {
        assert_eq!(read("('\"', '\\'', '\\\\', 'ä') // \"").code, "(' ', ' ', ' ', ' ') ");
    }

    #[test]
    fn an_unclosed_string_ends_with_the_file() {
        assert_eq!(read("a \"b").strings, [(1, "b".to_string())]);
    }
}
