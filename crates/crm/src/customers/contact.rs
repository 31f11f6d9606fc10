//! A person: the one record everything hangs on.

use super::{
    points::{ContactPoint, points_of},
    values::{tags_of, values_of},
};
use crate::{
    Refusal,
    staff::{Actor, Right},
};
use kernel::{ContactId, Fault, Locale, Sentence};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{FromQueryResult, Rows, Value, marks, values};

/// What a person is to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    Lead,
    #[default]
    Prospect,
    Customer,
    Former,
}

impl ContactKind {
    pub const ALL: [ContactKind; 4] = [Self::Lead, Self::Prospect, Self::Customer, Self::Former];

    pub fn code(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Prospect => "prospect",
            Self::Customer => "customer",
            Self::Former => "former",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Lead => "customers-kind-lead",
            Self::Prospect => "customers-kind-prospect",
            Self::Customer => "customers-kind-customer",
            Self::Former => "customers-kind-former",
        })
    }
}

/// A contact with the name of its company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Contact {
    pub id: i64,
    /// Customer number of the company's own books.
    pub number: String,
    /// Code of a [`ContactKind`].
    pub kind: String,
    /// `ms`, `mr`, `mx`.
    pub salutation: Option<String>,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub company_id: Option<i64>,
    pub company: Option<String>,
    /// Industry of the company.
    pub industry: Option<String>,
    pub occupation: Option<String>,
    pub language: Option<String>,
    pub source: Option<String>,
    pub budget_minor: Option<i64>,
    pub budget_currency: Option<String>,
    pub owner_id: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub archived_at: Option<i64>,
    /// Processing is restricted (Art. 18 GDPR) since; whoever is restricted is archived, too.
    pub restricted_at: Option<i64>,
    /// Erased (Art. 17 GDPR) since: nothing is left that says who it was.
    pub erased_at: Option<i64>,
    /// Counts changes: an edit names the version it began from.
    pub version: i64,
    /// What is known in the house's own attributes, by their keys, spelled one way.
    #[sea_orm(skip)]
    pub attributes: BTreeMap<String, String>,
    #[sea_orm(skip)]
    pub tags: BTreeSet<String>,
    /// Further ways to reach the person.
    #[sea_orm(skip)]
    pub points: Vec<ContactPoint>,
}

/// Contacts that are counted in figures, as a condition over the table: not archived by hand. Whoever the law put into the
/// archive (restricted, erased) was counted before and still is, so that published figures stay.
pub const COUNTED: &str = "(contact.archived_at IS NULL OR contact.withdrawn_at IS NOT NULL)";

const SELECT: &str = "SELECT contact.id, contact.number, contact.kind, contact.salutation, contact.title, contact.first_name, \
     contact.last_name, contact.birth_date, contact.email, contact.phone, contact.street, contact.postal_code, contact.city, \
     contact.country, contact.company_id, company.name AS company, company.industry, contact.occupation, contact.language, contact.source, \
     contact.budget_minor, contact.budget_currency, contact.owner_id, contact.created_at, contact.updated_at, \
     contact.archived_at, contact.restricted_at, contact.erased_at, contact.version FROM contact LEFT JOIN company ON company.id = contact.company_id";

/// A contact by its id.
pub async fn find_contact(rows: &Rows, id: ContactId) -> Result<Option<Contact>, Fault> {
    let contact = rows.one(&format!("{SELECT} WHERE contact.id = $1"), values![id.0]).await?;
    Ok(filled(rows, contact.into_iter().collect()).await?.pop())
}

/// Brings along what lies in tables of its own.
async fn filled(rows: &Rows, mut contacts: Vec<Contact>) -> Result<Vec<Contact>, Fault> {
    let ids: Vec<i64> = contacts.iter().map(|contact| contact.id).collect();
    let (mut values, mut tags) = (values_of(rows, &ids).await?, tags_of(rows, &ids).await?);
    let mut points = points_of(rows, &ids).await?;
    for contact in &mut contacts {
        contact.attributes = values.remove(&contact.id).unwrap_or_default();
        contact.tags = tags.remove(&contact.id).unwrap_or_default();
        contact.points = points.remove(&contact.id).unwrap_or_default();
    }
    Ok(contacts)
}

/// Contacts by their ids; served by the primary key.
pub async fn by_ids(rows: &Rows, ids: &[i64]) -> Result<HashMap<i64, Contact>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let sql = format!("{SELECT} WHERE contact.id IN ({})", marks(1, chunk.len()));
        let contacts: Vec<Contact> = rows.all(&sql, chunk.iter().copied().map(Value::from).collect()).await?;
        found.extend(filled(rows, contacts).await?.into_iter().map(|contact| (contact.id, contact)));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Named {
    id: i64,
    title: Option<String>,
    first_name: String,
    last_name: String,
    company: Option<String>,
    email: Option<String>,
    number: String,
}

/// How people are called, by their ids, in one look; served by the primary key.
pub async fn display_names(rows: &Rows, ids: &[ContactId]) -> Result<HashMap<ContactId, String>, Fault> {
    let mut names = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let sql = format!(
            "SELECT contact.id, contact.title, contact.first_name, contact.last_name, company.name AS company, contact.email, \
             contact.number FROM contact LEFT JOIN company ON company.id = contact.company_id WHERE contact.id IN ({})",
            marks(1, chunk.len())
        );
        let found: Vec<Named> = rows.all(&sql, chunk.iter().map(|id| Value::from(id.0)).collect()).await?;
        names.extend(found.into_iter().map(|row| {
            let (company, email) = (row.company.as_deref(), row.email.as_deref());
            let name = display_name(row.title.as_deref(), &row.first_name, &row.last_name, company, email, &row.number);
            (ContactId(row.id), name)
        }));
    }
    Ok(names)
}

/// A contact by its customer number.
pub async fn contact_by_number(rows: &Rows, number: &str) -> Result<Option<Contact>, Fault> {
    let contact = rows.one(&format!("{SELECT} WHERE contact.number = $1"), values![number]).await?;
    Ok(filled(rows, contact.into_iter().collect()).await?.pop())
}

/// How a person is called, for headings: title, first and last name; without a name the company, the address or the
/// number.
pub fn display_name(
    title: Option<&str>,
    first: &str,
    last: &str,
    company: Option<&str>,
    email: Option<&str>,
    number: &str,
) -> String {
    if first.is_empty() && last.is_empty() {
        return company.or(email).unwrap_or(number).to_owned();
    }
    let parts = [title.unwrap_or(""), first, last];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Contact {
    pub fn contact_id(&self) -> ContactId {
        ContactId(self.id)
    }

    /// The contact, for whoever may see it: of somebody erased there is nothing to see, and data that is restricted is shown
    /// only to those who handle it (Art. 18 (2) GDPR).
    pub fn shown_to(self, actor: &Actor) -> Result<Self, Refusal> {
        if self.erased_at.is_some() {
            return Err(Refusal::Missing);
        }
        if self.restricted_at.is_some() {
            actor.must(Right::HandlePrivacy)?;
        }
        Ok(self)
    }

    /// The language this person is written to in.
    pub fn locale(&self, house: Locale) -> Locale {
        self.language.as_deref().and_then(Locale::parse).unwrap_or(house)
    }

    pub fn display_name(&self) -> String {
        let (company, email) = (self.company.as_deref(), self.email.as_deref());
        display_name(self.title.as_deref(), &self.first_name, &self.last_name, company, email, &self.number)
    }

    pub fn kind(&self) -> ContactKind {
        ContactKind::of(&self.kind).unwrap_or_default()
    }
}
