//! The records behind ids somebody else has found, in the order they were found.

use super::{company::Company, contact::display_name};
use crate::{
    Trouble,
    staff::{Actor, Right},
};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, marks, values};

/// A person as a hit of the search shows them.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FoundPerson {
    pub id: i64,
    pub number: String,
    pub kind: String,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub city: Option<String>,
    pub company: Option<String>,
}

impl FoundPerson {
    pub fn display_name(&self) -> String {
        let (company, email) = (self.company.as_deref(), self.email.as_deref());
        display_name(self.title.as_deref(), &self.first_name, &self.last_name, company, email, &self.number)
    }
}

/// Most ids at once.
const MOST: usize = 500;

/// People by their ids, without those who are archived or gone.
pub async fn found_people(rows: &Rows, actor: &Actor, ids: &[i64]) -> Result<Vec<FoundPerson>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let Some((marks, values)) = listed(ids) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT contact.id, contact.number, contact.kind, contact.title, contact.first_name, contact.last_name, \
         contact.email, contact.phone, contact.city, company.name AS company FROM contact \
         LEFT JOIN company ON company.id = contact.company_id \
         WHERE contact.archived_at IS NULL AND contact.id IN ({marks})"
    );
    let people: Vec<FoundPerson> = rows.all(&sql, values).await?;
    Ok(ordered(ids, people, |person| person.id))
}

/// A company; nothing where there is none of this number.
///
/// # Errors
/// `Right` where the person may not see contacts.
pub async fn company(rows: &Rows, actor: &Actor, id: i64) -> Result<Option<Company>, Trouble> {
    Ok(found_companies(rows, actor, &[id]).await?.pop())
}

/// The people of a company by name, those who are archived or gone left out: at most `limit`, and how many there are in all.
pub async fn company_people(
    rows: &Rows,
    actor: &Actor,
    company: i64,
    limit: u64,
) -> Result<(Vec<FoundPerson>, i64), Trouble> {
    actor.must(Right::SeeContacts)?;
    const IDS: &str =
        "SELECT id FROM contact WHERE company_id = $1 AND archived_at IS NULL ORDER BY name_key, id LIMIT $2";
    const ALL: &str = "SELECT COUNT(*) FROM contact WHERE company_id = $1 AND archived_at IS NULL";
    let ids = rows.numbers(IDS, values![company, limit.min(MOST as u64) as i64]).await?;
    Ok((found_people(rows, actor, &ids).await?, rows.number(ALL, values![company]).await?))
}

/// Companies by their ids.
pub async fn found_companies(rows: &Rows, actor: &Actor, ids: &[i64]) -> Result<Vec<Company>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let Some((marks, values)) = listed(ids) else { return Ok(Vec::new()) };
    let sql = format!("SELECT id, name, name_key, industry FROM company WHERE id IN ({marks})");
    let companies: Vec<Company> = rows.all(&sql, values).await?;
    Ok(ordered(ids, companies, |company| company.id))
}

fn listed(ids: &[i64]) -> Option<(String, Vec<Value>)> {
    let ids = &ids[..ids.len().min(MOST)];
    (!ids.is_empty()).then(|| (marks(1, ids.len()), ids.iter().map(|id| Value::from(*id)).collect()))
}

fn ordered<T>(ids: &[i64], records: Vec<T>, id: impl Fn(&T) -> i64) -> Vec<T> {
    let mut known: HashMap<i64, T> = records.into_iter().map(|record| (id(&record), record)).collect();
    ids.iter().filter_map(|id| known.remove(id)).collect()
}
