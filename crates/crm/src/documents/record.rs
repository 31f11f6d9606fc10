//! Documents and their versions as rows.

use super::{Subject, SubjectKind, subject};
use crate::{Refusal, Trouble, staff::Actor};
use kernel::{DocumentId, Fault};
use serde::Serialize;
use store::{FromQueryResult, Rows, values};

/// A document with its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Document {
    pub id: i64,
    /// Code of a [`SubjectKind`].
    pub subject_kind: String,
    pub subject_id: i64,
    pub name: String,
    /// Number of the newest version.
    pub current: i64,
    pub created_at: i64,
    pub changed_at: i64,
    /// Set while it can be taken back.
    pub removed_at: Option<i64>,
    pub removed_by: Option<String>,
    /// `own` or `linked`.
    pub place: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    pub added_at: i64,
    pub added_by: String,
}

impl Document {
    pub fn document_id(&self) -> DocumentId {
        DocumentId(self.id)
    }

    pub fn subject(&self) -> Result<Subject, Fault> {
        let kind = SubjectKind::parse(&self.subject_kind);
        let kind = kind.ok_or_else(|| Fault::Unreadable(format!("a document of {}", self.subject_kind)))?;
        Ok(Subject::new(kind, self.subject_id))
    }

    /// Whether the bytes lie in a store of others.
    pub fn is_linked(&self) -> bool {
        self.place == super::cabinet::LINKED
    }
}

/// One version of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Version {
    pub number: i64,
    pub place: String,
    pub path: String,
    pub content_type: String,
    pub size: i64,
    /// Hex; nothing for what is linked.
    pub sha256: Option<String>,
    pub added_at: i64,
    pub added_by: String,
}

const SELECT: &str = "SELECT d.id, d.subject_kind, d.subject_id, d.name, d.current, d.created_at, d.changed_at, d.removed_at, \
     d.removed_by, v.place, v.content_type, v.size, v.added_at, v.added_by FROM document d \
     JOIN document_version v ON v.document_id = d.id AND v.number = d.current";

/// The documents of a record that are not removed, the newest first; served by `document_subject`.
pub async fn of(rows: &Rows, actor: &Actor, subject: Subject) -> Result<Vec<Document>, Trouble> {
    subject.must_see(actor)?;
    subject::must_exist(rows, subject).await?;
    let sql =
        format!("{SELECT} WHERE d.subject_kind = $1 AND d.subject_id = $2 AND d.removed_at IS NULL ORDER BY d.id DESC");
    Ok(rows.all(&sql, values![subject.kind.code(), subject.id]).await?)
}

/// Also those that are removed and not yet swept: for whoever takes them back or gives or erases everything.
pub(super) async fn all_of(rows: &Rows, subject: Subject) -> Result<Vec<Document>, Fault> {
    let sql = format!("{SELECT} WHERE d.subject_kind = $1 AND d.subject_id = $2 ORDER BY d.id");
    rows.all(&sql, values![subject.kind.code(), subject.id]).await
}

/// One document, also a removed one, for somebody who may see its record.
///
/// # Errors
/// `Missing`, also where the record is gone; `Right` of the record's kind.
pub async fn find(rows: &Rows, actor: &Actor, id: DocumentId) -> Result<Document, Trouble> {
    let document: Option<Document> = rows.one(&format!("{SELECT} WHERE d.id = $1"), values![id.0]).await?;
    let document = document.ok_or(Refusal::Missing)?;
    document.subject()?.must_see(actor)?;
    Ok(document)
}

/// The versions of a document, the newest first.
pub async fn versions(rows: &Rows, id: DocumentId) -> Result<Vec<Version>, Fault> {
    const SQL: &str = "SELECT number, place, path, content_type, size, sha256, added_at, added_by FROM document_version \
         WHERE document_id = $1 ORDER BY number DESC";
    rows.all(SQL, values![id.0]).await
}
