//! Visitors and who they turned out to be. An edge says "this visitor is that contact"; it brings the visitor's history to
//! the contact, and taking it back takes exactly that away again. Edges are never deleted.
//!
//! Two rules protect people: a second person on one device begins a new visitor, history stays with the first; and what
//! somebody took back is not made again by itself.

use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit, audit::Deed},
};
use kernel::{ContactId, EdgeId, Fault, Sentence, SourceId, Timestamp, VisitorId};
use serde_json::json;
use std::collections::HashMap;
use store::{Batch, FromQueryResult, Rows, Write, values};

/// What led to an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The sender's id of the person is a customer number.
    CustomerNumber,
    /// The e-mail address belongs to exactly one contact.
    Email,
    /// The sender's id had been tied to the contact before.
    UserId,
    /// The contact was made out of what was said.
    Lead,
}

impl Evidence {
    pub fn code(self) -> &'static str {
        match self {
            Self::CustomerNumber => "customer_number",
            Self::Email => "email",
            Self::UserId => "user_id",
            Self::Lead => "lead",
        }
    }

    fn label(code: &str) -> Sentence {
        Sentence::new(match code {
            "customer_number" => "tracking-evidence-customer-number",
            "email" => "tracking-evidence-email",
            "lead" => "tracking-evidence-lead",
            _ => "tracking-evidence-user-id",
        })
    }
}

/// A visitor as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub id: VisitorId,
    /// The sender's id of the person, once it was said.
    pub user: Option<String>,
    pub contact: Option<ContactId>,
    pub edge: Option<EdgeId>,
}

/// Known as, number, the sender's id of the person, contact, edge.
type Row = (String, i64, Option<String>, Option<i64>, Option<i64>);

/// The present visitors of a source by what they are known as. A contact that is gone or archived is nobody any more. Served
/// by `visitor_current`.
pub(super) async fn present(
    rows: &Rows,
    source: SourceId,
    names: &[String],
) -> Result<HashMap<String, Visitor>, Fault> {
    const COLUMNS: [&str; 5] = ["known_as", "id", "user_id", "contact_id", "edge_id"];
    let sql = format!(
        "SELECT v.known_as, v.id, v.user_id, c.id AS contact_id, v.edge_id FROM visitor v \
         LEFT JOIN contact c ON c.id = v.contact_id AND c.archived_at IS NULL \
         WHERE v.source_id = {} AND v.current = 1 AND v.known_as",
        source.0
    );
    let found: Vec<Row> = rows.keyed(&COLUMNS, &sql, names).await?;
    let visitor = |(known_as, id, user, contact, edge): Row| {
        let contact = contact.map(ContactId);
        let edge = edge.map(EdgeId).filter(|_| contact.is_some());
        (known_as, Visitor { id: VisitorId(id), user, contact, edge })
    };
    Ok(found.into_iter().map(visitor).collect())
}

/// Makes visitors nobody has seen before.
pub(super) async fn begin(
    unit: &Write,
    source: SourceId,
    names: &[String],
    now: Timestamp,
) -> Result<HashMap<String, Visitor>, Fault> {
    let mut batch = Batch::new("visitor", &["source_id", "known_as", "first_seen_at"], "");
    for name in names {
        batch.push(values![source.0, name.as_str(), now.0]);
    }
    let made = batch.write_numbered(unit, "id").await?;
    let visitor = |id| Visitor { id: VisitorId(id), user: None, contact: None, edge: None };
    Ok(names.iter().cloned().zip(made.into_iter().map(visitor)).collect())
}

/// Another person took over the device: from now on it is another visitor.
pub(super) async fn another_person(
    unit: &Write,
    source: SourceId,
    name: &str,
    before: VisitorId,
    now: Timestamp,
) -> Result<Visitor, Fault> {
    unit.run("UPDATE visitor SET current = 0 WHERE id = $1", values![before.0]).await?;
    let mut made = begin(unit, source, &[name.to_owned()], now).await?;
    made.remove(name).ok_or_else(|| Fault::Unreadable("a visitor that was just made".to_owned()))
}

pub(super) async fn call_by(unit: &Write, visitor: &mut Visitor, user: &str) -> Result<(), Fault> {
    unit.run("UPDATE visitor SET user_id = $1 WHERE id = $2", values![user, visitor.id.0]).await?;
    visitor.user = Some(user.to_owned());
    Ok(())
}

/// Ties a visitor to a contact and brings its history along: every entry of the visitor that has no contact. `false` where
/// somebody took the same tie back before.
pub(super) async fn stitch(
    unit: &Write,
    visitor: &mut Visitor,
    contact: ContactId,
    evidence: Evidence,
    user: Option<&str>,
    now: Timestamp,
) -> Result<bool, Fault> {
    const UNDONE: &str =
        "SELECT COUNT(*) FROM identity_edge WHERE visitor_id = $1 AND contact_id = $2 AND undone_at IS NOT NULL";
    if unit.number(UNDONE, values![visitor.id.0, contact.0]).await? > 0 {
        return Ok(false);
    }
    const EDGE: &str = "INSERT INTO identity_edge (visitor_id, contact_id, at, evidence, user_id) VALUES ($1, $2, $3, $4, $5) \
         RETURNING id";
    let edge = unit.insert(EDGE, values![visitor.id.0, contact.0, now.0, evidence.code(), user]).await?;
    const VISITOR: &str = "UPDATE visitor SET contact_id = $1, edge_id = $2 WHERE id = $3";
    unit.run(VISITOR, values![contact.0, edge, visitor.id.0]).await?;
    const HISTORY: &str =
        "UPDATE interaction SET contact_id = $1, edge_id = $2 WHERE visitor_id = $3 AND contact_id IS NULL";
    unit.run(HISTORY, values![contact.0, edge, visitor.id.0]).await?;
    (visitor.contact, visitor.edge) = (Some(contact), Some(EdgeId(edge)));
    Ok(true)
}

