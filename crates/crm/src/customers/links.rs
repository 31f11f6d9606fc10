//! Who lives together and who travels together; one row for each pair, read from both sides.

use super::{
    contact::by_ids,
    found::{FoundPerson, found_people},
};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit, audit::Deed},
};
use kernel::{ContactId, Fault, Timestamp};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What ties two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// They live together: one letter is enough for both.
    Household,
    /// They travel together.
    Companion,
}

impl Tie {
    pub const ALL: [Tie; 2] = [Self::Household, Self::Companion];

    /// Stable name in storage and words (`customers-tie-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Companion => "companion",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tie| tie.code() == code)
    }
}

/// Somebody a contact is tied to.
#[derive(Clone, Debug)]
pub struct Tied {
    pub link: i64,
    pub tie: Tie,
    pub who: FoundPerson,
}

#[derive(FromQueryResult)]
struct Stored {
    id: i64,
    contact_id: i64,
    other_id: i64,
    kind: String,
}

const STANDING: &str = "SELECT id, contact_id, other_id, kind FROM contact_link WHERE removed_at IS NULL AND ";

/// Everybody a contact is tied to, households first; without those who are archived or restricted.
///
/// # Errors
/// `Right` where the person may not see contacts.
pub async fn tied_to(rows: &Rows, actor: &Actor, contact: ContactId) -> Result<Vec<Tied>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let sql = format!("{STANDING}(contact_id = $1 OR other_id = $1) AND contact_id <> other_id ORDER BY id");
    let stored: Vec<Stored> = rows.all(&sql, values![contact.0]).await?;
    let other = |link: &Stored| if link.contact_id == contact.0 { link.other_id } else { link.contact_id };
    let people = found_people(rows, actor, &stored.iter().map(other).collect::<Vec<_>>()).await?;
    let mut tied: Vec<Tied> = Vec::new();
    for link in &stored {
        let who = people.iter().find(|person| person.id == other(link));
        let (Some(tie), Some(who)) = (Tie::of(&link.kind), who) else { continue };
        // A merge can bring the same tie twice.
        let known = tied.iter().any(|one| one.tie == tie && one.who.id == who.id);
        if !known {
            tied.push(Tied { link: link.id, tie, who: who.clone() });
        }
    }
    tied.sort_by_key(|one| (one.tie == Tie::Companion, one.link));
    Ok(tied)
}

/// Ties two people; answers the tie that stands already where there is one.
///
/// # Errors
/// `Missing` where one of them is gone, `State` for a tie with oneself.
pub async fn tie(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    other: ContactId,
    tie: Tie,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::EditContacts)?;
    if contact == other {
        return Err(Refusal::state("customers-tie-oneself").into());
    }
    both_shown(unit, actor, [contact, other]).await?;
    let sql = format!(
        "{STANDING}kind = $3 AND ((contact_id = $1 AND other_id = $2) OR (contact_id = $2 AND other_id = $1)) LIMIT 1"
    );
    let standing: Option<Stored> = unit.one(&sql, values![contact.0, other.0, tie.code()]).await?;
    if let Some(standing) = standing {
        return Ok(standing.id);
    }
    const SQL: &str =
        "INSERT INTO contact_link (contact_id, other_id, kind, created_at) VALUES ($1, $2, $3, $4) RETURNING id";
    let link = unit.insert(SQL, values![contact.0, other.0, tie.code(), now.0]).await?;
    note(unit, actor, "contact.tied", contact, other, tie, now).await?;
    Ok(link)
}

/// Takes a tie away, or with `removed` false brings it back; answers the two it ties. One that is as asked for already stays so.
///
/// # Errors
/// `Missing` where there is none, or one of the two may not be seen.
pub async fn untie(
    unit: &Write,
    actor: &Actor,
    link: i64,
    removed: bool,
    now: Timestamp,
) -> Result<(ContactId, ContactId), Trouble> {
    actor.must(Right::EditContacts)?;
    const FIND: &str = "SELECT id, contact_id, other_id, kind FROM contact_link WHERE id = $1";
    let stored: Stored = unit.one(FIND, values![link]).await?.ok_or(Refusal::Missing)?;
    let (one, other) = (ContactId(stored.contact_id), ContactId(stored.other_id));
    both_shown(unit, actor, [one, other]).await?;
    const SQL: &str = "UPDATE contact_link SET removed_at = $1 WHERE id = $2 AND (removed_at IS NULL) = $3";
    let gone = removed.then_some(now.0);
    if unit.run(SQL, values![gone, link, removed]).await? == 1
        && let Some(tie) = Tie::of(&stored.kind)
    {
        note(unit, actor, if removed { "contact.untied" } else { "contact.tied" }, one, other, tie, now).await?;
    }
    Ok((one, other))
}

/// Refuses where one of two is gone, or restricted and none of the person's business (Art. 18 GDPR).
async fn both_shown(unit: &Write, actor: &Actor, two: [ContactId; 2]) -> Result<(), Trouble> {
    let people = by_ids(unit, &two.map(i64::from)).await?;
    for id in two {
        people.get(&id.0).cloned().ok_or(Refusal::Missing)?.shown_to(actor)?;
    }
    Ok(())
}

async fn note(
    unit: &Write,
    actor: &Actor,
    deed: &'static str,
    one: ContactId,
    other: ContactId,
    tie: Tie,
    now: Timestamp,
) -> Result<(), Fault> {
    for (about, with) in [(one, other), (other, one)] {
        let detail = json!({ "with": with.0, "kind": tie.code() });
        audit::note(unit, actor, now, Deed::new(deed, "contact", about.0).with(detail)).await?;
    }
    Ok(())
}
