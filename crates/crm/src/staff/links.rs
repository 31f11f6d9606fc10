//! One-time links: how a person chooses a password for the first time, or a new one when it is forgotten.
//!
//! The link holds a random secret; only its SHA-256 is stored. It works once, and not for ever.

use super::{
    Actor, Right, Role, audit,
    audit::Deed,
    password, sessions,
    users::{self, NewUser, User},
};
use crate::{Refusal, Trouble};
use kernel::{Fault, Locale, Timestamp, UserId, chance, seal::fingerprint, time};
use rand::RngCore;
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What a link is for; decides how long it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Printed on the console as long as nobody can administer the house.
    FirstAdministrator,
    /// A new account.
    Invitation,
    /// A forgotten password.
    Reset,
}

impl Purpose {
    pub fn code(self) -> &'static str {
        match self {
            Self::FirstAdministrator => "first_administrator",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::FirstAdministrator, Self::Invitation, Self::Reset].into_iter().find(|p| p.code() == text)
    }

    /// Microseconds: seven days, or one day where a password exists already.
    pub fn lifetime(self) -> i64 {
        if self == Self::Reset { time::DAY } else { 7 * time::DAY }
    }
}

/// A link that still works.
#[derive(Clone, Debug)]
pub struct Link {
    pub user: User,
    pub purpose: Purpose,
    pub expires_at: Timestamp,
}

/// The login of the account the first start makes.
pub const FIRST_LOGIN: &str = "administrator";

/// Makes a link for a person and answers its secret. Links made for them before stop working.
pub async fn issue(
    unit: &Write,
    by: &Actor,
    user: UserId,
    purpose: Purpose,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<String, Trouble> {
    by.must(Right::ManageUsers)?;
    let person = users::find(unit, user).await?.ok_or(Refusal::Missing)?;
    if !person.active {
        return Err(Refusal::state("staff-link-for-closed-account").into());
    }
    let secret = chance::secret(rng);
    unit.run("DELETE FROM staff_link WHERE user_id = $1 AND used_at IS NULL", values![user.0]).await?;
    const SQL: &str = "INSERT INTO staff_link (fingerprint, user_id, purpose, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)";
    let expires = at.plus(purpose.lifetime());
    unit.run(SQL, values![fingerprint(&secret), user.0, purpose.code(), at.0, expires.0]).await?;
    let detail = json!({ "purpose": purpose.code(), "expires_at": expires.rfc3339() });
    audit::note(unit, by, at, Deed::new("user.link_issued", "user", user.0).with(detail)).await?;
    Ok(secret)
}

#[derive(FromQueryResult)]
struct Row {
    user_id: i64,
    purpose: String,
    expires_at: i64,
}

/// The link of a secret, if it still works; looking does not use it up.
pub async fn find(rows: &Rows, secret: &str, at: Timestamp) -> Result<Option<Link>, Fault> {
    const SQL: &str = "SELECT user_id, purpose, expires_at FROM staff_link \
         WHERE fingerprint = $1 AND used_at IS NULL AND expires_at > $2";
    let Some(row) = rows.one::<Row>(SQL, values![fingerprint(secret), at.0]).await? else { return Ok(None) };
    let purpose = Purpose::parse(&row.purpose).ok_or_else(|| Fault::Unreadable(format!("link {}", row.purpose)))?;
    let user = users::find(rows, UserId(row.user_id)).await?.filter(|user| user.active);
    Ok(user.map(|user| Link { user, purpose, expires_at: Timestamp(row.expires_at) }))
}

/// Uses a link up: the new password counts from now on, and every session the person had ends.
/// `hash` comes from [`password::hash`] of a password [`password::complaint`] has nothing against.
pub async fn redeem(unit: &Write, secret: &str, hash: &str, address: &str, at: Timestamp) -> Result<User, Trouble> {
    let link = find(unit, secret, at).await?.ok_or(Refusal::Missing)?;
    const USE: &str = "UPDATE staff_link SET used_at = $1 WHERE fingerprint = $2 AND used_at IS NULL";
    if unit.run(USE, values![at.0, fingerprint(secret)]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    write_password(unit, link.user.id, hash, at).await?;
    sessions::end_all(unit, link.user.id, None).await?;
    let deed = Deed::new("user.password_set", "user", link.user.id.0).with(json!({ "by": link.purpose.code() }));
    audit::note(unit, &link.user.actor(address), at, deed).await?;
    Ok(link.user)
}

pub(super) async fn write_password(unit: &Write, user: UserId, hash: &str, at: Timestamp) -> Result<(), Fault> {
    const SQL: &str = "UPDATE staff_user SET password_hash = $1, password_changed_at = $2 WHERE id = $3";
    unit.run(SQL, values![hash, at.0, user.0]).await?;
    Ok(())
}

/// The secret of the link the console prints at a start: there is one as long as no administrator has a password.
pub async fn first_administrator(
    unit: &Write,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<Option<String>, Trouble> {
    const ABLE: &str = "SELECT COUNT(*) FROM staff_role r JOIN staff_user u ON u.id = r.user_id \
         WHERE r.role = 'administrator' AND u.active = 1 AND u.password_hash IS NOT NULL";
    if unit.number(ABLE, vec![]).await? > 0 {
        return Ok(None);
    }
    let house = Actor::system("start");
    let user = match users::by_login(unit, FIRST_LOGIN).await? {
        Some(user) => {
            let mut roles = user.roles.clone();
            roles.push(Role::Administrator);
            users::set_roles(unit, &house, user.id, &roles, at).await?;
            users::set_active(unit, &house, user.id, true, at).await?;
            user.id
        }
        None => {
            let new = NewUser {
                login: FIRST_LOGIN,
                name: "Administrator",
                roles: &[Role::Administrator],
                locale: Locale::De,
            };
            users::create(unit, &house, new, at).await?
        }
    };
    issue(unit, &house, user, Purpose::FirstAdministrator, at, rng).await.map(Some)
}

/// Checks a password and hashes it, away from any open unit: the work takes longer than a writer should wait.
pub async fn prepare(password: &str, login: &str, rng: &mut (impl RngCore + Send)) -> Result<String, Trouble> {
    if let Some(complaint) = password::complaint(password, login) {
        return Err(Refusal::Invalid(vec![complaint]).into());
    }
    Ok(password::hash(password.to_owned(), rng).await?)
}
