//! The entries of the agenda: put there, changed, done, removed, each of which can be taken back.

use super::draft::{AgendaDraft, Read};
use crate::{
    Refusal, Trouble, customers,
    staff::{Actor, Right, audit, users},
};
use kernel::{ContactId, Sentence, Timestamp, UserId, Zone};
use store::{FromQueryResult, Rows, Value, Write, values};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgendaKind {
    Task,
    /// Getting back to somebody.
    FollowUp,
    Appointment,
}

impl AgendaKind {
    pub const ALL: [Self; 3] = [Self::Task, Self::FollowUp, Self::Appointment];

    /// Stable name in storage and words (`agenda-kind-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::FollowUp => "follow_up",
            Self::Appointment => "appointment",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// An entry with the names that are shown with it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AgendaItem {
    pub id: i64,
    /// Code of an [`AgendaKind`].
    pub kind: String,
    pub title: String,
    pub note: String,
    pub contact_id: Option<i64>,
    pub assignee_id: i64,
    pub assignee: String,
    pub created_by: i64,
    /// When an appointment begins.
    pub due_at: Option<i64>,
    /// 1 where the day counts and not the time.
    pub whole_day: i64,
    pub ends_at: Option<i64>,
    pub remind_at: Option<i64>,
    pub done_at: Option<i64>,
    pub removed_at: Option<i64>,
    pub created_at: i64,
    pub version: i64,
}

const SELECT: &str = "SELECT a.id, a.kind, a.title, a.note, a.contact_id, a.assignee_id, u.name AS assignee, a.created_by, \
     a.due_at, CAST(a.whole_day AS BIGINT) AS whole_day, a.ends_at, a.remind_at, a.done_at, a.removed_at, a.created_at, \
     a.version FROM agenda_item a JOIN staff_user u ON u.id = a.assignee_id";
/// Of people who are put away, restricted or erased nothing is on anybody's agenda.
const SHOWN: &str = "a.removed_at IS NULL AND (a.contact_id IS NULL OR EXISTS (SELECT 1 FROM contact c \
     WHERE c.id = a.contact_id AND c.archived_at IS NULL))";

/// Whose entries are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Of(UserId),
    Everybody,
}

impl Whose {
    fn condition(self) -> (&'static str, Vec<Value>) {
        match self {
            Self::Of(user) => ("a.assignee_id = $1", values![user.0]),
            Self::Everybody => ("a.assignee_id > $1", values![0_i64]),
        }
    }
}

/// Most entries of a list.
const MOST: i64 = 500;

/// What is open, by the time it is due; what has no time comes last.
pub async fn open(rows: &Rows, actor: &Actor, whose: Whose) -> Result<Vec<AgendaItem>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let (condition, mut bound) = whose.condition();
    bound.push(MOST.into());
    let sql = format!(
        "{SELECT} WHERE {condition} AND {SHOWN} AND a.done_at IS NULL \
         ORDER BY CASE WHEN a.due_at IS NULL THEN 1 ELSE 0 END, a.due_at, a.id LIMIT $2"
    );
    Ok(rows.all(&sql, bound).await?)
}

/// What was done since a time, the latest first.
pub async fn recently_done(
    rows: &Rows,
    actor: &Actor,
    whose: Whose,
    since: Timestamp,
) -> Result<Vec<AgendaItem>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let (condition, mut bound) = whose.condition();
    bound.extend([since.0.into(), MOST.into()]);
    let sql = format!(
        "{SELECT} WHERE {condition} AND {SHOWN} AND a.done_at >= $2 ORDER BY a.done_at DESC, a.id DESC LIMIT $3"
    );
    Ok(rows.all(&sql, bound).await?)
}

/// What is open about a contact, then what was done last; served by `agenda_item_contact`.
pub async fn of_contact(rows: &Rows, actor: &Actor, contact: ContactId) -> Result<Vec<AgendaItem>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let sql = format!(
        "{SELECT} WHERE a.contact_id = $1 AND a.removed_at IS NULL \
         ORDER BY CASE WHEN a.done_at IS NULL THEN 0 ELSE 1 END, \
         CASE WHEN a.due_at IS NULL THEN 1 ELSE 0 END, a.due_at, a.id DESC LIMIT 20"
    );
    Ok(rows.all(&sql, values![contact.0]).await?)
}

/// An entry; nothing where there is none, or it is about somebody this person may not see.
pub async fn find(rows: &Rows, actor: &Actor, id: i64) -> Result<Option<AgendaItem>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let Some(item) = rows.one::<AgendaItem>(&format!("{SELECT} WHERE a.id = $1"), values![id]).await? else {
        return Ok(None);
    };
    if let Some(contact) = item.contact_id {
        let found = customers::find_contact(rows, ContactId(contact)).await?;
        if found.is_none_or(|contact| contact.shown_to(actor).is_err()) {
            return Ok(None);
        }
    }
    Ok(Some(item))
}

