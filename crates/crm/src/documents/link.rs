//! Files that lie in a store of others: listed, opened where they lie, linked to a record.

use super::{
    Cabinet, Document, Linked, Opened, Purpose, Subject, attach,
    cabinet::{self, LINKED},
    name, open, record, subject,
};
use crate::{
    Refusal, Trouble,
    staff::{
        Actor,
        audit::{self, Deed},
    },
};
use kernel::{Sentence, Timestamp, repository::Listing};
use serde_json::json;
use store::{Db, values};

fn store(cabinet: &Cabinet) -> Result<&Linked, Refusal> {
    cabinet.linked.as_ref().ok_or(Refusal::Missing)
}

/// A folder of the store, for somebody who wants to link one of its files to a record.
///
/// # Errors
/// `Missing` where no store is set up; `State` where there is no such folder; `Away`.
pub async fn browse(cabinet: &Cabinet, actor: &Actor, subject: Subject, folder: &str) -> Result<Listing, Trouble> {
    subject.must_change(actor)?;
    store(cabinet)?.repository.list(folder).await.map_err(cabinet::trouble)
}

/// Opens a file of the store in place, for somebody who may link it, and notes who looked.
pub async fn open_linked(
    db: &Db,
    cabinet: &Cabinet,
    actor: &Actor,
    subject: Subject,
    path: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Opened, Trouble> {
    subject.must_change(actor)?;
    let opened = open::begin(&*store(cabinet)?.repository, path, &named(path)).await?;
    open::must_be_shown(&opened, purpose)?;
    let deed = Deed::new(open::verb(purpose), "document_store", None).with(json!({ "subject": subject.to_string() }));
    let unit = db.write().await?;
    audit::note(&unit, actor, now, deed).await?;
    unit.save().await?;
    Ok(opened)
}

fn named(path: &str) -> String {
    name::shown(path, "Dokument")
}

/// Links a file of the store to a record. The bytes stay where they are.
///
/// # Errors
/// `State` where it is linked there already or does not lie there; `Invalid` on `file` for programs.
pub async fn link(
    db: &Db,
    cabinet: &Cabinet,
    actor: &Actor,
    subject: Subject,
    path: &str,
    now: Timestamp,
) -> Result<Document, Trouble> {
    subject.must_change(actor)?;
    subject::must_exist(&db.read().await?, subject).await?;
    let name = named(path);
    let opened = open::begin(&*store(cabinet)?.repository, path, &name).await?;
    let kind = super::content::recognise(&opened.head, &name)?;
    let unit = db.write().await?;
    subject::must_exist(&unit, subject).await?;
    const THERE: &str = "SELECT COUNT(*) FROM document d JOIN document_version v ON v.document_id = d.id \
         AND v.number = d.current WHERE d.subject_kind = $1 AND d.subject_id = $2 AND d.removed_at IS NULL \
         AND v.place = 'linked' AND v.path = $3";
    if unit.number(THERE, values![subject.kind.code(), subject.id, path]).await? > 0 {
        return Err(Refusal::state(Sentence::new("documents-linked-already").with("name", name)).into());
    }
    let id = attach::insert(&unit, subject, &name, now).await?;
    const SQL: &str = "INSERT INTO document_version (document_id, number, place, path, content_type, size, added_at, added_by) \
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7)";
    let size = i64::try_from(opened.size).unwrap_or(i64::MAX);
    unit.run(SQL, values![id.0, LINKED, path, kind, size, now.0, actor.name.as_str()]).await?;
    let detail = json!({ "subject": subject.to_string(), "kind": kind, "bytes": size });
    audit::note(&unit, actor, now, Deed::new("document.linked", "document", id.0).with(detail)).await?;
    let document = record::find(&unit, actor, id).await?;
    unit.save().await?;
    Ok(document)
}
