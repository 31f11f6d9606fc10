//! Files that are broken, hostile or merely unusual.

use super::*;
use jiff::civil::date;
use kernel::{Currency, Locale};
use proptest::prelude::*;
use std::io::Cursor;

fn refused(bytes: &[u8]) -> &'static str {
    match guess_in(&mut Cursor::new(bytes)) {
        Err(FileTrouble::Refused(refusal)) => {
            assert!(!refusal.sentence().say(Locale::De).contains('⟨'), "{refusal}");
            refusal.code()
        }
        other => panic!("{other:?}"),
    }
}

/// Line and cells, or line and reason, of each row.
fn rows(bytes: &[u8], dialect: &Dialect) -> Vec<(u64, Result<Vec<String>, Reason>)> {
    let mut reader = Reader::new(Cursor::new(bytes), dialect).unwrap();
    let mut record = Record::default();
    let mut out = Vec::new();
    while let Some(state) = reader.read(&mut record).unwrap() {
        let cells = state.map(|()| record.cells().map(str::to_owned).collect()).map_err(|flaw| flaw.reason);
        out.push((record.line, cells));
    }
    out
}

fn understood(bytes: &[u8]) -> (Dialect, Vec<(u64, Result<Vec<String>, Reason>)>) {
    let dialect = guess_in(&mut Cursor::new(bytes)).unwrap();
    let rows = rows(bytes, &dialect);
    (dialect, rows)
}

