//! The file of rejected rows: written as the original was, so that it can be corrected in the same program and imported
//! again as it is.

use super::{
    dialect::Dialect,
    fields::{ADDED, ImportKind},
    refusal::Rejection,
    scan::{Scan, Syntax, scan},
};
use kernel::{Locale, Sentence};

/// Writes the header and the rejected rows with three columns behind them: line, field, reason. Columns of an earlier
/// error file are replaced, not added a second time.
pub fn error_file<'a>(
    kind: ImportKind,
    dialect: &Dialect,
    header: Option<&str>,
    rejections: impl IntoIterator<Item = &'a Rejection>,
    locale: Locale,
) -> Vec<u8> {
    let mut file = ErrorFile::new(kind, dialect, header, locale);
    for rejection in rejections {
        file.add(rejection);
    }
    file.bytes
}

/// An error file written bit by bit: take the bytes out whenever there are enough.
pub struct ErrorFile {
    kind: ImportKind,
    dialect: Dialect,
    locale: Locale,
    /// Cells of a row of the original, and whether the last three of them came from an earlier error file.
    columns: Option<(usize, bool)>,
    line: String,
    pub bytes: Vec<u8>,
}

impl ErrorFile {
    pub fn new(kind: ImportKind, dialect: &Dialect, header: Option<&str>, locale: Locale) -> Self {
        let mut file =
            Self { kind, dialect: dialect.clone(), locale, columns: None, line: String::new(), bytes: Vec::new() };
        let own = dialect.bom.then_some('\u{feff}');
        file.line.extend(own);
        if let Some(header) = header {
            let starts = file.starts(header);
            let names = starts.iter().rev().take(3).rev().map(|from| &header[*from..]);
            let names: Vec<String> =
                names.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect()).collect();
            let again = starts.len() > 3 && ADDED.iter().any(|added| names == *added);
            file.columns = Some((starts.len(), again));
            let added = ADDED[usize::from(locale == Locale::En)];
            file.row(header, added.map(str::to_owned));
        }
        file.flush();
        file
    }

    pub fn add(&mut self, rejection: &Rejection) {
        let field = rejection.field.as_deref().and_then(|key| self.kind.field(key));
        let label = field.map_or(String::new(), |field| Sentence::new(field.label).say(self.locale));
        self.row(&rejection.raw, [rejection.line.to_string(), label, rejection.sentence.say(self.locale)]);
        self.flush();
    }

    fn row(&mut self, raw: &str, added: [String; 3]) {
        let delimiter = char::from(self.dialect.delimiter.byte());
        let starts = self.starts(raw);
        match self.columns {
            Some((columns, true)) if starts.len() == columns => self.line.push_str(&raw[..starts[columns - 3] - 1]),
            _ => self.line.push_str(raw),
        }
        for cell in added {
            self.line.push(delimiter);
            let bare = !cell.contains([delimiter, '"', '\n', '\r']);
            if bare || !self.dialect.quote {
                self.line.extend(cell.chars().map(|c| if c == delimiter || c.is_control() { ' ' } else { c }));
            } else {
                self.line.push('"');
                self.line.push_str(&cell.replace('"', "\"\""));
                self.line.push('"');
            }
        }
        self.line.push_str(self.dialect.line_end.text());
    }

    /// Where the cells of a record begin.
    fn starts(&self, raw: &str) -> Vec<usize> {
        let end = self.dialect.line_end.text().as_bytes()[self.dialect.line_end.text().len() - 1];
        let syntax = Syntax { delimiter: self.dialect.delimiter.byte(), quote: self.dialect.quote, end, skip: 0 };
        let mut cells = Vec::new();
        if !matches!(scan(raw.as_bytes(), true, &syntax, &mut cells), Scan::Record { .. }) {
            return Vec::new();
        }
        let quoted = |from: usize| from > 0 && self.dialect.quote && raw.as_bytes()[from - 1] == b'"';
        cells.iter().map(|cell| cell.from - usize::from(quoted(cell.from))).collect()
    }

    fn flush(&mut self) {
        self.dialect.encoding.write(&self.line, &mut self.bytes);
        self.line.clear();
    }
}
