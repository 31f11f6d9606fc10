//! Looks at the beginning of a file and says how it writes its table, or that it is none.

use super::{
    dialect::{DateStyle, Decimal, Delimiter, Dialect, Encoding, LineEnd},
    fields::is_known_header,
    reader::{MAX_COLUMNS, MAX_LINE, Reader, Record},
    refusal::{FileRefusal, FileTrouble},
};
use jiff::civil::Date;
use kernel::{EmailAddress, Fault};
use std::{
    fs::File,
    io::{Cursor, Read, Seek, SeekFrom},
    path::Path,
};

const SAMPLE: usize = 256 << 10;
/// Characters outside ASCII after which the encoding counts as known.
const ENOUGH: usize = 4_096;
/// Records looked at to find the delimiter and the styles.
const RECORDS: usize = 200;

/// Guesses the dialect of a file.
///
/// # Errors
/// A [`FileRefusal`] where the file is no table: another kind of file, empty, only a header, too many columns, a line over
/// 1 MiB.
pub fn guess(path: &Path) -> Result<Dialect, FileTrouble> {
    guess_in(&mut File::open(path).map_err(Fault::io("opening the file to be read"))?)
}

/// [`guess`] over any stream that can be read twice; it is left at its beginning.
pub fn guess_in<R: Read + Seek>(input: &mut R) -> Result<Dialect, FileTrouble> {
    let mut sample = Vec::new();
    let mut whole = take(input, &mut sample, SAMPLE)?;
    if let Some(kind) = kind_of(&sample) {
        return Err(FileRefusal::NotATable(kind).into());
    }
    let (encoding, bom) = match mark_of(&sample) {
        Some(encoding) => (encoding, true),
        None => (unmarked(&sample, input)?, false),
    };
    input.seek(SeekFrom::Start(sample.len() as u64)).map_err(Fault::io("reading the file again"))?;
    let mut text = decode(&sample, encoding);
    if !text.contains(['\n', '\r']) && !whole {
        if text.chars().filter(|c| *c == ';').count().max(text.chars().filter(|c| *c == ',').count()) < MAX_COLUMNS {
            whole = take(input, &mut sample, 2 * MAX_LINE + 2 - SAMPLE)?;
            text = decode(&sample, encoding);
        }
        if !text.contains(['\n', '\r']) && !whole && text.len() > MAX_LINE {
            return Err(FileRefusal::TooLarge.into());
        }
    }
    input.seek(SeekFrom::Start(0)).map_err(Fault::io("reading the file again"))?;
    if text.trim().is_empty() {
        return Err(FileRefusal::Empty.into());
    }
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if odd > 8 && odd * 20 > text.chars().count() {
        return Err(FileRefusal::NotATable("").into());
    }
    let line_end = match (text.contains("\r\n"), text.contains('\n')) {
        (true, _) => LineEnd::CrLf,
        (_, true) => LineEnd::Lf,
        _ if text.contains('\r') => LineEnd::Cr,
        _ => LineEnd::CrLf,
    };
    let mut dialect = Dialect { encoding, bom, line_end, quote: true, ..Dialect::default() };
    let announced = announced(&text);
    dialect.skip_lines = u32::from(announced.is_some());
    if !whole && let Some(end) = text.rfind(line_end.text()) {
        text.truncate(end + line_end.text().len());
    }
    let (delimiter, quote) = announced.map_or_else(|| separators(&text, &dialect), |d| (d, true));
    dialect.delimiter = delimiter;
    dialect.quote = quote;
    let records = records(&text, &dialect);
    let Some(first) = records.first() else { return Err(FileRefusal::Empty.into()) };
    if first.len() > MAX_COLUMNS {
        return Err(FileRefusal::TooManyColumns(first.len()).into());
    }
    dialect.header = is_header(first);
    if dialect.header && records.len() == 1 && whole {
        return Err(FileRefusal::HeaderOnly.into());
    }
    let cells = || records.iter().skip(usize::from(dialect.header)).flat_map(|r| r.iter().map(|cell| cell.trim()));
    dialect.dates = dates(cells());
    dialect.decimal = decimal(cells());
    Ok(dialect)
}

/// Reads up to `most` further bytes; says whether the file ended.
fn take<R: Read>(input: &mut R, into: &mut Vec<u8>, most: usize) -> Result<bool, Fault> {
    let read = input.take(most as u64).read_to_end(into).map_err(Fault::io("reading the file"))?;
    Ok(read < most)
}

/// The kind of a file that is no table, by its first bytes.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 15] = [
        (b"%PDF", "PDF"),
        (b"PK\x03\x04", "Excel"),
        (b"\xd0\xcf\x11\xe0", "Excel"),
        (b"PK\x05\x06", "ZIP"),
        (b"\x89PNG", "PNG"),
        (b"GIF8", "GIF"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x1f\x8b", "GZIP"),
        (b"7z\xbc\xaf", "7-Zip"),
        (b"Rar!", "RAR"),
        (b"SQLite format 3", "SQLite"),
        (b"\x7fELF", ""),
        (b"{\\rtf", "RTF"),
        (b"<", "HTML/XML"),
        (b"{", "JSON"),
    ];
    let mut text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if text.starts_with(b"[") {
        text = text[1..].trim_ascii_start();
    }
    let (_, kind) = KINDS.iter().find(|(magic, _)| text.starts_with(magic))?;
    let zip = *kind == "Excel" && text.starts_with(b"PK");
    let office = zip && [&b"xl/"[..], b"[Content_Types].xml", b"mimetype"].iter().any(|name| contains(text, name));
    Some(if zip && !office { "ZIP" } else { kind })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn mark_of(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// UTF-16 shows itself by NUL in every other byte; otherwise the file is read until enough characters outside ASCII have
/// said whether they are UTF-8.
fn unmarked<R: Read>(sample: &[u8], rest: &mut R) -> Result<Encoding, Fault> {
    let pairs = (sample.len().min(4_096) / 2).max(1);
    let nul = |odd: usize| sample.iter().take(2 * pairs).skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul(0), nul(1));
    if odd * 10 > pairs * 4 && even * 10 < pairs {
        return Ok(Encoding::Utf16Le);
    }
    if even * 10 > pairs * 4 && odd * 10 < pairs {
        return Ok(Encoding::Utf16Be);
    }
    let (mut good, mut bad) = (0, 0);
    let mut chunk = sample.to_vec();
    while good + bad < ENOUGH && !chunk.is_empty() {
        if !chunk.is_ascii() {
            for part in chunk.utf8_chunks() {
                good += part.valid().chars().filter(|c| !c.is_ascii()).count();
                bad += part.invalid().len();
            }
        }
        chunk.clear();
        take(rest, &mut chunk, SAMPLE)?;
    }
    Ok(if bad > good { Encoding::Windows1252 } else { Encoding::Utf8 })
}

fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let text = match encoding {
        Encoding::Utf8 => String::from_utf8_lossy(bytes),
        Encoding::Utf16Le => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        Encoding::Utf16Be => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    text.trim_start_matches('\u{feff}').to_owned()
}

/// Excel writes and reads a first line `sep=;`.
fn announced(text: &str) -> Option<Delimiter> {
    let line = text.split(['\r', '\n']).next()?.trim_matches('"');
    let sign = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    Delimiter::of(*sign.as_bytes().first()?)
}

fn records(text: &str, dialect: &Dialect) -> Vec<Vec<String>> {
    let plain = Dialect { encoding: Encoding::Utf8, ..dialect.clone() };
    let mut reader = Reader::bare(Cursor::new(text.as_bytes()), &plain);
    let mut record = Record::default();
    let mut out = Vec::new();
    while out.len() < RECORDS
        && let Ok(Some(state)) = reader.any(&mut record)
    {
        if state.is_ok() {
            out.push(record.cells().map(str::to_owned).collect());
        }
    }
    out
}

/// The pair under which most records have as many cells as the first; with equal shares the one with more columns.
fn separators(text: &str, dialect: &Dialect) -> (Delimiter, bool) {
    let mut best = (Delimiter::Semicolon, true);
    let mut best_score = 0;
    for delimiter in Delimiter::ALL {
        for quote in [true, false] {
            let records = records(text, &Dialect { delimiter, quote, ..dialect.clone() });
            let width = records.first().map_or(0, Vec::len);
            if width < 2 {
                continue;
            }
            let alike = records.iter().filter(|r| r.len() == width).count();
            let share = alike * 100 / records.len();
            let cells = alike * width;
            let score = share * share / 100 * 1_000 + cells.min(RECORDS * MAX_COLUMNS) / 200 + usize::from(quote);
            if score > best_score {
                best_score = score;
                best = (delimiter, quote);
            }
        }
    }
    best
}

/// A header names columns: no figures, days or addresses in it, and no name twice.
fn is_header(first: &[String]) -> bool {
    if first.iter().any(|cell| is_known_header(cell)) {
        return true;
    }
    let mut names: Vec<&str> = first.iter().map(|cell| cell.trim()).collect();
    let data = |cell: &&str| {
        EmailAddress::parse(cell).is_some() || cell.starts_with(|c: char| c.is_ascii_digit()) || looks_like_day(cell)
    };
    if names.iter().any(data) || names.iter().filter(|n| n.is_empty()).count() * 2 > names.len() {
        return false;
    }
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0].is_empty() || pair[0] != pair[1])
}

fn looks_like_day(cell: &str) -> bool {
    DateStyle::German.read(cell, Date::constant(2099, 12, 31)).is_some()
        || DateStyle::MonthDay.read(cell, Date::constant(2099, 12, 31)).is_some()
}

fn dates<'a>(cells: impl Iterator<Item = &'a str>) -> DateStyle {
    let (mut points, mut iso, mut slashes, mut month_first) = (0, 0, 0, 0);
    for cell in cells.filter(|cell| cell.len() <= 30 && looks_like_day(cell)) {
        if cell.contains('/') {
            slashes += 1;
            let second = cell.split('/').nth(1).and_then(|part| part.parse::<u32>().ok());
            month_first += usize::from(second.is_some_and(|n| n > 12));
        } else if cell.contains('.') {
            points += 1;
        } else if cell.as_bytes().get(4) == Some(&b'-') {
            iso += 1;
        }
    }
    match (points, iso, slashes) {
        (p, i, s) if s > p && s > i => {
            if month_first > 0 {
                DateStyle::MonthDay
            } else {
                DateStyle::DayMonth
            }
        }
        (p, i, _) if i > p => DateStyle::Iso,
        _ => DateStyle::German,
    }
}

/// Only figures with one or two places behind their last sign say which sign it is: `12,5` and `1.599,00` do, `1.599` does
/// not.
fn decimal<'a>(cells: impl Iterator<Item = &'a str>) -> Decimal {
    let (mut commas, mut points) = (0, 0);
    for cell in cells {
        let figure = cell.trim_end_matches(['€', ' ', '\u{a0}']);
        if figure.is_empty() || !figure.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b'\'')) {
            continue;
        }
        let Some(at) = figure.rfind(['.', ',']) else { continue };
        if !matches!(figure.len() - at, 2 | 3)
            || figure.matches('.').count() > 1 && figure.len() - at == 3 && !figure.contains(',')
        {
            continue;
        }
        if figure.as_bytes()[at] == b',' { commas += 1 } else { points += 1 }
    }
    if points > commas { Decimal::Point } else { Decimal::Comma }
}
