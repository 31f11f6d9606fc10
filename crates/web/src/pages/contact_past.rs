//! What was changed about a contact.

use super::Frame;
use askama::Template;

/// One field, before and after, as the reader knows its values.
pub struct Changed {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// What somebody changed at once.
pub struct PastSet {
    pub id: i64,
    pub at: String,
    pub iso: String,
    pub who: String,
    /// „im Formular“, „durch einen Import“ …
    pub cause: String,
    pub undone: bool,
    /// The contact was made.
    pub made: bool,
    pub fields: Vec<Changed>,
}

/// `GET /kontakte/{id}/aenderungen`; a set's button posts to `/kontakte/aenderungen/{set}/zurueck`.
#[derive(Template)]
#[template(path = "contact_past.html")]
pub struct PastPage {
    pub frame: Frame,
    pub name: String,
    /// Newest first.
    pub sets: Vec<PastSet>,
    pub older: Option<String>,
    pub may_edit: bool,
}
