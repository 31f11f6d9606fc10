//! The house's own attributes: the list, and the form of one.

use super::{Banner, Choice, Frame, Place};
use askama::Template;
use std::collections::BTreeMap;

/// One attribute of the list.
pub struct AttributeRow {
    pub key: String,
    pub label: String,
    pub kind: String,
    pub purpose: String,
    pub basis: String,
    /// „730 Tage“, „wie der Kontakt“.
    pub retention: String,
    pub archived: bool,
}

/// `GET /verwaltung/merkmale`
#[derive(Template)]
#[template(path = "attributes.html")]
pub struct AttributesPage {
    pub frame: Frame,
    pub attributes: Vec<AttributeRow>,
}

/// `GET /verwaltung/merkmale/neu`, `GET /verwaltung/merkmale/{key}`; posts to itself.
#[derive(Template)]
#[template(path = "attribute_form.html")]
pub struct AttributePage {
    pub frame: Frame,
    pub is_new: bool,
    pub action: String,
    pub archived: bool,
    /// What stands in the form by the names of its inputs.
    pub typed: BTreeMap<&'static str, String>,
    pub kinds: Vec<Choice>,
    pub bases: Vec<Choice>,
    pub errors: BTreeMap<&'static str, String>,
    pub notice: Option<Banner>,
}

impl AttributePage {
    pub fn typed(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What is wrong with a field, or nothing.
    pub fn error(&self, field: &str) -> &str {
        self.errors.get(field).map_or("", String::as_str)
    }
}
