//! The people with an account: invited, renamed, given roles, sent home.

use super::{Actor, Right, Role, audit, audit::Deed, sessions};
use crate::{Refusal, Trouble};
use kernel::{EmailAddress, Fault, Locale, Sentence, Timestamp, UserId, text::one_line};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// A person with an account.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub id: UserId,
    /// In lower case: an e-mail address, or a short name such as `administrator`.
    pub login: String,
    pub name: String,
    pub locale: Locale,
    pub active: bool,
    /// Whether the one-time link was used.
    pub has_password: bool,
    pub roles: Vec<Role>,
    pub created_at: Timestamp,
    pub last_login_at: Option<Timestamp>,
}

impl User {
    /// This person acting from an address.
    pub fn actor(&self, address: &str) -> Actor {
        Actor {
            kind: super::ActorKind::User(self.id),
            name: self.name.clone(),
            roles: self.roles.clone(),
            address: address.to_owned(),
        }
    }
}

/// What is said of a person when the account is made.
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub roles: &'a [Role],
    pub locale: Locale,
}

/// Makes an account without a password; a one-time link lets the person choose one.
pub async fn create(unit: &Write, by: &Actor, new: NewUser<'_>, at: Timestamp) -> Result<UserId, Trouble> {
    by.must(Right::ManageUsers)?;
    let login = login(new.login)?;
    let name = name(new.name)?;
    if by_login(unit, &login).await?.is_some() {
        let sentence = Sentence::new("staff-login-taken").with("login", &login);
        return Err(Refusal::field("login", "taken", sentence).into());
    }
    const SQL: &str = "INSERT INTO staff_user (login, name, locale, created_at) VALUES ($1, $2, $3, $4) RETURNING id";
    let id = unit.insert(SQL, values![login.as_str(), name.as_str(), new.locale.code(), at.0]).await?;
    write_roles(unit, UserId(id), new.roles).await?;
    let detail = json!({ "login": login, "name": name, "roles": codes(new.roles) });
    audit::note(unit, by, at, Deed::new("user.created", "user", id).with(detail)).await?;
    Ok(UserId(id))
}

/// Changes the name a person is shown by and the name they sign in with.
pub async fn rename(
    unit: &Write,
    by: &Actor,
    id: UserId,
    new_login: &str,
    new_name: &str,
    at: Timestamp,
) -> Result<(), Trouble> {
    by.must(Right::ManageUsers)?;
    let user = find(unit, id).await?.ok_or(Refusal::Missing)?;
    let (login, name) = (login(new_login)?, name(new_name)?);
    if by_login(unit, &login).await?.is_some_and(|other| other.id != id) {
        let sentence = Sentence::new("staff-login-taken").with("login", &login);
        return Err(Refusal::field("login", "taken", sentence).into());
    }
    if login == user.login && name == user.name {
        return Ok(());
    }
    const SQL: &str = "UPDATE staff_user SET login = $1, name = $2 WHERE id = $3";
    unit.run(SQL, values![login.as_str(), name.as_str(), id.0]).await?;
    let detail = json!({ "login": [user.login, login], "name": [user.name, name] });
    audit::note(unit, by, at, Deed::new("user.renamed", "user", id.0).with(detail)).await?;
    Ok(())
}

/// Gives exactly these roles. The person's sessions get a new cookie at their next page.
pub async fn set_roles(unit: &Write, by: &Actor, id: UserId, roles: &[Role], at: Timestamp) -> Result<(), Trouble> {
    by.must(Right::ManageUsers)?;
    let user = find(unit, id).await?.ok_or(Refusal::Missing)?;
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    if roles == user.roles {
        return Ok(());
    }
    if !roles.contains(&Role::Administrator) {
        keep_an_administrator(unit, &user).await?;
    }
    unit.run("DELETE FROM staff_role WHERE user_id = $1", values![id.0]).await?;
    write_roles(unit, id, &roles).await?;
    sessions::renew_soon(unit, id).await?;
    let detail = json!({ "roles": [codes(&user.roles), codes(&roles)] });
    audit::note(unit, by, at, Deed::new("user.roles_changed", "user", id.0).with(detail)).await?;
    Ok(())
}

/// Closes or reopens an account. Closing ends every session and every open link at once.
pub async fn set_active(unit: &Write, by: &Actor, id: UserId, active: bool, at: Timestamp) -> Result<(), Trouble> {
    by.must(Right::ManageUsers)?;
    let user = find(unit, id).await?.ok_or(Refusal::Missing)?;
    if user.active == active {
        return Ok(());
    }
    if !active {
        keep_an_administrator(unit, &user).await?;
        sessions::end_all(unit, id, None).await?;
        unit.run("DELETE FROM staff_link WHERE user_id = $1 AND used_at IS NULL", values![id.0]).await?;
    }
    unit.run("UPDATE staff_user SET active = $1 WHERE id = $2", values![i16::from(active), id.0]).await?;
    let action = if active { "user.reactivated" } else { "user.deactivated" };
    audit::note(unit, by, at, Deed::new(action, "user", id.0)).await?;
    Ok(())
}

