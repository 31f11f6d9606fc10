//! One value for many contacts: the menus of the bar, and the page that shows what would happen or did.

use super::Frame;
use askama::Template;

/// A menu of the bar; each entry posts its value as `was`.
pub struct BulkMenu {
    /// Unique within the page.
    pub key: &'static str,
    pub label: String,
    pub icon: &'static str,
    /// Value and label.
    pub choices: Vec<(String, String)>,
}

/// `GET /kontakte/sammel/{id}`
#[derive(Template)]
#[template(path = "contacts_bulk.html")]
pub struct BulkPage {
    pub frame: Frame,
    pub id: i64,
    /// „Betreuung: Aylin Demir“
    pub what: String,
    /// What would happen, how far it is, or what happened.
    pub text: String,
    pub planned: bool,
    pub running: bool,
    pub percent: i64,
    pub may_undo: bool,
    /// Address of the list it was begun from.
    pub list: String,
}
