//! What a person allows, per channel and purpose, with source, time and wording. The history only grows.

use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Fault, ImportId, Timestamp};
use serde_json::json;
use std::collections::HashMap;
use store::{Batch, FromQueryResult, Rows, Value, Write, values};

/// The purpose of campaigns.
pub const MARKETING: &str = "marketing";
/// Channels a consent can be about.
pub const CHANNELS: [&str; 5] = ["email", "letter", "phone", "web", "social"];

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Consent {
    pub id: i64,
    pub contact_id: i64,
    pub channel: String,
    pub purpose: String,
    /// 1 granted, 0 refused or withdrawn.
    pub granted: i64,
    /// `import`, `form`, `agent`, `unsubscribe` …
    pub source: String,
    /// What the person was told, or the file it came from.
    pub wording: String,
    /// When the person said so.
    pub at: i64,
    pub recorded_at: i64,
    /// 1 for the entry that holds today.
    pub current: i64,
}

const COLUMNS: &str = "id, contact_id, channel, purpose, CAST(granted AS BIGINT) AS granted, source, wording, at, recorded_at, \
     CAST(current AS BIGINT) AS current";

/// The history of a contact, newest first; served by `consent_contact`.
pub async fn consents(rows: &Rows, contact: ContactId) -> Result<Vec<Consent>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM consent WHERE contact_id = $1 ORDER BY id DESC");
    rows.all(&sql, values![contact.0]).await
}

/// The entry that holds today; served by `consent_current`.
pub async fn current_consent(
    rows: &Rows,
    contact: ContactId,
    channel: &str,
    purpose: &str,
) -> Result<Option<Consent>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM consent WHERE contact_id = $1 AND channel = $2 AND purpose = $3 AND current = 1"
    );
    rows.one(&sql, values![contact.0, channel, purpose]).await
}

/// What somebody said about being contacted.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    pub contact: ContactId,
    pub channel: &'a str,
    pub purpose: &'a str,
    pub granted: bool,
    pub source: &'a str,
    pub wording: &'a str,
    pub at: Timestamp,
}

/// Writes a statement down when it differs from what holds today; answers whether it did.
pub async fn record_consent(
    unit: &Write,
    actor: &Actor,
    statement: &Statement<'_>,
    now: Timestamp,
) -> Result<bool, Trouble> {
    actor.must(Right::EditContacts)?;
    if !CHANNELS.contains(&statement.channel) {
        let sentence = kernel::Sentence::new("customers-unknown-channel").with("channel", statement.channel);
        return Err(Refusal::field("channel", "unknown_channel", sentence).into());
    }
    Ok(note_consent(unit, actor, statement, now).await?)
}

/// [`record_consent`] for rooms that have checked already who may: a person who withdraws needs no right.
pub async fn note_consent(
    unit: &Write,
    actor: &Actor,
    statement: &Statement<'_>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let current = current_consent(unit, statement.contact, statement.channel, statement.purpose).await?;
    if current.is_some_and(|entry| (entry.granted == 1) == statement.granted) {
        return Ok(false);
    }
    const RETIRE: &str =
        "UPDATE consent SET current = 0 WHERE contact_id = $1 AND channel = $2 AND purpose = $3 AND current = 1";
    unit.run(RETIRE, values![statement.contact.0, statement.channel, statement.purpose]).await?;
    let mut batch = Batch::new("consent", &INSERTED, "");
    batch.push(values![
        statement.contact.0,
        statement.channel,
        statement.purpose,
        i64::from(statement.granted),
        statement.source,
        statement.wording,
        statement.at.0,
        now.0
    ]);
    batch.write(unit).await?;
    let detail = json!({
        "channel": statement.channel, "purpose": statement.purpose, "granted": statement.granted,
        "source": statement.source, "wording": statement.wording
    });
    let deed = audit::Deed::new("consent.recorded", "contact", statement.contact.0).with(detail);
    audit::note(unit, actor, now, deed).await?;
    Ok(true)
}

