//! What the palette shows of a search.

use super::Frame;
use askama::Template;

/// Something that was found and can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Unique among all hits: `p17`, `c3`.
    pub id: String,
    pub name: String,
    /// Small text at the end.
    pub under: String,
    pub href: String,
    pub icon: &'static str,
}

/// Hits of one kind.
pub struct HitGroup {
    pub label: String,
    pub hits: Vec<Hit>,
}

/// `GET /suche?q=` and `GET /suche?zuletzt=`: groups of hits, the best group first.
#[derive(Template)]
#[template(path = "search.html")]
pub struct FoundPart {
    pub frame: Frame,
    pub groups: Vec<HitGroup>,
    /// Whether anything was asked for.
    pub asked: bool,
}