/// A tie of a visitor that began in this unit and has no history yet.
pub(super) struct FirstTie {
    pub visitor: VisitorId,
    pub contact: ContactId,
    pub evidence: Evidence,
    pub user: Option<String>,
}

/// Writes what visitors that began in this unit turned out to be, many at once: how they are called, and their ties. Answers
/// the edges in the order of the ties.
pub(super) async fn settle_new(
    unit: &Write,
    called: &HashMap<VisitorId, Option<String>>,
    ties: &[FirstTie],
    now: Timestamp,
) -> Result<Vec<EdgeId>, Fault> {
    const COLUMNS: [&str; 5] = ["visitor_id", "contact_id", "at", "evidence", "user_id"];
    let mut batch = Batch::new("identity_edge", &COLUMNS, "");
    for tie in ties {
        batch.push(values![tie.visitor.0, tie.contact.0, now.0, tie.evidence.code(), tie.user.clone()]);
    }
    let edges: Vec<EdgeId> = batch.write_numbered(unit, "id").await?.into_iter().map(EdgeId).collect();
    let tied: HashMap<VisitorId, (&FirstTie, EdgeId)> =
        ties.iter().zip(&edges).map(|(tie, edge)| (tie.visitor, (tie, *edge))).collect();
    let mut rows: Vec<_> = called.iter().collect();
    rows.sort_unstable_by_key(|(visitor, _)| visitor.0);
    let head = "WITH told (id, user_id, contact_id, edge_id) AS (VALUES ".to_owned();
    let tail = ") UPDATE visitor SET user_id = told.user_id, contact_id = told.contact_id, edge_id = told.edge_id \
         FROM told WHERE visitor.id = told.id";
    let mut batch = Batch::of(head, 4, tail);
    for (visitor, user) in rows {
        let tie = tied.get(visitor);
        batch.push(values![visitor.0, user.clone(), tie.map(|(tie, _)| tie.contact.0), tie.map(|(_, edge)| edge.0)]);
    }
    batch.write(unit).await?;
    Ok(edges)
}

/// An edge as a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    pub id: EdgeId,
    pub source: String,
    pub at: Timestamp,
    pub evidence: Sentence,
    /// Entries of the log that came to the contact through it.
    pub entries: i64,
    pub undone_at: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Shown {
    id: i64,
    source: String,
    at: i64,
    evidence: String,
    entries: i64,
    undone_at: Option<i64>,
}

/// The edges that lead to a contact, newest first; served by `identity_edge_contact` and `interaction_visitor`.
pub async fn edges_of(rows: &Rows, contact: ContactId, limit: i64) -> Result<Vec<Edge>, Fault> {
    const SQL: &str = "SELECT e.id, s.name AS source, e.at, e.evidence, e.undone_at, \
         (SELECT COUNT(*) FROM interaction i WHERE i.visitor_id = e.visitor_id AND i.edge_id = e.id) AS entries \
         FROM identity_edge e JOIN visitor v ON v.id = e.visitor_id JOIN tracking_source s ON s.id = v.source_id \
         WHERE e.contact_id = $1 ORDER BY e.id DESC LIMIT $2";
    let found: Vec<Shown> = rows.all(SQL, values![contact.0, limit]).await?;
    let edge = |row: Shown| Edge {
        id: EdgeId(row.id),
        source: row.source,
        at: Timestamp(row.at),
        evidence: Evidence::label(&row.evidence),
        entries: row.entries,
        undone_at: row.undone_at.map(Timestamp),
    };
    Ok(found.into_iter().map(edge).collect())
}

#[derive(FromQueryResult)]
struct Held {
    id: i64,
    visitor_id: i64,
    user_id: Option<String>,
}

/// Takes an edge back: what came to the contact through it goes back to the visitor, and nothing else. Edges that were made
/// with it, by the same id of the same sender, go as well.
pub async fn undo(unit: &Write, by: &Actor, contact: ContactId, edge: EdgeId, at: Timestamp) -> Result<i64, Trouble> {
    by.must(Right::EditContacts)?;
    const HELD: &str = "SELECT id, visitor_id, user_id FROM identity_edge WHERE contact_id = $1 AND undone_at IS NULL";
    let held: Vec<Held> = unit.all(HELD, values![contact.0]).await?;
    let wanted = held.iter().find(|row| row.id == edge.0).ok_or(Refusal::Missing)?;
    let user = wanted.user_id.as_deref();
    let mut entries = 0;
    for row in held.iter().filter(|row| row.id == edge.0 || (user.is_some() && row.user_id.as_deref() == user)) {
        const EDGE: &str = "UPDATE identity_edge SET undone_at = $1, undone_by = $2 WHERE id = $3";
        unit.run(EDGE, values![at.0, by.user().map(i64::from), row.id]).await?;
        const HISTORY: &str =
            "UPDATE interaction SET contact_id = NULL, edge_id = NULL WHERE visitor_id = $1 AND edge_id = $2";
        entries += unit.run(HISTORY, values![row.visitor_id, row.id]).await? as i64;
        const VISITOR: &str = "UPDATE visitor SET contact_id = NULL, edge_id = NULL WHERE id = $1 AND edge_id = $2";
        unit.run(VISITOR, values![row.visitor_id, row.id]).await?;
    }
    let deed = Deed::new("identity.undone", "contact", contact.0).with(json!({ "entries": entries }));
    audit::note(unit, by, at, deed).await?;
    Ok(entries)
}
