//! Entering and changing the master data of a contact, safe against two people doing it at once.

use super::{Banner, Choice, Frame, contact_card::CardNotes};
use askama::Template;
use std::collections::BTreeMap;

/// The fields as they stand in the form; every name is also the name of its field.
#[derive(Clone, Debug, Default)]
pub struct ContactFields {
    pub number: String,
    pub title: String,
    pub first_name: String,
    pub last_name: String,
    pub birth_date: String,
    pub email: String,
    pub phone: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub company: String,
    pub industry: String,
    pub occupation: String,
    pub source: String,
    /// As people write money.
    pub budget: String,
    /// Version the form was filled from; 0 for a new contact.
    pub version: i64,
}

/// An input for one of the house's own attributes.
pub struct OwnField {
    pub name: String,
    pub label: String,
    /// Type of the input.
    pub kind: &'static str,
    pub value: String,
    /// To choose from; empty where anything can be typed.
    pub choices: Vec<Choice>,
    /// What it is kept for.
    pub hint: String,
    pub error: String,
}

/// A row of the form for one further way to reach somebody.
pub struct PointRow {
    /// Place in the form.
    pub n: usize,
    /// There is nothing in it yet.
    pub is_blank: bool,
    /// `email`, `phone`, `address`.
    pub what: String,
    /// „Weitere E-Mail-Adresse“.
    pub label: String,
    pub kinds: Vec<Choice>,
    pub text: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    /// `YYYY-MM-DD`.
    pub valid_from: String,
    pub valid_until: String,
    pub error: Option<String>,
}

impl PointRow {
    pub fn id(&self, part: &str) -> String {
        format!("point-{}-{part}", self.n)
    }

    /// As it is posted.
    pub fn name(&self, part: &str) -> String {
        format!("point.{}.{part}", self.n)
    }

    /// Type of the input.
    pub fn kind(&self) -> &'static str {
        if self.what == "email" { "email" } else { "tel" }
    }

    fn text_label(&self) -> &'static str {
        if self.what == "email" { "contacts-email" } else { "contacts-phone" }
    }

    pub fn error(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }
}

/// A field somebody else has changed meanwhile.
pub struct Conflict {
    pub label: String,
    pub mine: String,
    pub theirs: String,
}

/// `GET /kontakte/neu`, `GET /kontakte/{id}/bearbeiten`; the form posts the fields, `kind`, `salutation`, `language` and
/// `version` to `action`.
#[derive(Template)]
#[template(path = "contact_form.html")]
pub struct ContactFormPage {
    pub frame: Frame,
    pub is_new: bool,
    pub action: String,
    /// Where cancelling leads.
    pub back: String,
    pub fields: ContactFields,
    pub kinds: Vec<Choice>,
    pub salutations: Vec<Choice>,
    pub languages: Vec<Choice>,
    /// By ISO 3166-1 alpha-2 code.
    pub countries: Vec<Choice>,
    /// The house's own attributes.
    pub own: Vec<OwnField>,
    /// Further ways to reach the person.
    pub points: Vec<PointRow>,
    /// With commas between them.
    pub tags: String,
    pub known_tags: Vec<String>,
    /// Who may look after the contact, by id.
    pub owners: Vec<Choice>,
    /// Field name to what is wrong with it.
    pub errors: BTreeMap<&'static str, String>,
    /// Field name to what looks wrong with it and may stay all the same.
    pub hints: BTreeMap<String, String>,
    pub notice: Option<Banner>,
    /// What differs when the record was saved by someone else; `fields.version` is then the newer one, so saving again
    /// keeps what stands in the form.
    pub conflicts: Vec<Conflict>,
    /// Present where the form was filled from a card.
    pub card: Option<CardNotes>,
    /// Names of known companies, to choose from while typing.
    pub companies: Vec<String>,
}

impl ContactFormPage {
    /// What is wrong with a field, or nothing.
    pub fn error(&self, field: &str) -> &str {
        self.errors.get(field).map_or("", String::as_str)
    }

    /// What looks wrong with a field, or nothing.
    pub fn hint(&self, field: &str) -> &str {
        self.hints.get(field).map_or("", String::as_str)
    }
}
