//! Data quality: what the rules found, what it touches, and whom it was told.

use super::{Banner, Frame, Place};
use askama::Template;

/// A rule and how it stands.
pub struct RuleRow {
    pub code: &'static str,
    pub name: String,
    pub why: String,
    pub open: String,
    pub any: bool,
    /// Whether it has looked at all; until then nothing is known.
    pub looked: bool,
    /// „0,6 % von 48.902“; empty where nothing is open.
    pub share: String,
    /// „3 Ausnahmen“; empty where there are none.
    pub exempt: String,
    /// A line of the last days; empty where there is none.
    pub course: String,
    /// „vor 4 Min“, or that it has not looked yet.
    pub ran: String,
    pub reported: bool,
}

/// A figure that findings touch.
pub struct TouchedRow {
    pub figure: String,
    pub rule: String,
    pub code: &'static str,
    pub size: String,
}

/// What was told.
pub struct ReportRow {
    pub id: i64,
    pub rule: String,
    pub text: String,
    /// Who told whom, when.
    pub under: String,
    /// `open`, `working`, `mended`.
    pub state: String,
    pub label: String,
}

/// `GET /verwaltung/datenqualitaet`
#[derive(Template)]
#[template(path = "quality.html")]
pub struct QualityPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub subtitle: String,
    pub rules: Vec<RuleRow>,
    pub touched: Vec<TouchedRow>,
    pub reports: Vec<ReportRow>,
    /// Whether the reader is one of those who mend.
    pub mends: bool,
}

/// A finding in its list.
pub struct FindingRow {
    pub id: i64,
    pub name: String,
    /// Empty where the reader may not open it, or nothing can be opened.
    pub href: String,
    pub found: String,
    /// Who said that it is right, and why; empty for open ones.
    pub exempt: String,
}

/// `GET /verwaltung/datenqualitaet/{rule}?stand=ausnahmen&nach=…`
#[derive(Template)]
#[template(path = "quality_rule.html")]
pub struct QualityRulePage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub code: String,
    pub name: String,
    pub why: String,
    pub advice: String,
    pub exempt: bool,
    pub rows: Vec<FindingRow>,
    pub older: Option<String>,
    /// The text of a report as it can be sent.
    pub text: String,
    pub reported: bool,
}
