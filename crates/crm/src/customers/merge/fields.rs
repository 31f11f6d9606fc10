//! The fields somebody chooses from, and the survivor's fields before and after.

use super::{Contact, ContactDraft};
use crate::customers::points;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

/// What a page says of a field, and whether the record that goes may give it.
pub struct MergeField {
    pub name: &'static str,
    /// Key of its name.
    pub label: &'static str,
    /// How it reads on a page, given the contact; empty for nothing. Codes are said by the page.
    pub text: fn(&Contact) -> String,
    take: fn(&mut Kept, &Kept),
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// Fields that are chosen one by one, in the order of the page. Street, postal code, city and country are one choice, and so
/// are company and industry: halves of two addresses are no address. The customer number stays the survivor's.
pub const FIELDS: &[MergeField] = &[
    MergeField {
        name: "name",
        label: "merge-field-name",
        text: |c| [c.first_name.as_str(), c.last_name.as_str()].join(" ").trim().to_owned(),
        take: |to, from| {
            to.0.first_name.clone_from(&from.0.first_name);
            to.0.last_name.clone_from(&from.0.last_name);
        },
    },
    MergeField {
        name: "salutation",
        label: "merge-field-salutation",
        text: |c| text(&c.salutation),
        take: |to, from| to.0.salutation.clone_from(&from.0.salutation),
    },
    MergeField {
        name: "title",
        label: "merge-field-title",
        text: |c| text(&c.title),
        take: |to, from| to.0.title.clone_from(&from.0.title),
    },
    MergeField {
        name: "kind",
        label: "merge-field-kind",
        text: |c| c.kind.clone(),
        take: |to, from| to.0.kind.clone_from(&from.0.kind),
    },
    MergeField {
        name: "birth_date",
        label: "merge-field-birth-date",
        text: |c| text(&c.birth_date),
        take: |to, from| to.0.birth_date.clone_from(&from.0.birth_date),
    },
    MergeField {
        name: "email",
        label: "merge-field-email",
        text: |c| text(&c.email),
        take: |to, from| to.0.email.clone_from(&from.0.email),
    },
    MergeField {
        name: "phone",
        label: "merge-field-phone",
        text: |c| text(&c.phone),
        take: |to, from| to.0.phone.clone_from(&from.0.phone),
    },
    MergeField {
        name: "address",
        label: "merge-field-address",
        text: |c| {
            let place = format!("{} {}", text(&c.postal_code), text(&c.city)).trim().to_owned();
            let parts = [text(&c.street), place, text(&c.country)];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        },
        take: |to, from| {
            to.0.street.clone_from(&from.0.street);
            to.0.postal_code.clone_from(&from.0.postal_code);
            to.0.city.clone_from(&from.0.city);
            to.0.country.clone_from(&from.0.country);
        },
    },
    MergeField {
        name: "company",
        label: "merge-field-company",
        text: |c| text(&c.company),
        take: |to, from| {
            to.0.company.clone_from(&from.0.company);
            to.0.industry.clone_from(&from.0.industry);
        },
    },
    MergeField {
        name: "occupation",
        label: "contacts-occupation",
        text: |c| text(&c.occupation),
        take: |to, from| to.0.occupation.clone_from(&from.0.occupation),
    },
    MergeField {
        name: "language",
        label: "merge-field-language",
        text: |c| text(&c.language),
        take: |to, from| to.0.language.clone_from(&from.0.language),
    },
    MergeField {
        name: "source",
        label: "merge-field-source",
        text: |c| text(&c.source),
        take: |to, from| to.0.source.clone_from(&from.0.source),
    },
    MergeField {
        name: "budget",
        label: "merge-field-budget",
        text: |c| c.budget_minor.map(|minor| minor.to_string()).unwrap_or_default(),
        take: |to, from| {
            to.0.budget_minor = from.0.budget_minor;
            to.0.budget_currency = from.0.budget_currency;
        },
    },
];

/// The fields of a contact a merge can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept(pub ContactDraft);

impl Kept {
    pub fn of(contact: &Contact) -> Self {
        Self(ContactDraft::from(contact))
    }

    /// These fields with some of another record's. Whoever has nobody in charge gets the other's, and so it is with own
    /// attributes nobody has filled; tags and further ways are put together, and so is what was not chosen of mail, phone and address.
    pub fn with(&self, other: &Self, names: &BTreeSet<String>) -> Self {
        let mut fields = self.clone();
        for field in FIELDS.iter().filter(|field| names.contains(field.name)) {
            (field.take)(&mut fields, other);
        }
        fields.0.owner_id = fields.0.owner_id.or(other.0.owner_id);
        for (key, value) in &other.0.attributes {
            fields.0.attributes.entry(key.clone()).or_insert_with(|| value.clone());
        }
        fields.0.tags.extend(other.0.tags.iter().cloned());
        let left = points::left_over(&fields.0, [&self.0, &other.0]);
        for point in other.0.points.iter().chain(&left) {
            if !fields.0.points.iter().any(|held| held.is_same_way(point)) {
                fields.0.points.push(point.clone());
            }
        }
        fields.0.points.sort();
        fields
    }

    /// The fields as they stand now, those that still have the value a merge gave them with the value before it.
    pub fn taken_back(&self, before: &Self, after: &Self) -> Self {
        let mut fields = self.clone();
        for field in FIELDS {
            let mut given = fields.clone();
            (field.take)(&mut given, after);
            if given == fields {
                (field.take)(&mut fields, before);
            }
        }
        if fields.0.owner_id == after.0.owner_id {
            fields.0.owner_id = before.0.owner_id;
        }
        for key in after.0.attributes.keys().filter(|key| !before.0.attributes.contains_key(*key)) {
            if fields.0.attributes.get(key) == after.0.attributes.get(key) {
                fields.0.attributes.remove(key);
            }
        }
        for tag in after.0.tags.difference(&before.0.tags) {
            fields.0.tags.remove(tag);
        }
        fields.0.points.retain(|point| !after.0.points.contains(point) || before.0.points.contains(point));
        fields
    }

    pub fn written(&self) -> String {
        json!(self).to_string()
    }

    pub fn read(json: &str) -> Result<Self, Fault> {
        serde_json::from_str(json).map_err(|error| Fault::Unreadable(format!("the fields of a merge: {error}")))
    }
}
