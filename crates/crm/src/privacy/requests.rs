//! What persons concerned ask for, as a worklist: one month to answer (Art. 12 (3) GDPR), two more where it is hard and the
//! person is told why.

use super::{erasure, restriction};
use crate::{
    Refusal, Trouble, customers,
    staff::{Actor, Right, audit},
};
use jiff::{ToSpan, civil::Date};
use kernel::{Clock, ContactId, Fault, Sentence, Timestamp, Zone};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Access,
    Portability,
    Rectification,
    Erasure,
    Restriction,
    Objection,
}

impl RequestKind {
    pub const ALL: [RequestKind; 6] =
        [Self::Access, Self::Portability, Self::Rectification, Self::Erasure, Self::Restriction, Self::Objection];

    /// Stable name in storage and words (`privacy-kind-…`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How a request came in; `page` is the person's own page.
pub const CHANNELS: [&str; 5] = ["email", "letter", "phone", "in_person", "page"];

/// Longest note, in characters.
const LONGEST: usize = 2_000;

/// A request as it stands.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Request {
    pub id: i64,
    pub contact_id: i64,
    /// Code of a [`RequestKind`].
    pub kind: String,
    /// `open`, `checked` (identity), `working`, `done`, `refused`.
    pub state: String,
    pub received_at: i64,
    /// The first instant that is too late.
    pub due_at: i64,
    pub extended_at: Option<i64>,
    pub extension_reason: String,
    pub channel: String,
    pub note: String,
    pub identity_note: String,
    pub identity_at: Option<i64>,
    pub identity_by: String,
    pub handled_by: String,
    pub closed_at: Option<i64>,
    pub outcome: String,
    pub created_by: String,
    pub created_at: i64,
}

const SELECT: &str = "SELECT id, contact_id, kind, state, received_at, due_at, extended_at, extension_reason, channel, note, \
     identity_note, identity_at, identity_by, handled_by, closed_at, outcome, created_by, created_at FROM privacy_request";

/// What somebody writes down who takes a request in.
#[derive(Clone, Debug)]
pub struct NewRequest {
    pub contact: ContactId,
    pub kind: RequestKind,
    /// One of [`CHANNELS`].
    pub channel: String,
    /// The day it came.
    pub received: Date,
    pub note: String,
}

/// The first instant after a number of months from a day: a period of months ends with the day of the same number, or the last
/// day of the month (Regulation 1182/71, Art. 3 (2) c).
pub fn due(received: Date, months: i32, zone: &Zone) -> Timestamp {
    let last = received.checked_add(months.months()).unwrap_or(received);
    zone.start_of(last.checked_add(1.day()).unwrap_or(last))
}

fn text(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.replace('\0', "").trim().to_owned();
    if text.chars().count() > LONGEST {
        return Err(Refusal::field(field, "too_long", Sentence::new("privacy-note-too-long").with("most", LONGEST)));
    }
    Ok(text)
}

fn needed(field: &str, given: &str, key: &'static str) -> Result<String, Refusal> {
    let given = text(field, given)?;
    if given.is_empty() { Err(Refusal::field(field, "required", Sentence::new(key))) } else { Ok(given) }
}

/// Takes a request in; whoever edits contacts may, because people ask whomever they know. An objection holds at once.
pub async fn take_in(
    unit: &Write,
    actor: &Actor,
    new: &NewRequest,
    zone: &Zone,
    now: Timestamp,
) -> Result<i64, Trouble> {
    if !actor.may(Right::HandlePrivacy) {
        actor.must(Right::EditContacts)?;
    }
    let note = text("note", &new.note)?;
    if !CHANNELS.contains(&new.channel.as_str()) {
        return Err(Refusal::field("channel", "unknown", Sentence::new("privacy-unknown-channel")).into());
    }
    if new.received > zone.day(now) {
        return Err(Refusal::field("received", "future", Sentence::new("privacy-received-future")).into());
    }
    customers::find_contact(unit, new.contact).await?.filter(|one| one.erased_at.is_none()).ok_or(Refusal::Missing)?;
    let objects = new.kind == RequestKind::Objection;
    if objects {
        let wording = if note.is_empty() { new.kind.code() } else { note.as_str() };
        customers::object(unit, actor, new.contact, wording, now).await?;
    }
    const SQL: &str = "INSERT INTO privacy_request (contact_id, kind, state, received_at, due_at, channel, note, created_by, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    let values = values![
        new.contact.0,
        new.kind.code(),
        if objects { "working" } else { "open" },
        zone.start_of(new.received).0,
        due(new.received, 1, zone).0,
        new.channel.as_str(),
        note,
        actor.name.as_str(),
        now.0
    ];
    let id = unit.insert(SQL, values).await?;
    note_deed(unit, actor, "privacy.request_taken", new.contact.0, id, now).await?;
    Ok(id)
}

async fn note_deed(
    unit: &Write,
    actor: &Actor,
    action: &'static str,
    contact: i64,
    request: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    let deed = audit::Deed::new(action, "contact", contact).with(json!({ "request": request }));
    audit::note(unit, actor, now, deed).await
}

/// One request.
pub async fn find(rows: &Rows, actor: &Actor, id: i64) -> Result<Option<Request>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    Ok(rows.one(&format!("{SELECT} WHERE id = $1"), values![id]).await?)
}

