//! What two contacts are compared by.

use kernel::Fault;
use linkage::{Field, Kind, Part, Rule, Scheme};
use store::{FromQueryResult, Rows, Value, listed};

const FIRST: usize = 0;
const LAST: usize = 1;
const BORN: usize = 2;
const EMAIL: usize = 3;
const PHONE: usize = 4;
const STREET: usize = 5;
const POSTAL: usize = 6;

/// Raised when fields or rules change: everything is compared anew.
pub(super) const EDITION: i64 = 1;
/// Pairs below this probability are no candidates.
pub(super) const LEAST: f64 = 0.5;

/// Fields and rules for contacts. Names, birthday and address as people have them; a household shares its last name, its
/// address and often its telephone, sometimes its mailbox.
pub fn scheme() -> Scheme {
    let fields = vec![
        Field::new("first_name", Kind::GivenName).by_rarity().mistaken_for(LAST),
        Field::new("last_name", Kind::FamilyName).by_rarity().shared(),
        Field::new("birth_date", Kind::Date),
        Field::new("email", Kind::Email).by_rarity().shared().made_of([FIRST, LAST]),
        Field::new("phone", Kind::Phone).by_rarity().shared(),
        Field::new("street", Kind::Street).by_rarity().shared(),
        Field::new("postal_code", Kind::PostalCode).shared(),
        Field::new("city", Kind::City).by_rarity().shared(),
        Field::new("company", Kind::Text).by_rarity().shared(),
    ];
    let rules = [
        vec![Part::Whole(EMAIL)],
        vec![Part::Whole(PHONE)],
        vec![Part::Whole(BORN), Part::Sound(LAST)],
        vec![Part::Whole(BORN), Part::Sound(FIRST)],
        vec![Part::Either(FIRST, LAST)],
        vec![Part::Either(FIRST, LAST), Part::Whole(POSTAL)],
        vec![Part::Sound(LAST), Part::Whole(STREET)],
        vec![Part::Sound(FIRST), Part::Whole(STREET)],
    ];
    Scheme { fields, rules: rules.into_iter().map(Rule).collect(), largest_block: 200 }
}

/// The fields of a contact that are compared, in the scheme's order.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Compared {
    pub id: i64,
    first_name: String,
    last_name: String,
    birth_date: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    street: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    company: Option<String>,
}

const SELECT: &str = "SELECT c.id, c.first_name, c.last_name, c.birth_date, c.email, c.phone, c.street, c.postal_code, c.city, \
     company.name AS company FROM contact c LEFT JOIN company ON company.id = c.company_id WHERE c.archived_at IS NULL";

impl Compared {
    pub fn values(&self) -> [&str; 9] {
        [
            &self.first_name,
            &self.last_name,
            self.birth_date.as_deref().unwrap_or(""),
            self.email.as_deref().unwrap_or(""),
            self.phone.as_deref().unwrap_or(""),
            self.street.as_deref().unwrap_or(""),
            self.postal_code.as_deref().unwrap_or(""),
            self.city.as_deref().unwrap_or(""),
            self.company.as_deref().unwrap_or(""),
        ]
    }
}

/// Contacts that are not archived, in the order of their ids, behind one; served by the primary key.
pub(super) async fn page(rows: &Rows, after: i64, limit: i64) -> Result<Vec<Compared>, Fault> {
    let sql = format!("{SELECT} AND c.id > $1 ORDER BY c.id LIMIT $2");
    rows.all(&sql, vec![Value::from(after), Value::from(limit)]).await
}

/// Some contacts, without those that are archived or gone.
pub(super) async fn some(rows: &Rows, ids: &[i64]) -> Result<Vec<Compared>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let (marks, values) = listed(rows.engine(), chunk.iter().map(|id| Value::from(*id)).collect());
        found.extend(rows.all::<Compared>(&format!("{SELECT} AND c.id IN ({marks})"), values).await?);
    }
    Ok(found)
}
