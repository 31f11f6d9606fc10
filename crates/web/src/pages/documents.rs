//! Documents: the panel on a record's page, one document with its versions, a store of others.

use super::Frame;
use askama::Template;

/// One line of the panel.
pub struct DocumentLine {
    pub id: i64,
    pub name: String,
    pub icon: &'static str,
    /// „PDF · 1,2 MB · 24.11.2026, Jana Hoffmann“.
    pub under: String,
    /// Lies in a store of others.
    pub linked: bool,
}

/// What the panel shows: the documents of one record, and how more come in.
pub struct DocumentsPart {
    /// Address of the record's documents; files are posted there.
    pub home: String,
    pub lines: Vec<DocumentLine>,
    pub may_change: bool,
    /// Largest file in bytes, and in megabytes to be read.
    pub largest: u64,
    pub limit: u64,
    /// The store does not answer.
    pub away: bool,
    /// What was not taken, each a sentence.
    pub errors: Vec<String>,
    /// Name of the linked store and the address where its files are chosen; empty without one.
    pub store: String,
    pub store_href: String,
}

/// `GET /kontakte/{id}/dokumente` for htmx: the panel alone.
#[derive(Template)]
#[template(path = "documents_panel.html")]
pub struct DocumentsPanel {
    pub frame: Frame,
    pub part: DocumentsPart,
}

/// The same as a page of its own, for whoever has no scripts, and for companies.
#[derive(Template)]
#[template(path = "documents.html")]
pub struct DocumentsPage {
    pub frame: Frame,
    pub part: DocumentsPart,
    /// Name of the record and its address.
    pub subject: String,
    pub record: String,
}

/// One version of a document.
pub struct VersionLine {
    pub number: i64,
    /// „24.11.2026 09:42, Jana Hoffmann“.
    pub by: String,
    /// „PDF · 1,2 MB“.
    pub what: String,
    /// Shown on the page now.
    pub shown: bool,
}

/// How a browser shows the version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    Image,
    Pdf,
    Text,
    None,
    /// The store does not answer.
    Away,
}

/// `GET /dokumente/{id}?version=…`. Forms post `name` to `…/name`, `file` to `…/version`, and nothing more to `…/entfernen` and
/// `…/zurueck`.
#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentPage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    /// „PDF · 1,2 MB“.
    pub what: String,
    pub preview: Preview,
    pub version: i64,
    pub versions: Vec<VersionLine>,
    pub may_change: bool,
    /// Name of the linked store; empty for what lies in our own.
    pub linked: String,
    /// When it is swept; empty unless it is removed.
    pub gone_on: String,
    pub subject: String,
    pub record: String,
    pub digest: String,
    pub largest: u64,
    pub limit: u64,
    /// What was wrong with the last name or file; empty otherwise.
    pub name_error: String,
    pub file_error: String,
    /// What was typed as a name.
    pub typed: String,
}

impl DocumentPage {
    pub fn shows(&self, preview: Preview) -> bool {
        self.preview == preview
    }
}

/// One entry of a store's folder.
pub struct StoreLine {
    pub name: String,
    pub icon: &'static str,
    /// Where a folder leads, or where a file is looked at.
    pub href: String,
    /// Path of a file; empty for a folder.
    pub path: String,
    pub size: String,
}

/// `GET /dokumente/speicher?zu=contact-17&pfad=…`: files are linked by posting `zu` and `pfad` to `/dokumente/speicher`.
#[derive(Template)]
#[template(path = "documents_store.html")]
pub struct StorePage {
    pub frame: Frame,
    pub store: String,
    pub subject: String,
    /// `contact-17`.
    pub to: String,
    pub home: String,
    /// The folders above and this one, each with its address.
    pub steps: Vec<(String, String)>,
    pub lines: Vec<StoreLine>,
    pub more: bool,
    /// Why the folder cannot be shown, or a file not linked; empty otherwise.
    pub error: String,
}
