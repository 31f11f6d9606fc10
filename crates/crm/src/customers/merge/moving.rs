//! What hangs on a contact and moves with it, in statements over whole sets.

use kernel::{Fault, MergeId};
use std::collections::BTreeMap;
use store::{Rows, Write, values};

/// A table whose rows belong to a contact.
pub struct Moved {
    pub table: &'static str,
    /// The column that says to whom.
    pub owner: &'static str,
    /// Which rows are about contacts at all, where not all are.
    pub about: &'static str,
    /// As the protocol of a merge names these rows.
    what: &'static str,
    /// Its key, or the half beside the contact.
    key: &'static str,
    /// A contact has at most one row of each value here; where the survivor has one, the other's stays where it is.
    once: Option<&'static str>,
}

const fn moved(table: &'static str, key: &'static str) -> Moved {
    Moved { table, owner: "contact_id", about: "1 = 1", what: table, key, once: None }
}

const fn once(table: &'static str, key: &'static str, once: &'static str) -> Moved {
    Moved { once: Some(once), ..moved(table, key) }
}

/// Every table that moves. Consents move as history; which of them hold is decided before.
pub const MOVED: &[Moved] = &[
    moved("interaction", "seq"),
    moved("purchase", "id"),
    moved("consent", "id"),
    moved("visitor", "id"),
    moved("identity_edge", "id"),
    moved("consent_request", "id"),
    moved("confirmation_request", "id"),
    moved("data_confirmation", "id"),
    moved("agenda_item", "id"),
    moved("contact_link", "id"),
    Moved { owner: "other_id", what: "contact_link.other", ..moved("contact_link", "id") },
    moved("privacy_request", "id"),
    moved("privacy_package", "id"),
    once("message", "id", "step_id"),
    once("audience", "campaign_id", "campaign_id"),
    Moved { owner: "subject_id", about: "subject_kind = 'contact'", ..moved("document", "id") },
];

/// Tables with a `contact_id` whose rows stay: what is derived and made anew, protocols of what was done to one record, and
/// holds, with which nothing is merged; own attributes and tags belong to the record as its other fields do.
pub const STAYING: &[&str] = &[
    "attribute_value",
    "contact_block",
    "contact_bulk_member",
    "contact_point",
    "contact_tag",
    "erasure",
    "finding",
    "retention_hold",
];

/// How many rows of each table would move.
pub(super) async fn count(rows: &Rows, from: i64, to: i64) -> Result<BTreeMap<&'static str, i64>, Fault> {
    let mut counts = BTreeMap::new();
    for Moved { table, owner, about, once, .. } in MOVED {
        let sql =
            format!("SELECT COUNT(*) FROM {table} t WHERE t.{owner} = $1 AND {about}{}", alone(table, *once, "$2"));
        let values = if once.is_some() { values![from, to] } else { values![from] };
        *counts.entry(*table).or_default() += rows.number(&sql, values).await?;
    }
    Ok(counts)
}

/// The condition that the survivor has no such row.
fn alone(table: &str, once: Option<&str>, to: &str) -> String {
    let Some(once) = once else { return String::new() };
    format!(" AND NOT EXISTS (SELECT 1 FROM {table} held WHERE held.contact_id = {to} AND held.{once} = t.{once})")
}

/// Moves all rows of one contact to another and notes each; answers how many of each table.
pub(super) async fn move_all(
    unit: &Write,
    merge: MergeId,
    from: i64,
    to: i64,
) -> Result<BTreeMap<&'static str, u64>, Fault> {
    let mut counts = BTreeMap::new();
    for moved @ Moved { table, owner, about, what, key, once } in MOVED {
        let note = format!(
            "INSERT INTO contact_merge_row (merge_id, what, id) SELECT $1, '{what}', t.{key} FROM {table} t \
             WHERE t.{owner} = $2 AND {about}{}",
            alone(table, *once, "$3")
        );
        let values = if once.is_some() { values![merge.0, from, to] } else { values![merge.0, from] };
        unit.run(&note, values).await?;
        *counts.entry(*table).or_default() += hand_over(unit, merge, moved, from, to).await?;
    }
    Ok(counts)
}

/// Moves back what a merge moved and what is still where it moved it.
pub(super) async fn move_back(unit: &Write, merge: MergeId, from: i64, to: i64) -> Result<u64, Fault> {
    let mut rows = 0;
    for moved in MOVED {
        rows += hand_over(unit, merge, moved, from, to).await?;
    }
    Ok(rows)
}

async fn hand_over(unit: &Write, merge: MergeId, moved: &Moved, from: i64, to: i64) -> Result<u64, Fault> {
    let Moved { table, owner, about, what, key, .. } = moved;
    let sql = format!(
        "UPDATE {table} SET {owner} = $1 WHERE {owner} = $2 AND {about} \
         AND {key} IN (SELECT id FROM contact_merge_row WHERE merge_id = $3 AND what = '{what}')"
    );
    unit.run(&sql, values![to, from, merge.0]).await
}

/// Where both say something about one channel and purpose, one entry stops holding: the stricter wins, a withdrawal is never
/// lost; of two that agree, the newer one holds.
pub(super) async fn retire_consents(unit: &Write, merge: MergeId, survivor: i64, merged: i64) -> Result<(), Fault> {
    const NOTE: &str = "INSERT INTO contact_merge_row (merge_id, what, id) SELECT $1, 'consent.retired', \
         CASE WHEN s.granted < m.granted OR (s.granted = m.granted AND (s.at > m.at OR (s.at = m.at AND s.id > m.id))) \
         THEN m.id ELSE s.id END \
         FROM consent s JOIN consent m ON m.channel = s.channel AND m.purpose = s.purpose \
         WHERE s.contact_id = $2 AND m.contact_id = $3 AND s.current = 1 AND m.current = 1";
    unit.run(NOTE, values![merge.0, survivor, merged]).await?;
    const RETIRE: &str = "UPDATE consent SET current = 0 WHERE id IN \
         (SELECT id FROM contact_merge_row WHERE merge_id = $1 AND what = 'consent.retired')";
    unit.run(RETIRE, values![merge.0]).await?;
    Ok(())
}

/// Lets those entries hold again, unless the person said something newer about it: that holds for both.
pub(super) async fn revive_consents(unit: &Write, merge: MergeId, survivor: i64, newest: i64) -> Result<(), Fault> {
    const SQL: &str = "UPDATE consent SET current = 1 WHERE id IN \
         (SELECT id FROM contact_merge_row WHERE merge_id = $1 AND what = 'consent.retired') \
         AND NOT EXISTS (SELECT 1 FROM consent later WHERE later.contact_id = $2 AND later.id > $3 \
         AND later.channel = consent.channel AND later.purpose = consent.purpose) \
         AND NOT EXISTS (SELECT 1 FROM consent held WHERE held.contact_id = consent.contact_id AND held.current = 1 \
         AND held.channel = consent.channel AND held.purpose = consent.purpose)";
    unit.run(SQL, values![merge.0, survivor, newest]).await?;
    Ok(())
}
