//! Takes rows out of a file that was imported: the file stays readable, line by line where it was, without those rows.

use super::{
    dialect::Dialect,
    reader::{Reader, Record},
    refusal::FileTrouble,
};
use kernel::Fault;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
};

/// Empties every row `unwanted` says yes to by its cells; a row that cannot be read comes as one cell. Answers how many; a
/// file without such rows is not touched.
///
/// # Errors
/// The file is gone or no table any more, or the disk says no.
pub fn redact(path: &Path, dialect: &Dialect, mut unwanted: impl FnMut(&[&str]) -> bool) -> Result<u64, FileTrouble> {
    let mut rows = 0;
    through(path, dialect, |cells, _| {
        rows += u64::from(unwanted(cells));
        Ok(())
    })?;
    if rows == 0 {
        return Ok(0);
    }
    let beside = path.with_extension("redacted");
    let writing = |error| FileTrouble::Fault(Fault::io("writing a file anew")(error));
    let mut file = BufWriter::new(File::create(&beside).map_err(writing)?);
    let end = dialect.line_end.text();
    let mut bytes = Vec::new();
    let mark = if dialect.bom { "\u{feff}" } else { "" };
    dialect.encoding.write(&(mark.to_owned() + &end.repeat(dialect.skip_lines as usize)), &mut bytes);
    if let Some(header) = Reader::open(path, dialect)?.header_raw() {
        dialect.encoding.write(&format!("{header}{end}"), &mut bytes);
    }
    through(path, dialect, |cells, raw| {
        if !unwanted(cells) {
            dialect.encoding.write(raw, &mut bytes);
        }
        dialect.encoding.write(end, &mut bytes);
        file.write_all(&bytes).map_err(writing)?;
        bytes.clear();
        Ok(())
    })?;
    let file = file.into_inner().map_err(|error| writing(error.into_error()))?;
    file.sync_all().map_err(writing)?;
    fs::rename(&beside, path).map_err(writing)?;
    Ok(rows)
}

fn through(
    path: &Path,
    dialect: &Dialect,
    mut take: impl FnMut(&[&str], &str) -> Result<(), FileTrouble>,
) -> Result<(), FileTrouble> {
    let mut reader = Reader::open(path, dialect)?;
    let mut record = Record::default();
    while reader.read(&mut record)?.is_some() {
        let cells: Vec<&str> = record.cells().collect();
        if cells.is_empty() { take(&[record.raw()], record.raw())? } else { take(&cells, record.raw())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::guess;

    #[test]
    fn a_row_goes_and_the_others_stay_as_they_were() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("kunden.csv");
        let text = "Kundennr;Vorname;Nachname\r\n1;Thomas;Engel\r\n2;\"Anna\r\nMaria\";Kühn\r\n3;Bo;Berg\r\n";
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(text);
        fs::write(&path, &latin).expect("a file");
        let dialect = guess(&path).expect("a table");
        let engel = |cells: &[&str]| cells.contains(&"Engel");
        assert_eq!(redact(&path, &dialect, engel).expect("a file"), 1);
        let left = fs::read(&path).expect("a file");
        let (left, ..) = encoding_rs::WINDOWS_1252.decode(&left);
        assert_eq!(left, text.replace("1;Thomas;Engel", ""));
        assert_eq!(redact(&path, &dialect, engel).expect("a file"), 0);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
