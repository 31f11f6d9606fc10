//! Further ways to reach a person: other mail addresses, numbers and postal addresses, each with its kind and the days it holds.

use super::draft::{ContactDraft, tidy_line};
use crate::{
    intake::{country, phone, postal},
    refusal::Complaint,
};
use jiff::civil::Date;
use kernel::{ContactId, EmailAddress, Fault, Sentence, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, Write, marks, values};

/// What a point is.
pub const WHATS: [&str; 3] = ["email", "phone", "address"];
/// What it is used for; letters go to a temporary postal address on the days it holds.
pub const KINDS: [&str; 6] = ["private", "work", "mobile", "temporary", "billing", "other"];
/// Most points of one contact.
const MOST: usize = 20;

/// One further way; the main ones stand in the contact itself. Empty text stands for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromQueryResult)]
#[serde(default, deny_unknown_fields)]
pub struct ContactPoint {
    /// `email`, `phone`, `address`.
    pub what: String,
    /// `private`, `work`, `mobile`, `temporary`, `billing`, `other`; the last one when it is empty.
    pub kind: String,
    /// Mail address, or number as E.164 where a plan knows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// ISO 3166-1 alpha-2 code or a name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// First day it holds, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub valid_from: String,
    /// Last day it holds.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub valid_until: String,
}

impl ContactPoint {
    /// Whether it says where somebody is reached.
    pub fn is_blank(&self) -> bool {
        [&self.text, &self.street, &self.postal_code, &self.city].into_iter().all(|text| text.trim().is_empty())
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        let day = day.to_string();
        (self.valid_from.is_empty() || self.valid_from <= day)
            && (self.valid_until.is_empty() || day <= self.valid_until)
    }

