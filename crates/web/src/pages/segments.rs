//! Segments: the list, the builder that reads like a sentence, and the fragments that keep its count alive.

use super::{Banner, Frame, segments_catalogue::Catalogue, segments_rows::Rows, segments_tree::Draft};
use askama::Template;
use kernel::{SegmentId, Sentence, Timestamp};

/// One segment of the list.
#[derive(Clone, Debug)]
pub struct SegmentRow {
    pub id: SegmentId,
    pub name: String,
    /// The condition in words.
    pub sentence: String,
    /// `None`: the row asks for it when it comes into view (`GET /segmente/{id}/anzahl`).
    pub count: Option<i64>,
    /// How many campaigns use it.
    pub campaigns: i64,
    pub changed: Timestamp,
    pub changed_by: String,
}

/// `GET /segmente`, filtered by `?q=`.
#[derive(Template)]
#[template(path = "segments.html")]
pub struct SegmentsPage {
    pub frame: Frame,
    pub query: String,
    pub rows: Vec<SegmentRow>,
    /// Whether there is any segment at all.
    pub any: bool,
    pub may_edit: bool,
}

/// Where a segment is used: words and address.
#[derive(Clone, Debug)]
pub struct Use {
    pub label: String,
    pub href: String,
}

/// `GET /segmente/neu` and `GET /segmente/{id}`. The form posts to its own address (`save=1` saves; `do=add:0:attribute`
/// changes the tree where scripts are off); `POST /segmente/bauen` answers a `TreeFragment`, `POST /segmente/zaehlen` a
/// `CountFragment`, `POST /segmente/{id}/archiv` archives.
#[derive(Template)]
#[template(path = "segments_builder.html")]
pub struct SegmentPage {
    pub frame: Frame,
    /// `None` for a new one.
    pub id: Option<SegmentId>,
    pub version: String,
    pub name: String,
    pub name_error: String,
    pub notice: Option<Banner>,
    pub tree: TreeFragment,
    pub count: CountFragment,
    pub uses: Vec<Use>,
    pub may_edit: bool,
}

impl SegmentPage {
    fn action(&self) -> String {
        self.id.map_or_else(|| "/segmente/neu".into(), |id| format!("/segmente/{id}"))
    }

    /// The definition as stored or as it would be stored now.
    fn json(&self) -> String {
        serde_json::to_string_pretty(&self.tree.draft.to_json(&self.tree.catalogue)).unwrap_or_default()
    }
}

/// The rows of the builder; answer of `POST /segmente/bauen` after `Draft::act(form["do"])`.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_tree.html")]
pub struct TreeFragment {
    pub frame: Frame,
    pub draft: Draft,
    pub catalogue: Catalogue,
    /// Node and what is wrong with it; `Draft::node_at` turns the path of a refusal into the node.
    pub errors: Vec<(u32, Sentence)>,
}

impl TreeFragment {
    fn rows(&self) -> Result<String, askama::Error> {
        Rows { frame: &self.frame, draft: &self.draft, catalogue: &self.catalogue, errors: &self.errors }.draw()
    }
}

/// How many fit now, in words what it means, and what is wrong beside which row; answer of `POST /segmente/zaehlen`.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_count.html")]
pub struct CountFragment {
    pub frame: Frame,
    /// `None` while something is wrong.
    pub count: Option<i64>,
    pub of: i64,
    pub sentence: String,
    /// Every node of the draft, so that errors that are gone disappear.
    pub nodes: Vec<u32>,
    pub errors: Vec<(u32, Sentence)>,
    /// True as an answer of its own; false inside the whole page, where the rows already carry their errors.
    pub alone: bool,
}

impl CountFragment {
    fn error(&self, node: &u32) -> String {
        self.errors.iter().find(|(n, _)| n == node).map(|(_, s)| self.frame.tell(s)).unwrap_or_default()
    }

    fn share(&self) -> String {
        let share = if self.of > 0 { self.count.unwrap_or(0) as f64 / self.of as f64 } else { 0.0 };
        self.frame.percent(&share)
    }
}
