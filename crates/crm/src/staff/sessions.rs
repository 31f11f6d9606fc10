//! Sessions: who sits at which browser. The cookie is a random secret; only its SHA-256 is stored.

use super::users::{self, User};
use kernel::{Fault, Timestamp, UserId, chance, seal::fingerprint, text::one_line, time};
use rand::RngCore;
use store::{FromQueryResult, Rows, Write, values};

/// After how many microseconds a session ends.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Without a request.
    pub idle: i64,
    /// In any case.
    pub absolute: i64,
}

impl Default for Times {
    fn default() -> Self {
        Self { idle: 8 * time::HOUR, absolute: 7 * time::DAY }
    }
}

/// A session that holds, with the person as they are right now.
#[derive(Clone, Debug)]
pub struct Session {
    pub fingerprint: String,
    pub user: User,
    /// The secret every form of this session carries.
    pub csrf: String,
    pub seen_at: Timestamp,
    /// Whether the cookie must be changed: the person's roles have.
    pub renew: bool,
}

/// How long a session may go unseen in storage: one write a minute, not one a request.
const SEEN_EVERY: i64 = time::MINUTE;

/// Opens a session and answers the cookie's value. Sessions that are over are cleared away on this occasion.
pub async fn open(
    unit: &Write,
    user: UserId,
    from: &Origin<'_>,
    times: Times,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<String, Fault> {
    const OVER: &str = "DELETE FROM staff_session WHERE seen_at < $1 OR created_at < $2";
    unit.run(OVER, values![at.plus(-times.idle).0, at.plus(-times.absolute).0]).await?;
    let (cookie, csrf) = (chance::secret(rng), chance::secret(rng));
    let agent: String = one_line(from.agent).chars().take(200).collect();
    const SQL: &str = "INSERT INTO staff_session (fingerprint, user_id, csrf, created_at, seen_at, address, agent) \
         VALUES ($1, $2, $3, $4, $4, $5, $6)";
    unit.run(SQL, values![fingerprint(&cookie), user.0, csrf, at.0, from.address, agent]).await?;
    Ok(cookie)
}

/// Where a session is opened from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    pub address: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
}

#[derive(FromQueryResult)]
struct Row {
    user_id: i64,
    csrf: String,
    created_at: i64,
    seen_at: i64,
    renew: i64,
}

/// The session of a cookie, if it is neither over nor its person's account closed.
pub async fn find(rows: &Rows, cookie: &str, times: Times, at: Timestamp) -> Result<Option<Session>, Fault> {
    let fingerprint = fingerprint(cookie);
    const SQL: &str = "SELECT user_id, csrf, created_at, seen_at, CAST(renew AS BIGINT) AS renew FROM staff_session \
         WHERE fingerprint = $1";
    let row: Option<Row> = rows.one(SQL, values![fingerprint.as_str()]).await?;
    let fresh = |row: &Row| row.seen_at > at.plus(-times.idle).0 && row.created_at > at.plus(-times.absolute).0;
    let Some(row) = row.filter(fresh) else { return Ok(None) };
    let user = users::find(rows, UserId(row.user_id)).await?.filter(|user| user.active);
    Ok(user.map(|user| Session {
        fingerprint,
        user,
        csrf: row.csrf,
        seen_at: Timestamp(row.seen_at),
        renew: row.renew == 1,
    }))
}

/// Whether storage should hear that the session is still in use.
pub fn is_due(session: &Session, at: Timestamp) -> bool {
    session.seen_at < at.plus(-SEEN_EVERY)
}

/// Notes that the session is still in use.
pub async fn touch(unit: &Write, session: &Session, at: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE staff_session SET seen_at = $1 WHERE fingerprint = $2";
    unit.run(SQL, values![at.0, session.fingerprint.as_str()]).await?;
    Ok(())
}

/// Changes the cookie of a session; the old one is worth nothing from then on. `None` when it has been changed meanwhile.
/// Forms that are open keep their secret, so nothing typed is lost.
pub async fn rotate(
    unit: &Write,
    session: &Session,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<Option<String>, Fault> {
    let cookie = chance::secret(rng);
    const SQL: &str = "UPDATE staff_session SET fingerprint = $1, seen_at = $2, renew = 0 WHERE fingerprint = $3";
    let changed = unit.run(SQL, values![fingerprint(&cookie), at.0, session.fingerprint.as_str()]).await?;
    Ok((changed == 1).then_some(cookie))
}

/// Lets every session of a person change its cookie at the next page.
pub(super) async fn renew_soon(unit: &Write, user: UserId) -> Result<(), Fault> {
    unit.run("UPDATE staff_session SET renew = 1 WHERE user_id = $1", values![user.0]).await?;
    Ok(())
}

/// Ends one session.
pub async fn end(unit: &Write, session: &Session) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM staff_session WHERE fingerprint = $1";
    unit.run(SQL, values![session.fingerprint.as_str()]).await?;
    Ok(())
}

/// Ends all sessions of a person, or all but one.
pub async fn end_all(unit: &Write, user: UserId, except: Option<&Session>) -> Result<(), Fault> {
    const SQL: &str = "DELETE FROM staff_session WHERE user_id = $1 AND fingerprint <> $2";
    unit.run(SQL, values![user.0, except.map_or("", |session| session.fingerprint.as_str())]).await?;
    Ok(())
}
