//! A segment as text: as SQL to read, as JSON to change, and what it was before.

use super::{Banner, Frame, segments::Head};
use askama::Template;
use kernel::Timestamp;

/// `GET /segmente/{id}/sql`.
#[derive(Template)]
#[template(path = "segments_sql.html")]
pub struct SqlPage {
    pub frame: Frame,
    pub head: Head,
    pub sql: String,
}

/// `GET` and `POST /segmente/{id}/json`, and the same under `/segmente/neu`: `open=1` shows it in the builder, `save=1`
/// saves it.
#[derive(Template)]
#[template(path = "segments_json.html")]
pub struct JsonPage {
    pub frame: Frame,
    pub head: Head,
    pub version: String,
    pub name: String,
    pub name_error: String,
    /// As typed.
    pub json: String,
    /// Path in the document (or empty) and what is wrong there.
    pub errors: Vec<(String, String)>,
    pub notice: Option<Banner>,
    pub may_edit: bool,
}

impl JsonPage {
    fn action(&self) -> String {
        self.head.id.map_or_else(|| "/segmente/neu/json".into(), |id| format!("/segmente/{id}/json"))
    }
}

/// One version of the list.
#[derive(Clone, Debug)]
pub struct VersionRow {
    pub version: i64,
    pub name: String,
    pub at: Timestamp,
    pub by: String,
    /// Address that compares it with the newest; empty for the newest.
    pub compare: String,
    pub chosen: bool,
}

/// A line of the comparison.
#[derive(Clone, Debug)]
pub struct ComparedLine {
    /// `same`, `gone` or `new`.
    pub change: &'static str,
    pub depth: usize,
    pub text: String,
}

/// `GET /segmente/{id}/versionen?alt=`; `POST /segmente/{id}/versionen` with `alt` brings that version back.
#[derive(Template)]
#[template(path = "segments_versions.html")]
pub struct VersionsPage {
    pub frame: Frame,
    pub head: Head,
    pub versions: Vec<VersionRow>,
    /// The compared version and the lines.
    pub compared: Option<(i64, Vec<ComparedLine>)>,
    /// Version of the segment the page was drawn from.
    pub current: i64,
    pub may_edit: bool,
}

impl ComparedLine {
    fn sign(&self) -> &'static str {
        match self.change {
            "gone" => "−",
            "new" => "+",
            _ => "",
        }
    }

    /// Key of the word for those who do not see the sign.
    fn word(&self) -> &'static str {
        match self.change {
            "gone" => "segment-line-gone",
            "new" => "segment-line-new",
            _ => "segment-line-same",
        }
    }
}
