//! Household and companions of a contact.

use super::Frame;
use askama::Template;

/// Somebody a contact is tied to.
pub struct TieRow {
    pub link: i64,
    pub id: i64,
    pub name: String,
    /// „Haushalt“.
    pub tie: String,
}

/// Somebody who may be meant.
pub struct Candidate {
    pub id: i64,
    pub name: String,
    /// „Kunde · 10007 · Köln“.
    pub under: String,
}

/// `GET /kontakte/{id}/verbindungen?q=`; its forms post `other` and `tie` to the same address.
#[derive(Template)]
#[template(path = "contact_tied.html")]
pub struct TiePage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub search: String,
    /// Code and name of the ties.
    pub ties: Vec<(&'static str, String)>,
    pub found: Vec<Candidate>,
}
