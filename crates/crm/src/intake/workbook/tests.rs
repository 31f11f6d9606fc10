//! Workbooks that were written by openpyxl and XlsxWriter, and such that were made to do harm.

use super::{is_workbook, sample, sheets, write_table};
use crate::intake::refusal::FileTrouble;
use std::{
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

const NO_TEXTS: &str = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>";

fn real(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/workbooks")).join(name)
}

fn table(path: &Path, sheet: Option<&str>) -> Result<(String, u32), FileTrouble> {
    let out = tempfile::NamedTempFile::new().unwrap();
    let dialect = write_table(path, sheet, out.path())?;
    Ok((std::fs::read_to_string(out.path()).unwrap(), dialect.skip_lines))
}

fn refused(path: &Path) -> &'static str {
    match is_workbook(path).and_then(|_| table(path, None)) {
        Err(FileTrouble::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sheet_becomes_the_table_people_see() {
    let path = real("kunden-1900.xlsx");
    assert!(is_workbook(&path).unwrap());
    assert_eq!(sheets(&path).unwrap(), ["Kunden", "Notizen"]);
    let (text, skipped) = table(&path, None).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(skipped, 2);
    assert_eq!(lines[2], "Kundennr;Nachname;PLZ;Ort;Geburtsdatum;Telefon;Firma;Budget");
    assert_eq!(lines[3], "10001;Müller;04109;Leipzig;1980-04-13;030650138;Müller GmbH;4000,5");
    // The merged cell of the company covers both rows.
    assert_eq!(lines[4], "10002;\"Weiß; \"\"Sohn\"\"\";80331;München;1955-12-31;+43 664 5211189;Müller GmbH;");
    assert!(lines[5].starts_with("10003;O'Brien;01067;Dresden;2001-02-28;;"), "{}", lines[5]);
    assert_eq!(table(&path, Some("Notizen")).unwrap().0, "leer\n");
}

#[test]
fn both_calendars_say_the_same_days() {
    let lines = |name: &str| table(&real(name), None).unwrap().0;
    for text in [lines("kunden-1900.xlsx"), lines("kunden-1904.xlsx")] {
        assert!(text.contains(";1980-04-13;") && text.contains(";2001-02-28;"), "{text}");
    }
}

#[test]
fn a_formula_shows_what_it_last_came_to() {
    assert_eq!(table(&real("formeln.xlsx"), None).unwrap().0, "Kundennr;Nachname;Firma\n10001;Müller;Müller AG\n");
}

#[test]
fn a_bomb_is_refused_by_what_it_says_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = vec![b' '; 1 << 20];
    let path = sample::workbook(
        folder.path(),
        "bomb.xlsx",
        |out| (0..512).for_each(|_| out.write_all(&zeros).unwrap()),
        |out| out.write_all(NO_TEXTS.as_bytes()).unwrap(),
    );
    assert_eq!(refused(&path), "too_compressed");
    let path = sample::workbook(
        folder.path(),
        "texts.xlsx",
        |out| out.write_all(b"<worksheet><sheetData/></worksheet>").unwrap(),
        |out| (0..300).for_each(|_| out.write_all(&zeros).unwrap()),
    );
    assert_eq!(refused(&path), "too_compressed");
}

#[test]
fn a_bomb_that_lies_about_its_size_is_noticed_while_it_unpacks() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample::workbook(
        folder.path(),
        "liar.xlsx",
        |out| (0..3).for_each(|_| out.write_all(&[b'x'; 1 << 20]).unwrap()),
        |out| out.write_all(NO_TEXTS.as_bytes()).unwrap(),
    );
    // The directory at the end says 100 bytes; the extra field of large files is left alone.
    let mut bytes = std::fs::read(&path).unwrap();
    let name = b"xl/worksheets/sheet1.xml";
    let at = bytes.windows(name.len()).rposition(|part| part == name).unwrap();
    bytes[at - 22..at - 18].copy_from_slice(&100_u32.to_le_bytes());
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&bytes).unwrap();
    assert!(["too_compressed", "broken_workbook"].contains(&refused(&path)));
}

