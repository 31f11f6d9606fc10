//! Segments: the list, the builder that reads like a sentence, and the fragments that keep its figures alive.

use super::{
    Banner, Frame, Tab, segments_catalogue::Catalogue, segments_people::Who, segments_rows::Rows, segments_tree::Draft,
};
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
    /// Whether the person looked at belongs to it.
    pub holds: Option<bool>,
}

/// `GET /segmente`, filtered by `?q=`; `?warum=` names a person and says of each segment whether they belong to it.
#[derive(Template)]
#[template(path = "segments.html")]
pub struct SegmentsPage {
    pub frame: Frame,
    pub query: String,
    pub rows: Vec<SegmentRow>,
    /// Whether there is any segment at all.
    pub any: bool,
    pub may_edit: bool,
    /// Id and name of the person looked at.
    pub person: Option<(i64, String)>,
}

/// Where a segment is used: words and address.
#[derive(Clone, Debug)]
pub struct Use {
    pub label: String,
    pub href: String,
}

/// Name and tabs of everything about one segment.
#[derive(Clone, Debug)]
pub struct Head {
    /// `None` for a new one.
    pub id: Option<SegmentId>,
    pub title: String,
    pub lead: String,
    pub tabs: Vec<Tab>,
}

/// What became of the count: the difference in words, its tone, and the course of the last days.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// „12 mehr als gestern“; empty where there is nothing to compare with.
    pub text: String,
    pub spark: String,
    /// What the picture shows, for those who cannot see it.
    pub note: String,
}

/// `GET /segmente/neu` and `GET /segmente/{id}`. The form posts to its own address (`save=1` saves; `do=add:0:attribute`
/// changes the tree where scripts are off); `POST /segmente/bauen` answers a `TreeFragment`, `POST /segmente/zaehlen` a
/// `CountFragment`, `POST /segmente/{id}/archiv` archives, `POST /segmente/{id}/kopie` copies.
#[derive(Template)]
#[template(path = "segments_builder.html")]
pub struct SegmentPage {
    pub frame: Frame,
    pub head: Head,
    pub version: String,
    pub name: String,
    pub name_error: String,
    pub notice: Option<Banner>,
    pub tree: TreeFragment,
    pub count: CountFragment,
    pub course: Course,
    pub uses: Vec<Use>,
    /// Whom the page is asked about; `None` where people must not be seen.
    pub who: Option<Who>,
    pub may_edit: bool,
}

impl SegmentPage {
    fn action(&self) -> String {
        self.head.id.map_or_else(|| "/segmente/neu".into(), |id| format!("/segmente/{id}"))
    }

    fn own(&self) -> String {
        self.head.id.map(|id| id.to_string()).unwrap_or_default()
    }

    /// Keys of the builder: what is pressed, and the key of its words.
    fn keys(&self) -> [(&'static str, &'static str); 9] {
        [
            ("Alt ↵", "segment-do-line"),
            ("Alt ⇧ ↵", "segment-do-group"),
            ("Alt ⇧ ↑", "segment-do-up"),
            ("Alt ⇧ ↓", "segment-do-down"),
            ("Alt ⇧ →", "segment-do-in"),
            ("Alt ⇧ ←", "segment-do-out"),
            ("Alt ⇧ G", "segment-do-wrap"),
            ("Alt ⇧ ⌫", "segment-remove"),
            ("Alt ⇧ Z", "shell-undo"),
        ]
    }
}

/// What stands below a line: how many fit it, and whether the person looked at does.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    pub node: u32,
    pub count: Option<i64>,
    pub holds: Option<bool>,
    /// What is true of the person; empty for groups.
    pub actual: String,
}

/// The mark of one line.
#[derive(Template)]
#[template(path = "segments_mark.html")]
pub struct MarkView<'a> {
    pub frame: &'a Frame,
    pub mark: &'a Mark,
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
    pub marks: Vec<Mark>,
    /// The form before the last step, for the way back; empty where there is none.
    pub before: String,
    /// The node the last step leads to.
    pub focus: Option<u32>,
    /// Whether one goes on there, wherever one was: the step made a line or took one away.
    pub jump: bool,
    /// Whether the last step took something away.
    pub removed: bool,
    /// True as an answer of its own, which asks for the count.
    pub alone: bool,
}

impl TreeFragment {
    fn rows(&self) -> Result<String, askama::Error> {
        Rows {
            frame: &self.frame,
            draft: &self.draft,
            catalogue: &self.catalogue,
            errors: &self.errors,
            marks: &self.marks,
        }
        .draw()
    }

    /// Id of the element to look at next.
    fn focus(&self) -> String {
        let node = self.focus.and_then(|id| self.draft.node(id));
        node.map(|node| format!("n{}-{}", node.id, if node.is.is_group() { "is" } else { "field" })).unwrap_or_default()
    }
}

/// The person looked at, and whether they belong to the segment.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub href: String,
    pub name: String,
    pub holds: bool,
    pub archived: bool,
}

/// How many fit now, in words what it means, and what is wrong beside which row; answer of `POST /segmente/zaehlen`.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_count.html")]
pub struct CountFragment {
    pub frame: Frame,
    /// `None` while something is wrong.
    pub count: Option<i64>,
    pub of: i64,
    /// The list of these people; empty where they must not be seen.
    pub href: String,
    pub sentence: String,
    /// Whether a line that is not finished was left out.
    pub unfinished: bool,
    /// Every node of the draft, so that what is gone disappears.
    pub marks: Vec<Mark>,
    pub errors: Vec<(u32, Sentence)>,
    pub verdict: Option<Verdict>,
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

    fn mark(&self, mark: &Mark) -> Result<String, askama::Error> {
        MarkView { frame: &self.frame, mark }.render()
    }
}