/// Who may be written to on a channel for a purpose, as a condition of SQL: `contact` is an expression with the contact's id.
/// The one place that says so, asked when an audience is frozen, when a mail is made and when it is handed over.
pub fn allows(contact: &str, channel: &str, purpose: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM consent k WHERE k.contact_id = {contact} AND k.channel = '{channel}' \
         AND k.purpose = '{purpose}' AND k.current = 1 AND k.granted = 1)"
    )
}

/// Objects to advertising (Art. 21 (2) and (3) GDPR): from this commit on no channel may be used for it. Answers whether
/// anything was allowed or open before.
pub async fn object(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    wording: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let mut changed = false;
    for channel in CHANNELS {
        let statement =
            Statement { contact, channel, purpose: MARKETING, granted: false, source: "objection", wording, at: now };
        changed |= note_consent(unit, actor, &statement, now).await?;
    }
    Ok(changed)
}

const INSERTED: [&str; 8] = ["contact_id", "channel", "purpose", "granted", "source", "wording", "at", "recorded_at"];

#[derive(FromQueryResult)]
pub(super) struct Held {
    pub contact_id: i64,
    pub granted: i64,
    pub source: String,
}

/// What holds today about e-mail marketing, for many contacts.
pub(super) async fn held(rows: &Rows, contacts: &[i64]) -> Result<HashMap<i64, Held>, Fault> {
    let mut found = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT contact_id, CAST(granted AS BIGINT) AS granted, source FROM consent \
             WHERE current = 1 AND channel = 'email' AND purpose = 'marketing' AND contact_id IN ({})",
            store::marks(1, chunk.len())
        );
        let held: Vec<Held> = rows.all(&sql, chunk.iter().map(|id| Value::from(*id)).collect()).await?;
        found.extend(held.into_iter().map(|held| (held.contact_id, held)));
    }
    Ok(found)
}

/// Takes the statements of an import back: they go, and where one of them held, the one before it holds again. Answers how many
/// went; served by `consent_import`.
pub(super) async fn take_back_import(unit: &Write, import: ImportId) -> Result<i64, Fault> {
    const GONE: &str = "DELETE FROM consent WHERE import_id = $1";
    const AGAIN: &str = "UPDATE consent SET current = 1 WHERE id IN (SELECT MAX(c.id) FROM consent c \
         WHERE c.contact_id IN (SELECT contact_id FROM consent WHERE import_id = $1) AND c.channel = 'email' \
         AND c.purpose = 'marketing' AND (c.import_id IS NULL OR c.import_id <> $1) GROUP BY c.contact_id)";
    // The unique current one goes first; which contacts it was about must be known until then.
    unit.run("UPDATE consent SET current = 0 WHERE import_id = $1", values![import.0]).await?;
    unit.run(AGAIN, values![import.0]).await?;
    Ok(unit.run(GONE, values![import.0]).await? as i64)
}

/// Writes what an import says about e-mail marketing; `retired` are the contacts whose entry no longer holds.
pub(super) async fn take_over(
    unit: &Write,
    said: &[(i64, bool)],
    retired: &[i64],
    wording: &str,
    import: ImportId,
    now: Timestamp,
) -> Result<(), Fault> {
    for chunk in retired.chunks(500) {
        let sql = format!(
            "UPDATE consent SET current = 0 WHERE current = 1 AND channel = 'email' AND purpose = 'marketing' \
             AND contact_id IN ({})",
            store::marks(1, chunk.len())
        );
        unit.run(&sql, chunk.iter().map(|id| Value::from(*id)).collect()).await?;
    }
    if said.is_empty() {
        return Ok(());
    }
    let columns: Vec<&str> = INSERTED.into_iter().chain(["import_id"]).collect();
    let mut batch = Batch::new("consent", &columns, "");
    for (contact, granted) in said {
        let granted = i64::from(*granted);
        batch.push(values![*contact, "email", MARKETING, granted, "import", wording, now.0, now.0, import.0]);
    }
    batch.write(unit).await?;
    Ok(())
}
