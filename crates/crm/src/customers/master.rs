//! The stored row of a contact: read in bulk, compared whole, written back in bulk.

use super::merge::survivors;
use crate::intake::{ContactRow, Shape, phone, postal};
use kernel::{ContactId, Currency, Fault, Timestamp, text::fold};
use std::collections::HashMap;
use store::{Batch, FromQueryResult, Rows, Value, Write, marks, values};

/// Master data as stored; equal rows are unchanged contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(super) struct Master {
    pub id: i64,
    pub number: String,
    pub salutation: Option<String>,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub birth_date: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub company_id: Option<i64>,
    pub source: Option<String>,
    pub budget_minor: Option<i64>,
    pub budget_currency: Option<String>,
    /// The company's name sorts contacts that have no name of their own.
    pub name_key: String,
}

impl Master {
    /// Lays a row of a file over the stored contact: fields a column fills take its value, an empty cell empties them;
    /// all others stay. `company` is its id where it is known already.
    pub fn overlay(&mut self, row: &ContactRow, shape: &Shape, company: Option<i64>, currency: Currency) {
        let set = |key: &str, to: &mut Option<String>, value: &Option<String>| {
            if shape.fills(key) {
                to.clone_from(value);
            }
        };
        self.number.clone_from(&row.number);
        set("salutation", &mut self.salutation, &row.salutation.map(|s| s.code().to_owned()));
        set("title", &mut self.title, &row.title);
        if shape.fills("first_name") {
            self.first_name = row.first_name.clone().unwrap_or_default();
        }
        if shape.fills("last_name") {
            self.last_name = row.last_name.clone().unwrap_or_default();
        }
        set("birth_date", &mut self.birth_date, &row.birth_date.map(|day| day.to_string()));
        set("street", &mut self.street, &row.street);
        set("city", &mut self.city, &row.city);
        set("country", &mut self.country, &row.country.map(str::to_owned));
        let country = self.country.as_deref().unwrap_or_default();
        set("postal_code", &mut self.postal_code, &row.postal_code.as_deref().map(|code| postal::tidy(code, country)));
        set("phone", &mut self.phone, &row.phone.as_deref().map(|typed| phone::tidy(typed, country)));
        set("email", &mut self.email, &row.email.as_ref().map(ToString::to_string));
        set("source", &mut self.source, &row.source);
        if shape.fills("company") {
            self.company_id = company;
        }
        if shape.fills("budget") {
            self.budget_minor = row.budget;
            self.budget_currency = row.budget.map(|_| currency.code().to_owned());
        }
        let own = name_key(&self.first_name, &self.last_name);
        if !own.is_empty() {
            self.name_key = own;
        } else if self.name_key.is_empty() || shape.fills("company") {
            let other = row.company.as_deref().or(self.email.as_deref()).unwrap_or(&self.number);
            self.name_key = fold(other);
        }
    }
}

/// What names are sorted and searched by: folded "last first".
pub(super) fn name_key(first: &str, last: &str) -> String {
    let mut key = fold(last);
    let first = fold(first);
    if !key.is_empty() && !first.is_empty() {
        key.push(' ');
    }
    key + &first
}

const COLUMNS: &str = "id, number, salutation, title, first_name, last_name, birth_date, email, phone, street, postal_code, city, \
     country, company_id, source, budget_minor, budget_currency, name_key";

/// Contacts by their customer numbers; served by the unique key.
pub(super) async fn by_numbers(rows: &Rows, numbers: &[&str]) -> Result<HashMap<String, Master>, Fault> {
    let mut found = HashMap::with_capacity(numbers.len());
    for chunk in numbers.chunks(500) {
        let sql = format!("SELECT {COLUMNS} FROM contact WHERE number IN ({})", marks(1, chunk.len()));
        let masters: Vec<Master> = rows.all(&sql, chunk.iter().map(|number| Value::from(*number)).collect()).await?;
        found.extend(masters.into_iter().map(|master| (master.number.clone(), master)));
    }
    Ok(found)
}

