//! Files of the data folder that tell of a person: what was imported, what was handed over.

use super::{needles::Needles, sweep::Counts};
use crate::intake::{Dialect, FileTrouble, redact};
use kernel::{ContactId, Fault};
use std::{io::Read, path::Path};
use store::{Db, values};

/// How the files of workbooks and archives begin: nothing in them is found by looking, so they go as a whole.
const PACKED: [&[u8]; 2] = [b"PK\x03\x04", &[0x1f, 0x8b]];

/// Takes the person's rows out of every file that was imported.
pub async fn imported(db: &Db, needles: &Needles, counts: &mut Counts) -> Result<(), Fault> {
    const SQL: &str = "SELECT DISTINCT file_path, dialect FROM import_run";
    for row in db.read().await?.texts(SQL, values![]).await? {
        let [Some(path), Some(dialect)] = row.as_slice() else { continue };
        let (path, needles) = (path.clone(), needles.clone());
        let dialect: Option<Dialect> = serde_json::from_str(dialect).ok();
        let work = move || without(Path::new(&path), dialect.as_ref(), &needles);
        let joined = tokio::task::spawn_blocking(work).await;
        let (deed, rows) = joined.map_err(|_| Fault::Busy("a file was not read to its end".to_owned()))??;
        super::sweep::count(counts, "uploads", deed, rows);
    }
    Ok(())
}

fn without(path: &Path, dialect: Option<&Dialect>, needles: &Needles) -> Result<(&'static str, u64), Fault> {
    if !path.exists() {
        return Ok(("rows", 0));
    }
    let mut head = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut head));
    let packed = read.is_ok() && PACKED.iter().any(|packed| head.starts_with(packed));
    match dialect.filter(|_| !packed) {
        Some(dialect) => match redact(path, dialect, |cells| needles.names(cells)) {
            Ok(rows) => Ok(("rows", rows)),
            Err(FileTrouble::Fault(fault)) => Err(fault),
            // No table any more: nobody can use it, and nobody can tell whom it names.
            Err(FileTrouble::Refused(_)) => gone(path),
        },
        None => gone(path),
    }
}

fn gone(path: &Path) -> Result<(&'static str, u64), Fault> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(("files", 1)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(("files", 0)),
        Err(error) => Err(Fault::io("taking a file away")(error)),
    }
}

/// Takes the packages away that were made for the person.
pub async fn packages(db: &Db, contact: ContactId, counts: &mut Counts) -> Result<(), Fault> {
    const SQL: &str = "SELECT file_path FROM privacy_package WHERE contact_id = $1 AND file_path IS NOT NULL";
    for path in db.read().await?.texts(SQL, values![contact.0]).await?.into_iter().flatten().flatten() {
        let (deed, files) = gone(Path::new(&path))?;
        super::sweep::count(counts, "packages", deed, files);
    }
    Ok(())
}
