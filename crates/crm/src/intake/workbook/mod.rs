//! Workbooks of spreadsheets (XLSX, ISO/IEC 29500): one sheet is written out as the table everything else reads.
//!
//! A workbook is a ZIP file of XML parts, so it is looked over before it is opened (`guard`): how large its parts say they
//! are, how large they turn out to be, and what they hold. Then the cells are read one after the other (calamine) and
//! written as they are shown (`table`); only the texts of the workbook are in memory at once.

mod guard;
mod shown;
mod table;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use table::{Sheets, sheets, write_table};

use super::refusal::{FileRefusal, FileTrouble};
use kernel::Fault;
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// Whether the file is a workbook that can be read here.
///
/// # Errors
/// Workbooks of other kinds and such that are locked with a password are refused with a sentence that says so.
pub fn is_workbook(path: &Path) -> Result<bool, FileTrouble> {
    let mut file = File::open(path).map_err(Fault::io("opening the file to be read"))?;
    let mut start = Vec::new();
    file.by_ref().take(64 << 10).read_to_end(&mut start).map_err(Fault::io("reading the file"))?;
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound(&mut file)?.into());
    }
    if !start.starts_with(b"PK\x03\x04") {
        return Ok(false);
    }
    if start.windows(48).any(|part| part == b"mimetypeapplication/vnd.oasis.opendocument.sprea") {
        return Err(FileRefusal::OpenDocument.into());
    }
    let has = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
    Ok(has(b"xl/") || has(b"[Content_Types].xml") || has(b"_rels/.rels"))
}

/// A compound file (MS-CFB) is a workbook of before 2007, or a new one that is locked: then it holds a stream of that name.
fn compound(file: &mut File) -> Result<FileRefusal, FileTrouble> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.seek(SeekFrom::Start(0)).map_err(Fault::io("reading the file again"))?;
    let mut bytes = Vec::new();
    file.take(32 << 20).read_to_end(&mut bytes).map_err(Fault::io("reading the file"))?;
    let locked = bytes.windows(name.len()).any(|part| part == name);
    Ok(if locked { FileRefusal::Locked } else { FileRefusal::OldWorkbook })
}
