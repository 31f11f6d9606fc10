//! How a file writes its table: everything a reader must know before the first row, each point a guess that may be
//! overridden by the person at the screen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

impl Encoding {
    pub const ALL: [Encoding; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// Writes text as this encoding has it; what it has no letter for becomes a question mark.
    pub(super) fn write(self, text: &str, bytes: &mut Vec<u8>) {
        match self {
            Self::Utf8 => bytes.extend_from_slice(text.as_bytes()),
            Self::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Self::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Self::Windows1252 => {
                for c in text.chars() {
                    let mut buffer = [0; 4];
                    let (encoded, _, lost) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
                    if lost { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
                }
            }
        }
    }

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The sign between two cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    #[default]
    Semicolon,
    Comma,
    Tab,
    Pipe,
}

impl Delimiter {
    pub const ALL: [Delimiter; 4] = [Self::Semicolon, Self::Comma, Self::Tab, Self::Pipe];

    pub fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    pub(super) fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.byte() == byte)
    }
}

/// The bytes that end a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    #[default]
    CrLf,
    Lf,
    /// Macintosh before 2001.
    Cr,
}

impl LineEnd {
    pub fn text(self) -> &'static str {
        match self {
            Self::CrLf => "\r\n",
            Self::Lf => "\n",
            Self::Cr => "\r",
        }
    }
}

/// The order of day, month and year. Points and hyphens say it themselves; only slashes need to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateStyle {
    /// `24.12.2026`
    #[default]
    German,
    /// `2026-12-24` (ISO 8601)
    Iso,
    /// `24/12/2026`
    DayMonth,
    /// `12/24/2026`
    MonthDay,
}

impl DateStyle {
    pub const ALL: [DateStyle; 4] = [Self::German, Self::Iso, Self::DayMonth, Self::MonthDay];

    /// Reads a day; a time of day behind it is allowed and ignored. Years of two digits lie in the hundred years that
    /// end with the year of `today`.
    pub fn read(self, text: &str, today: Date) -> Option<Date> {
        let text = text.trim();
        let day = match text.find([' ', 'T']) {
            Some(at) if is_time(&text[at + 1..]) => &text[..at],
            Some(_) => return None,
            None => text,
        };
        let sign = day.chars().find(|c| !c.is_ascii_digit())?;
        if !matches!(sign, '.' | '-' | '/') {
            return None;
        }
        let mut parts = day.split(sign);
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (year, month, day) = match sign {
            _ if a.len() == 4 => (a, b, c),
            '/' if self == Self::MonthDay => (c, a, b),
            _ => (c, b, a),
        };
        jiff::civil::Date::new(year_of(year, today)?, small(month)?, small(day)?).ok()
    }
}

fn small(text: &str) -> Option<i8> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn year_of(text: &str, today: Date) -> Option<i16> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        4 => text.parse().ok(),
        2 => {
            let short: i16 = text.parse().ok()?;
            let year = today.year() - today.year() % 100 + short;
            Some(if year > today.year() { year - 100 } else { year })
        }
        _ => None,
    }
}

fn is_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(':')
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z' | b'+' | b'-'))
}

/// The sign in front of the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    #[default]
    Comma,
    Point,
}

impl Decimal {
    pub fn sign(self) -> char {
        if self == Self::Comma { ',' } else { '.' }
    }
}

/// How a file writes its table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    pub encoding: Encoding,
    /// The file begins with a byte order mark.
    pub bom: bool,
    pub delimiter: Delimiter,
    /// Cells may stand in double quotes, which then may hold delimiters and line ends (RFC 4180).
    pub quote: bool,
    /// The first record names the columns.
    pub header: bool,
    /// Lines in front of the first record that say nothing, such as the `sep=;` of Excel.
    pub skip_lines: u32,
    pub line_end: LineEnd,
    pub dates: DateStyle,
    pub decimal: Decimal,
    /// The sheet the table was written out from, where the file is a workbook.
    pub sheet: Option<String>,
    /// All sheets of the workbook.
    pub sheets: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn days_as_people_write_them() {
        let read = |text| DateStyle::German.read(text, TODAY);
        assert_eq!(read("24.12.2026"), Some(date(2026, 12, 24)));
        assert_eq!(read(" 1.2.03 "), Some(date(2003, 2, 1)));
        assert_eq!(read("1.2.27"), Some(date(1927, 2, 1)));
        assert_eq!(read("2026-12-24"), Some(date(2026, 12, 24)));
        assert_eq!(read("2026-12-24T08:15:00Z"), Some(date(2026, 12, 24)));
        assert_eq!(read("24.12.2026 08:15"), Some(date(2026, 12, 24)));
        assert_eq!(read("02/03/2026"), Some(date(2026, 3, 2)));
        assert_eq!(DateStyle::MonthDay.read("02/03/2026", TODAY), Some(date(2026, 2, 3)));
        for wrong in
            ["31.02.1980", "24.12", "24.12.2026.1", "heute", "", "24.12.026", "1.1.2026 foo", "a.b.c", "+1.2.2003"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
