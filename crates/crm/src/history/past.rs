//! Reading the ledger: what a set changed, what happened to a record, and where each of its values comes from.

use super::ledger::{Change, RECORD, Subject};
use kernel::{ChangeSetId, Fault};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, values};

/// A set as it was begun.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ChangeSet {
    pub id: i64,
    /// Microseconds UTC.
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    /// Code of a [`super::Cause`].
    pub cause: String,
    pub cause_id: Option<i64>,
    /// The set that took this one back.
    pub undone_by: Option<i64>,
}

/// A set by its id.
pub async fn find(rows: &Rows, set: ChangeSetId) -> Result<Option<ChangeSet>, Fault> {
    const SQL: &str =
        "SELECT id, at, actor_kind, actor_id, actor_name, cause, cause_id, undone_by FROM change_set WHERE id = $1";
    rows.one(SQL, values![set.0]).await
}

#[derive(FromQueryResult)]
struct Row {
    subject_kind: String,
    subject_id: i64,
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl Row {
    fn read(self) -> Option<Change> {
        Some(Change::new(Subject::of(&self.subject_kind, self.subject_id)?, self.field, self.before, self.after))
    }
}

/// What a set changed, in the order of the records, from behind one of them; all fields of the last record are there. Served
/// by the primary key.
pub async fn changes(
    rows: &Rows,
    set: ChangeSetId,
    after: Option<Subject>,
    records: i64,
) -> Result<Vec<Change>, Fault> {
    const SQL: &str = "SELECT c.subject_kind, c.subject_id, c.field, c.before, c.after FROM record_change c \
         JOIN (SELECT DISTINCT subject_kind, subject_id FROM record_change WHERE set_id = $1 \
         AND (subject_kind, subject_id) > ($2, $3) ORDER BY subject_kind, subject_id LIMIT $4) s \
         ON s.subject_kind = c.subject_kind AND s.subject_id = c.subject_id \
         WHERE c.set_id = $1 ORDER BY c.subject_kind, c.subject_id, c.field";
    let (kind, id) = after.map_or(("", 0), |subject| (subject.kind(), subject.id()));
    let found: Vec<Row> = rows.all(SQL, values![set.0, kind, id, records]).await?;
    Ok(found.into_iter().filter_map(Row::read).collect())
}

/// One change of a record with the set it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Past {
    pub set_id: i64,
    pub at: i64,
    pub actor_name: String,
    pub cause: String,
    pub cause_id: Option<i64>,
    pub undone_by: Option<i64>,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

const PAST: &str = "SELECT c.set_id, s.at, s.actor_name, s.cause, s.cause_id, s.undone_by, c.field, c.before, c.after \
     FROM record_change c JOIN change_set s ON s.id = c.set_id WHERE c.subject_kind = $1 AND c.subject_id = $2";

/// What happened to a record, newest first, before a set; served by `record_change_subject`.
pub async fn of_record(
    rows: &Rows,
    subject: Subject,
    before: Option<ChangeSetId>,
    limit: i64,
) -> Result<Vec<Past>, Fault> {
    let sql = format!("{PAST} AND c.set_id < $3 ORDER BY c.set_id DESC, c.field LIMIT $4");
    let before = before.map_or(i64::MAX, |set| set.0);
    rows.all(&sql, values![subject.kind(), subject.id(), before, limit]).await
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub at: i64,
    pub actor_name: String,
    /// Code of a [`super::Cause`].
    pub cause: String,
}

/// Where each value of a record comes from, by its field; [`RECORD`] answers for every field that is not named. Nothing of a
/// record that was made before there was a ledger.
pub async fn origins(rows: &Rows, subject: Subject) -> Result<HashMap<String, Origin>, Fault> {
    let sql = format!("{PAST} ORDER BY c.set_id");
    let found: Vec<Past> = rows.all(&sql, values![subject.kind(), subject.id()]).await?;
    let mut origins = HashMap::new();
    for past in found {
        if past.field == RECORD {
            // What was made anew was filled anew.
            origins.clear();
        }
        origins.insert(past.field, Origin { at: past.at, actor_name: past.actor_name, cause: past.cause });
    }
    Ok(origins)
}
