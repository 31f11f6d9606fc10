//! Two contacts side by side before they become one.

use super::{Banner, Frame};
use askama::Template;

/// One of the two.
pub struct SideCard {
    pub id: i64,
    pub version: i64,
    pub name: String,
    pub number: String,
    pub kind: String,
    /// „22 Einträge seit 04.03.2023“.
    pub history: String,
}

/// A field in which they differ.
pub struct ChoiceLine {
    pub name: &'static str,
    pub label: String,
    /// The values; empty where there is none.
    pub stays: String,
    pub goes: String,
    pub from_merged: bool,
}

/// A field in which they agree.
pub struct AgreedLine {
    pub label: String,
    pub value: String,
}

/// What will be allowed on a channel.
pub struct AllowedLine {
    pub channel: String,
    pub granted: bool,
}

/// `GET /kontakte/zusammenfuehren?bleibt=…&geht=…`.
#[derive(Template)]
#[template(path = "merging.html")]
pub struct MergePage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub stays: SideCard,
    pub goes: SideCard,
    /// How sure it is; empty for a pair nobody had found.
    pub percent: String,
    pub reasons: String,
    pub against: String,
    /// Address of the page with the sides swapped.
    pub swap: String,
    pub choices: Vec<ChoiceLine>,
    pub agreed: Vec<AgreedLine>,
    pub moves: Vec<String>,
    pub allowed: Vec<AllowedLine>,
    /// What becomes of the one that goes.
    pub after: String,
    /// Came from the list and goes back there.
    pub listed: bool,
}
