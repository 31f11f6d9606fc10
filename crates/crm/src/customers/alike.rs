//! Who we know already: the same address, the same telephone number, the same name, each asked for through an index.

use super::{contact::display_name, master::name_key};
use crate::{
    Trouble,
    intake::{country, phone},
    staff::{Actor, Right},
};
use kernel::{Fault, Sentence};
use std::collections::HashSet;
use store::{Engine, FromQueryResult, Rows, Value, values};

/// People of one reason that are named.
const MOST: i64 = 5;
/// Contacts of one mail domain that are looked at.
const LOOKED_AT: i64 = 200;

/// Somebody who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    pub id: i64,
    pub name: String,
    pub number: String,
    pub city: String,
    /// What is the same.
    pub why: Sentence,
}

#[derive(FromQueryResult)]
struct Found {
    id: i64,
    number: String,
    title: Option<String>,
    first_name: String,
    last_name: String,
    email: Option<String>,
    city: Option<String>,
    company: Option<String>,
}

const SELECT: &str = "SELECT contact.id, contact.number, contact.title, contact.first_name, contact.last_name, contact.email, \
     contact.city, company.name AS company FROM contact LEFT JOIN company ON company.id = contact.company_id \
     WHERE contact.archived_at IS NULL AND ";

/// Whoever can be reached so beside their main ways.
const FURTHER: &str = "contact.id IN (SELECT p.contact_id FROM contact_point p WHERE p.text_key = $1)";

/// Contacts with the same e-mail address, telephone number or name as the draft, each once with the strongest reason; served by
/// `contact_email`, `contact_phone`, `contact_point_text` and `contact_name`.
pub async fn alike(rows: &Rows, actor: &Actor, draft: &super::ContactDraft) -> Result<Vec<Alike>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let own = country::read(&draft.country).unwrap_or_default();
    let phone = phone::tidy(draft.phone.trim(), own);
    let name = name_key(&draft.first_name, &draft.last_name);
    let asked = [
        ("contact.email_key = $1", draft.email.trim().to_lowercase(), "customers-alike-email"),
        (FURTHER, draft.email.trim().to_lowercase(), "customers-alike-email"),
        ("contact.phone = $1", phone.clone(), "customers-alike-phone"),
        (FURTHER, phone.to_lowercase(), "customers-alike-phone"),
        ("contact.name_key = $1", if name.contains(' ') { name } else { String::new() }, "customers-alike-name"),
    ];
    let (mut alike, mut seen) = (Vec::new(), HashSet::new());
    for (condition, value, why) in asked {
        if value.is_empty() || value.contains('\0') {
            continue;
        }
        let sql = format!("{SELECT}{condition} ORDER BY contact.id LIMIT $2");
        let found: Vec<Found> = rows.all(&sql, vec![Value::from(value), Value::from(MOST)]).await?;
        for one in found.into_iter().filter(|one| seen.insert(one.id)) {
            let (title, company, email) = (one.title.as_deref(), one.company.as_deref(), one.email.as_deref());
            alike.push(Alike {
                name: display_name(title, &one.first_name, &one.last_name, company, email, &one.number),
                id: one.id,
                number: one.number,
                city: one.city.unwrap_or_default(),
                why: Sentence::new(why),
            });
        }
    }
    Ok(alike)
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// The company most contacts with an address of this domain belong to; served by `contact_mail_domain`.
pub async fn company_of_domain(rows: &Rows, domain: &str) -> Result<Option<String>, Fault> {
    let of = match rows.engine() {
        Engine::Sqlite => "substr(email_key, instr(email_key, '@') + 1)",
        Engine::Postgres => "split_part(email_key, '@', 2)",
    };
    let sql = format!(
        "SELECT company.name FROM (SELECT company_id FROM contact WHERE {of} = $1 AND company_id IS NOT NULL LIMIT $2) colleague \
         JOIN company ON company.id = colleague.company_id GROUP BY company.id, company.name ORDER BY COUNT(*) DESC, company.id LIMIT 1"
    );
    let found: Option<Named> = rows.one(&sql, values![domain.to_lowercase(), LOOKED_AT]).await?;
    Ok(found.map(|company| company.name))
}
