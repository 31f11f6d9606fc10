//! Writing the ledger.

use crate::staff::{Actor, ActorKind};
use kernel::{ChangeSetId, Fault, Timestamp};
use store::{Batch, Write, values};

/// The field that stands for the record as a whole: made where there is nothing before, gone where there is nothing after.
pub const RECORD: &str = "record";

/// Why something was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody saved a form.
    Form,
    /// Somebody wrote into a cell of a list.
    Inline,
    /// Somebody changed many records at once.
    Bulk,
    /// A program with a token.
    Api,
    /// What a website told of a person.
    Tracking,
    /// A file; the id is the import's.
    Import(i64),
    /// Two records became one.
    Merge,
    /// The person, on a page of their own.
    Person,
    /// A rule of automation.
    Rule,
    /// The time to keep it is over.
    Retention,
    /// A set was taken back; the id is that set's.
    Undo(ChangeSetId),
}

impl Cause {
    /// What somebody's own doing is called.
    pub fn of(actor: &Actor) -> Self {
        match actor.kind {
            ActorKind::User(_) => Self::Form,
            ActorKind::Token(_) => Self::Api,
            ActorKind::System => Self::Rule,
        }
    }

    /// Stable name; its wording is `history-cause-…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Inline => "inline",
            Self::Bulk => "bulk",
            Self::Api => "api",
            Self::Tracking => "tracking",
            Self::Import(_) => "import",
            Self::Merge => "merge",
            Self::Person => "person",
            Self::Rule => "rule",
            Self::Retention => "retention",
            Self::Undo(_) => "undo",
        }
    }

    pub(super) fn id(self) -> Option<i64> {
        match self {
            Self::Import(id) => Some(id),
            Self::Undo(set) => Some(set.0),
            _ => None,
        }
    }
}

/// Whose history it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Contact(i64),
    Company(i64),
}

impl Subject {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Contact(_) => "contact",
            Self::Company(_) => "company",
        }
    }

    pub fn id(self) -> i64 {
        match self {
            Self::Contact(id) | Self::Company(id) => id,
        }
    }

    pub(super) fn of(kind: &str, id: i64) -> Option<Self> {
        match kind {
            "contact" => Some(Self::Contact(id)),
            "company" => Some(Self::Company(id)),
            _ => None,
        }
    }
}

/// One field of one record, before and after; an empty field is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub subject: Subject,
    /// Code of the field as the record's room names it, or [`RECORD`].
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Change {
    pub fn new(subject: Subject, field: impl Into<String>, before: Option<String>, after: Option<String>) -> Self {
        Self { subject, field: field.into(), before, after }
    }

    /// The record did not exist before.
    pub fn made(subject: Subject) -> Self {
        Self::new(subject, RECORD, None, Some("made".to_owned()))
    }
}

/// Begins a set; what is changed in the same unit is noted under it.
pub async fn begin(unit: &Write, actor: &Actor, cause: Cause, now: Timestamp) -> Result<ChangeSetId, Fault> {
    const SQL: &str = "INSERT INTO change_set (at, actor_kind, actor_id, actor_name, cause, cause_id) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    let (kind, id) = match actor.kind {
        ActorKind::User(id) => ("user", Some(id.0)),
        ActorKind::Token(id) => ("token", Some(id.0)),
        ActorKind::System => ("system", None),
    };
    let values = values![now.0, kind, id, actor.name.as_str(), cause.code(), cause.id()];
    Ok(ChangeSetId(unit.insert(SQL, values).await?))
}

/// Notes changes under a set. A field changed twice in one set keeps its first value before and gets the last one after.
pub async fn note(unit: &Write, set: ChangeSetId, changes: &[Change]) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = ["set_id", "subject_kind", "subject_id", "field", "before", "after"];
    const TAIL: &str = "ON CONFLICT (set_id, subject_kind, subject_id, field) DO UPDATE SET after = excluded.after";
    let mut batch = Batch::new("record_change", &COLUMNS, TAIL);
    for change in changes {
        batch.push(values![
            set.0,
            change.subject.kind(),
            change.subject.id(),
            change.field.as_str(),
            change.before.as_deref(),
            change.after.as_deref()
        ]);
    }
    if !batch.is_empty() {
        batch.write(unit).await?;
    }
    Ok(())
}

/// Says which set took another one back; `false` where that has happened already.
pub async fn taken_back(unit: &Write, set: ChangeSetId, by: ChangeSetId) -> Result<bool, Fault> {
    const SQL: &str = "UPDATE change_set SET undone_by = $1 WHERE id = $2 AND undone_by IS NULL";
    Ok(unit.run(SQL, values![by.0, set.0]).await? == 1)
}
