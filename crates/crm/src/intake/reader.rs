//! Reads a table row by row from any stream with constant memory; one broken row never takes its neighbours along.

use super::{
    dialect::{Dialect, Encoding, LineEnd},
    refusal::{FileRefusal, FileTrouble, Flaw, Reason},
    scan::{Scan, Syntax, scan},
};
use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use kernel::Fault;
use std::{fs::File, io::Read, ops::Range, path::Path};

/// A table wider than this is none.
pub const MAX_COLUMNS: usize = 500;
/// Bytes (as UTF-8) a line may have.
pub const MAX_LINE: usize = 1 << 20;
/// Bytes a record may have when its quoted cells span lines; behind that the quote counts as never closed.
const MAX_SPANNING: usize = 128 << 10;
const CHUNK: usize = 64 << 10;

/// One record; made once and filled again for each row.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The record as it stands in the file, then the cells whose doubled quotes had to be undone.
    text: String,
    raw: usize,
    cells: Vec<Range<usize>>,
    /// Line of the file where the record begins, from 1.
    pub line: u64,
}

impl Record {
    /// The record as it stands in the file, without its line end.
    pub fn raw(&self) -> &str {
        &self.text[..self.raw]
    }

    /// A cell as written, unquoted and not trimmed; empty where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |range| &self.text[range.clone()])
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|range| &self.text[range.clone()])
    }

    fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }
}

/// Reads records from a stream.
pub struct Reader<R> {
    input: R,
    /// Present where the bytes are not UTF-8 already.
    decoder: Option<Decoder>,
    check_replacements: bool,
    syntax: Syntax,
    buffer: Vec<u8>,
    at: usize,
    chunk: Vec<u8>,
    ended: bool,
    line: u64,
    /// It is known whether the file begins with a byte order mark.
    mark_checked: bool,
    header: Option<Record>,
    columns: usize,
    ahead: Option<(Record, Result<(), Flaw>)>,
    cells: Vec<super::scan::Found>,
}

impl Reader<File> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// `empty`, `too_many_columns`, `too_large` as [`FileRefusal`]; a file that cannot be opened or read as fault.
    pub fn open(path: &Path, dialect: &Dialect) -> Result<Self, FileTrouble> {
        let file = File::open(path).map_err(Fault::io("opening the file to be read"))?;
        Self::new(file, dialect)
    }
}

impl<R: Read> Reader<R> {
    pub fn new(input: R, dialect: &Dialect) -> Result<Self, FileTrouble> {
        let mut reader = Self::bare(input, dialect);
        let mut first = Record::default();
        match reader.any(&mut first)? {
            None => return Err(FileRefusal::Empty.into()),
            Some(Err(flaw)) if flaw.reason == Reason::TooLarge => return Err(FileRefusal::TooLarge.into()),
            Some(_) if first.len() > MAX_COLUMNS => return Err(FileRefusal::TooManyColumns(first.len()).into()),
            Some(state) => {
                reader.columns = first.len();
                if dialect.header {
                    reader.header = Some(first);
                } else {
                    reader.ahead = Some((first, state));
                }
            }
        }
        Ok(reader)
    }

    /// A reader that takes rows of any width and knows no header.
    pub(super) fn bare(input: R, dialect: &Dialect) -> Self {
        let decoder = match dialect.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        let end = if dialect.line_end == LineEnd::Cr { b'\r' } else { b'\n' };
        Self {
            input,
            decoder,
            check_replacements: matches!(dialect.encoding, Encoding::Utf16Le | Encoding::Utf16Be),
            syntax: Syntax { delimiter: dialect.delimiter.byte(), quote: dialect.quote, end, skip: dialect.skip_lines },
            buffer: Vec::with_capacity(2 * CHUNK),
            at: 0,
            chunk: vec![0; CHUNK],
            ended: false,
            line: 1 + u64::from(dialect.skip_lines),
            mark_checked: false,
            header: None,
            columns: 0,
            ahead: None,
            cells: Vec::new(),
        }
    }

    /// Names of the columns as written; empty where the file has no header.
    pub fn header(&self) -> Vec<String> {
        self.header.iter().flat_map(Record::cells).map(|cell| cell.trim().to_owned()).collect()
    }