/// The language a person reads; their own choice, so it needs no right.
pub async fn set_locale(unit: &Write, id: UserId, locale: Locale) -> Result<(), Fault> {
    unit.run("UPDATE staff_user SET locale = $1 WHERE id = $2", values![locale.code(), id.0]).await?;
    Ok(())
}

/// By name; those whose account is closed come last.
pub async fn list(rows: &Rows) -> Result<Vec<User>, Fault> {
    let found: Vec<Row> = rows.all(&format!("{SELECT} ORDER BY active DESC, name, id"), vec![]).await?;
    #[derive(FromQueryResult)]
    struct Held {
        user_id: i64,
        role: String,
    }
    let held: Vec<Held> = rows.all("SELECT user_id, role FROM staff_role ORDER BY user_id, role", vec![]).await?;
    Ok(found
        .into_iter()
        .map(|row| {
            let roles = held.iter().filter(|h| h.user_id == row.id).filter_map(|h| Role::parse(&h.role)).collect();
            row.user(roles)
        })
        .collect())
}

pub async fn find(rows: &Rows, id: UserId) -> Result<Option<User>, Fault> {
    with_roles(rows, rows.one(&format!("{SELECT} WHERE id = $1"), values![id.0]).await?).await
}

/// Whether somebody has an account that is open.
pub async fn is_active(rows: &Rows, id: UserId) -> Result<bool, Fault> {
    const SQL: &str = "SELECT COUNT(*) FROM staff_user WHERE id = $1 AND active = 1";
    Ok(rows.number(SQL, values![id.0]).await? == 1)
}

/// By the name they sign in with, however it is written.
pub async fn by_login(rows: &Rows, login: &str) -> Result<Option<User>, Fault> {
    let login = login.trim().to_lowercase();
    with_roles(rows, rows.one(&format!("{SELECT} WHERE login = $1"), values![login]).await?).await
}

/// Those who can give rights: whom to ask when one is missing.
pub async fn administrators(rows: &Rows) -> Result<Vec<User>, Fault> {
    let all = list(rows).await?;
    Ok(all.into_iter().filter(|u| u.active && u.roles.iter().any(|r| r.may(Right::ManageUsers))).collect())
}

const SELECT: &str = "SELECT id, login, name, locale, CAST(active AS BIGINT) AS active, \
     CASE WHEN password_hash IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS has_password, \
     created_at, last_login_at FROM staff_user";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    login: String,
    name: String,
    locale: String,
    active: i64,
    has_password: i64,
    created_at: i64,
    last_login_at: Option<i64>,
}

impl Row {
    fn user(self, mut roles: Vec<Role>) -> User {
        roles.sort();
        User {
            id: UserId(self.id),
            login: self.login,
            name: self.name,
            locale: Locale::parse(&self.locale).unwrap_or_default(),
            active: self.active == 1,
            has_password: self.has_password == 1,
            roles,
            created_at: Timestamp(self.created_at),
            last_login_at: self.last_login_at.map(Timestamp),
        }
    }
}

async fn with_roles(rows: &Rows, row: Option<Row>) -> Result<Option<User>, Fault> {
    let Some(row) = row else { return Ok(None) };
    #[derive(FromQueryResult)]
    struct Held {
        role: String,
    }
    let held: Vec<Held> = rows.all("SELECT role FROM staff_role WHERE user_id = $1", values![row.id]).await?;
    Ok(Some(row.user(held.iter().filter_map(|h| Role::parse(&h.role)).collect())))
}

async fn write_roles(unit: &Write, id: UserId, roles: &[Role]) -> Result<(), Fault> {
    for role in roles {
        const SQL: &str = "INSERT INTO staff_role (user_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        unit.run(SQL, values![id.0, role.code()]).await?;
    }
    Ok(())
}

/// Refuses what would leave the house without anybody who can give rights.
async fn keep_an_administrator(rows: &Rows, user: &User) -> Result<(), Trouble> {
    if !user.active || !user.roles.contains(&Role::Administrator) {
        return Ok(());
    }
    const SQL: &str = "SELECT COUNT(*) FROM staff_role r JOIN staff_user u ON u.id = r.user_id \
         WHERE r.role = 'administrator' AND u.active = 1 AND u.id <> $1";
    if rows.number(SQL, values![user.id.0]).await? == 0 {
        return Err(Refusal::state("staff-last-administrator").into());
    }
    Ok(())
}

fn codes(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.code()).collect()
}

fn login(text: &str) -> Result<String, Refusal> {
    let login = text.trim().to_lowercase();
    let short_name = (3..=64).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if short_name || EmailAddress::parse(&login).is_some() {
        Ok(login)
    } else {
        Err(Refusal::field("login", "login", Sentence::new("staff-login-invalid")))
    }
}

fn name(text: &str) -> Result<String, Refusal> {
    let name = one_line(text);
    match name.chars().count() {
        0 => Err(Refusal::field("name", "required", Sentence::new("staff-name-required"))),
        1..=120 => Ok(name),
        _ => Err(Refusal::field("name", "too_long", Sentence::new("staff-name-too-long").with("longest", 120))),
    }
}
