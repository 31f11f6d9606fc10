//! A contact as somebody says it is: one field beside the other, each checked and spelled one way.

use super::{
    attributes::Attribute,
    contact::{Contact, ContactKind},
    erased::Traits,
    points::{self, ContactPoint, POINT},
    values::{spelled, tag_name},
};
use crate::{
    intake::{MOST_MONEY, Salutation, country, is_birth_date, phone, postal},
    refusal::Complaint,
};
use jiff::civil::Date;
use kernel::{Currency, EmailAddress, Sentence, text::visible};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    pub occupation: String,
    /// `de`, `en` …
    pub language: String,
    pub source: String,
    /// Minor units.
    pub budget_minor: Option<i64>,
    pub budget_currency: Currency,
    /// Who looks after the contact.
    pub owner_id: Option<i64>,
    /// Values of the house's own attributes by their keys; an empty one is none.
    pub attributes: BTreeMap<String, String>,
    pub tags: BTreeSet<String>,
    /// Further ways to reach the person.
    pub points: Vec<ContactPoint>,
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
            occupation: text(&contact.occupation),
            language: text(&contact.language),
            source: text(&contact.source),
            budget_minor: contact.budget_minor,
            budget_currency: contact.budget_currency.as_deref().and_then(Currency::parse).unwrap_or_default(),
            owner_id: contact.owner_id,
            attributes: contact.attributes.clone(),
            tags: contact.tags.clone(),
            points: contact.points.clone(),
        }
    }
}

/// How the ledger of changes calls a value of an attribute, and a tag: followed by its key or its name.
pub(super) const ATTRIBUTE: &str = "attribute.";
pub(super) const TAG: &str = "tag.";

