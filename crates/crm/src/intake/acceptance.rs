//! The files of acceptance case A, read as a marketing manager would drop them.

use super::*;
use jiff::civil::{Date, date};
use kernel::{Currency, Locale};
use std::{io::Cursor, path::PathBuf};

const TODAY: Date = date(2026, 11, 22);

fn case_a(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/acceptance/case-a")).join(name)
}

fn read<R: std::io::Read>(mut reader: Reader<R>, shape: &Shape) -> (Vec<ContactRow>, Vec<Rejection>) {
    let (mut rows, mut rejected) = (Vec::new(), Vec::new());
    let mut record = Record::default();
    while let Some(state) = reader.read(&mut record).unwrap() {
        match state.and_then(|()| shape.contact(&record)) {
            Ok(row) => rows.push(row),
            Err(flaw) => rejected.push(flaw.of(record.line, record.raw())),
        }
    }
    (rows, rejected)
}

#[test]
fn the_contacts_are_understood_and_five_lines_are_rejected() {
    let path = case_a("contacts.csv");
    let dialect = guess(&path).unwrap();
    assert_eq!(dialect.encoding, Encoding::Windows1252);
    assert_eq!((dialect.delimiter, dialect.header, dialect.line_end), (Delimiter::Semicolon, true, LineEnd::CrLf));
    let reader = Reader::open(&path, &dialect).unwrap();
    let mapping = Mapping::guess(ImportKind::Contacts, &reader.header());
    assert!(mapping.0.iter().all(Option::is_some), "{mapping:?}");
    let shape = Shape::new(ImportKind::Contacts, &mapping, &dialect, TODAY, Currency::EUR);
    let (rows, rejected) = read(reader, &shape);

    let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(case_a("expected.json")).unwrap()).unwrap();
    let lines: Vec<i64> = rejected.iter().map(|r| r.line).collect();
    let reasons: Vec<&str> = rejected.iter().map(|r| r.reason.code()).collect();
    assert_eq!(serde_json::json!(lines), expected["import"]["rejected_lines"]);
    assert_eq!(serde_json::json!(reasons), expected["import"]["rejected_reasons"]);
    assert_eq!(rows.len(), 303);
    let first = &rows[0];
    assert_eq!(first.street.as_deref(), Some("Bahnhofplatz 62"));
    assert_eq!((first.birth_date, first.country, first.budget), (Some(date(1968, 10, 20)), Some("DE"), Some(400_000)));
    assert_eq!(rows[1].last_name.as_deref(), Some("Müller"));
}

#[test]
fn the_orders_are_understood_to_the_last_line() {
    let path = case_a("orders.csv");
    let dialect = guess(&path).unwrap();
    assert_eq!((dialect.encoding, dialect.bom), (Encoding::Utf8, true));
    let mut reader = Reader::open(&path, &dialect).unwrap();
    let mapping = Mapping::guess(ImportKind::Orders, &reader.header());
    assert!(mapping.0.iter().all(Option::is_some), "{mapping:?}");
    let shape = Shape::new(ImportKind::Orders, &mapping, &dialect, TODAY, Currency::EUR);
    let mut record = Record::default();
    let (mut lines, mut cancelled) = (0, 0);
    while let Some(state) = reader.read(&mut record).unwrap() {
        state.unwrap();
        let row = shape.order(&record).unwrap();
        lines += 1;
        cancelled += usize::from(row.status == OrderStatus::Cancelled);
    }
    assert_eq!((lines, cancelled), (754, 70));
}

#[test]
fn the_error_file_can_be_corrected_and_read_again() {
    let path = case_a("contacts.csv");
    let dialect = guess(&path).unwrap();
    let reader = Reader::open(&path, &dialect).unwrap();
    let header = reader.header_raw().unwrap().to_owned();
    let mapping = Mapping::guess(ImportKind::Contacts, &reader.header());
    let shape = Shape::new(ImportKind::Contacts, &mapping, &dialect, TODAY, Currency::EUR);
    let (_, rejected) = read(reader, &shape);
    let file = error_file(ImportKind::Contacts, &dialect, Some(&header), &rejected, Locale::De);

    let text = encoding_rs::WINDOWS_1252.decode(&file).0.into_owned();
    assert!(text.starts_with(&format!("{header};Zeile;Feld;Grund\r\n")), "{text}");
    assert!(text.contains(";1.1.2199;"), "{text}");

    let mended = text
        .replace("keine-adresse", "petra.lang@kunde.example")
        .replace(";eine Spalte zu viel", "")
        .replace(";1.1.2199;", ";1.1.1999;")
        .replace("a@b@c.example", "a@c.example")
        .replace(";31.02.1980;", ";28.02.1980;");
    let bytes = encoding_rs::WINDOWS_1252.encode(&mended).0.into_owned();
    let again = guess_in(&mut Cursor::new(&bytes)).unwrap();
    assert_eq!(again, dialect);
    let reader = Reader::new(Cursor::new(&bytes), &again).unwrap();
    let mapping = Mapping::guess(ImportKind::Contacts, &reader.header());
    let shape = Shape::new(ImportKind::Contacts, &mapping, &again, TODAY, Currency::EUR);
    let (rows, still) = read(reader, &shape);
    assert_eq!((rows.len(), still), (5, Vec::new()));

    let twice =
        error_file(ImportKind::Contacts, &dialect, Some(&format!("{header};Zeile;Feld;Grund")), &[], Locale::De);
    assert_eq!(twice, format!("{header};Zeile;Feld;Grund\r\n").chars().map(|c| c as u8).collect::<Vec<_>>());
}
