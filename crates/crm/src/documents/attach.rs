//! A file comes in: looked at, laid away, and only then written down.

use super::{
    Cabinet, Document, Subject,
    cabinet::{self, OWN},
    content::{self, HEAD},
    name, record, subject,
};
use crate::{
    Refusal, Trouble,
    staff::{
        Actor,
        audit::{self, Deed},
    },
};
use kernel::{DocumentId, Fault, Sentence, Timestamp, chance, time::HOUR};
use ring::digest::{Context, SHA256};
use serde_json::json;
use std::path::Path;
use store::{Db, FromQueryResult, Rows, Write, values};
use tokio::io::AsyncReadExt;

/// How long bytes may lie without a row: longer than any upload takes.
const LOOSE: i64 = 2 * HOUR;
/// What is read from a file at once.
const STRETCH: usize = 256 * 1024;

/// A file that has arrived, still on the local disk.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// As whoever sent it called it.
    pub name: &'a str,
    pub file: &'a Path,
}

/// What was found out about an upload.
struct Looked {
    name: String,
    content_type: &'static str,
    size: u64,
    sha256: String,
}

/// Attaches a file to a record as its first version.
///
/// # Errors
/// `Invalid` on `file` with `empty`, `too_large`, `program`, `unknown_kind`; `Missing` where there is no such record; `Away` where
/// the repository does not answer: nothing is written down then.
pub async fn attach(
    db: &Db,
    cabinet: &Cabinet,
    actor: &Actor,
    subject: Subject,
    upload: Upload<'_>,
    now: Timestamp,
) -> Result<Document, Trouble> {
    subject.must_change(actor)?;
    subject::must_exist(&db.read().await?, subject).await?;
    let looked = look(cabinet, upload).await?;
    let path = lay(db, cabinet, upload.file, now).await?;
    let unit = db.write().await?;
    subject::must_exist(&unit, subject).await?;
    hold(&unit, &path).await?;
    let id = insert(&unit, subject, &looked.name, now).await?;
    version(&unit, actor, id, 1, &path, &looked, now).await?;
    let detail = json!({ "subject": subject.to_string(), "kind": looked.content_type, "bytes": looked.size });
    audit::note(&unit, actor, now, Deed::new("document.added", "document", id.0).with(detail)).await?;
    let document = record::find(&unit, actor, id).await?;
    unit.save().await?;
    Ok(document)
}

/// Adds a version to a document; its name stays. Content that is there already lies there once.
///
/// # Errors
/// As [`attach`], and `State` where this is the newest version already or the document is removed.
pub async fn renew(
    db: &Db,
    cabinet: &Cabinet,
    actor: &Actor,
    id: DocumentId,
    upload: Upload<'_>,
    now: Timestamp,
) -> Result<Document, Trouble> {
    let rows = db.read().await?;
    let document = record::find(&rows, actor, id).await?;
    document.subject()?.must_change(actor)?;
    if document.is_linked() {
        return Err(Refusal::state("documents-linked-elsewhere").into());
    }
    if document.removed_at.is_some() {
        return Err(Refusal::state("documents-removed").into());
    }
    drop(rows);
    let looked = look(cabinet, upload).await?;
    let known = same(&db.read().await?, id, &looked.sha256).await?;
    if known.as_ref().is_some_and(|known| known.number == document.current) {
        return Err(Refusal::state("documents-same").into());
    }
    let path = match known {
        Some(known) => known.path,
        None => lay(db, cabinet, upload.file, now).await?,
    };
    let unit = db.write().await?;
    const NEXT: &str = "UPDATE document SET current = current + 1, changed_at = $1 WHERE id = $2 AND removed_at IS NULL \
         RETURNING current AS id";
    let number = unit.insert(NEXT, values![now.0, id.0]).await?;
    if number == 0 {
        return Err(Refusal::state("documents-removed").into());
    }
    hold(&unit, &path).await?;
    version(&unit, actor, id, number, &path, &looked, now).await?;
    let detail = json!({ "version": number, "kind": looked.content_type, "bytes": looked.size });
    audit::note(&unit, actor, now, Deed::new("document.renewed", "document", id.0).with(detail)).await?;
    let document = record::find(&unit, actor, id).await?;
    unit.save().await?;
    Ok(document)
}

