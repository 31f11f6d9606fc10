//! Making and editing one contact by hand or by the API: checked field by field, refused when somebody else was faster.

use super::{
    company::{self, company_key},
    contact::{Contact, ContactKind, contact_by_number, find_contact},
    master::name_key,
};
use crate::{
    Refusal, Trouble,
    intake::{MOST_MONEY, Salutation, country, is_birth_date},
    refusal::Complaint,
    staff::{Actor, Right, audit},
};
use jiff::civil::Date;
use kernel::{ContactId, Currency, EmailAddress, Fault, Sentence, Timestamp, text::fold};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use store::{Write, values};

/// A contact as a form or the API says it is; empty text stands for nothing. Editing replaces all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactDraft {
    /// A new contact without a number gets one.
    pub number: String,
    /// `lead`, `prospect`, `customer`, `former`; a prospect when it is empty.
    pub kind: String,
    /// `ms`, `mr`, `mx`.
    pub salutation: String,
    pub title: String,
    pub first_name: String,
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    pub email: String,
    pub phone: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2 code or a name.
    pub country: String,
    /// Name; a company that does not exist yet is made.
    pub company: String,
    /// Fills the industry of a company that has none.
    pub industry: String,
    /// `de`, `en` …
    pub language: String,
    pub source: String,
    /// Minor units.
    pub budget_minor: Option<i64>,
    pub budget_currency: Currency,
}

impl From<&Contact> for ContactDraft {
    fn from(contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            number: contact.number.clone(),
            kind: contact.kind.clone(),
            salutation: text(&contact.salutation),
            title: text(&contact.title),
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            birth_date: text(&contact.birth_date),
            email: text(&contact.email),
            phone: text(&contact.phone),
            street: text(&contact.street),
            postal_code: text(&contact.postal_code),
            city: text(&contact.city),
            country: text(&contact.country),
            company: text(&contact.company),
            industry: text(&contact.industry),
            language: text(&contact.language),
            source: text(&contact.source),
            budget_minor: contact.budget_minor,
            budget_currency: contact.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default(),
        }
    }
}

