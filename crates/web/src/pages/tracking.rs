//! Administration: the websites and programs that tell what visitors do, and the last of what they told.

use super::{Banner, Choice, Frame, Place};
use askama::Template;

/// The form of a source: what stands in it and what was wrong.
pub struct SourceForm {
    pub name: String,
    /// One a line.
    pub origins: String,
    /// `leads`, `stammdaten`, `anonym`, under the name `darf`.
    pub switches: Vec<Choice>,
    pub name_error: String,
    pub origins_error: String,
}

/// One source of the list.
pub struct SourceRow {
    pub id: i64,
    pub name: String,
    pub key: String,
    /// „von überall“ where there are none.
    pub origins: Vec<String>,
    /// „vor 4 Min“, „noch nichts“.
    pub last: String,
    pub active: bool,
}

/// `GET /verwaltung/tracking`. Form: `POST /verwaltung/tracking` (`name`, `origins`, `darf`…).
#[derive(Template)]
#[template(path = "tracking.html")]
pub struct SourcesPage {
    pub frame: Frame,
    pub sources: Vec<SourceRow>,
    pub notice: Option<Banner>,
    /// The form in the dialogue.
    pub source: SourceForm,
}

/// One event as it was seen.
pub struct SightRow {
    /// `09:42:07`.
    pub at: String,
    pub iso: String,
    pub call: String,
    pub name: String,
    pub who: String,
    pub outcome: String,
    pub tone: &'static str,
    /// „Eintrag 4711“, or why.
    pub told: String,
}

/// The part of the page that renews itself.
#[derive(Template)]
#[template(path = "tracking_live.html")]
pub struct SightsFragment {
    pub frame: Frame,
    pub rows: Vec<SightRow>,
    /// Whether a filter is on.
    pub filtered: bool,
}

/// `GET /verwaltung/tracking/{id}?ergebnis=…&q=…`. Forms under that path: `aendern` (as above), `schluessel`, `aktiv`
/// (`aktiv` = 1 or 0).
#[derive(Template)]
#[template(path = "tracking_source.html")]
pub struct SourcePage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub key: String,
    pub active: bool,
    /// The line for the head of a page.
    pub snippet: String,
    /// Address of this house, for trackers somebody has.
    pub host: String,
    pub notice: Option<Banner>,
    /// The form in the dialogue.
    pub source: SourceForm,
    pub outcomes: Vec<Choice>,
    pub search: String,
    /// Where the events come from again, filters included.
    pub address: String,
    pub live: SightsFragment,
}
