//! Saved views of the list: its address under a name, for one person or for all.

use crate::{
    Refusal, Trouble,
    staff::{Actor, ActorKind, Right, audit, audit::Deed},
};
use kernel::{Fault, Sentence, Timestamp, UserId};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// A view of the list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ListView {
    pub id: i64,
    pub owner_id: i64,
    pub name: String,
    /// Query part of the list's address: filters, columns, order.
    pub query: String,
    /// 1 where everybody sees it.
    pub shared: i64,
}

const COLUMNS: &str = "id, owner_id, name, query, CAST(shared AS BIGINT) AS shared";
/// Letters of a name, and of an address.
const NAME: usize = 60;
const QUERY: usize = 4_000;

fn person(actor: &Actor) -> Result<UserId, Refusal> {
    match actor.kind {
        ActorKind::User(id) => Ok(id),
        _ => Err(Refusal::Missing),
    }
}

/// The views of somebody: their own and those that are shared, by name.
pub async fn views(rows: &Rows, actor: &Actor) -> Result<Vec<ListView>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM contact_view WHERE removed_at IS NULL AND (owner_id = $1 OR shared = 1) ORDER BY name, id"
    );
    Ok(rows.all(&sql, values![person(actor)?.0]).await?)
}

/// The view somebody's list opens with, if they chose one that still stands.
pub async fn default_view(rows: &Rows, actor: &Actor) -> Result<Option<ListView>, Fault> {
    let ActorKind::User(id) = actor.kind else { return Ok(None) };
    let sql = format!(
        "SELECT {COLUMNS} FROM contact_view WHERE removed_at IS NULL AND (owner_id = $1 OR shared = 1) \
         AND id = (SELECT view_id FROM contact_view_default WHERE user_id = $1)"
    );
    rows.one(&sql, values![id.0]).await
}

/// Keeps a view.
///
/// # Errors
/// `Invalid` for a name that is empty or too long.
pub async fn save_view(
    unit: &Write,
    actor: &Actor,
    name: &str,
    query: &str,
    shared: bool,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::SeeContacts)?;
    let (owner, name) = (person(actor)?, named(name)?);
    let query: String = query.chars().take(QUERY).collect();
    const SQL: &str = "INSERT INTO contact_view (owner_id, name, query, shared, created_at) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let id = unit.insert(SQL, values![owner.0, name.as_str(), query, i16::from(shared), now.0]).await?;
    let deed = Deed::new("view.saved", "view", id).with(json!({ "name": name, "shared": shared }));
    audit::note(unit, actor, now, deed).await?;
    Ok(id)
}

fn named(name: &str) -> Result<String, Refusal> {
    let name = kernel::text::one_line(name);
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Refusal::field(
            "name",
            "required",
            Sentence::new("customers-view-nameless").with("most", NAME as i64),
        ));
    }
    Ok(name)
}

/// Gives one's own view another name.
pub async fn rename_view(unit: &Write, actor: &Actor, id: i64, name: &str, now: Timestamp) -> Result<(), Trouble> {
    let name = named(name)?;
    const SQL: &str = "UPDATE contact_view SET name = $1 WHERE id = $2 AND owner_id = $3 AND removed_at IS NULL";
    change(unit, actor, SQL, values![name.as_str(), id, person(actor)?.0]).await?;
    audit::note(unit, actor, now, Deed::new("view.renamed", "view", id).with(json!({ "name": name }))).await?;
    Ok(())
}

/// Takes one's own view away; it can be restored.
pub async fn remove_view(unit: &Write, actor: &Actor, id: i64, now: Timestamp) -> Result<(), Trouble> {
    const SQL: &str = "UPDATE contact_view SET removed_at = $1 WHERE id = $2 AND owner_id = $3 AND removed_at IS NULL";
    change(unit, actor, SQL, values![now.0, id, person(actor)?.0]).await?;
    audit::note(unit, actor, now, Deed::new("view.removed", "view", id)).await?;
    Ok(())
}

/// Brings a view back that was taken away.
pub async fn restore_view(unit: &Write, actor: &Actor, id: i64, now: Timestamp) -> Result<(), Trouble> {
    const SQL: &str =
        "UPDATE contact_view SET removed_at = NULL WHERE id = $1 AND owner_id = $2 AND removed_at IS NOT NULL";
    change(unit, actor, SQL, values![id, person(actor)?.0]).await?;
    audit::note(unit, actor, now, Deed::new("view.restored", "view", id)).await?;
    Ok(())
}

async fn change(unit: &Write, actor: &Actor, sql: &str, values: Vec<store::Value>) -> Result<(), Trouble> {
    actor.must(Right::SeeContacts)?;
    if unit.run(sql, values).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    Ok(())
}

/// Lets somebody's list open with a view, or with everybody again.
pub async fn set_default_view(unit: &Write, actor: &Actor, view: Option<i64>) -> Result<(), Trouble> {
    let id = person(actor)?;
    actor.must(Right::SeeContacts)?;
    unit.run("DELETE FROM contact_view_default WHERE user_id = $1", values![id.0]).await?;
    if let Some(view) = view {
        if !views(unit, actor).await?.iter().any(|known| known.id == view) {
            return Err(Refusal::Missing.into());
        }
        const SQL: &str = "INSERT INTO contact_view_default (user_id, view_id) VALUES ($1, $2)";
        unit.run(SQL, values![id.0, view]).await?;
    }
    Ok(())
}
