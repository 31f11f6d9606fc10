//! Taking an import back: asked for by a person, done as a job by the room whose records they are.

use super::{ImportKind, ImportState, record::find};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right},
};
use kernel::{Clock, Fault, ImportId, JobId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Write, jobs, values};

/// Name of the job that takes an import back.
pub const REVERT: &str = "revert_import";

/// What became of taking an import back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverted {
    /// Contacts the import had made and that are gone.
    pub removed: i64,
    /// Contacts that have earlier values again.
    pub restored: i64,
    pub companies: i64,
    pub consents: i64,
    /// Contacts of which something stayed, because somebody worked with them since.
    pub kept: i64,
    /// The first of them.
    pub named: Vec<KeptContact>,
}

/// A contact of which something stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptContact {
    pub id: i64,
    pub name: String,
    /// Fields that were changed since; none where the contact as a whole stayed.
    pub fields: Vec<String>,
}

/// Starts taking an import back as a job. Nudge [`jobs::TASK`] after the commit.
///
/// # Errors
/// `State` where it wrote nothing, is under way, or is an import whose records cannot be taken back.
pub async fn begin_revert(unit: &Write, actor: &Actor, id: ImportId, clock: &Clock) -> Result<JobId, Trouble> {
    actor.must(Right::ImportData)?;
    let run = find(unit, id).await?.ok_or(Refusal::Missing)?;
    if run.kind != ImportKind::Contacts {
        return Err(Refusal::state("intake-revert-contacts-only").into());
    }
    if !matches!(run.state, ImportState::Done | ImportState::Cancelled) {
        return Err(Refusal::state("intake-revert-not-done").into());
    }
    let job = jobs::enqueue(unit, REVERT, &json!({ "import": id }), actor.user(), clock).await?;
    const SQL: &str = "UPDATE import_run SET state = 'reverting', job_id = $1 WHERE id = $2";
    unit.run(SQL, values![job.0, id.0]).await?;
    Ok(job)
}

/// Writes down how taking back ended.
pub async fn end_revert(unit: &Write, id: ImportId, outcome: Option<&Reverted>) -> Result<(), Fault> {
    const SQL: &str = "UPDATE import_run SET state = $1, reverted = $2 WHERE id = $3";
    let state = if outcome.is_some() { ImportState::Reverted } else { ImportState::Done };
    let said = outcome.map(|outcome| json!(outcome).to_string());
    unit.run(SQL, values![state.code(), said, id.0]).await?;
    Ok(())
}
