//! Organisations contacts belong to; two spellings that fold to one name are one company.

use kernel::{Fault, text::fold};
use std::collections::{BTreeMap, HashMap};
use store::{Batch, FromQueryResult, Rows, Value, Write, marks, values};

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Company {
    pub id: i64,
    pub name: String,
    pub name_key: String,
    /// Branche.
    pub industry: Option<String>,
}

/// Companies by their folded names; served by the unique key.
pub(super) async fn by_keys(rows: &Rows, keys: &[&str]) -> Result<HashMap<String, Company>, Fault> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(500) {
        let sql =
            format!("SELECT id, name, name_key, industry FROM company WHERE name_key IN ({})", marks(1, chunk.len()));
        let companies: Vec<Company> = rows.all(&sql, chunk.iter().map(|key| Value::from(*key)).collect()).await?;
        found.extend(companies.into_iter().map(|company| (company.name_key.clone(), company)));
    }
    Ok(found)
}

/// By folded name, from behind one; `search` is the beginning of a name. Served by the unique key.
pub async fn companies(rows: &Rows, search: &str, after: &str, limit: i64) -> Result<Vec<Company>, Fault> {
    const SQL: &str = "SELECT id, name, name_key, industry FROM company \
         WHERE name_key > $1 AND name_key >= $2 AND name_key < $3 ORDER BY name_key LIMIT $4";
    let begins = fold(search);
    let ends = format!("{begins}\u{10ffff}");
    rows.all(SQL, values![after, begins, ends, limit]).await
}

pub(super) fn company_key(name: &str) -> String {
    fold(name)
}

/// Names of companies by their ids.
pub(super) async fn names(rows: &Rows, ids: &[i64]) -> Result<HashMap<i64, String>, Fault> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(500) {
        let sql = format!("SELECT id, name, name_key, industry FROM company WHERE id IN ({})", marks(1, chunk.len()));
        let companies: Vec<Company> = rows.all(&sql, chunk.iter().copied().map(Value::from).collect()).await?;
        found.extend(companies.into_iter().map(|company| (company.id, company.name)));
    }
    Ok(found)
}

/// Removes a company nobody belongs to; answers whether it is gone.
pub(super) async fn remove_unused(unit: &Write, id: i64) -> Result<bool, Fault> {
    const SQL: &str =
        "DELETE FROM company WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.company_id = $1)";
    Ok(unit.run(SQL, values![id]).await? == 1)
}

/// Takes an industry away that is still the one that was filled in; answers whether it did.
pub(super) async fn empty_industry(unit: &Write, id: i64, filled: Option<&str>, now: i64) -> Result<bool, Fault> {
    const SQL: &str = "UPDATE company SET industry = NULL, updated_at = $1 WHERE id = $2 AND industry = $3";
    Ok(unit.run(SQL, values![now, id, filled]).await? == 1)
}

#[derive(FromQueryResult)]
struct Placed {
    id: i64,
    name_key: String,
}

/// Makes companies that are missing and fills industries that are missing; an industry that is known is never replaced,
/// because several contacts of one company seldom agree on it. `wanted` maps folded names to name and industry.
pub(super) async fn place(
    unit: &Write,
    wanted: &BTreeMap<String, (String, Option<String>)>,
    now: i64,
) -> Result<HashMap<String, i64>, Fault> {
    const COLUMNS: [&str; 5] = ["name", "name_key", "industry", "created_at", "updated_at"];
    const TAIL: &str = "ON CONFLICT (name_key) DO UPDATE SET industry = COALESCE(company.industry, excluded.industry), \
         updated_at = excluded.updated_at RETURNING id, name_key";
    let mut batch = Batch::new("company", &COLUMNS, TAIL);
    for (key, (name, industry)) in wanted {
        batch.push(values![name.as_str(), key.as_str(), industry.as_deref(), now, now]);
    }
    let rows = batch.write_returning(unit).await?;
    let read =
        |row| Placed::from_query_result(row, "").map_err(store::fault).map(|placed| (placed.name_key, placed.id));
    rows.iter().map(read).collect()
}