    /// The header as it stands in the file.
    pub fn header_raw(&self) -> Option<&str> {
        self.header.as_ref().map(Record::raw)
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Reads the next row; blank lines are passed over. `None` at the end, a [`Flaw`] where this row alone is broken:
    /// its record then still has line and raw text.
    pub fn read(&mut self, record: &mut Record) -> Result<Option<Result<(), Flaw>>, FileTrouble> {
        let state = match self.ahead.take() {
            Some((first, state)) => {
                *record = first;
                Some(state)
            }
            None => self.any(record)?,
        };
        Ok(state.map(|state| match state {
            Ok(()) if record.len() != self.columns => Err(Flaw::columns(record.len(), self.columns)),
            other => other,
        }))
    }

    fn skip(&mut self, lines: u32) {
        self.line += u64::from(lines);
        self.syntax.skip = lines;
    }

    /// The next record of any width that is not blank.
    pub(super) fn any(&mut self, record: &mut Record) -> Result<Option<Result<(), Flaw>>, FileTrouble> {
        loop {
            let rest = &self.buffer[self.at..];
            if rest.is_empty() && self.ended {
                return Ok(None);
            }
            if self.syntax.skip > 0 {
                match rest.iter().position(|b| *b == self.syntax.end) {
                    Some(end) => {
                        self.at += end + 1;
                        self.syntax.skip -= 1;
                    }
                    None if self.ended => return Ok(None),
                    None => self.fill()?,
                }
                continue;
            }
            match scan(rest, self.ended, &self.syntax, &mut self.cells) {
                Scan::Record { raw, next, lines } => {
                    if raw > MAX_LINE {
                        return Ok(Some(self.broken(record, Reason::TooLarge)?));
                    }
                    record.line = self.line;
                    let bytes = self.at..self.at + raw;
                    self.at += next;
                    self.line += lines;
                    let state = self.decode(record, bytes);
                    if state.is_ok() && record.is_blank() {
                        continue;
                    }
                    return Ok(Some(state));
                }
                Scan::More if !self.ended && rest.len() <= MAX_LINE => self.fill()?,
                Scan::Quoted if !self.ended && rest.len() <= MAX_SPANNING => self.fill()?,
                Scan::More => return Ok(Some(self.broken(record, Reason::TooLarge)?)),
                Scan::Quoted | Scan::Misquoted => return Ok(Some(self.broken(record, Reason::Quote)?)),
            }
        }
    }

    /// Gives up one physical line and goes on behind it; of a very long line the record keeps the beginning.
    fn broken(&mut self, record: &mut Record, reason: Reason) -> Result<Result<(), Flaw>, FileTrouble> {
        record.line = self.line;
        record.cells.clear();
        record.text.clear();
        let (length, ends) = loop {
            let rest = &self.buffer[self.at..];
            match rest.iter().position(|b| *b == self.syntax.end) {
                Some(end) => break (end, true),
                None if self.ended || rest.len() > MAX_LINE => break (rest.len(), false),
                None => self.fill()?,
            }
        };
        let shown = &self.buffer[self.at..self.at + length.min(MAX_SPANNING)];
        record.text.push_str(String::from_utf8_lossy(shown).trim_end_matches(['\r', '\n']));
        record.raw = record.text.len();
        self.at += length;
        if ends {
            self.at += 1;
            self.line += 1;
        } else {
            self.skip(1);
        }
        Ok(Err(Flaw::row(if length > MAX_LINE { Reason::TooLarge } else { reason })))
    }

    fn decode(&self, record: &mut Record, bytes: Range<usize>) -> Result<(), Flaw> {
        let bytes = &self.buffer[bytes];
        record.text.clear();
        record.cells.clear();
        let Ok(text) = std::str::from_utf8(bytes) else {
            // Most such rows were pasted from a Windows-1252 file; shown that way they can be checked and kept.
            record.text.push_str(&WINDOWS_1252.decode_without_bom_handling(bytes).0);
            record.raw = record.text.len();
            return Err(Flaw::row(Reason::Encoding));
        };
        record.text.push_str(text);
        record.raw = text.len();
        if self.check_replacements && text.contains('\u{fffd}') {
            return Err(Flaw::row(Reason::Encoding));
        }
        for found in &self.cells {
            if found.doubled {
                let from = record.text.len();
                record.text.push_str(&text[found.from..found.to].replace("\"\"", "\""));
                record.cells.push(from..record.text.len());
            } else {
                record.cells.push(found.from..found.to);
            }
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<(), FileTrouble> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let read = loop {
            match self.input.read(&mut self.chunk) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other.map_err(Fault::io("reading the file"))?,
            }
        };
        self.ended = read == 0;
        match &mut self.decoder {
            None => self.buffer.extend_from_slice(&self.chunk[..read]),
            Some(decoder) => {
                let most = decoder.max_utf8_buffer_length(read).unwrap_or(4 * CHUNK);
                let from = self.buffer.len();
                self.buffer.resize(from + most, 0);
                let (_, _, written, _) =
                    decoder.decode_to_utf8(&self.chunk[..read], &mut self.buffer[from..], self.ended);
                self.buffer.truncate(from + written);
            }
        }
        if !self.mark_checked && (self.buffer.len() >= 3 || self.ended) {
            self.mark_checked = true;
            if self.buffer.starts_with("\u{feff}".as_bytes()) {
                self.at = 3;
            }
        }
        Ok(())
    }
}
