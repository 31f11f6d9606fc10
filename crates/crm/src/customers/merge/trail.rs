//! Merges that were made, and where a record that was merged away leads.

use kernel::{ChangeSetId, ContactId, Fault, MergeId, Timestamp};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, listed, values};

/// A merge as a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    pub id: MergeId,
    pub survivor: ContactId,
    pub merged: ContactId,
    pub at: Timestamp,
    pub by: String,
    pub automatic: bool,
    pub undone_at: Option<Timestamp>,
    pub undone_by: Option<String>,
    /// Rows that moved.
    pub rows: i64,
}

#[derive(FromQueryResult)]
struct Shown {
    id: i64,
    survivor_id: i64,
    merged_id: i64,
    at: i64,
    actor_name: String,
    automatic: i64,
    undone_at: Option<i64>,
    undone_by: Option<String>,
    moved: i64,
}

impl Shown {
    fn read(self) -> Merge {
        Merge {
            id: MergeId(self.id),
            survivor: ContactId(self.survivor_id),
            merged: ContactId(self.merged_id),
            at: Timestamp(self.at),
            by: self.actor_name,
            automatic: self.automatic == 1,
            undone_at: self.undone_at.map(Timestamp),
            undone_by: self.undone_by,
            rows: self.moved,
        }
    }
}

const SELECT: &str = "SELECT m.id, m.survivor_id, m.merged_id, m.at, m.actor_name, CAST(m.automatic AS BIGINT) AS automatic, \
     m.undone_at, m.undone_by, \
     (SELECT COUNT(*) FROM contact_merge_row r WHERE r.merge_id = m.id AND r.what <> 'consent.retired') AS moved \
     FROM contact_merge m";

/// Merges of a contact, newest first; served by `contact_merge_survivor` and `contact_merge_merged`.
pub async fn merges_of(rows: &Rows, contact: ContactId) -> Result<Vec<Merge>, Fault> {
    let sql = format!("{SELECT} WHERE m.survivor_id = $1 OR m.merged_id = $1 ORDER BY m.id DESC");
    Ok(rows.all::<Shown>(&sql, values![contact.0]).await?.into_iter().map(Shown::read).collect())
}

/// The newest merges before one; served by the primary key.
pub async fn recent_merges(rows: &Rows, before: Option<MergeId>, limit: i64) -> Result<Vec<Merge>, Fault> {
    let sql = format!("{SELECT} WHERE m.id < $1 ORDER BY m.id DESC LIMIT $2");
    let found: Vec<Shown> = rows.all(&sql, values![before.map_or(i64::MAX, i64::from), limit]).await?;
    Ok(found.into_iter().map(Shown::read).collect())
}

/// The merge a set of changes was made by, if it was one.
pub async fn merge_of_set(rows: &Rows, set: ChangeSetId) -> Result<Option<MergeId>, Fault> {
    let id = rows.number("SELECT id FROM contact_merge WHERE change_set = $1", values![set.0]).await?;
    Ok((id != 0).then_some(MergeId(id)))
}

#[derive(FromQueryResult)]
struct Step {
    id: i64,
    merged_into: i64,
}

pub(super) async fn merged_into(rows: &Rows, contact: ContactId) -> Result<Option<ContactId>, Fault> {
    const SQL: &str = "SELECT merged_into FROM contact WHERE id = $1 AND merged_into IS NOT NULL";
    let into = rows.number(SQL, values![contact.0]).await?;
    Ok((into != 0).then_some(ContactId(into)))
}

/// The record that took a contact's place, over as many merges as there were; nothing for one that was never merged away.
pub async fn survivor_of(rows: &Rows, contact: ContactId) -> Result<Option<ContactId>, Fault> {
    Ok(survivors(rows, &[contact]).await?.get(&contact).copied())
}

/// The same for many; those who were never merged away are missing.
pub(in crate::customers) async fn survivors(
    rows: &Rows,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, ContactId>, Fault> {
    let mut led: HashMap<ContactId, ContactId> = HashMap::new();
    let mut open: Vec<(ContactId, ContactId)> = contacts.iter().map(|contact| (*contact, *contact)).collect();
    while !open.is_empty() {
        let mut steps: HashMap<i64, i64> = HashMap::new();
        for chunk in open.chunks(500) {
            let (marks, values) = listed(rows.engine(), chunk.iter().map(|(_, at)| Value::from(at.0)).collect());
            let sql = format!("SELECT id, merged_into FROM contact WHERE merged_into IS NOT NULL AND id IN ({marks})");
            steps.extend(rows.all::<Step>(&sql, values).await?.into_iter().map(|step| (step.id, step.merged_into)));
        }
        let next = open.iter().filter_map(|(from, at)| Some((*from, ContactId(*steps.get(&at.0)?))));
        open = next.collect();
        led.extend(open.iter().copied());
    }
    Ok(led)
}
