//! Renaming, removing and bringing back.

use super::{Document, find, name};
use crate::{
    Refusal, Trouble,
    staff::{
        Actor,
        audit::{self, Deed},
    },
};
use kernel::{DocumentId, Sentence, Timestamp};
use store::{Write, values};

/// Gives a document another name.
///
/// # Errors
/// `Invalid` on `name` where nothing of it is left, `State` where the document is removed.
pub async fn rename(
    unit: &Write,
    actor: &Actor,
    id: DocumentId,
    told: &str,
    now: Timestamp,
) -> Result<Document, Trouble> {
    let document = changeable(unit, actor, id).await?;
    let name = name::shown(told, "");
    if name.is_empty() {
        return Err(Refusal::field("name", "required", Sentence::new("documents-nameless")).into());
    }
    if name == document.name {
        return Ok(document);
    }
    const SQL: &str = "UPDATE document SET name = $1, changed_at = $2 WHERE id = $3 AND removed_at IS NULL";
    if unit.run(SQL, values![name, now.0, id.0]).await? == 0 {
        return Err(Refusal::state("documents-removed").into());
    }
    audit::note(unit, actor, now, Deed::new("document.renamed", "document", id.0)).await?;
    find(unit, actor, id).await
}

/// Removes a document; for [`super::KEPT_DAYS`] it can be brought back. Removing twice changes nothing.
pub async fn remove(unit: &Write, actor: &Actor, id: DocumentId, now: Timestamp) -> Result<Document, Trouble> {
    changeable(unit, actor, id).await?;
    const SQL: &str = "UPDATE document SET removed_at = $1, removed_by = $2 WHERE id = $3 AND removed_at IS NULL";
    if unit.run(SQL, values![now.0, actor.name.as_str(), id.0]).await? == 1 {
        audit::note(unit, actor, now, Deed::new("document.removed", "document", id.0)).await?;
    }
    find(unit, actor, id).await
}

/// Brings a removed document back.
pub async fn restore(unit: &Write, actor: &Actor, id: DocumentId, now: Timestamp) -> Result<Document, Trouble> {
    changeable(unit, actor, id).await?;
    const SQL: &str =
        "UPDATE document SET removed_at = NULL, removed_by = NULL WHERE id = $1 AND removed_at IS NOT NULL";
    if unit.run(SQL, values![id.0]).await? == 1 {
        audit::note(unit, actor, now, Deed::new("document.restored", "document", id.0)).await?;
    }
    find(unit, actor, id).await
}

async fn changeable(unit: &Write, actor: &Actor, id: DocumentId) -> Result<Document, Trouble> {
    let document = find(unit, actor, id).await?;
    document.subject()?.must_change(actor)?;
    Ok(document)
}