/// Open requests, the most urgent first; served by `privacy_request_open`.
pub async fn open(rows: &Rows, actor: &Actor, limit: i64) -> Result<Vec<Request>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let sql = format!("{SELECT} WHERE closed_at IS NULL ORDER BY due_at, id LIMIT $1");
    Ok(rows.all(&sql, values![limit]).await?)
}

/// Requests that were answered, newest first.
pub async fn closed(rows: &Rows, actor: &Actor, limit: i64) -> Result<Vec<Request>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let sql = format!("{SELECT} WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT $1");
    Ok(rows.all(&sql, values![limit]).await?)
}

async fn working_on(unit: &Write, actor: &Actor, id: i64) -> Result<Request, Trouble> {
    let request = find(unit, actor, id).await?.ok_or(Refusal::Missing)?;
    if request.closed_at.is_some() {
        return Err(Refusal::state("privacy-request-closed").into());
    }
    Ok(request)
}

/// Notes how it was made sure that the person is who they say (Art. 12 (6)).
pub async fn check_identity(unit: &Write, actor: &Actor, id: i64, how: &str, now: Timestamp) -> Result<(), Trouble> {
    let request = working_on(unit, actor, id).await?;
    let how = needed("how", how, "privacy-identity-missing")?;
    const SQL: &str = "UPDATE privacy_request SET identity_note = $1, identity_at = $2, identity_by = $3, handled_by = $3, \
         state = CASE WHEN state = 'open' THEN 'checked' ELSE state END WHERE id = $4";
    unit.run(SQL, values![how, now.0, actor.name.as_str(), id]).await?;
    Ok(note_deed(unit, actor, "privacy.identity_checked", request.contact_id, id, now).await?)
}

/// Takes two more months, once, with the reason the person is told.
pub async fn extend(
    unit: &Write,
    actor: &Actor,
    id: i64,
    reason: &str,
    zone: &Zone,
    now: Timestamp,
) -> Result<(), Trouble> {
    let request = working_on(unit, actor, id).await?;
    if request.extended_at.is_some() {
        return Err(Refusal::state("privacy-extended-already").into());
    }
    if now.0 >= request.due_at {
        return Err(Refusal::state("privacy-extended-late").into());
    }
    let reason = needed("reason", reason, "privacy-reason-missing")?;
    let until = due(zone.day(Timestamp(request.received_at)), 3, zone);
    const SQL: &str = "UPDATE privacy_request SET due_at = $1, extended_at = $2, extension_reason = $3, handled_by = $4 \
         WHERE id = $5";
    unit.run(SQL, values![until.0, now.0, reason, actor.name.as_str(), id]).await?;
    Ok(note_deed(unit, actor, "privacy.request_extended", request.contact_id, id, now).await?)
}

/// Does what was asked for, as far as the house can do it: begins an erasure, restricts. Needs the identity to be checked.
pub async fn act(unit: &Write, actor: &Actor, id: i64, clock: &Clock) -> Result<RequestKind, Trouble> {
    let request = working_on(unit, actor, id).await?;
    if request.identity_at.is_none() {
        return Err(Refusal::state("privacy-identity-first").into());
    }
    let (contact, now) = (ContactId(request.contact_id), clock.now());
    let kind =
        RequestKind::parse(&request.kind).ok_or_else(|| Fault::Unreadable(format!("kind of privacy request {id}")))?;
    match kind {
        RequestKind::Erasure => {
            erasure::begin(unit, actor, contact, "request", clock).await?;
        }
        RequestKind::Restriction => restriction::restrict(unit, actor, contact, &request.note, now).await?,
        RequestKind::Objection => {
            customers::object(unit, actor, contact, &request.note, now).await?;
        }
        RequestKind::Access | RequestKind::Portability => {
            super::package::begin(unit, actor, contact, clock).await?;
        }
        RequestKind::Rectification => {}
    }
    const SQL: &str = "UPDATE privacy_request SET state = 'working', handled_by = $1 WHERE id = $2";
    unit.run(SQL, values![actor.name.as_str(), id]).await?;
    Ok(kind)
}

/// Answers a request; whoever refuses says why (Art. 12 (4)).
pub async fn close(
    unit: &Write,
    actor: &Actor,
    id: i64,
    refused: bool,
    outcome: &str,
    now: Timestamp,
) -> Result<(), Trouble> {
    let request = working_on(unit, actor, id).await?;
    let outcome =
        if refused { needed("outcome", outcome, "privacy-refusal-missing")? } else { text("outcome", outcome)? };
    let state = if refused { "refused" } else { "done" };
    const SQL: &str =
        "UPDATE privacy_request SET state = $1, outcome = $2, closed_at = $3, handled_by = $4 WHERE id = $5";
    unit.run(SQL, values![state, outcome, now.0, actor.name.as_str(), id]).await?;
    let deed = if refused { "privacy.request_refused" } else { "privacy.request_done" };
    Ok(note_deed(unit, actor, deed, request.contact_id, id, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_ends_with_the_day_of_the_same_number() {
        let zone = Zone::berlin();
        let last = |received, months| zone.day(due(received, months, &zone).plus(-1));
        assert_eq!(last(date(2026, 10, 28), 1), date(2026, 11, 28));
        assert_eq!(last(date(2027, 1, 31), 1), date(2027, 2, 28));
        assert_eq!(last(date(2026, 11, 30), 3), date(2027, 2, 28));
    }
}
