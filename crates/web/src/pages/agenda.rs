//! The day of somebody: what is overdue, due today and soon, and the form that puts something there.

use super::{Banner, Choice, Frame};
use askama::Template;

/// One entry as a list shows it.
#[derive(Clone)]
pub struct AgendaRow {
    pub id: i64,
    pub title: String,
    pub icon: &'static str,
    /// „Heute, 10:30–11:00“; empty where it has no day.
    pub when: String,
    pub late: bool,
    pub note: String,
    /// Who has to do it; empty where that goes without saying.
    pub who: String,
    /// Id and name.
    pub contact: Option<(i64, String)>,
    pub done: bool,
    /// Whether the reader may tick it off and change it.
    pub own: bool,
}

/// Entries under a heading.
pub struct AgendaSection {
    pub label: String,
    pub rows: Vec<AgendaRow>,
}

/// The fields of an entry; errors stand beside theirs.
#[derive(Default)]
pub struct AgendaForm {
    /// Where it is posted to.
    pub action: String,
    pub kinds: Vec<Choice>,
    pub title: String,
    pub note: String,
    pub day: String,
    pub time: String,
    pub until: String,
    pub reminders: Vec<Choice>,
    pub assignees: Vec<Choice>,
    /// Number of the contact, where it is typed.
    pub number: String,
    /// Id and name of the contact, where it is known already.
    pub contact: Option<(i64, String)>,
    /// Field and sentence.
    pub errors: Vec<(String, String)>,
}

impl AgendaForm {
    /// The sentence beside a field; empty where nothing is wrong.
    pub fn error(&self, field: &str) -> String {
        let found = self.errors.iter().find(|(of, _)| of == field);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// `GET /mein-tag?wer=alle`
#[derive(Template)]
#[template(path = "agenda.html")]
pub struct AgendaPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    /// „Dienstag, 24. November 2026“.
    pub today: String,
    pub everybody: bool,
    pub sections: Vec<AgendaSection>,
    pub entry: AgendaForm,
    /// Address of the calendar; none until it is made.
    pub feed: Option<String>,
}

/// `GET /aufgaben/{id}`
#[derive(Template)]
#[template(path = "agenda_item.html")]
pub struct AgendaItemPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub id: i64,
    pub version: i64,
    pub row: AgendaRow,
    pub removed: bool,
    pub entry: AgendaForm,
}