/// Fields of a draft that are one line of text, with the most characters each may have.
type TextField = (&'static str, fn(&mut ContactDraft) -> &mut String, usize);

const TEXTS: [TextField; 17] = [
    ("number", |d| &mut d.number, 50),
    ("kind", |d| &mut d.kind, 20),
    ("salutation", |d| &mut d.salutation, 20),
    ("title", |d| &mut d.title, 50),
    ("first_name", |d| &mut d.first_name, 100),
    ("last_name", |d| &mut d.last_name, 100),
    ("birth_date", |d| &mut d.birth_date, 10),
    ("email", |d| &mut d.email, 254),
    ("phone", |d| &mut d.phone, 50),
    ("street", |d| &mut d.street, 200),
    ("postal_code", |d| &mut d.postal_code, 20),
    ("city", |d| &mut d.city, 100),
    ("country", |d| &mut d.country, 100),
    ("company", |d| &mut d.company, 200),
    ("industry", |d| &mut d.industry, 100),
    ("language", |d| &mut d.language, 10),
    ("source", |d| &mut d.source, 100),
];

impl ContactDraft {
    /// Trims and spells everything one way, or says what does not fit.
    fn tidy(mut self, today: Date) -> Result<Self, Vec<Complaint>> {
        let mut wrong = Vec::new();
        let mut complain = |field: &str, code: &'static str, key: &'static str, value: &str| {
            let sentence = Sentence::new(key).with("value", kernel::text::one_line(value));
            wrong.push(Complaint { field: field.to_owned(), code, sentence });
        };
        for (field, text, most) in TEXTS {
            let text = text(&mut self);
            *text = text.trim().to_owned();
            if text.chars().any(char::is_control) {
                complain(field, "control_characters", "intake-reason-control-characters", "");
            } else if text.chars().count() > most {
                complain(field, "too_long", "intake-reason-too-long", &text.chars().take(60).collect::<String>());
            }
        }
        if self.kind.is_empty() {
            self.kind = ContactKind::default().code().to_owned();
        } else if ContactKind::of(&self.kind).is_none() {
            complain("kind", "kind", "customers-unknown-kind", &self.kind);
        }
        if !self.salutation.is_empty() && Salutation::of(&self.salutation).is_none() {
            complain("salutation", "salutation", "intake-reason-salutation", &self.salutation);
        }
        if !self.birth_date.is_empty() {
            match self.birth_date.parse::<Date>() {
                Ok(day) if is_birth_date(day, today) => self.birth_date = day.to_string(),
                _ => complain("birth_date", "birth_date", "intake-reason-birth-date", &self.birth_date),
            }
        }
        if !self.email.is_empty() {
            match EmailAddress::parse(&self.email) {
                Some(address) => self.email = address.to_string(),
                None => complain("email", "email", "intake-reason-email", &self.email),
            }
        }
        if !self.country.is_empty() {
            match country::read(&self.country) {
                Some(code) => self.country = code.to_owned(),
                None => complain("country", "country", "intake-reason-country", &self.country),
            }
        }
        if self.budget_minor.is_some_and(|minor| !(0..=MOST_MONEY).contains(&minor)) {
            complain("budget_minor", "money", "customers-not-a-budget", "");
        }
        if self.last_name.is_empty() && self.company.is_empty() && self.email.is_empty() {
            complain("last_name", "required", "customers-nameless", "");
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    fn changes(&self, from: &Self) -> Vec<&'static str> {
        let (mut new, mut old) = (self.clone(), from.clone());
        let differs = |text: fn(&mut Self) -> &mut String, new: &mut Self, old: &mut Self| text(new) != text(old);
        let mut changed: Vec<&'static str> =
            TEXTS.iter().filter(|(_, text, _)| differs(*text, &mut new, &mut old)).map(|(field, ..)| *field).collect();
        if self.budget_minor != from.budget_minor || self.budget_currency != from.budget_currency {
            changed.push("budget_minor");
        }
        changed
    }
}

/// Makes a contact. `today` is the organisation's day.
///
/// # Errors
/// `Invalid` with one complaint per field; the code `taken` where the number belongs to somebody else.
pub async fn create_contact(
    unit: &Write,
    actor: &Actor,
    draft: ContactDraft,
    now: Timestamp,
    today: Date,
) -> Result<Contact, Trouble> {
    actor.must(Right::EditContacts)?;
    let mut draft = draft.tidy(today).map_err(Refusal::Invalid)?;
    if draft.number.is_empty() {
        draft.number = free_number(unit).await?;
    } else if contact_by_number(unit, &draft.number).await?.is_some() {
        return Err(taken(&draft.number).into());
    }
    const SQL: &str = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, created_at, updated_at) \
         VALUES ($1, $2, '', '', '', '', $3, $3) RETURNING id";
    let id = ContactId(unit.insert(SQL, values![draft.number.as_str(), draft.kind.as_str(), now.0]).await?);
    store_draft(unit, id, &draft, now).await?;
    let deed = audit::Deed::new("contact.created", "contact", id.0).with(json!({ "number": draft.number }));
    audit::note(unit, actor, now, deed).await?;
    Ok(find_contact(unit, id).await?.ok_or(Refusal::Missing)?)
}

/// Edits a contact that still has the version the editor began from.
///
/// # Errors
/// `Stale` where somebody else was faster, `Missing`, `Invalid` as in [`create_contact`].
pub async fn edit_contact(
    unit: &Write,
    actor: &Actor,
    id: ContactId,
    version: i64,
    draft: ContactDraft,
    now: Timestamp,
    today: Date,
) -> Result<Contact, Trouble> {
    actor.must(Right::EditContacts)?;
    let before = find_contact(unit, id).await?.ok_or(Refusal::Missing)?;
    let mut draft = draft.tidy(today).map_err(Refusal::Invalid)?;
    if draft.number.is_empty() {
        draft.number.clone_from(&before.number);
    } else if draft.number != before.number && contact_by_number(unit, &draft.number).await?.is_some() {
        return Err(taken(&draft.number).into());
    }
    // The version counts up first, so that two editors on PostgreSQL wait for each other here.
    const SQL: &str = "UPDATE contact SET version = version + 1 WHERE id = $1 AND version = $2";
    if unit.run(SQL, values![id.0, version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    store_draft(unit, id, &draft, now).await?;
    let changed = draft.changes(&ContactDraft::from(&before));
    let deed = audit::Deed::new("contact.changed", "contact", id.0).with(json!({ "fields": changed }));
    audit::note(unit, actor, now, deed).await?;
    Ok(find_contact(unit, id).await?.ok_or(Refusal::Missing)?)
}

fn taken(number: &str) -> Refusal {
    Refusal::field("number", "taken", Sentence::new("customers-number-taken").with("value", number))
}

/// A number of our own that nobody has.
async fn free_number(unit: &Write) -> Result<String, Fault> {
    let mut next = unit.number("SELECT COALESCE(MAX(id), 0) + 1 FROM contact", vec![]).await?;
    loop {
        let number = format!("N{next}");
        if contact_by_number(unit, &number).await?.is_none() {
            return Ok(number);
        }
        next += 1;
    }
}

async fn store_draft(unit: &Write, id: ContactId, draft: &ContactDraft, now: Timestamp) -> Result<(), Fault> {
    let company = if draft.company.is_empty() {
        None
    } else {
        let key = company_key(&draft.company);
        let industry = (!draft.industry.is_empty()).then(|| draft.industry.clone());
        let known = company::by_keys(unit, &[key.as_str()]).await?;
        match known.get(&key) {
            Some(company) if company.industry.is_some() || industry.is_none() => Some(company.id),
            _ => {
                let wanted = BTreeMap::from([(key.clone(), (draft.company.clone(), industry))]);
                company::place(unit, &wanted, now.0).await?.get(&key).copied()
            }
        }
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let own = name_key(&draft.first_name, &draft.last_name);
    let other = || [&draft.company, &draft.email, &draft.number].into_iter().find(|text| !text.is_empty());
    let name = if own.is_empty() { other().map(|text| fold(text)).unwrap_or_default() } else { own };
    const SQL: &str = "UPDATE contact SET number = $1, kind = $2, salutation = $3, title = $4, first_name = $5, last_name = $6, \
         name_key = $7, first_key = $8, birth_date = $9, email = $10, email_key = $11, phone = $12, street = $13, \
         postal_code = $14, city = $15, city_key = $16, country = $17, company_id = $18, language = $19, source = $20, \
         budget_minor = $21, budget_currency = $22, updated_at = $23 WHERE id = $24";
    let values = values![
        draft.number.as_str(),
        draft.kind.as_str(),
        some(&draft.salutation),
        some(&draft.title),
        draft.first_name.as_str(),
        draft.last_name.as_str(),
        name,
        fold(&draft.first_name),
        some(&draft.birth_date),
        some(&draft.email),
        some(&draft.email.to_lowercase()),
        some(&draft.phone),
        some(&draft.street),
        some(&draft.postal_code),
        some(&draft.city),
        some(&fold(&draft.city)),
        some(&draft.country),
        company,
        some(&draft.language),
        some(&draft.source),
        draft.budget_minor,
        draft.budget_minor.map(|_| draft.budget_currency.code().to_owned()),
        now.0,
        id.0
    ];
    unit.run(SQL, values).await?;
    Ok(())
}
