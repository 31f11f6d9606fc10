//! Changes that chance does not explain, and why each was told.

use super::{Frame, Sign};
use askama::Template;

/// A change in a list.
pub struct ChangeLine {
    pub id: i64,
    pub sign: Sign,
    pub name: String,
    /// „9 Interaktionen an einem Tag, üblich ist 1“.
    pub text: String,
    /// Address of the people behind it.
    pub people: String,
    pub up: bool,
    /// „+184 %“ or „plötzlich“.
    pub strength: String,
    pub day: String,
    /// Why it was told.
    pub href: String,
}

/// `GET /veraenderungen`.
#[derive(Template)]
#[template(path = "changes.html")]
pub struct ChangesPage {
    pub frame: Frame,
    pub lines: Vec<ChangeLine>,
}

/// `GET /veraenderungen/{id}`.
#[derive(Template)]
#[template(path = "change.html")]
pub struct WhyPage {
    pub frame: Frame,
    pub line: ChangeLine,
    /// Finished SVG.
    pub chart: String,
    pub days: String,
    pub chance: String,
    pub method: String,
    pub people_label: String,
    pub sees_people: bool,
    pub makes_segment: bool,
    pub plans: bool,
}
