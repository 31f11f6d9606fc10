//! Signing in, signing out, changing one's password. Each attempt leaves an audit entry, never a password.

use super::{
    Actor, ActorKind, audit,
    audit::Deed,
    links,
    password::{self, Verdict},
    sessions::{self, Origin, Session, Times},
    users::{self, User},
};
use crate::{Refusal, Trouble};
use kernel::{Fault, Sentence, Timestamp, UserId};
use rand::RngCore;
use serde_json::json;
use store::{Db, FromQueryResult, Rows, Write, values};

/// What somebody typed at the door.
pub struct Attempt<'a> {
    pub login: &'a str,
    pub password: &'a str,
    pub from: Origin<'a>,
}

/// A person who came in, with the value of their new cookie.
#[derive(Debug)]
pub struct Admitted {
    pub cookie: String,
    pub user: User,
}

/// Lets somebody in, or answers `None`: a wrong password, an unknown name and a closed account look and cost the same.
pub async fn sign_in(
    db: &Db,
    attempt: &Attempt<'_>,
    times: Times,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<Option<Admitted>, Fault> {
    let rows = db.read().await?;
    let user = users::by_login(&rows, attempt.login).await?;
    let stored = match &user {
        Some(user) => stored_hash(&rows, user.id).await?,
        None => None,
    };
    drop(rows);
    let verdict = password::verify(attempt.password.to_owned(), stored).await?;
    let unit = db.write().await?;
    let admitted = match admit(user.as_ref(), verdict) {
        Some(user) => {
            let cookie = sessions::open(&unit, user.id, &attempt.from, times, at, rng).await?;
            unit.run("UPDATE staff_user SET last_login_at = $1 WHERE id = $2", values![at.0, user.id.0]).await?;
            let deed = Deed::new("session.opened", "user", user.id.0);
            audit::note(&unit, &user.actor(attempt.from.address), at, deed).await?;
            Some(Admitted { cookie, user: user.clone() })
        }
        None => {
            audit::note(&unit, &stranger(user.as_ref(), attempt.from.address), at, refused(user.as_ref())).await?;
            None
        }
    };
    unit.save().await?;
    Ok(admitted)
}

/// Opens a session for somebody who just proved themselves with a one-time link.
pub async fn sign_in_by_link(
    unit: &Write,
    user: &User,
    from: &Origin<'_>,
    times: Times,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<String, Fault> {
    let cookie = sessions::open(unit, user.id, from, times, at, rng).await?;
    unit.run("UPDATE staff_user SET last_login_at = $1 WHERE id = $2", values![at.0, user.id.0]).await?;
    audit::note(unit, &user.actor(from.address), at, Deed::new("session.opened", "user", user.id.0)).await?;
    Ok(cookie)
}

pub async fn sign_out(unit: &Write, session: &Session, address: &str, at: Timestamp) -> Result<(), Fault> {
    sessions::end(unit, session).await?;
    let deed = Deed::new("session.closed", "user", session.user.id.0);
    audit::note(unit, &session.user.actor(address), at, deed).await
}

/// Changes one's own password: the old one must be right. All other sessions end, this one gets a new cookie.
pub async fn change_password(
    db: &Db,
    session: &Session,
    old: &str,
    new: &str,
    address: &str,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<String, Trouble> {
    let stored = stored_hash(&db.read().await?, session.user.id).await?;
    if !password::verify(old.to_owned(), stored).await?.right() {
        let unit = db.write().await?;
        let deed = Deed::new("user.password_refused", "user", session.user.id.0);
        audit::note(&unit, &session.user.actor(address), at, deed).await?;
        unit.save().await?;
        return Err(Refusal::field("old", "wrong", Sentence::new("staff-password-wrong")).into());
    }
    let hash = links::prepare(new, &session.user.login, rng).await?;
    let unit = db.write().await?;
    links::write_password(&unit, session.user.id, &hash, at).await?;
    sessions::end_all(&unit, session.user.id, Some(session)).await?;
    let cookie = sessions::rotate(&unit, session, at, rng).await?.ok_or(Refusal::Stale)?;
    let deed = Deed::new("user.password_changed", "user", session.user.id.0);
    audit::note(&unit, &session.user.actor(address), at, deed).await?;
    unit.save().await?;
    Ok(cookie)
}

fn admit(user: Option<&User>, verdict: Verdict) -> Option<&User> {
    user.filter(|user| user.active && verdict.right())
}

/// People mistype their password into the name field, so an unknown name is not written down.
fn stranger(user: Option<&User>, address: &str) -> Actor {
    match user {
        Some(user) => Actor { roles: Vec::new(), ..user.actor(address) },
        None => Actor { kind: ActorKind::System, name: "?".to_owned(), roles: Vec::new(), address: address.to_owned() },
    }
}

fn refused(user: Option<&User>) -> Deed<'static> {
    let why = match user {
        None => "unknown_login",
        Some(user) if !user.active => "closed_account",
        Some(_) => "wrong_password",
    };
    Deed::new("session.refused", "user", user.map(|u| u.id.0)).with(json!({ "why": why }))
}

async fn stored_hash(rows: &Rows, user: UserId) -> Result<Option<String>, Fault> {
    #[derive(FromQueryResult)]
    struct Stored {
        password_hash: Option<String>,
    }
    const SQL: &str = "SELECT password_hash FROM staff_user WHERE id = $1";
    let row: Option<Stored> = rows.one(SQL, values![user.0]).await?;
    Ok(row.and_then(|r| r.password_hash))
}
