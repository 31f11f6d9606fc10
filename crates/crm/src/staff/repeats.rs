//! Calls that are delivered twice: the first answer under an idempotency key is kept for a day and given again.

use kernel::{
    Fault, Timestamp,
    time::{DAY, MINUTE},
};
use store::{Db, FromQueryResult, values};

/// What to do with a call that carries a key.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// Nobody has used the key: do it, then [`keep`] or [`forget`].
    First,
    /// The same call has been answered: say that again.
    Again { status: u16, body: String },
    /// The same call is being worked on right now.
    Running,
    /// The first call was interrupted; whether it was done is not known.
    Unknown,
    /// The key stands for another call.
    Other,
}

/// How long a call may take before it counts as interrupted.
const PATIENCE: i64 = 2 * MINUTE;

/// Takes the key for a call of this fingerprint, or says who has it. Keys older than a day are forgotten.
pub async fn take(db: &Db, caller: &str, key: &str, fingerprint: &str, at: Timestamp) -> Result<Turn, Fault> {
    let unit = db.write().await?;
    unit.run("DELETE FROM repeated_request WHERE at < $1", values![at.plus(-DAY).0]).await?;
    const TAKE: &str = "INSERT INTO repeated_request (caller, idempotency_key, fingerprint, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING";
    let taken = unit.run(TAKE, values![caller, key, fingerprint, at.0]).await? == 1;
    #[derive(FromQueryResult)]
    struct Held {
        fingerprint: String,
        status: Option<i64>,
        body: Option<String>,
        at: i64,
    }
    const HELD: &str = "SELECT fingerprint, CAST(status AS BIGINT) AS status, body, at FROM repeated_request \
         WHERE caller = $1 AND idempotency_key = $2";
    let held: Option<Held> = if taken { None } else { unit.one(HELD, values![caller, key]).await? };
    unit.save().await?;
    Ok(match held {
        None if taken => Turn::First,
        None => Turn::Running,
        Some(held) if held.fingerprint != fingerprint => Turn::Other,
        Some(Held { status: Some(status), body, .. }) => {
            Turn::Again { status: u16::try_from(status).unwrap_or(500), body: body.unwrap_or_default() }
        }
        Some(held) if held.at < at.plus(-PATIENCE).0 => Turn::Unknown,
        Some(_) => Turn::Running,
    })
}

/// Keeps the answer of the first call.
pub async fn keep(db: &Db, caller: &str, key: &str, status: u16, body: &str) -> Result<(), Fault> {
    let unit = db.write().await?;
    const SQL: &str = "UPDATE repeated_request SET status = $1, body = $2 WHERE caller = $3 AND idempotency_key = $4";
    unit.run(SQL, values![status as i16, body, caller, key]).await?;
    unit.save().await
}

/// Frees the key: the first call failed and may be tried again.
pub async fn forget(db: &Db, caller: &str, key: &str) -> Result<(), Fault> {
    let unit = db.write().await?;
    const SQL: &str = "DELETE FROM repeated_request WHERE caller = $1 AND idempotency_key = $2";
    unit.run(SQL, values![caller, key]).await?;
    unit.save().await
}
