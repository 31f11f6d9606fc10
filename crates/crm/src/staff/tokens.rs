//! API tokens: programs that act with roles of their own. A token is shown once; only its SHA-256 is stored.

use super::{Actor, ActorKind, Right, Role, audit, audit::Deed};
use crate::{Refusal, Trouble};
use kernel::{Fault, Sentence, Timestamp, TokenId, chance, seal::fingerprint, text::one_line, time};
use rand::RngCore;
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// How every token begins, so that scanners of published source recognise one.
pub const PREFIX: &str = "kk_";

/// A token as the page lists it; the secret itself is not known any more.
#[derive(Clone, Debug)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub roles: Vec<Role>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Makes a token and answers its text, the only time it is seen.
pub async fn create(
    unit: &Write,
    by: &Actor,
    name: &str,
    roles: &[Role],
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<(TokenId, String), Trouble> {
    by.must(Right::ManageTokens)?;
    let name = one_line(name);
    if name.is_empty() || name.chars().count() > 120 {
        return Err(Refusal::field("name", "required", Sentence::new("staff-token-name-required")).into());
    }
    if roles.is_empty() {
        return Err(Refusal::field("roles", "required", Sentence::new("staff-token-roles-required")).into());
    }
    let secret = format!("{PREFIX}{}", chance::secret(rng));
    const SQL: &str = "INSERT INTO api_token (name, fingerprint, roles, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let codes: Vec<&str> = roles.iter().map(|r| r.code()).collect();
    let by_user = by.user().map(i64::from);
    let id =
        unit.insert(SQL, values![name.as_str(), fingerprint(&secret), json!(codes).to_string(), by_user, at.0]).await?;
    let detail = json!({ "name": name, "roles": codes });
    audit::note(unit, by, at, Deed::new("token.created", "token", id).with(detail)).await?;
    Ok((TokenId(id), secret))
}

/// A revoked token is refused from then on.
pub async fn revoke(unit: &Write, by: &Actor, id: TokenId, at: Timestamp) -> Result<(), Trouble> {
    by.must(Right::ManageTokens)?;
    const SQL: &str = "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    if unit.run(SQL, values![at.0, id.0]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    audit::note(unit, by, at, Deed::new("token.revoked", "token", id.0)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    roles: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

const SELECT: &str = "SELECT id, name, roles, created_at, last_used_at, revoked_at FROM api_token";

impl Row {
    fn token(self) -> Token {
        let roles: Vec<String> = serde_json::from_str(&self.roles).unwrap_or_default();
        Token {
            id: TokenId(self.id),
            name: self.name,
            roles: roles.iter().filter_map(|r| Role::parse(r)).collect(),
            created_at: Timestamp(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp),
            revoked_at: self.revoked_at.map(Timestamp),
        }
    }
}

/// Newest first; revoked ones come last.
pub async fn list(rows: &Rows) -> Result<Vec<Token>, Fault> {
    let order = "ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, id DESC";
    let found: Vec<Row> = rows.all(&format!("{SELECT} {order}"), vec![]).await?;
    Ok(found.into_iter().map(Row::token).collect())
}

/// The token a program shows, if it holds.
pub async fn find(rows: &Rows, secret: &str) -> Result<Option<Token>, Fault> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let sql = format!("{SELECT} WHERE fingerprint = $1 AND revoked_at IS NULL");
    Ok(rows.one::<Row>(&sql, values![fingerprint(secret)]).await?.map(Row::token))
}

impl Token {
    pub fn actor(&self, address: &str) -> Actor {
        Actor {
            kind: ActorKind::Token(self.id),
            name: self.name.clone(),
            roles: self.roles.clone(),
            address: address.to_owned(),
        }
    }

    /// Whether storage should hear that the token was used: one write a minute, not one a request.
    pub fn is_due(&self, at: Timestamp) -> bool {
        self.last_used_at.is_none_or(|last| last < at.plus(-time::MINUTE))
    }

    pub async fn touch(&self, unit: &Write, at: Timestamp) -> Result<(), Fault> {
        unit.run("UPDATE api_token SET last_used_at = $1 WHERE id = $2", values![at.0, self.id.0]).await?;
        Ok(())
    }
}