#[test]
fn entities_are_neither_defined_nor_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "geheim").unwrap();
    let entity = format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file://{}\">]>", secret.display());
    let sheet = format!("{entity}<worksheet><sheetData>{}</sheetData></worksheet>", sample::row(1, &["&e;"]));
    let write = |text: String| move |out: &mut dyn Write| out.write_all(text.as_bytes()).unwrap();
    let path = sample::workbook(folder.path(), "xxe.xlsx", write(sheet), write(NO_TEXTS.to_owned()));
    assert_eq!(refused(&path), "broken_workbook");
    let path = sample::small(folder.path(), "undefined.xlsx", &sample::row(1, &["a", "&e;"]), NO_TEXTS);
    assert!(table(&path, None).map_or(true, |(text, _)| !text.contains("geheim")));
}

#[test]
fn memory_is_not_set_aside_for_texts_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let texts = "<sst uniqueCount=\"9999999999999\"><si><t>a</t></si></sst>";
    assert_eq!(refused(&sample::small(folder.path(), "count.xlsx", &sample::row(1, &["a"]), texts)), "broken_workbook");
}

#[test]
fn odd_sheets_are_read_or_refused_and_never_more() {
    let folder = tempfile::tempdir().unwrap();
    let small = |name: &str, rows: &str| sample::small(folder.path(), name, rows, NO_TEXTS);
    assert_eq!(refused(&small("empty.xlsx", "")), "empty");
    let back = sample::row(5, &["a"]) + &sample::row(2, &["b"]);
    assert_eq!(refused(&small("back.xlsx", &back)), "broken_workbook");
    let last = sample::row(1, &["Kundennr", "Name"]) + &sample::row(1_048_576, &["1", "Muster"]);
    let (text, _) = table(&small("last.xlsx", &last), None).unwrap();
    assert_eq!(text.lines().count(), 1_048_576);
    let lines = sample::row(1, &["Kundennr", "Name"]) + &sample::row(2, &["1", "Mus\nter &amp; Co"]);
    assert_eq!(table(&small("lines.xlsx", &lines), None).unwrap().0, "Kundennr;Name\n1;Mus ter & Co\n");
}

#[test]
fn other_workbooks_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    assert_eq!(refused(&file("alt.xls", &compound)), "not_a_table");
    let mut locked = compound;
    locked.resize(4_096, 0);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&file("zu.xlsx", &locked)), "locked_workbook");
    let ods = b"PK\x03\x04\x14\0\0\x08\0\0aaaabbbbccccddddeeee\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    assert_eq!(refused(&file("tabelle.ods", ods)), "not_a_table");
    assert_eq!(refused(&file("kaputt.xlsx", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml")), "broken_workbook");
    assert!(!is_workbook(&file("a.csv", b"a;b\n")).unwrap());
    let mut cut = std::fs::read(real("kunden-1900.xlsx")).unwrap();
    cut.truncate(cut.len() / 2);
    assert_eq!(refused(&file("halb.xlsx", &cut)), "broken_workbook");
}

#[test]
fn a_long_sheet_keeps_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample::workbook(
        folder.path(),
        "gross.xlsx",
        |out| {
            out.write_all(b"<worksheet><sheetData>").unwrap();
            out.write_all(sample::row(1, &["Kundennr", "Nachname", "Ort"]).as_bytes()).unwrap();
            for n in 2..=100_000_u32 {
                let town = ["Ulm", "Graz", "Bern"][n as usize % 3];
                let name = format!("Name {}", n.wrapping_mul(2_654_435_761));
                out.write_all(sample::row(n, &[&n.to_string(), &name, town]).as_bytes()).unwrap();
            }
            out.write_all(b"</sheetData></worksheet>").unwrap();
        },
        |out| out.write_all(NO_TEXTS.as_bytes()).unwrap(),
    );
    let (text, _) = table(&path, None).unwrap();
    assert_eq!(text.lines().count(), 100_000);
}

#[test]
fn any_damage_is_survived() {
    let good = std::fs::read(real("kunden-1900.xlsx")).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for at in (0..good.len()).step_by(37) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        file.as_file_mut().set_len(0).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&bytes).unwrap();
        if is_workbook(file.path()).unwrap_or(false) {
            let _ = table(file.path(), None);
        }
    }
}