pub(super) async fn insert(unit: &Write, subject: Subject, name: &str, now: Timestamp) -> Result<DocumentId, Fault> {
    const SQL: &str = "INSERT INTO document (subject_kind, subject_id, name, current, created_at, changed_at) \
         VALUES ($1, $2, $3, 1, $4, $4) RETURNING id";
    Ok(DocumentId(unit.insert(SQL, values![subject.kind.code(), subject.id, name, now.0]).await?))
}

async fn version(
    unit: &Write,
    actor: &Actor,
    id: DocumentId,
    number: i64,
    path: &str,
    looked: &Looked,
    now: Timestamp,
) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO document_version (document_id, number, place, path, content_type, size, sha256, added_at, \
         added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = values![
        id.0,
        number,
        OWN,
        path,
        looked.content_type,
        i64::try_from(looked.size).unwrap_or(i64::MAX),
        looked.sha256.as_str(),
        now.0,
        actor.name.as_str()
    ];
    unit.run(SQL, values).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Known {
    number: i64,
    path: String,
}

/// The newest version with this content.
async fn same(rows: &Rows, id: DocumentId, sha256: &str) -> Result<Option<Known>, Fault> {
    const SQL: &str = "SELECT number, path FROM document_version WHERE document_id = $1 AND sha256 = $2 AND place = 'own' \
         ORDER BY number DESC LIMIT 1";
    rows.one(SQL, values![id.0, sha256]).await
}

/// Size, kind by content and digest of a file, read piece by piece.
async fn look(cabinet: &Cabinet, upload: Upload<'_>) -> Result<Looked, Trouble> {
    let reading = || Fault::io("reading an upload");
    let mut file = tokio::fs::File::open(upload.file).await.map_err(reading())?;
    let size = file.metadata().await.map_err(reading())?.len();
    if size > cabinet.largest {
        return Err(too_large(cabinet.largest).into());
    }
    let name = name::shown(upload.name, "");
    let (mut head, mut digest) = (Vec::new(), Context::new(&SHA256));
    let mut stretch = vec![0; STRETCH];
    loop {
        let read = file.read(&mut stretch).await.map_err(reading())?;
        if read == 0 {
            break;
        }
        let piece = &stretch[..read];
        head.extend_from_slice(&piece[..read.min(HEAD.saturating_sub(head.len()))]);
        digest.update(piece);
    }
    let content_type = content::recognise(&head, &name)?;
    let sha256 = digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let name = if name.is_empty() { "Dokument".to_owned() } else { name };
    Ok(Looked { name, content_type, size, sha256 })
}

/// The refusal of a file that is too large; the limit is said in megabytes.
fn too_large(largest: u64) -> Refusal {
    let sentence = Sentence::new("documents-too-large").with("limit", largest.div_ceil(1024 * 1024));
    Refusal::field("file", "too_large", sentence)
}

/// Lays the bytes away under a new path, noted as loose before they come.
async fn lay(db: &Db, cabinet: &Cabinet, file: &Path, now: Timestamp) -> Result<String, Trouble> {
    let path = format!("{}/{}", &now.rfc3339()[..7], chance::ordered_id(now, &mut chance::system()));
    let unit = db.write().await?;
    loosen(&unit, &path, now.plus(LOOSE)).await?;
    unit.save().await?;
    cabinet.own.put(&path, file).await.map_err(cabinet::trouble)?;
    Ok(path)
}

/// Notes bytes that belong to no document.
pub(super) async fn loosen(unit: &Write, path: &str, due: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO document_loose (path, due_at) VALUES ($1, $2) \
         ON CONFLICT (path) DO UPDATE SET due_at = excluded.due_at";
    unit.run(SQL, values![path, due.0]).await?;
    Ok(())
}

/// From now on these bytes belong to a document: either they were loose until now, or another version has them already.
async fn hold(unit: &Write, path: &str) -> Result<(), Trouble> {
    if unit.run("DELETE FROM document_loose WHERE path = $1", values![path]).await? == 1 {
        return Ok(());
    }
    const HELD: &str = "SELECT COUNT(*) FROM document_version WHERE path = $1 AND place = 'own'";
    match unit.number(HELD, values![path]).await? {
        0 => Err(Fault::Busy("an upload took so long that it was swept".to_owned()).into()),
        _ => Ok(()),
    }
}
