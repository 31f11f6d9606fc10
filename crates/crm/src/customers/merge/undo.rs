//! Taking a merge back: both records are what they were.

use super::{Contact, Kept, duplicates, find_contact, moving, rewrite};
use crate::{
    Refusal, Trouble,
    history::{self, Cause},
    staff::{Actor, Right, audit},
};
use kernel::{ChangeSetId, ContactId, MergeId, Sentence, Timestamp};
use serde_json::json;
use store::{FromQueryResult, Write, values};

/// The two records after a merge was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    pub survivor: ContactId,
    pub merged: ContactId,
    /// Rows that went back.
    pub rows: u64,
}

#[derive(FromQueryResult)]
struct Made {
    survivor_id: i64,
    merged_id: i64,
    change_set: i64,
    before: String,
    after: String,
    survivor_version: i64,
    survivor_updated_at: i64,
    merged_updated_at: i64,
    last_consent: i64,
    undone_at: Option<i64>,
}

/// Takes a merge back. What moved goes back, what came later stays with the survivor; a field somebody has edited since keeps
/// the edit. Versions count on, so that whoever has one of the records open is told.
///
/// # Errors
/// `State` where it was taken back before, or the survivor itself was merged since; `Missing`.
pub async fn undo(unit: &Write, actor: &Actor, merge: MergeId, now: Timestamp) -> Result<Undone, Trouble> {
    actor.must(Right::EditContacts)?;
    const SQL: &str = "SELECT survivor_id, merged_id, change_set, before, after, survivor_version, survivor_updated_at, merged_updated_at, \
         last_consent, undone_at FROM contact_merge WHERE id = $1";
    let made: Made = unit.one(SQL, values![merge.0]).await?.ok_or(Refusal::Missing)?;
    let survivor = find_contact(unit, ContactId(made.survivor_id)).await?.ok_or(Refusal::Missing)?;
    let merged = find_contact(unit, ContactId(made.merged_id)).await?.ok_or(Refusal::Missing)?;
    // What the law took out of use is not brought back (Art. 17 and 18 GDPR).
    let withdrawn = |contact: &Contact| contact.restricted_at.is_some() || contact.erased_at.is_some();
    if withdrawn(&survivor) || withdrawn(&merged) {
        return Err(Refusal::state("merge-withdrawn").into());
    }
    if made.undone_at.is_some() {
        return Err(Refusal::state("merge-undone-already").into());
    }
    if let Some(into) = super::trail::merged_into(unit, survivor.contact_id()).await? {
        let into = find_contact(unit, into).await?.map(|into| into.display_name()).unwrap_or_default();
        let said = Sentence::new("merge-merged-since").with("name", survivor.display_name()).with("into", into);
        return Err(Refusal::State(said).into());
    }
    // First, so that two who take it back on PostgreSQL wait for each other here.
    const NOTE: &str = "UPDATE contact_merge SET undone_at = $1, undone_by = $2 WHERE id = $3 AND undone_at IS NULL";
    if unit.run(NOTE, values![now.0, actor.name.as_str(), merge.0]).await? == 0 {
        return Err(Refusal::state("merge-undone-already").into());
    }
    let rows = moving::move_back(unit, merge, survivor.id, merged.id).await?;
    moving::revive_consents(unit, merge, survivor.id, made.last_consent).await?;
    let set = history::begin(unit, actor, Cause::Undo(ChangeSetId(made.change_set)), now).await?;
    history::taken_back(unit, ChangeSetId(made.change_set), set).await?;
    put_back(unit, actor, set, &survivor, &made, now).await?;
    const BACK: &str = "UPDATE contact SET archived_at = NULL, merged_into = NULL, updated_at = $1, version = version + 1 \
         WHERE id = $2";
    unit.run(BACK, values![made.merged_updated_at, merged.id]).await?;
    duplicates::decide_open(unit, survivor.contact_id(), merged.contact_id(), now).await?;
    let deed = audit::Deed::new("contact.unmerged", "contact", survivor.id)
        .with(json!({ "number": merged.number, "rows": rows }));
    audit::note(unit, actor, now, deed).await?;
    let deed = audit::Deed::new("contact.unmerged", "contact", merged.id).with(json!({ "number": survivor.number }));
    audit::note(unit, actor, now, deed).await?;
    Ok(Undone { survivor: survivor.contact_id(), merged: merged.contact_id(), rows })
}

/// The survivor's fields that still are what the merge made them.
async fn put_back(
    unit: &Write,
    actor: &Actor,
    set: ChangeSetId,
    survivor: &Contact,
    made: &Made,
    now: Timestamp,
) -> Result<(), Trouble> {
    let (before, after) = (Kept::read(&made.before)?, Kept::read(&made.after)?);
    let current = Kept::of(survivor);
    let restored = current.taken_back(&before, &after);
    if restored != current {
        rewrite(unit, actor, set, survivor, &restored.0, now).await?;
    }
    let untouched = survivor.version == made.survivor_version;
    let updated_at = if untouched { made.survivor_updated_at } else { now.0 };
    const SQL: &str = "UPDATE contact SET updated_at = $1, version = version + 1 WHERE id = $2";
    unit.run(SQL, values![updated_at, survivor.id]).await?;
    Ok(())
}
