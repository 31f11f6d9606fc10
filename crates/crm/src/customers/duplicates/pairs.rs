//! The table of candidates: ranked, decided, written by the task.

use super::reasons::{self, Reason};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Fault, Timestamp};
use serde_json::json;
use store::{Batch, FromQueryResult, Rows, Value, Write, listed, values};

/// What became of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PairState {
    #[default]
    Open,
    Merged,
    Dismissed,
}

impl PairState {
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Merged => "merged",
            Self::Dismissed => "dismissed",
        }
    }
}

/// Two contacts that may be one person; `one` has the smaller id.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub one: ContactId,
    pub other: ContactId,
    /// 0 to 1.
    pub probability: f64,
    pub reasons: Vec<Reason>,
}

/// Which candidates are wanted, the likeliest first.
#[derive(Clone, Debug, Default)]
pub struct PairQuery {
    pub state: PairState,
    /// At least this probability.
    pub least: f64,
    /// Only pairs of this contact.
    pub of: Option<ContactId>,
    /// Behind this pair.
    pub after: Option<(f64, i64, i64)>,
    pub limit: i64,
}

#[derive(FromQueryResult)]
struct Row {
    one_id: i64,
    other_id: i64,
    probability: f64,
    evidence: String,
}

impl Row {
    fn read(self) -> Result<Candidate, Fault> {
        let (one, other) = (ContactId(self.one_id), ContactId(self.other_id));
        Ok(Candidate { one, other, probability: self.probability, reasons: reasons::read(&self.evidence)? })
    }
}

/// A page of candidates; served by `duplicate_pair_ranked`.
pub async fn candidates(rows: &Rows, actor: &Actor, query: &PairQuery) -> Result<Vec<Candidate>, Trouble> {
    actor.must(Right::SeeContacts)?;
    const SQL: &str = "SELECT one_id, other_id, probability, evidence FROM duplicate_pair \
         WHERE state = $1 AND probability >= $2 AND ($3 = 0 OR one_id = $3 OR other_id = $3) \
         AND (probability < $4 OR (probability = $4 AND (one_id > $5 OR (one_id = $5 AND other_id > $6)))) \
         ORDER BY probability DESC, one_id, other_id LIMIT $7";
    let (probability, one, other) = query.after.unwrap_or((2.0, 0, 0));
    let of = query.of.map_or(0, i64::from);
    let values = values![query.state.code(), query.least, of, probability, one, other, query.limit];
    let found: Vec<Row> = rows.all(SQL, values).await?;
    Ok(found.into_iter().map(Row::read).collect::<Result<_, _>>()?)
}

/// One pair in any state, whichever of the two is named first.
pub async fn candidate(rows: &Rows, one: ContactId, other: ContactId) -> Result<Option<Candidate>, Fault> {
    const SQL: &str =
        "SELECT one_id, other_id, probability, evidence FROM duplicate_pair WHERE one_id = $1 AND other_id = $2";
    let found: Option<Row> = rows.one(SQL, values![one.0.min(other.0), one.0.max(other.0)]).await?;
    found.map(Row::read).transpose()
}

/// How many pairs wait for a decision, counted up to a limit.
pub async fn count_open(rows: &Rows, most: i64) -> Result<i64, Fault> {
    const SQL: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM duplicate_pair WHERE state = 'open' LIMIT $1) counted";
    rows.number(SQL, values![most]).await
}

/// Two people after all: the pair never returns by itself.
pub async fn dismiss(
    unit: &Write,
    actor: &Actor,
    one: ContactId,
    other: ContactId,
    now: Timestamp,
) -> Result<(), Trouble> {
    decide(unit, actor, one, other, PairState::Dismissed, now).await
}

/// Takes a dismissal back.
pub async fn reopen(
    unit: &Write,
    actor: &Actor,
    one: ContactId,
    other: ContactId,
    now: Timestamp,
) -> Result<(), Trouble> {
    decide(unit, actor, one, other, PairState::Open, now).await
}

async fn decide(
    unit: &Write,
    actor: &Actor,
    one: ContactId,
    other: ContactId,
    state: PairState,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::EditContacts)?;
    const SQL: &str = "UPDATE duplicate_pair SET state = $1, decided_at = $2 WHERE one_id = $3 AND other_id = $4 \
         AND state <> 'merged'";
    let (first, second) = (one.0.min(other.0), one.0.max(other.0));
    if unit.run(SQL, values![state.code(), now.0, first, second]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    let action = if state == PairState::Open { "duplicates.reopened" } else { "duplicates.dismissed" };
    let deed = audit::Deed::new(action, "contact", first).with(json!({ "other": second }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}

/// Notes that a pair was merged; a pair nobody had found is none.
pub(in crate::customers) async fn decide_merged(
    unit: &Write,
    one: ContactId,
    other: ContactId,
    now: Timestamp,
) -> Result<(), Fault> {
    note(unit, one, other, PairState::Merged, now).await
}

/// The same when the merge was taken back.
pub(in crate::customers) async fn decide_open(
    unit: &Write,
    one: ContactId,
    other: ContactId,
    now: Timestamp,
) -> Result<(), Fault> {
    note(unit, one, other, PairState::Open, now).await
}

async fn note(unit: &Write, one: ContactId, other: ContactId, state: PairState, now: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE duplicate_pair SET state = $1, decided_at = $2 WHERE one_id = $3 AND other_id = $4";
    unit.run(SQL, values![state.code(), now.0, one.0.min(other.0), one.0.max(other.0)]).await?;
    Ok(())
}

/// Writes pairs the search found; those somebody decided stay as they are.
pub(super) async fn place(unit: &Write, found: &[Candidate], seen: Timestamp) -> Result<(), Fault> {
    const COLUMNS: [&str; 6] = ["one_id", "other_id", "probability", "evidence", "state", "seen_at"];
    const TAIL: &str = "ON CONFLICT (one_id, other_id) DO UPDATE SET probability = excluded.probability, \
         evidence = excluded.evidence, seen_at = excluded.seen_at WHERE duplicate_pair.state = 'open'";
    let mut batch = Batch::new("duplicate_pair", &COLUMNS, TAIL);
    for pair in found {
        let (one, other) = (pair.one.0.min(pair.other.0), pair.one.0.max(pair.other.0));
        batch.push(values![one, other, pair.probability, reasons::written(&pair.reasons), "open", seen.0]);
    }
    batch.write(unit).await?;
    Ok(())
}

/// Forgets open pairs a whole scan has not seen again.
pub(super) async fn forget_unseen(unit: &Write, scan: Timestamp) -> Result<(), Fault> {
    unit.run("DELETE FROM duplicate_pair WHERE state = 'open' AND seen_at < $1", values![scan.0]).await?;
    Ok(())
}

/// Forgets open pairs of contacts that changed or are gone.
pub(super) async fn forget_of(unit: &Write, contacts: &[i64]) -> Result<(), Fault> {
    for column in ["one_id", "other_id"] {
        let (marks, values) = listed(unit.engine(), contacts.iter().map(|id| Value::from(*id)).collect());
        unit.run(&format!("DELETE FROM duplicate_pair WHERE state = 'open' AND {column} IN ({marks})"), values).await?;
    }
    Ok(())
}
