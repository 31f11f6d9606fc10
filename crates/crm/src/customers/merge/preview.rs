//! What a merge would do, before it is done.

use super::{Contact, FIELDS, MergeField, both, moving};
use crate::{
    Trouble,
    customers::{consent, consent::Consent, contact::ContactKind},
    staff::{Actor, Right},
};
use kernel::ContactId;
use std::collections::BTreeMap;
use store::Rows;

/// One field of the two records.
pub struct Line {
    pub field: &'static MergeField,
    /// As the survivor has it, and as the other has it; empty for nothing.
    pub survivor: String,
    pub merged: String,
    /// Whether the suggestion takes the other's.
    pub from_merged: bool,
}

impl Line {
    pub fn differs(&self) -> bool {
        self.survivor != self.merged
    }
}

/// Both records side by side, what is suggested, and what moves.
pub struct Preview {
    pub survivor: Contact,
    pub merged: Contact,
    /// Fields at least one of them has.
    pub lines: Vec<Line>,
    /// Rows by table that would move to the survivor.
    pub moves: BTreeMap<&'static str, i64>,
    /// Entries that will hold, one for each channel and purpose.
    pub consents: Vec<Consent>,
}

/// What merging two records would do; `one` stays.
///
/// # Errors
/// `State` where they are one record, or one of them is archived or merged already; `Missing`.
pub async fn preview(rows: &Rows, actor: &Actor, one: ContactId, other: ContactId) -> Result<Preview, Trouble> {
    actor.must(Right::SeeContacts)?;
    let (survivor, merged) = both(rows, one, other).await?;
    let line = |field: &'static MergeField| {
        let (mine, theirs) = ((field.text)(&survivor), (field.text)(&merged));
        let from_merged = match field.name {
            "kind" => rank(&theirs) > rank(&mine),
            _ => mine.is_empty() && !theirs.is_empty(),
        };
        Line { field, survivor: mine, merged: theirs, from_merged }
    };
    let lines = FIELDS.iter().map(line).filter(|line| !line.survivor.is_empty() || !line.merged.is_empty()).collect();
    let moves = moving::count(rows, merged.id, survivor.id).await?;
    let mut holding: BTreeMap<(String, String), Consent> = BTreeMap::new();
    for contact in [&survivor, &merged] {
        for entry in consent::consents(rows, contact.contact_id()).await?.into_iter().filter(|entry| entry.current == 1)
        {
            let place = (entry.channel.clone(), entry.purpose.clone());
            let stricter = |held: &Consent| (held.granted, -held.at, -held.id) < (entry.granted, -entry.at, -entry.id);
            if !holding.get(&place).is_some_and(stricter) {
                holding.insert(place, entry);
            }
        }
    }
    Ok(Preview { survivor, merged, lines, moves, consents: holding.into_values().collect() })
}

/// Whoever has bought stays a customer.
fn rank(kind: &str) -> u8 {
    match ContactKind::of(kind) {
        Some(ContactKind::Customer) => 4,
        Some(ContactKind::Former) => 3,
        Some(ContactKind::Prospect) => 2,
        Some(ContactKind::Lead) => 1,
        None => 0,
    }
}
