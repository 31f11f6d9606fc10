//! Import in four steps: drop a file, say what it means, try it dry, see what became of it.

use super::{Choice, Frame};
use askama::Template;
use kernel::{ImportId, Timestamp};

/// One import of the past.
#[derive(Clone, Debug)]
pub struct ImportRow {
    pub id: ImportId,
    pub file: String,
    /// What was in it, in words.
    pub kind: String,
    pub at: Timestamp,
    pub by: String,
    /// State in words and its tone (good, warn, bad, accent or "").
    pub state: String,
    pub tone: &'static str,
    pub taken: i64,
    pub rejected: i64,
}

/// `GET /import`: the drop zone (`POST /import`, multipart with `csrf`, `kind`, `file`) and what was imported before.
#[derive(Template)]
#[template(path = "imports.html")]
pub struct ImportsPage {
    pub frame: Frame,
    /// `contacts`, `orders`.
    pub kinds: Vec<Choice>,
    /// Why the last file was not taken; empty otherwise.
    pub error: String,
    pub history: Vec<ImportRow>,
    pub may_import: bool,
}

/// One column of the file and what it becomes.
#[derive(Clone, Debug)]
pub struct ColumnRow {
    /// Index in the file; the select is named `c<index>`.
    pub index: usize,
    pub heading: String,
    pub samples: Vec<String>,
    /// Fields of the trade; the first is „not imported“ with an empty value.
    pub fields: Vec<Choice>,
    /// What is wrong with this mapping; empty otherwise.
    pub error: String,
}

/// A cell of the preview; `error` says why it will be rejected.
#[derive(Clone, Debug, Default)]
pub struct PreviewCell {
    pub text: String,
    pub error: String,
}

#[derive(Clone, Debug)]
pub struct PreviewRow {
    pub line: u64,
    pub cells: Vec<PreviewCell>,
    /// Reason that belongs to no single cell; empty otherwise.
    pub error: String,
}

/// Step 2, `GET /import/{id}` while a file is being understood; posts to `…/deutung` (`weiter=1` goes on to the dry run).
/// The selects are `encoding`, `delimiter`, `header`, `dates`, `numbers` and one `c<index>` per column.
#[derive(Template)]
#[template(path = "imports_mapping.html")]
pub struct MappingPage {
    pub frame: Frame,
    pub id: ImportId,
    pub file: String,
    /// Kind and size in words.
    pub about: String,
    /// Sheets of a workbook; a table of text has none, a workbook no encoding and no delimiter.
    pub sheets: Vec<Choice>,
    pub encodings: Vec<Choice>,
    pub delimiters: Vec<Choice>,
    pub headers: Vec<Choice>,
    pub dates: Vec<Choice>,
    pub numbers: Vec<Choice>,
    pub columns: Vec<ColumnRow>,
    pub preview_heads: Vec<String>,
    pub preview: Vec<PreviewRow>,
    /// Sentences that forbid going on, e.g. that no column is the customer number.
    pub errors: Vec<String>,
}

impl MappingPage {
    fn has_row_errors(&self) -> bool {
        self.preview.iter().any(|row| !row.error.is_empty())
    }
}

/// Rows by what becomes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
}

/// A row that was not taken.
#[derive(Clone, Debug)]
pub struct Rejection {
    pub line: u64,
    pub field: String,
    pub value: String,
    pub reason: String,
}

/// How far a running import is.
#[derive(Clone, Debug, Default)]
pub struct ImportProgress {
    pub rows: i64,
    /// Percent of the file's bytes, 0 to 100.
    pub percent: i64,
    /// Remaining time in words.
    pub rest: String,
    /// What is being done, in words.
    pub doing: String,
}

/// `GET /import/{id}/fortschritt`, asked every two seconds; when it is done answer with `HX-Refresh: true`.
#[derive(Template, Clone, Debug)]
#[template(path = "imports_progress.html")]
pub struct ImportProgressFragment {
    pub frame: Frame,
    pub id: ImportId,
    pub progress: ImportProgress,
}

/// What became of taking an import back.
#[derive(Clone, Debug, Default)]
pub struct Reverted {
    pub removed: i64,
    pub restored: i64,
    pub kept: i64,
    pub stayed: Vec<Stayed>,
}

/// A contact of which something stayed.
#[derive(Clone, Debug)]
pub struct Stayed {
    pub id: i64,
    pub name: String,
    pub why: String,
}

/// Where an import is after its mapping.
#[derive(Clone, Debug)]
pub enum ImportStage {
    /// A dry run or the real one is at work; can be cancelled at `…/abbruch`.
    Working(ImportProgressFragment),
    /// Step 3: nothing written yet; `…/start` writes, `…/zurueck` goes back to the mapping.
    Tried(Tally),
    /// Step 4.
    Done(Tally),
    /// Stopped by a person; what was written stays.
    Cancelled(Tally),
    /// Everything it had brought was taken back.
    Reverted(Reverted),
    /// Stopped by a fault, in words.
    Failed(String),
}

/// Steps 3 and 4, `GET /import/{id}` after the mapping. `…/fehler.csv` holds the rejected rows with their reasons.
#[derive(Template)]
#[template(path = "imports_result.html")]
pub struct ImportResultPage {
    pub frame: Frame,
    pub id: ImportId,
    pub file: String,
    pub about: String,
    pub stage: ImportStage,
    /// The first rejections, in the order of the file.
    pub rejections: Vec<Rejection>,
    /// Whether what it wrote can be taken back.
    pub may_revert: bool,
    /// Where the imported records are listed.
    pub records: String,
}

impl ImportResultPage {
    fn step(&self) -> u8 {
        match self.stage {
            ImportStage::Tried(_) => 3,
            ImportStage::Working(_) => 3,
            _ => 4,
        }
    }

    fn tally(&self) -> Option<&Tally> {
        match &self.stage {
            ImportStage::Tried(t) | ImportStage::Done(t) | ImportStage::Cancelled(t) => Some(t),
            ImportStage::Working(_) | ImportStage::Failed(_) | ImportStage::Reverted(_) => None,
        }
    }

    fn is_tried(&self) -> bool {
        matches!(self.stage, ImportStage::Tried(_))
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.stage, ImportStage::Cancelled(_))
    }

    fn writes_something(&self) -> bool {
        self.tally().is_some_and(|t| t.created + t.updated > 0)
    }
}