    /// As the ledger of changes names it.
    pub(super) fn written(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The point of a field of the ledger.
    pub fn of_field(field: &str) -> Option<Self> {
        serde_json::from_str(field.strip_prefix(POINT)?).ok()
    }

    /// Whether both lead to one place, whatever they are used for and when.
    pub(super) fn is_same_way(&self, other: &Self) -> bool {
        let way =
            |p: &Self| [&p.what, &p.text, &p.street, &p.postal_code, &p.city].map(|text| kernel::text::fold(text));
        way(self) == way(other)
    }

    fn key(&self) -> String {
        self.text.to_lowercase()
    }

    fn tidy(mut self, home: &str, field: &str) -> Result<Self, Vec<Complaint>> {
        let mut wrong = Vec::new();
        let mut complain = |part: &str, code: &'static str, key: &'static str, value: &str| {
            let sentence = Sentence::new(key).with("value", kernel::text::one_line(value));
            wrong.push(Complaint { field: format!("{field}.{part}"), code, sentence });
        };
        let texts: [(&str, &mut String, usize); 9] = [
            ("what", &mut self.what, 20),
            ("kind", &mut self.kind, 20),
            ("text", &mut self.text, 254),
            ("street", &mut self.street, 200),
            ("postal_code", &mut self.postal_code, 20),
            ("city", &mut self.city, 100),
            ("country", &mut self.country, 100),
            ("valid_from", &mut self.valid_from, 10),
            ("valid_until", &mut self.valid_until, 10),
        ];
        for (part, text, most) in texts {
            if let Some((code, key, value)) = tidy_line(text, most) {
                complain(part, code, key, &value);
            }
        }
        if self.kind.is_empty() {
            "other".clone_into(&mut self.kind);
        } else if !KINDS.contains(&self.kind.as_str()) {
            complain("kind", "kind", "customers-point-kind", &self.kind);
        }
        if !self.country.is_empty() {
            match country::read(&self.country) {
                Some(code) => code.clone_into(&mut self.country),
                None => complain("country", "country", "intake-reason-country", &self.country),
            }
        }
        match self.what.as_str() {
            "email" => match EmailAddress::parse(&self.text) {
                Some(address) => self.text = address.to_string(),
                None => complain("text", "email", "intake-reason-email", &self.text),
            },
            "phone" if self.text.is_empty() => complain("text", "required", "customers-point-empty", ""),
            "phone" => self.text = phone::tidy(&self.text, home),
            "address" if self.street.is_empty() && self.city.is_empty() => {
                complain("street", "required", "customers-point-empty", "");
            }
            "address" => self.postal_code = postal::tidy(&self.postal_code, &self.country),
            _ => complain("what", "what", "customers-point-what", &self.what),
        }
        if self.what == "address" {
            self.text.clear();
        } else {
            for part in [&mut self.street, &mut self.postal_code, &mut self.city, &mut self.country] {
                part.clear();
            }
        }
        for (part, day) in [("valid_from", &mut self.valid_from), ("valid_until", &mut self.valid_until)] {
            match day.parse::<Date>() {
                Ok(read) => *day = read.to_string(),
                Err(_) if day.is_empty() => {}
                Err(_) => complain(part, "day", "customers-point-day", day),
            }
        }
        if !self.valid_from.is_empty() && !self.valid_until.is_empty() && self.valid_until < self.valid_from {
            complain("valid_until", "order", "customers-point-order", "");
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// How the ledger of changes calls a point: followed by what it says.
pub(super) const POINT: &str = "point.";

/// Spells all of them one way, each once; complaints are about `points.{position}.{part}`. `home` is the country numbers without
/// a code are read in.
pub(super) fn tidy(points: Vec<ContactPoint>, home: &str) -> Result<Vec<ContactPoint>, Vec<Complaint>> {
    let (mut tidied, mut wrong) = (Vec::with_capacity(points.len()), Vec::new());
    if points.len() > MOST {
        let sentence = Sentence::new("customers-point-many").with("most", MOST as i64);
        return Err(vec![Complaint { field: "points".to_owned(), code: "too_many", sentence }]);
    }
    for (n, point) in points.into_iter().enumerate() {
        match point.tidy(home, &format!("points.{n}")) {
            Ok(point) => tidied.push(point),
            Err(complaints) => wrong.extend(complaints),
        }
    }
    tidied.sort();
    tidied.dedup();
    if wrong.is_empty() { Ok(tidied) } else { Err(wrong) }
}

#[derive(FromQueryResult)]
struct Owned {
    contact_id: i64,
    #[sea_orm(nested)]
    point: ContactPoint,
}

/// The points of contacts, in their order.
pub(super) async fn points_of(rows: &Rows, contacts: &[i64]) -> Result<HashMap<i64, Vec<ContactPoint>>, Fault> {
    let mut found: HashMap<i64, Vec<ContactPoint>> = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT contact_id, what, kind, text, street, postal_code, city, country, valid_from, valid_until \
             FROM contact_point WHERE contact_id IN ({})",
            marks(1, chunk.len())
        );
        let owned: Vec<Owned> = rows.all(&sql, chunk.iter().copied().map(Value::from).collect()).await?;
        for Owned { contact_id, point } in owned {
            found.entry(contact_id).or_default().push(point);
        }
    }
    found.values_mut().for_each(|points| points.sort());
    Ok(found)
}

/// Writes a point down, or takes it away.
pub(super) async fn put_point(
    unit: &Write,
    contact: ContactId,
    point: &ContactPoint,
    on: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    const GONE: &str = "DELETE FROM contact_point WHERE contact_id = $1 AND what = $2 AND kind = $3 AND text = $4 \
         AND street = $5 AND postal_code = $6 AND city = $7 AND country = $8 AND valid_from = $9 AND valid_until = $10";
    const MADE: &str = "INSERT INTO contact_point (contact_id, what, kind, text, street, postal_code, city, country, \
         valid_from, valid_until, text_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let mut values = values![
        contact.0,
        point.what.as_str(),
        point.kind.as_str(),
        point.text.as_str(),
        point.street.as_str(),
        point.postal_code.as_str(),
        point.city.as_str(),
        point.country.as_str(),
        point.valid_from.as_str(),
        point.valid_until.as_str()
    ];
    if on {
        values.extend(values![point.key(), now.0]);
    }
    unit.run(if on { MADE } else { GONE }, values).await?;
    Ok(())
}

/// What of two records' main ways is no longer the main one after one of each was chosen: it stays as a further way.
pub(super) fn left_over(chosen: &ContactDraft, from: [&ContactDraft; 2]) -> Vec<ContactPoint> {
    let mut left: Vec<ContactPoint> = Vec::new();
    for draft in from {
        let point = |what: &str| ContactPoint { what: what.to_owned(), kind: "other".to_owned(), ..Default::default() };
        if !draft.email.is_empty() && draft.email.to_lowercase() != chosen.email.to_lowercase() {
            left.push(ContactPoint { text: draft.email.clone(), ..point("email") });
        }
        if !draft.phone.is_empty() && draft.phone != chosen.phone {
            left.push(ContactPoint { text: draft.phone.clone(), ..point("phone") });
        }
        let address = |draft: &ContactDraft| {
            [&draft.street, &draft.postal_code, &draft.city].map(|text| kernel::text::fold(text))
        };
        let placed = !draft.street.is_empty() && !draft.city.is_empty();
        if placed && address(draft) != address(chosen) {
            left.push(ContactPoint {
                street: draft.street.clone(),
                postal_code: draft.postal_code.clone(),
                city: draft.city.clone(),
                country: draft.country.clone(),
                ..point("address")
            });
        }
    }
    left
}
