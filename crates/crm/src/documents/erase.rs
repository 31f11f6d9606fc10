//! All documents of a record at once: what a person is given (GDPR Art. 15, 20) and what is erased (Art. 17).

use super::{Document, Subject, Version, attach, record, versions};
use crate::{
    Trouble,
    staff::{
        Actor,
        audit::{self, Deed},
    },
};
use kernel::{DocumentId, Fault, Timestamp};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, marks, values};

/// Every document of a record with all its versions, also what is removed and not yet swept. The bytes are read by
/// [`super::open`].
pub async fn everything(
    rows: &Rows,
    actor: &Actor,
    subject: Subject,
) -> Result<Vec<(Document, Vec<Version>)>, Trouble> {
    subject.must_see(actor)?;
    let mut all = Vec::new();
    for document in record::all_of(rows, subject).await? {
        let versions = versions(rows, document.document_id()).await?;
        all.push((document, versions));
    }
    Ok(all)
}

/// Erases every document of a record without a way back; answers how many there were. Whoever erases a record has asked for the
/// right to do so. Names and versions are gone with this unit, the bytes with the next run of [`super::Sweep`]. What is only linked
/// stays in its store and loses the link.
pub async fn erase_all(unit: &Write, actor: &Actor, subject: Subject, now: Timestamp) -> Result<u64, Fault> {
    let ids: Vec<DocumentId> = record::all_of(unit, subject).await?.iter().map(Document::document_id).collect();
    drop_rows(unit, &ids, now).await?;
    if !ids.is_empty() {
        let detail = json!({ "subject": subject.to_string(), "documents": ids.len() });
        audit::note(unit, actor, now, Deed::new("document.erased", "document", None).with(detail)).await?;
    }
    Ok(ids.len() as u64)
}

#[derive(FromQueryResult)]
struct Place {
    path: String,
}

/// Takes rows away and notes their bytes as loose, due at once.
pub(super) async fn drop_rows(unit: &Write, ids: &[DocumentId], now: Timestamp) -> Result<(), Fault> {
    for some in ids.chunks(500) {
        let (marks, values) = (marks(1, some.len()), || some.iter().map(|id| id.0.into()).collect());
        let paths =
            format!("SELECT DISTINCT path FROM document_version WHERE place = 'own' AND document_id IN ({marks})");
        for place in unit.all::<Place>(&paths, values()).await? {
            attach::loosen(unit, &place.path, now).await?;
        }
        unit.run(&format!("DELETE FROM document_version WHERE document_id IN ({marks})"), values()).await?;
        unit.run(&format!("DELETE FROM document WHERE id IN ({marks})"), values()).await?;
    }
    Ok(())
}

/// Documents removed before this instant, some at a time.
pub(super) async fn removed_before(rows: &Rows, at: Timestamp, limit: i64) -> Result<Vec<DocumentId>, Fault> {
    const SQL: &str =
        "SELECT id FROM document WHERE removed_at IS NOT NULL AND removed_at <= $1 ORDER BY removed_at LIMIT $2";
    Ok(rows.numbers(SQL, values![at.0, limit]).await?.into_iter().map(DocumentId).collect())
}
