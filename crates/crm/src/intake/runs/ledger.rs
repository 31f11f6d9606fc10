//! What a running import writes down about itself: counts, rejected rows, its end.

use super::{ImportState, Tally};
use crate::intake::Rejection;
use kernel::{Fault, ImportId, Sentence, Timestamp};
use store::{Batch, Write, values};

/// Forgets what an earlier attempt of this run wrote down.
pub(super) async fn clear(unit: &Write, id: ImportId) -> Result<(), Fault> {
    unit.run("DELETE FROM import_rejection WHERE import_id = $1", values![id.0]).await?;
    Ok(())
}

pub(super) async fn keep(unit: &Write, id: ImportId, rejections: &[Rejection]) -> Result<(), Fault> {
    if rejections.is_empty() {
        return Ok(());
    }
    const COLUMNS: [&str; 6] = ["import_id", "line", "field", "reason", "sentence", "raw"];
    let mut batch = Batch::new("import_rejection", &COLUMNS, "ON CONFLICT (import_id, line) DO NOTHING");
    for rejection in rejections {
        batch.push(values![
            id.0,
            rejection.line,
            rejection.field.as_deref().unwrap_or(""),
            rejection.reason.code(),
            serde_json::to_string(&rejection.sentence).unwrap_or_default(),
            rejection.raw.as_str()
        ]);
    }
    batch.write(unit).await?;
    Ok(())
}

pub(super) async fn note(unit: &Write, id: ImportId, tally: &Tally) -> Result<(), Fault> {
    const SQL: &str = "UPDATE import_run SET lines = $1, created = $2, updated = $3, unchanged = $4, rejected = $5, outcome = $6 \
         WHERE id = $7";
    let values = values![
        tally.lines,
        tally.created,
        tally.updated,
        tally.unchanged,
        tally.rejected,
        serde_json::to_string(tally).unwrap_or_default(),
        id.0
    ];
    unit.run(SQL, values).await?;
    Ok(())
}

pub(super) async fn end(unit: &Write, id: ImportId, state: ImportState, at: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE import_run SET state = $1, finished_at = $2 WHERE id = $3";
    unit.run(SQL, values![state.code(), at.0, id.0]).await?;
    Ok(())
}

pub(super) async fn fail(unit: &Write, id: ImportId, sentence: &Sentence, at: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE import_run SET state = 'failed', outcome = $1, finished_at = $2 WHERE id = $3";
    unit.run(SQL, values![serde_json::to_string(sentence).unwrap_or_default(), at.0, id.0]).await?;
    Ok(())
}
