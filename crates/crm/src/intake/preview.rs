//! The first rows of a file under a dialect, for the person who checks the guess before anything is imported.

use super::{
    dialect::Dialect,
    fields::ImportKind,
    mapping::Mapping,
    reader::{Reader, Record},
    refusal::{FileTrouble, Rejection},
    typed_row::Shape,
};
use jiff::civil::Date;
use kernel::Currency;
use serde::Serialize;
use std::path::Path;

/// What the file looks like when it is read that way.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub dialect: Dialect,
    /// Names of the columns; without a header one empty name per column.
    pub header: Vec<String>,
    pub mapping: Mapping,
    pub rows: Vec<PreviewRow>,
}

/// One row of the preview.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewRow {
    pub line: i64,
    pub cells: Vec<String>,
    /// Why it would be rejected.
    pub rejection: Option<Rejection>,
}

/// Reads the first `rows` rows. Without a `mapping` it is guessed from the header.
pub fn preview(
    path: &Path,
    kind: ImportKind,
    dialect: &Dialect,
    mapping: Option<&Mapping>,
    rows: usize,
    today: Date,
) -> Result<Preview, FileTrouble> {
    let mut reader = Reader::open(path, dialect)?;
    let mut header = reader.header();
    let mapping = mapping.cloned().unwrap_or_else(|| Mapping::guess(kind, &header));
    header.resize(reader.columns(), String::new());
    let shape = Shape::new(kind, &mapping, dialect, today, Currency::EUR);
    let complete = mapping.check(kind, reader.columns()).is_ok();
    let mut record = Record::default();
    let mut seen = Vec::with_capacity(rows);
    while seen.len() < rows
        && let Some(state) = reader.read(&mut record)?
    {
        let outcome = state.and_then(|()| match kind {
            _ if !complete => Ok(()),
            ImportKind::Contacts => shape.contact(&record).map(drop),
            ImportKind::Orders => shape.order(&record).map(drop),
        });
        seen.push(PreviewRow {
            line: record.line as i64,
            cells: record.cells().map(str::to_owned).collect(),
            rejection: outcome.err().map(|flaw| flaw.of(record.line, record.raw())),
        });
    }
    Ok(Preview { dialect: dialect.clone(), header, mapping, rows: seen })
}
