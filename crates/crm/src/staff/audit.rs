//! The audit log: every change of a record and every export leaves an entry, written in the same unit as the change.

use super::{Actor, ActorKind};
use kernel::{Fault, Timestamp};
use store::{FromQueryResult, Rows, Write, values};

/// What was done to which record; `detail` says what changed and never holds a secret.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// `record.verb`, e.g. `contact.changed`; its wording is `audit-record-verb`.
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: Option<i64>,
    pub detail: serde_json::Value,
}

impl<'a> Deed<'a> {
    pub fn new(action: &'a str, subject_kind: &'a str, subject_id: impl Into<Option<i64>>) -> Self {
        Self { action, subject_kind, subject_id: subject_id.into(), detail: serde_json::Value::Null }
    }

    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Writes an entry.
pub async fn note(unit: &Write, actor: &Actor, at: Timestamp, deed: Deed<'_>) -> Result<(), Fault> {
    const SQL: &str = "INSERT INTO audit_entry (at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, detail, address) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (kind, id) = match actor.kind {
        ActorKind::User(id) => ("user", Some(id.0)),
        ActorKind::Token(id) => ("token", Some(id.0)),
        ActorKind::System => ("system", None),
    };
    let values = values![
        at.0,
        kind,
        id,
        actor.name.as_str(),
        deed.action,
        deed.subject_kind,
        deed.subject_id,
        deed.detail.to_string(),
        actor.address.as_str()
    ];
    unit.run(SQL, values).await?;
    Ok(())
}

/// An entry as the log page shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Entry {
    pub id: i64,
    pub at: i64,
    pub actor_kind: String,
    pub actor_name: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<i64>,
    pub detail: String,
    pub address: String,
}

/// What is looked for in the log; nothing asked for is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Id of the contact it is about.
    pub contact: Option<i64>,
    /// Name of who did it, as it is written.
    pub actor: Option<String>,
    /// Beginning of the action: `contact.`, `contact.seen`.
    pub action: Option<String>,
    /// Half-open period.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Newest first, before an id; served by the primary key, `audit_entry_subject`, `audit_entry_actor` or `audit_entry_action`.
pub async fn entries(rows: &Rows, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, Fault> {
    let mut binds = values![before.unwrap_or(i64::MAX), limit];
    let mut which = String::new();
    let mut bind = |value: store::Value, condition: &dyn Fn(usize) -> String| {
        binds.push(value);
        which += &format!(" AND {}", condition(binds.len()));
    };
    if let Some(contact) = filter.contact {
        bind(contact.into(), &|n| format!("subject_kind = 'contact' AND subject_id = ${n}"));
    }
    if let Some(actor) = &filter.actor {
        bind(actor.as_str().into(), &|n| format!("actor_name = ${n}"));
    }
    if let Some(action) = &filter.action {
        bind(action.as_str().into(), &|n| format!("action >= ${n}"));
        bind(format!("{action}\u{7f}").into(), &|n| format!("action < ${n}"));
    }
    if let Some(from) = filter.from {
        bind(from.0.into(), &|n| format!("at >= ${n}"));
    }
    if let Some(to) = filter.to {
        bind(to.0.into(), &|n| format!("at < ${n}"));
    }
    let sql = format!(
        "SELECT id, at, actor_kind, actor_name, action, subject_kind, subject_id, detail, address FROM audit_entry \
         WHERE id < $1{which} ORDER BY id DESC LIMIT $2"
    );
    rows.all(&sql, binds).await
}

/// The newest entry about one record.
pub async fn latest_about(rows: &Rows, subject_kind: &str, subject_id: i64) -> Result<Option<Entry>, Fault> {
    const SQL: &str = "SELECT id, at, actor_kind, actor_name, action, subject_kind, subject_id, detail, address FROM audit_entry \
         WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1";
    rows.one(SQL, values![subject_kind, subject_id]).await
}

/// The newest entries about deeds of one record, `privacy.` for example; served by `audit_entry_action`.
pub async fn of_kind(rows: &Rows, record: &str, limit: i64) -> Result<Vec<Entry>, Fault> {
    const SQL: &str = "SELECT id, at, actor_kind, actor_name, action, subject_kind, subject_id, detail, address FROM audit_entry \
         WHERE action >= $1 AND action < $2 ORDER BY id DESC LIMIT $3";
    rows.all(SQL, values![record, format!("{record}\u{7f}"), limit]).await
}