fn good(cells: &[&str]) -> Result<Vec<String>, Reason> {
    Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn what_is_no_table_is_refused_whatever_its_name() {
    assert_eq!(refused(b""), "empty");
    assert_eq!(refused(b"\xef\xbb\xbf\r\n\r\n"), "empty");
    assert_eq!(refused(b"Kundennr;Nachname\r\n"), "empty");
    assert_eq!(refused(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), "not_a_table");
    assert_eq!(refused(b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"), "not_a_table");
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "not_a_table");
    assert_eq!(refused(b"<!DOCTYPE html><html>"), "not_a_table");
    let noise: Vec<u8> = (0..50_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(refused(&noise), "not_a_table");
    let wide: Vec<String> = (0..10_000).map(|i| format!("column {i}")).collect();
    assert_eq!(refused(format!("{}\n{}\n", wide.join(";"), wide.join(";")).as_bytes()), "too_many_columns");
    assert_eq!(refused(&vec![b'a'; 3 << 20]), "too_large");
}

#[test]
fn each_encoding_is_recognised_and_read() {
    let text = "Kundennr;Nachname\r\n1;Müller\r\n2;Žižka €\r\n3;Groß\r\n";
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let western = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    for (bytes, encoding, bom) in [
        (text.as_bytes().to_vec(), Encoding::Utf8, false),
        (marked(b"\xef\xbb\xbf", text.as_bytes()), Encoding::Utf8, true),
        (le.clone(), Encoding::Utf16Le, false),
        (marked(b"\xff\xfe", &le), Encoding::Utf16Le, true),
        (be.clone(), Encoding::Utf16Be, false),
        (marked(b"\xfe\xff", &be), Encoding::Utf16Be, true),
        (western, Encoding::Windows1252, false),
    ] {
        let (dialect, rows) = understood(&bytes);
        assert_eq!((dialect.encoding, dialect.bom), (encoding, bom));
        let expected = [(2, good(&["1", "Müller"])), (3, good(&["2", "Žižka €"])), (4, good(&["3", "Groß"]))];
        assert_eq!(rows, expected, "{encoding:?}");
    }
}

#[test]
fn umlauts_late_in_a_long_file_still_decide_the_encoding() {
    let mut bytes = b"Kundennr;Nachname\n".to_vec();
    for i in 0..60_000 {
        bytes.extend_from_slice(format!("{i};Schmidt\n").as_bytes());
    }
    bytes.extend_from_slice(b"99;M\xfcller\n");
    assert_eq!(guess_in(&mut Cursor::new(&bytes)).unwrap().encoding, Encoding::Windows1252);
}

#[test]
fn one_broken_row_does_not_take_its_neighbours_along() {
    let bytes = b"Nr,Name\n1,M\xc3\xbcller\n2,\"offen\n3,K\xfchn\n4,a,b\n\n,\n5,\"a\nb\"\n6,\"x\"y\n7,Gro\xc3\x9f\n";
    let (dialect, rows) = understood(bytes);
    assert_eq!((dialect.delimiter, dialect.line_end), (Delimiter::Comma, LineEnd::Lf));
    let expected = [
        (2, good(&["1", "Müller"])),
        (3, Err(Reason::Quote)),
        (4, Err(Reason::Encoding)),
        (5, Err(Reason::Columns)),
        (8, good(&["5", "a\nb"])),
        (10, Err(Reason::Quote)),
        (11, good(&["7", "Groß"])),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_monstrous_line_is_rejected_alone() {
    let mut bytes = b"Nr;Name\n1;a\n2;".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 3 << 20));
    bytes.extend_from_slice(b"\n3;c\n");
    let (_, rows) = understood(&bytes);
    assert_eq!(rows, [(2, good(&["1", "a"])), (3, Err(Reason::TooLarge)), (4, good(&["3", "c"]))]);
}

#[test]
fn nul_bytes_reject_their_row_only() {
    let bytes = b"Kundennr;Nachname\n1;a\0b\n2;Meier\n";
    let dialect = guess_in(&mut Cursor::new(bytes)).unwrap();
    let mut reader = Reader::new(Cursor::new(bytes), &dialect).unwrap();
    let mapping = Mapping::guess(ImportKind::Contacts, &reader.header());
    let shape = Shape::new(ImportKind::Contacts, &mapping, &dialect, date(2026, 11, 22), Currency::EUR);
    let mut record = Record::default();
    reader.read(&mut record).unwrap().unwrap().unwrap();
    let rejection = shape.contact(&record).unwrap_err().of(record.line, record.raw());
    assert_eq!((rejection.reason, rejection.line), (Reason::ControlCharacters, 2));
    assert!(!rejection.raw.contains('\0'));
    reader.read(&mut record).unwrap().unwrap().unwrap();
    assert_eq!(shape.contact(&record).unwrap().last_name.as_deref(), Some("Meier"));
}

#[test]
fn excel_announces_its_delimiter_and_old_macs_end_lines_their_own_way() {
    let (dialect, rows) = understood(b"sep=,\r\nNr,Name\r\n1,\"Meier; Co\"\r\n");
    assert_eq!((dialect.delimiter, dialect.skip_lines), (Delimiter::Comma, 1));
    assert_eq!(rows, [(3, good(&["1", "Meier; Co"]))]);
    let (dialect, rows) = understood(b"Nr\tName\r1\tMeier\r2\tSchulz");
    assert_eq!((dialect.delimiter, dialect.line_end), (Delimiter::Tab, LineEnd::Cr));
    assert_eq!(rows, [(2, good(&["1", "Meier"])), (3, good(&["2", "Schulz"]))]);
}

#[test]
fn styles_are_seen_in_the_cells() {
    let (dialect, _) = understood(b"id,date,price\n1,2026-01-31,\"1,599.00\"\n2,2026-02-01,12.50\n");
    assert_eq!((dialect.dates, dialect.decimal), (DateStyle::Iso, Decimal::Point));
    let (dialect, _) = understood(b"id;date;price\n1;31.01.2026;1.599,00\n");
    assert_eq!((dialect.dates, dialect.decimal), (DateStyle::German, Decimal::Comma));
    let (dialect, _) = understood(b"id;date\n1;12/31/2026\n2;01/02/2026\n");
    assert_eq!(dialect.dates, DateStyle::MonthDay);
    let (dialect, rows) = understood(b"10001;Meier;a@b.de\n10002;Schulz;c@d.de\n");
    assert!(!dialect.header);
    assert_eq!(rows.len(), 2);
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_the_end_without_harm(bytes in proptest::collection::vec(any::<u8>(), 1..4_000)) {
        for encoding in Encoding::ALL {
            for quote in [true, false] {
                let dialect = Dialect { encoding, quote, ..Dialect::default() };
                if let Ok(mut reader) = Reader::new(Cursor::new(&bytes), &dialect) {
                    let mut record = Record::default();
                    let mut line = 0;
                    while reader.read(&mut record).unwrap().is_some() {
                        prop_assert!(record.line > line);
                        line = record.line;
                    }
                }
            }
        }
        let _ = guess_in(&mut Cursor::new(&bytes));
    }

    #[test]
    fn what_is_written_in_quotes_is_read_back(table in proptest::collection::vec(
        proptest::collection::vec("[a-zäß;\"\n ,]{0,12}[a-z]", 3), 1..20)) {
        let line = |row: &Vec<String>| {
            row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(";")
        };
        let text: String = table.iter().map(|row| line(row) + "\r\n").collect();
        let dialect = Dialect { quote: true, ..Dialect::default() };
        let read: Vec<_> = rows(text.as_bytes(), &dialect).into_iter().map(|(_, cells)| cells.unwrap()).collect();
        prop_assert_eq!(read, table);
    }
}
