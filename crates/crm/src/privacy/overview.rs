//! What the data protection officer looks at: who is set aside, how a person stands, what an erasure would find.

use super::catalogue::{self, HOLDINGS};
use crate::{
    Trouble,
    staff::{Actor, Right},
};
use kernel::ContactId;
use store::{FromQueryResult, Rows, schema, values};

/// Somebody whose data is restricted, held, or both.
#[derive(Clone, Debug, FromQueryResult)]
pub struct SetAside {
    pub contact_id: i64,
    /// Why it is held; empty where it is only restricted.
    pub held: String,
}

/// Everybody set aside; served by `contact_restricted` and the key of holds.
pub async fn set_aside(rows: &Rows, actor: &Actor, limit: i64) -> Result<Vec<SetAside>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    const SQL: &str = "SELECT c.id AS contact_id, COALESCE(h.reason, '') AS held FROM contact c \
         LEFT JOIN retention_hold h ON h.contact_id = c.id WHERE c.erased_at IS NULL AND (c.restricted_at IS NOT NULL \
         OR c.id IN (SELECT contact_id FROM retention_hold)) ORDER BY c.id LIMIT $1";
    Ok(rows.all(SQL, values![limit]).await?)
}

/// How a person stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub held: bool,
    pub erasing: bool,
    /// Tables with rows about the person and how many there are.
    pub holdings: Vec<(String, i64)>,
}

/// How a person stands and what is kept about them.
pub async fn state_of(rows: &Rows, actor: &Actor, contact: ContactId) -> Result<State, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    const HELD: &str = "SELECT COUNT(*) FROM retention_hold WHERE contact_id = $1";
    const ERASING: &str = "SELECT COUNT(*) FROM erasure WHERE contact_id = $1 AND state = 'running'";
    let held = rows.number(HELD, values![contact.0]).await? > 0;
    let erasing = rows.number(ERASING, values![contact.0]).await? > 0;
    let mut holdings = Vec::new();
    let tables = schema::tables(rows).await?;
    let unnamed = tables.iter().filter(|(table, columns)| {
        catalogue::of(table).is_none() && columns.iter().any(|column| column.name == "contact_id")
    });
    let named = HOLDINGS.iter().map(|holding| (holding.table, holding.whose));
    let unnamed = unnamed.map(|(table, _)| (table.as_str(), "contact_id = $1"));
    for (table, whose) in named.chain(unnamed) {
        let sql = format!("SELECT COUNT(*) FROM \"{table}\" WHERE {whose}");
        let count = rows.number(&sql, values![contact.0]).await?;
        if count > 0 {
            holdings.push((table.to_owned(), count));
        }
    }
    Ok(State { held, erasing, holdings })
}

/// Who is meant by a customer number or a mail address; nothing where that is nobody, or more than one.
pub async fn named(rows: &Rows, actor: &Actor, who: &str) -> Result<Option<ContactId>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    let who = who.trim().replace('\0', "");
    const NUMBER: &str = "SELECT id FROM contact WHERE number = $1 AND erased_at IS NULL";
    const MAIL: &str = "SELECT id FROM contact WHERE email_key = $1 AND erased_at IS NULL \
         UNION SELECT p.contact_id FROM contact_point p WHERE p.text_key = $1 AND p.what = 'email' ORDER BY 1 LIMIT 2";
    let mut found = rows.numbers(NUMBER, values![who.as_str()]).await?;
    if found.is_empty() {
        found = rows.numbers(MAIL, values![who.to_lowercase()]).await?;
    }
    Ok(match found.as_slice() {
        [only] => Some(ContactId(*only)),
        _ => None,
    })
}

/// The share of people who allow marketing, by channel, the largest first; of everybody who is not archived.
pub async fn consents(rows: &Rows, actor: &Actor) -> Result<Vec<(String, f64)>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    #[derive(FromQueryResult)]
    struct Allowed {
        channel: String,
        people: i64,
    }
    const SQL: &str = "SELECT k.channel, COUNT(*) AS people FROM consent k JOIN contact c ON c.id = k.contact_id \
         WHERE k.current = 1 AND k.granted = 1 AND k.purpose = 'marketing' AND c.archived_at IS NULL \
         GROUP BY k.channel ORDER BY people DESC, k.channel";
    let all = rows.number("SELECT COUNT(*) FROM contact WHERE archived_at IS NULL", values![]).await?;
    let found: Vec<Allowed> = rows.all(SQL, values![]).await?;
    Ok(found.into_iter().map(|row| (row.channel, row.people as f64 / all.max(1) as f64)).collect())
}
