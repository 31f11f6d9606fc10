//! Finds the cells of one record in a buffer of bytes (RFC 4180 with any delimiter), copying nothing.

/// What separates cells and lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Syntax {
    pub delimiter: u8,
    pub quote: bool,
    /// Last byte of a line end; a carriage return in front of it belongs to it.
    pub end: u8,
    /// Lines still to be passed over unread.
    pub skip: u32,
}

/// Where a cell stands, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub from: usize,
    pub to: usize,
    /// It holds doubled quotes.
    pub doubled: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// A record: bytes without and with its line end, and how many lines it takes.
    Record { raw: usize, next: usize, lines: u64 },
    /// The line does not end in the buffer.
    More,
    /// A quoted cell does not end in the buffer.
    Quoted,
    /// Text stands behind a closing quote.
    Misquoted,
}

pub(super) fn scan(buffer: &[u8], ended: bool, syntax: &Syntax, cells: &mut Vec<Found>) -> Scan {
    cells.clear();
    let mut at = 0;
    let mut lines = 1;
    loop {
        let mut cell = Found { from: at, to: at, doubled: false };
        if syntax.quote && buffer.get(at) == Some(&b'"') {
            cell.from = at + 1;
            at += 1;
            loop {
                let Some(quote) = buffer[at..].iter().position(|b| *b == b'"') else { return Scan::Quoted };
                lines += buffer[at..at + quote].iter().filter(|b| **b == syntax.end).count() as u64;
                at += quote;
                match buffer.get(at + 1) {
                    Some(b'"') => {
                        cell.doubled = true;
                        at += 2;
                    }
                    None if !ended => return Scan::Quoted,
                    _ => break,
                }
            }
            cell.to = at;
            at += 1;
            at += buffer[at..].iter().take_while(|b| **b == b' ').count();
            match buffer.get(at) {
                None | Some(b'\r') => {}
                Some(b) if *b == syntax.delimiter || *b == syntax.end => {}
                Some(_) => return Scan::Misquoted,
            }
            if at == buffer.len() && !ended {
                return Scan::More;
            }
            if buffer.get(at) == Some(&b'\r') && syntax.end == b'\n' {
                match buffer.get(at + 1) {
                    Some(b'\n') => at += 1,
                    None if ended => at += 1,
                    None => return Scan::More,
                    Some(_) => return Scan::Misquoted,
                }
            }
        } else {
            match buffer[at..].iter().position(|b| *b == syntax.delimiter || *b == syntax.end) {
                Some(length) => at += length,
                None if ended => at = buffer.len(),
                None => return Scan::More,
            }
            cell.to = at;
            if buffer.get(at) != Some(&syntax.delimiter) && at > cell.from && buffer[at - 1] == b'\r' {
                cell.to = at - 1;
            }
        }
        cells.push(cell);
        match buffer.get(at) {
            Some(b) if *b == syntax.delimiter => at += 1,
            end => {
                let next = at + usize::from(end.is_some());
                let bare = at > 0 && syntax.end == b'\n' && buffer[at - 1] == b'\r';
                return Scan::Record { raw: at - usize::from(bare), next, lines };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> (Scan, Vec<&str>) {
        let mut found = Vec::new();
        let syntax = Syntax { delimiter: b';', quote: true, end: b'\n', skip: 0 };
        let outcome = scan(text.as_bytes(), true, &syntax, &mut found);
        (outcome, found.iter().map(|f| &text[f.from..f.to]).collect())
    }

    #[test]
    fn cells_are_found_in_their_quotes() {
        assert_eq!(cells("a;b;\r\nc").1, ["a", "b", ""]);
        assert_eq!(cells("\"a;\r\nb\" ;c\r\n"), (Scan::Record { raw: 10, next: 12, lines: 2 }, vec!["a;\r\nb", "c"]));
        assert_eq!(cells("\"a\"\"b\"\r\n"), (Scan::Record { raw: 6, next: 8, lines: 1 }, vec!["a\"\"b"]));
        assert_eq!(cells("\"\"").1, [""]);
        assert_eq!(cells("a;\"b").0, Scan::Quoted);
        assert_eq!(cells("\"a\"b;c").0, Scan::Misquoted);
        assert_eq!(cells("a\"b\";c").1, ["a\"b\"", "c"]);
    }
}
