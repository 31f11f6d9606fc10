//! Looks a workbook over before it is opened, so that a small file cannot become a large one in memory.

use crate::intake::refusal::{FileRefusal, FileTrouble};
use kernel::Fault;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};
use zip::ZipArchive;

/// Parts a workbook may have.
const MOST_PARTS: usize = 5_000;
/// Bytes, unpacked, of the texts, and of any other part that is no sheet.
const MOST_TEXTS: u64 = 256 << 20;
const MOST_OTHER: u64 = 32 << 20;
/// Bytes of a sheet, unpacked: a million rows with twenty columns have about half of it.
const MOST_SHEET: u64 = 4 << 30;
/// How many times smaller a part may be packed; what people write comes to ten or twenty.
const MOST_PACKED: u64 = 150;
/// Parts smaller than this are not asked how well they are packed.
const SMALL: u64 = 4 << 20;
/// Bytes between two angle brackets: the longest text of a cell has 32,767 characters.
const MOST_BETWEEN: usize = 1 << 20;

/// Checks everything of the workbook that will be read, but the sheets.
pub(super) fn check(path: &Path) -> Result<(), FileTrouble> {
    let mut zip = archive(path)?;
    if zip.len() > MOST_PARTS {
        return Err(FileRefusal::TooCompressed.into());
    }
    for at in 0..zip.len() {
        let (name, size, packed) = {
            let part = zip.by_index_raw(at).map_err(|_| FileRefusal::BrokenWorkbook)?;
            (part_name(&part), part.size(), part.compressed_size())
        };
        let most = match name.as_str() {
            name if is_sheet(name) => MOST_SHEET,
            name if name.ends_with("sharedstrings.xml") => MOST_TEXTS,
            name if is_read(name) => MOST_OTHER,
            // Pictures and the like stay packed.
            _ => continue,
        };
        if size > most || size > SMALL && size / packed.max(1) > MOST_PACKED {
            return Err(FileRefusal::TooCompressed.into());
        }
        if !is_sheet(&name) {
            let seen = walk(&mut zip, at, size)?;
            if name.ends_with("sharedstrings.xml") && seen.announced > seen.tags {
                return Err(FileRefusal::BrokenWorkbook.into());
            }
        }
    }
    Ok(())
}

/// Checks the part of one sheet.
pub(super) fn check_sheets(path: &Path) -> Result<(), FileTrouble> {
    let mut zip = archive(path)?;
    for at in 0..zip.len() {
        let (name, size) = {
            let part = zip.by_index_raw(at).map_err(|_| FileRefusal::BrokenWorkbook)?;
            (part_name(&part), part.size())
        };
        if is_sheet(&name) {
            walk(&mut zip, at, size)?;
        }
    }
    Ok(())
}

fn archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, FileTrouble> {
    let file = File::open(path).map_err(Fault::io("opening the file to be read"))?;
    Ok(ZipArchive::new(BufReader::new(file)).map_err(|_| FileRefusal::BrokenWorkbook)?)
}

/// A name that is no text names no part of a workbook.
fn part_name(part: &zip::read::ZipFile<'_, impl Read>) -> String {
    part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default()
}

fn is_sheet(name: &str) -> bool {
    name.contains("worksheets/") && name.ends_with(".xml")
}

fn is_read(name: &str) -> bool {
    name.ends_with(".xml") || name.ends_with(".rels")
}

#[derive(Default)]
struct Seen {
    tags: u64,
    /// `uniqueCount` of the texts: memory is set aside for so many.
    announced: u64,
}

/// Unpacks a part and throws it away: it must be as large as it says, its tags and texts of a bearable length, and it must
/// define no entities.
fn walk(zip: &mut ZipArchive<BufReader<File>>, at: usize, size: u64) -> Result<Seen, FileTrouble> {
    let broken = || FileTrouble::from(FileRefusal::BrokenWorkbook);
    let part = zip.by_index(at).map_err(|_| broken())?;
    let mut part = BufReader::with_capacity(64 << 10, part.take(size + 1));
    let (mut seen, mut between, mut total) = (Seen::default(), 0, 0);
    let mut head = Vec::new();
    loop {
        let chunk = part.fill_buf().map_err(|_| broken())?;
        if chunk.is_empty() {
            break;
        }
        if head.len() < 64 << 10 {
            head.extend_from_slice(chunk);
        }
        let mut from = 0;
        while let Some(tag) = chunk[from..].iter().position(|b| *b == b'<') {
            if between + tag > MOST_BETWEEN {
                return Err(FileRefusal::TooCompressed.into());
            }
            (between, seen.tags) = (0, seen.tags + 1);
            from += tag + 1;
        }
        between += chunk.len() - from;
        total += chunk.len() as u64;
        if between > MOST_BETWEEN || total > size {
            return Err(FileRefusal::TooCompressed.into());
        }
        let read = chunk.len();
        part.consume(read);
    }
    let head = String::from_utf8_lossy(&head);
    // UTF-16 would hide what is looked for; spreadsheets write UTF-8.
    if head.contains("<!DOCTYPE") || head.contains("<!ENTITY") || head.contains('\0') {
        return Err(FileRefusal::BrokenWorkbook.into());
    }
    let told = head.split_once("uniqueCount=\"").and_then(|(_, rest)| rest.split('"').next());
    seen.announced = told.map_or(0, |told| told.parse().unwrap_or(u64::MAX));
    Ok(seen)
}
