//! Sets that are written over many units of work, such as those of an import, and taken back whole.

use super::ledger::{Cause, Subject, begin};
use crate::staff::Actor;
use kernel::{ChangeSetId, Fault, Timestamp};
use store::{Rows, Value, Write, marks, values};

/// The newest set of a cause with an id that was not taken back; served by `change_set_cause`.
pub async fn of_cause(rows: &Rows, cause: Cause) -> Result<Option<ChangeSetId>, Fault> {
    const SQL: &str =
        "SELECT id FROM change_set WHERE cause = $1 AND cause_id = $2 AND undone_by IS NULL ORDER BY id DESC LIMIT 1";
    let found = rows.number(SQL, values![cause.code(), cause.id()]).await?;
    Ok((found > 0).then_some(ChangeSetId(found)))
}

/// The set of a cause, begun where it was not yet.
pub async fn resume(unit: &Write, actor: &Actor, cause: Cause, now: Timestamp) -> Result<ChangeSetId, Fault> {
    match of_cause(unit, cause).await? {
        Some(set) => Ok(set),
        None => begin(unit, actor, cause, now).await,
    }
}

/// Forgets what happened to records that are gone as if they had never been, because another record may get their number.
pub async fn forget(unit: &Write, subjects: &[Subject]) -> Result<(), Fault> {
    for chunk in subjects.chunk_by(|one, other| one.kind() == other.kind()) {
        for part in chunk.chunks(500) {
            let sql = format!(
                "DELETE FROM record_change WHERE subject_kind = $1 AND subject_id IN ({})",
                marks(2, part.len())
            );
            let ids = part.iter().map(|subject| Value::from(subject.id()));
            unit.run(&sql, values![part[0].kind()].into_iter().chain(ids).collect()).await?;
        }
    }
    Ok(())
}
