//! The protocol of an erasure: what was done to how many rows of which table, when, by whom, and a digest over all of it.

use super::sweep::Counts;
use crate::{
    Trouble,
    staff::{Actor, Right},
};
use kernel::{Fault, Timestamp, seal::fingerprint};
use store::{FromQueryResult, Rows, Write, values};

/// A protocol; nothing in it says who was erased.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Protocol {
    pub id: i64,
    pub contact_id: i64,
    /// `request` or `retention`.
    pub reason: String,
    /// `running`, `done`, `failed`.
    pub state: String,
    pub begun_by: String,
    pub begun_at: i64,
    counts: String,
    /// Cells that still named the person when everything was searched again; 0 is what should stand here.
    pub left_over: Option<i64>,
    pub finished_at: Option<i64>,
    /// SHA-256, in hexadecimal.
    pub digest: Option<String>,
    /// Fingerprints that keep the person from coming back by mistake.
    pub fingerprints: i64,
}

const SELECT: &str = "SELECT id, contact_id, reason, state, begun_by, begun_at, counts, left_over, finished_at, digest, \
     (SELECT COUNT(*) FROM erased_fingerprint f WHERE f.erasure_id = erasure.id) AS fingerprints FROM erasure";

impl Protocol {
    /// Rows, cells and files by table and deed.
    pub fn counts(&self) -> Result<Counts, Fault> {
        serde_json::from_str(&self.counts).map_err(|_| Fault::Unreadable(format!("counts of erasure {}", self.id)))
    }

    /// What the digest is over.
    fn told(&self, finished: Timestamp) -> String {
        let Self { id, contact_id, reason, begun_by, begun_at, counts, left_over, .. } = self;
        format!("{id}|{contact_id}|{reason}|{begun_by}|{begun_at}|{counts}|{left_over:?}|{}", finished.0)
    }

    /// Whether the protocol still says what it said when it was finished.
    pub fn is_untouched(&self) -> bool {
        let finished = self.finished_at.map(Timestamp);
        finished.is_some_and(|at| self.digest.as_deref() == Some(fingerprint(&self.told(at)).as_str()))
    }
}

pub(super) async fn find(rows: &Rows, id: i64) -> Result<Option<Protocol>, Fault> {
    rows.one(&format!("{SELECT} WHERE id = $1"), values![id]).await
}

pub(super) async fn finish(unit: &Write, protocol: &Protocol, at: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE erasure SET state = 'done', finished_at = $1, digest = $2 WHERE id = $3";
    unit.run(SQL, values![at.0, fingerprint(&protocol.told(at)), protocol.id]).await?;
    Ok(())
}

/// One protocol.
pub async fn protocol(rows: &Rows, actor: &Actor, id: i64) -> Result<Option<Protocol>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    Ok(find(rows, id).await?)
}

/// The newest protocols.
pub async fn protocols(rows: &Rows, actor: &Actor, limit: i64) -> Result<Vec<Protocol>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    Ok(rows.all(&format!("{SELECT} ORDER BY id DESC LIMIT $1"), values![limit]).await?)
}