/// Fields of a draft that are one line of text, with the most characters each may have.
type TextField = (&'static str, fn(&mut ContactDraft) -> &mut String, usize);

const TEXTS: [TextField; 18] = [
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
    ("occupation", |d| &mut d.occupation, 100),
    ("language", |d| &mut d.language, 10),
    ("source", |d| &mut d.source, 100),
];

/// Trims one line of text; answers code, sentence and value of a complaint where it does not fit.
pub(super) fn tidy_line(text: &mut String, most: usize) -> Option<(&'static str, &'static str, String)> {
    *text = visible(text).trim().to_owned();
    if text.chars().any(char::is_control) {
        Some(("control_characters", "intake-reason-control-characters", String::new()))
    } else if text.chars().count() > most {
        Some(("too_long", "intake-reason-too-long", text.chars().take(60).collect()))
    } else {
        None
    }
}

impl ContactDraft {
    /// Trims and spells everything one way, or says what does not fit; `known` are all attributes there are.
    pub(super) fn tidy(mut self, today: Date, known: &[Attribute]) -> Result<Self, Vec<Complaint>> {
        let (mut wrong, mut misfits) = (Vec::new(), Vec::new());
        let mut complain = |field: &str, code: &'static str, key: &'static str, value: &str| {
            let sentence = Sentence::new(key).with("value", kernel::text::one_line(value));
            wrong.push(Complaint { field: field.to_owned(), code, sentence });
        };
        for (field, text, most) in TEXTS {
            if let Some((code, key, value)) = tidy_line(text(&mut self), most) {
                complain(field, code, key, &value);
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
        self.phone = phone::tidy(&self.phone, &self.country);
        self.postal_code = postal::tidy(&self.postal_code, &self.country);
        if self.budget_minor.is_some_and(|minor| !(0..=MOST_MONEY).contains(&minor)) {
            complain("budget_minor", "money", "customers-not-a-budget", "");
        }
        for (key, value) in std::mem::take(&mut self.attributes) {
            let field = format!("attributes.{key}");
            match known.iter().find(|attribute| attribute.key == key) {
                None => complain(&field, "unknown_attribute", "attributes-unknown", &key),
                Some(_) if value.trim().is_empty() => {}
                Some(attribute) => match spelled(attribute, &value) {
                    Ok(value) => drop(self.attributes.insert(key, value)),
                    Err((code, sentence)) => misfits.push(Complaint { field, code, sentence }),
                },
            }
        }
        self.tags = self.tags.iter().map(|tag| tag_name(tag)).filter(|tag| !tag.is_empty()).collect();
        if self.last_name.is_empty() && self.company.is_empty() && self.email.is_empty() {
            complain("last_name", "required", "customers-nameless", "");
        }
        match points::tidy(std::mem::take(&mut self.points), &self.country) {
            Ok(points) => self.points = points,
            Err(complaints) => misfits.extend(complaints),
        }
        wrong.append(&mut misfits);
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// What looks wrong and is kept all the same: a telephone number no plan knows, a postal code of another country.
    pub fn doubts(&self) -> Vec<Complaint> {
        let country = country::read(&self.country).unwrap_or_default();
        let mut doubts = Vec::new();
        let phone = phone::tidy(self.phone.trim(), country);
        if !phone.is_empty() && !phone::is_known(&phone) {
            let sentence = Sentence::new("customers-doubtful-phone");
            doubts.push(Complaint { field: "phone".to_owned(), code: "phone", sentence });
        }
        if postal::fits(&postal::tidy(self.postal_code.trim(), country), country) == Some(false) {
            let sentence = Sentence::new("customers-doubtful-postal-code").with("example", postal::example(country));
            doubts.push(Complaint { field: "postal_code".to_owned(), code: "postal_code", sentence });
        }
        doubts
    }

    /// What would recognise somebody who was erased.
    pub(super) fn traits(&self) -> Traits<'_> {
        Traits {
            number: &self.number,
            email: &self.email,
            first_name: &self.first_name,
            last_name: &self.last_name,
            birth_date: &self.birth_date,
        }
    }

    /// What a field says, as the ledger of changes keeps it; empty for nothing. The industry belongs to the company and is no
    /// field of the contact.
    pub(super) fn value(&self, field: &str) -> String {
        match field {
            "budget" => {
                self.budget_minor.map_or_else(String::new, |minor| format!("{minor} {}", self.budget_currency.code()))
            }
            "owner" => self.owner_id.map_or_else(String::new, |id| id.to_string()),
            field if field.starts_with(ATTRIBUTE) => {
                self.attributes.get(&field[ATTRIBUTE.len()..]).cloned().unwrap_or_default()
            }
            field if field.starts_with(TAG) => {
                if self.tags.contains(&field[TAG.len()..]) {
                    "1".to_owned()
                } else {
                    String::new()
                }
            }
            field if field.starts_with(POINT) => {
                let held = ContactPoint::of_field(field).is_some_and(|point| self.points.contains(&point));
                if held { "1".to_owned() } else { String::new() }
            }
            field => {
                let text = TEXTS.iter().find(|(name, ..)| *name == field).map(|(_, text, _)| *text);
                text.map_or_else(String::new, |text| text(&mut self.clone()).clone())
            }
        }
    }

    /// Makes a field say a value as the ledger keeps it; `false` for a field the draft does not have.
    pub fn put(&mut self, field: &str, value: &str) -> bool {
        match field {
            "budget" => {
                let (minor, currency) = value.split_once(' ').unwrap_or_default();
                self.budget_minor = minor.parse().ok();
                self.budget_currency = Currency::parse(currency).unwrap_or_default();
            }
            "owner" => self.owner_id = value.parse().ok(),
            field if field.starts_with(ATTRIBUTE) => {
                let key = &field[ATTRIBUTE.len()..];
                if value.is_empty() {
                    self.attributes.remove(key);
                } else {
                    self.attributes.insert(key.to_owned(), value.to_owned());
                }
            }
            field if field.starts_with(TAG) => {
                let name = &field[TAG.len()..];
                if value.is_empty() {
                    self.tags.remove(name);
                } else {
                    self.tags.insert(name.to_owned());
                }
            }
            field if field.starts_with(POINT) => {
                let Some(point) = ContactPoint::of_field(field) else { return false };
                self.points.retain(|held| *held != point);
                if !value.is_empty() {
                    self.points.push(point);
                    self.points.sort();
                }
            }
            field => match TEXTS.iter().find(|(name, ..)| *name == field) {
                Some((_, text, _)) => value.clone_into(text(self)),
                None => return false,
            },
        }
        true
    }

    /// Fields that say something else than those of another draft.
    pub(super) fn changes(&self, from: &Self) -> Vec<String> {
        let texts = TEXTS.iter().map(|(field, ..)| *field).filter(|field| *field != "industry");
        let keys: BTreeSet<&String> = self.attributes.keys().chain(from.attributes.keys()).collect();
        let tags: BTreeSet<&String> = self.tags.symmetric_difference(&from.tags).collect();
        let fields = texts.chain(["budget", "owner"]).map(str::to_owned);
        let own = keys.into_iter().map(|key| format!("{ATTRIBUTE}{key}"));
        let tagged = tags.into_iter().map(|tag| format!("{TAG}{tag}"));
        let all: BTreeSet<&ContactPoint> = self.points.iter().chain(&from.points).collect();
        let reached = all.into_iter().map(|point| format!("{POINT}{}", point.written()));
        fields.chain(own).chain(tagged).chain(reached).filter(|field| self.value(field) != from.value(field)).collect()
    }
}
