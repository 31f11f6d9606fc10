//! Contacts that are there twice: candidates and what was merged.

use super::{Choice, FilterChip, Frame, Tab};
use askama::Template;
use kernel::Sentence;

/// Two contacts that may be one person.
pub struct PairRow {
    pub one: i64,
    pub other: i64,
    pub one_name: String,
    pub other_name: String,
    /// „98,2 %“.
    pub percent: String,
    /// What speaks for it, in words; and what against it, which may be nothing.
    pub reasons: String,
    pub against: String,
}

impl PairRow {
    /// „Anna Müller und A. Mueller vergleichen“.
    pub fn compare(&self, frame: &Frame) -> String {
        self.of_both(frame, "duplicates-compare-of")
    }

    pub fn differ(&self, frame: &Frame) -> String {
        self.of_both(frame, "duplicates-differ-of")
    }

    fn of_both(&self, frame: &Frame, key: &'static str) -> String {
        frame.tell(&Sentence::new(key).with("one", &self.one_name).with("other", &self.other_name))
    }
}

/// `GET /kontakte/dubletten?stand=…&ab=…&kontakt=…&nach=…`.
#[derive(Template)]
#[template(path = "duplicates.html")]
pub struct DuplicatesPage {
    pub frame: Frame,
    /// „12 Paare offen“.
    pub count: String,
    pub tabs: Vec<Tab>,
    pub filters: Vec<FilterChip>,
    /// Parameters the form of filters keeps.
    pub kept: Vec<(&'static str, String)>,
    /// Least probability, in thousandths.
    pub least: Vec<Choice>,
    pub rows: Vec<PairRow>,
    /// Those somebody said are two people.
    pub dismissed: bool,
    pub narrowed: bool,
    pub next: Option<String>,
    pub first: Option<String>,
    /// When was compared last.
    pub standing: String,
    /// What was left out; empty where nothing was.
    pub skipped: String,
    /// Threshold of automatic merging.
    pub automatic: Vec<Choice>,
    pub may_edit: bool,
    pub may_automate: bool,
}

/// One merge.
pub struct MergeRow {
    pub id: i64,
    pub survivor: i64,
    pub survivor_name: String,
    pub merged_name: String,
    /// By whom and when.
    pub by: String,
    pub rows: String,
    /// By whom and when it was taken back.
    pub undone: Option<String>,
}

impl MergeRow {
    /// „A. Mueller ging in Anna Müller auf“.
    pub fn line(&self, frame: &Frame) -> String {
        let sentence = Sentence::new("duplicates-history-line");
        frame.tell(&sentence.with("merged", &self.merged_name).with("survivor", &self.survivor_name))
    }
}

/// `GET /kontakte/dubletten/verlauf?vor=…`.
#[derive(Template)]
#[template(path = "duplicates_history.html")]
pub struct HistoryPage {
    pub frame: Frame,
    pub rows: Vec<MergeRow>,
    pub next: Option<String>,
    pub may_edit: bool,
}
