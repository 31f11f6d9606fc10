//! How a file and its dialect are named to people.

use crate::pages::Choice;
use crm::intake::{DateStyle, Decimal, Delimiter, Dialect, Encoding, ImportKind, runs::ImportRun};
use kernel::{Locale, Sentence, sentence::say};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Kind and size, „Kontakte, 4,2 MB“.
pub fn about(run: &ImportRun, locale: Locale) -> String {
    format!("{}, {}", say(locale, run.kind.label(), None), size(run.file_bytes, locale))
}

fn size(bytes: i64, locale: Locale) -> String {
    match bytes {
        0..1_000 => format!("{} Byte", locale.count(bytes)),
        1_000..1_000_000 => format!("{} KB", locale.number(bytes as f64 / 1e3, 0)),
        1_000_000..1_000_000_000 => format!("{} MB", locale.number(bytes as f64 / 1e6, 1)),
        _ => format!("{} GB", locale.number(bytes as f64 / 1e9, 1)),
    }
}

/// The name of a target field; a key nobody knows stays as it is.
pub fn field(kind: ImportKind, key: &str, locale: Locale) -> String {
    kind.field(key).map_or_else(|| key.to_owned(), |field| say(locale, field.label, None))
}

/// A sentence about the mapping with the field's name in place of its key.
pub fn named(sentence: &Sentence, kind: ImportKind, locale: Locale) -> String {
    let mut sentence = sentence.clone();
    if let Some(key) = sentence.args.get_mut("field") {
        *key = field(kind, key, locale);
    }
    sentence.say(locale)
}

/// The name of a value in storage, which is also its name in the form.
fn code(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value of a form; an unknown one leaves what is there.
pub fn chosen<T: DeserializeOwned>(text: &str, now: T) -> T {
    serde_json::from_value(Value::String(text.to_owned())).unwrap_or(now)
}

/// The sheets of a workbook; empty for any other table.
pub fn sheets(now: &Dialect) -> Vec<Choice> {
    now.sheets.iter().map(|name| Choice::new(name, name, now.sheet.as_ref() == Some(name))).collect()
}

pub fn encodings(now: &Dialect) -> Vec<Choice> {
    Encoding::ALL.map(|e| Choice::new(code(e), e.name(), e == now.encoding)).into()
}

pub fn delimiters(now: &Dialect, locale: Locale) -> Vec<Choice> {
    let word = |delimiter| match delimiter {
        Delimiter::Semicolon => "import-delimiter-semicolon",
        Delimiter::Comma => "import-delimiter-comma",
        Delimiter::Tab => "import-delimiter-tab",
        Delimiter::Pipe => "import-delimiter-pipe",
    };
    Delimiter::ALL.map(|d| Choice::new(code(d), say(locale, word(d), None), d == now.delimiter)).into()
}

pub fn headers(now: &Dialect, locale: Locale) -> Vec<Choice> {
    let one = |value: &str, key: &str, is: bool| Choice::new(value, say(locale, key, None), is);
    vec![one("yes", "import-header-yes", now.header), one("no", "import-header-no", !now.header)]
}

pub fn dates(now: &Dialect) -> Vec<Choice> {
    let shown = |style| match style {
        DateStyle::German => "24.12.2026",
        DateStyle::Iso => "2026-12-24",
        DateStyle::DayMonth => "24/12/2026",
        DateStyle::MonthDay => "12/24/2026",
    };
    DateStyle::ALL.map(|style| Choice::new(code(style), shown(style), style == now.dates)).into()
}

pub fn numbers(now: &Dialect) -> Vec<Choice> {
    let one = |decimal, shown: &str| Choice::new(code(decimal), shown, decimal == now.decimal);
    vec![one(Decimal::Comma, "1.234,56"), one(Decimal::Point, "1,234.56")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_select_sends_is_what_is_stored() {
        let dialect = Dialect { encoding: Encoding::Windows1252, dates: DateStyle::MonthDay, ..Dialect::default() };
        let sent = encodings(&dialect).into_iter().find(|choice| choice.chosen).unwrap().value;
        assert_eq!(chosen(&sent, Encoding::Utf8), Encoding::Windows1252);
        let sent = dates(&dialect).into_iter().find(|choice| choice.chosen).unwrap().value;
        assert_eq!(chosen(&sent, DateStyle::Iso), DateStyle::MonthDay);
        assert_eq!(chosen("klingon", Encoding::Utf8), Encoding::Utf8);
    }

    #[test]
    fn sizes_are_said_in_the_readers_way() {
        assert_eq!(size(999, Locale::De), "999 Byte");
        assert_eq!(size(51_400, Locale::De), "51 KB");
        assert_eq!(size(4_200_000, Locale::De), "4,2 MB");
        assert_eq!(size(2_000_000_000, Locale::En), "2.0 GB");
    }
}
