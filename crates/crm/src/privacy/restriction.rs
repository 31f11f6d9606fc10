//! Restriction (Art. 18 GDPR): the data is kept and nothing else is done with it; and objection (Art. 21), which holds at once.

use crate::{
    Refusal, Trouble, customers,
    customers::erased,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Timestamp};
use serde_json::json;
use store::{Write, values};

/// Restricts a person's data: nobody but the data protection officer sees it, nobody selects or writes to them.
pub async fn restrict(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    reason: &str,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    customers::find_contact(unit, contact).await?.filter(|found| found.erased_at.is_none()).ok_or(Refusal::Missing)?;
    erased::withdraw(unit, contact, now.0).await?;
    const PLANNED: &str =
        "UPDATE message SET state = 'skipped', reason = 'archived' WHERE contact_id = $1 AND state = 'planned'";
    unit.run(PLANNED, values![contact.0]).await?;
    let deed = audit::Deed::new("privacy.restricted", "contact", contact.0).with(json!({ "why": reason }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}

/// Lifts a restriction; the person is told beforehand (Art. 18 (3)).
pub async fn lift(unit: &Write, actor: &Actor, contact: ContactId, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    const RUNNING: &str = "SELECT COUNT(*) FROM erasure WHERE contact_id = $1 AND state = 'running'";
    if unit.number(RUNNING, values![contact.0]).await? > 0 {
        return Err(Refusal::state("privacy-erasing").into());
    }
    if erased::readmit(unit, contact, now.0).await? {
        let deed = audit::Deed::new("privacy.restriction_lifted", "contact", contact.0);
        audit::note(unit, actor, now, deed).await?;
    }
    Ok(())
}

/// Keeps a person's data out of retention and erasure, for a legal claim (Art. 17 (3) e).
pub async fn hold(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    reason: &str,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    customers::find_contact(unit, contact).await?.filter(|found| found.erased_at.is_none()).ok_or(Refusal::Missing)?;
    const SQL: &str = "INSERT INTO retention_hold (contact_id, reason, held_by, held_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (contact_id) DO UPDATE SET reason = excluded.reason";
    unit.run(SQL, values![contact.0, reason, actor.name.as_str(), now.0]).await?;
    audit::note(unit, actor, now, audit::Deed::new("privacy.held", "contact", contact.0)).await?;
    Ok(())
}

/// Ends a hold.
pub async fn release(unit: &Write, actor: &Actor, contact: ContactId, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    if unit.run("DELETE FROM retention_hold WHERE contact_id = $1", values![contact.0]).await? > 0 {
        audit::note(unit, actor, now, audit::Deed::new("privacy.released", "contact", contact.0)).await?;
    }
    Ok(())
}
