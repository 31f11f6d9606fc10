//! Two records of one person become one: field by field, with everything that hangs on them, and back again.
//!
//! Nothing is rewritten without a trace: every row that moves is noted with its merge, so that taking it back moves exactly
//! these. The record that was merged away stays, archived, and says into which one it went.

mod fields;
mod moving;
mod preview;
mod trail;
mod undo;

pub use fields::{FIELDS, MergeField};
pub use moving::{MOVED, STAYING};
pub use preview::{Line, Preview, preview};
pub use trail::{Merge, merge_of_set, merges_of, recent_merges, survivor_of};
pub use undo::{Undone, undo};

pub(super) use trail::survivors;

use super::{
    contact::{Contact, find_contact},
    draft::ContactDraft,
    duplicates,
    editing::rewrite,
};
use crate::{
    Refusal, Trouble,
    history::{self, Cause},
    staff::{Actor, Right, audit},
};
use fields::Kept;
use kernel::{ContactId, MergeId, Sentence, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;
use store::{Rows, Write, values};

/// Which two records become one, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The record that stays.
    pub survivor: ContactId,
    /// The record that goes.
    pub merged: ContactId,
    /// Versions of the two that were looked at, survivor first.
    pub versions: (i64, i64),
    /// Names of [`FIELDS`] whose value comes from the record that goes.
    pub from_merged: BTreeSet<String>,
    /// Nobody looked: the probability was above the threshold.
    pub automatic: bool,
}

impl Wish {
    /// What a preview suggests.
    pub fn suggested(preview: &Preview) -> Self {
        let wanted = preview.lines.iter().filter(|line| line.from_merged).map(|line| line.field.name.to_owned());
        Self {
            survivor: preview.survivor.contact_id(),
            merged: preview.merged.contact_id(),
            versions: (preview.survivor.version, preview.merged.version),
            from_merged: wanted.collect(),
            automatic: false,
        }
    }
}

/// Both records, if they can be merged at all.
///
/// # Errors
/// `State` where they are one record, or one of them is archived or merged already; `Missing`.
async fn both(rows: &Rows, survivor: ContactId, merged: ContactId) -> Result<(Contact, Contact), Trouble> {
    if survivor == merged {
        return Err(Refusal::state("merge-with-itself").into());
    }
    let one = find_contact(rows, survivor).await?.ok_or(Refusal::Missing)?;
    let other = find_contact(rows, merged).await?.ok_or(Refusal::Missing)?;
    for contact in [&one, &other] {
        if let Some(into) = trail::merged_into(rows, contact.contact_id()).await? {
            let name = find_contact(rows, into).await?.map(|into| into.display_name()).unwrap_or_default();
            let said = Sentence::new("merge-already").with("name", contact.display_name()).with("into", name);
            return Err(Refusal::State(said).into());
        }
        if contact.archived_at.is_some() {
            let said = Sentence::new("merge-archived").with("name", contact.display_name());
            return Err(Refusal::State(said).into());
        }
        const HELD: &str = "SELECT COUNT(*) FROM retention_hold WHERE contact_id = $1";
        if rows.number(HELD, values![contact.id]).await? > 0 {
            let said = Sentence::new("merge-held").with("name", contact.display_name());
            return Err(Refusal::State(said).into());
        }
    }
    Ok((one, other))
}

/// Merges two records.
///
/// # Errors
/// `Stale` where one of them is not what was looked at any more; `State` and `Missing` as in [`preview`]; `Invalid` for a
/// field that is none.
pub async fn merge(unit: &Write, actor: &Actor, wish: &Wish, now: Timestamp) -> Result<MergeId, Trouble> {
    actor.must(Right::EditContacts)?;
    if let Some(unknown) = wish.from_merged.iter().find(|name| !FIELDS.iter().any(|field| field.name == **name)) {
        let said = Sentence::new("merge-unknown-field").with("value", kernel::text::one_line(unknown));
        return Err(Refusal::field("feld", "unknown_field", said).into());
    }
    let (survivor, merged) = both(unit, wish.survivor, wish.merged).await?;
    // The versions count up first, in the order of the ids, so that two who merge on PostgreSQL wait for each other here.
    const SQL: &str = "UPDATE contact SET version = version + 1 WHERE id = $1 AND version = $2";
    let mut versions = [(survivor.id, wish.versions.0), (merged.id, wish.versions.1)];
    versions.sort_unstable();
    for (id, version) in versions {
        if unit.run(SQL, values![id, version]).await? == 0 {
            return Err(Refusal::Stale.into());
        }
    }
    let before = Kept::of(&survivor);
    let after = before.with(&Kept::of(&merged), &wish.from_merged);
    let set = history::begin(unit, actor, Cause::Merge, now).await?;
    const NOTE: &str = "INSERT INTO contact_merge (survivor_id, merged_id, at, actor_name, automatic, change_set, before, after, \
         survivor_version, survivor_updated_at, merged_updated_at, last_consent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT COALESCE(MAX(id), 0) FROM consent)) RETURNING id";
    let values = values![
        survivor.id,
        merged.id,
        now.0,
        actor.name.as_str(),
        i64::from(wish.automatic),
        set.0,
        before.written(),
        after.written(),
        survivor.version + 1,
        survivor.updated_at,
        merged.updated_at
    ];
    let merge = MergeId(unit.insert(NOTE, values).await?);
    moving::retire_consents(unit, merge, survivor.id, merged.id).await?;
    let moved = moving::move_all(unit, merge, merged.id, survivor.id).await?;
    if after != before {
        rewrite(unit, actor, set, &survivor, &after.0, now).await?;
    }
    const AWAY: &str = "UPDATE contact SET archived_at = $1, updated_at = $1, merged_into = $2 WHERE id = $3";
    unit.run(AWAY, values![now.0, survivor.id, merged.id]).await?;
    duplicates::decide_merged(unit, survivor.contact_id(), merged.contact_id(), now).await?;

    let detail = json!({
        "number": merged.number, "moved": moved, "fields": wish.from_merged, "automatic": wish.automatic
    });
    let deed = audit::Deed::new("contact.merged", "contact", survivor.id).with(detail);
    audit::note(unit, actor, now, deed).await?;
    let deed = audit::Deed::new("contact.merged_away", "contact", merged.id).with(json!({ "number": survivor.number }));
    audit::note(unit, actor, now, deed).await?;
    Ok(merge)
}