/// Puts something on somebody's agenda.
///
/// # Errors
/// `Invalid` by field.
pub async fn add(
    unit: &Write,
    actor: &Actor,
    draft: &AgendaDraft,
    zone: &Zone,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::SeeContacts)?;
    let by = actor.user().ok_or(Refusal::Missing)?;
    let read = draft.read(zone).map_err(Refusal::Invalid)?;
    let assignee = checked(unit, actor, draft, by).await?;
    const SQL: &str = "INSERT INTO agenda_item (kind, title, note, contact_id, assignee_id, created_by, due_at, whole_day, \
         ends_at, remind_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
    let Read { kind, title, note, due, whole_day, ends, remind } = read;
    let bound = values![
        kind.code(),
        title,
        note,
        draft.contact,
        assignee.0,
        by.0,
        due.map(|at| at.0),
        i16::from(whole_day),
        ends.map(|at| at.0),
        remind.map(|at| at.0),
        now.0
    ];
    let id = unit.insert(SQL, bound).await?;
    audit::note(unit, actor, now, audit::Deed::new("agenda.added", "agenda", id)).await?;
    Ok(id)
}

/// The person who has to do it and the contact it is about must be there.
async fn checked(unit: &Write, actor: &Actor, draft: &AgendaDraft, by: UserId) -> Result<UserId, Trouble> {
    if let Some(contact) = draft.contact {
        let found = customers::find_contact(unit, ContactId(contact)).await?;
        if found.is_none_or(|contact| contact.archived_at.is_some() || contact.shown_to(actor).is_err()) {
            return Err(Refusal::field("contact", "unknown", Sentence::new("agenda-contact-unknown")).into());
        }
    }
    let assignee = draft.assignee.unwrap_or(by);
    let user = users::find(unit, assignee).await?.filter(|user| user.active);
    match user {
        Some(user) if user.actor("").may(Right::SeeContacts) => Ok(assignee),
        _ => Err(Refusal::field("assignee", "unknown", Sentence::new("agenda-assignee-unknown")).into()),
    }
}

/// The entry, if this person may change it: whoever has to do it, and whoever wrote it down.
async fn own(unit: &Write, actor: &Actor, id: i64) -> Result<AgendaItem, Trouble> {
    let item = find(unit, actor, id).await?.ok_or(Refusal::Missing)?;
    let user = actor.user().ok_or(Refusal::Missing)?;
    if user.0 != item.assignee_id && user.0 != item.created_by {
        return Err(Refusal::state("agenda-not-yours").into());
    }
    Ok(item)
}

/// Changes an entry that still has the version the editor began from; another time is reminded of anew.
///
/// # Errors
/// `Stale` where somebody else was faster, `Invalid` by field, `State` for whoever has nothing to do with it.
pub async fn change(
    unit: &Write,
    actor: &Actor,
    id: i64,
    version: i64,
    draft: &AgendaDraft,
    zone: &Zone,
    now: Timestamp,
) -> Result<(), Trouble> {
    let item = own(unit, actor, id).await?;
    let read = draft.read(zone).map_err(Refusal::Invalid)?;
    let kept = AgendaDraft { contact: draft.contact.filter(|new| Some(*new) != item.contact_id), ..draft.clone() };
    let assignee = checked(unit, actor, &kept, UserId(item.assignee_id)).await?;
    const SQL: &str = "UPDATE agenda_item SET kind = $1, title = $2, note = $3, contact_id = $4, assignee_id = $5, due_at = $6, \
         whole_day = $7, ends_at = $8, reminded_at = CASE WHEN remind_at = $9 THEN reminded_at END, remind_at = $9, \
         version = version + 1 WHERE id = $10 AND version = $11";
    let Read { kind, title, note, due, whole_day, ends, remind } = read;
    let bound = values![
        kind.code(),
        title,
        note,
        draft.contact,
        assignee.0,
        due.map(|at| at.0),
        i16::from(whole_day),
        ends.map(|at| at.0),
        remind.map(|at| at.0),
        id,
        version
    ];
    if unit.run(SQL, bound).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    audit::note(unit, actor, now, audit::Deed::new("agenda.changed", "agenda", id)).await?;
    Ok(())
}

/// Ticks an entry off, or opens it again.
pub async fn complete(unit: &Write, actor: &Actor, id: i64, done: bool, now: Timestamp) -> Result<(), Trouble> {
    let deed = if done { "agenda.done" } else { "agenda.reopened" };
    stamp(unit, actor, id, "done_at", done, deed, now).await
}

/// Removes an entry, or brings it back.
pub async fn remove(unit: &Write, actor: &Actor, id: i64, gone: bool, now: Timestamp) -> Result<(), Trouble> {
    let deed = if gone { "agenda.removed" } else { "agenda.restored" };
    stamp(unit, actor, id, "removed_at", gone, deed, now).await
}

/// Sets a moment of an entry or takes it away; what is so already stays and is not noted again.
async fn stamp(
    unit: &Write,
    actor: &Actor,
    id: i64,
    column: &str,
    set: bool,
    deed: &'static str,
    now: Timestamp,
) -> Result<(), Trouble> {
    own(unit, actor, id).await?;
    let sql = format!(
        "UPDATE agenda_item SET {column} = $1, version = version + 1 WHERE id = $2 \
         AND ({column} IS NULL) = (CAST($1 AS BIGINT) IS NOT NULL)"
    );
    if unit.run(&sql, values![set.then_some(now.0), id]).await? > 0 {
        audit::note(unit, actor, now, audit::Deed::new(deed, "agenda", id)).await?;
    }
    Ok(())
}