/// Ids of contacts by their customer numbers, served by the unique key. The number of a record that was merged away leads to
/// the one that took its place.
pub async fn ids_by_number(rows: &Rows, numbers: &[&str]) -> Result<HashMap<String, ContactId>, Fault> {
    let mut found = HashMap::with_capacity(numbers.len());
    for chunk in numbers.chunks(500) {
        let sql = format!("SELECT id, number FROM contact WHERE number IN ({})", marks(1, chunk.len()));
        let placed: Vec<Placed> = rows.all(&sql, chunk.iter().map(|number| Value::from(*number)).collect()).await?;
        found.extend(placed.into_iter().map(|placed| (placed.number, ContactId(placed.id))));
    }
    let led = survivors(rows, &found.values().copied().collect::<Vec<_>>()).await?;
    found.values_mut().for_each(|contact| *contact = led.get(contact).copied().unwrap_or(*contact));
    Ok(found)
}

/// Whoever has bought is a customer: leads and prospects become one.
pub async fn became_customers(unit: &Write, contacts: &[i64], now: Timestamp) -> Result<(), Fault> {
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "UPDATE contact SET kind = 'customer', version = version + 1, updated_at = ${} \
             WHERE kind IN ('lead', 'prospect') AND id IN ({})",
            chunk.len() + 1,
            marks(1, chunk.len())
        );
        let values = chunk.iter().copied().chain([now.0]).map(Value::from).collect();
        unit.run(&sql, values).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Placed {
    id: i64,
    number: String,
}

/// Writes contacts by number, new ones as prospects; answers their ids.
pub(super) async fn place(unit: &Write, masters: &[Master], now: i64) -> Result<HashMap<String, i64>, Fault> {
    const INSERTED: [&str; 23] = [
        "number",
        "kind",
        "salutation",
        "title",
        "first_name",
        "last_name",
        "name_key",
        "first_key",
        "birth_date",
        "email",
        "email_key",
        "phone",
        "street",
        "postal_code",
        "city",
        "city_key",
        "country",
        "company_id",
        "source",
        "budget_minor",
        "budget_currency",
        "created_at",
        "updated_at",
    ];
    const TAIL: &str = "ON CONFLICT (number) DO UPDATE SET salutation = excluded.salutation, title = excluded.title, \
         first_name = excluded.first_name, last_name = excluded.last_name, name_key = excluded.name_key, \
         first_key = excluded.first_key, birth_date = excluded.birth_date, email = excluded.email, \
         email_key = excluded.email_key, phone = excluded.phone, street = excluded.street, \
         postal_code = excluded.postal_code, city = excluded.city, city_key = excluded.city_key, \
         country = excluded.country, company_id = excluded.company_id, source = excluded.source, \
         budget_minor = excluded.budget_minor, budget_currency = excluded.budget_currency, \
         updated_at = excluded.updated_at, version = contact.version + 1 RETURNING id, number";
    let mut batch = Batch::new("contact", &INSERTED, TAIL);
    for master in masters {
        batch.push(values![
            master.number.as_str(),
            "prospect",
            master.salutation.as_deref(),
            master.title.as_deref(),
            master.first_name.as_str(),
            master.last_name.as_str(),
            master.name_key.as_str(),
            fold(&master.first_name),
            master.birth_date.as_deref(),
            master.email.as_deref(),
            master.email.as_deref().map(str::to_lowercase),
            master.phone.as_deref(),
            master.street.as_deref(),
            master.postal_code.as_deref(),
            master.city.as_deref(),
            master.city.as_deref().map(fold),
            master.country.as_deref(),
            master.company_id,
            master.source.as_deref(),
            master.budget_minor,
            master.budget_currency.as_deref(),
            now,
            now
        ]);
    }
    let rows = batch.write_returning(unit).await?;
    let read = |row| Placed::from_query_result(row, "").map_err(store::fault).map(|placed| (placed.number, placed.id));
    rows.iter().map(read).collect()
}
