//! One contact, all around: who it is, what they allowed, what they bought, and everything that happened.

use super::{
    Banner, Frame, Place, Sign, Tab,
    agenda::{AgendaForm, AgendaRow},
    contact_tied::TieRow,
};
use askama::Template;

/// A badge: word, tone (`good warn bad hot cold accent line` or empty) and icon (or empty).
pub struct Mark {
    pub label: String,
    pub tone: &'static str,
    pub icon: &'static str,
}

/// A small fact beside the badges: icon and text.
pub struct Fact {
    pub icon: &'static str,
    pub text: String,
    /// Where more of it is; empty where nothing is.
    pub href: String,
}

/// One entry of the master data; the value may have several lines.
pub struct MasterLine {
    pub label: String,
    pub lines: Vec<String>,
    pub mark: Option<Mark>,
    /// Where the value comes from and since when; empty where it is not told.
    pub under: String,
}

/// What a person allowed on one channel, as it holds today. `granted` is none when nothing was ever said.
pub struct ConsentLine {
    /// Code of the channel and purpose, sent by the forms.
    pub channel: String,
    pub purpose: String,
    pub label: String,
    pub granted: Option<bool>,
    /// Source and time, „Webformular, 03.02.2021“.
    pub proof: String,
    /// What the person was told.
    pub wording: String,
}

/// One order of the quick order info.
pub struct OrderLine {
    pub what: String,
    /// Number and day.
    pub under: String,
    pub amount: String,
    pub cancelled: bool,
}

/// One entry of the timeline.
pub struct Happening {
    /// Channel code of the tabs, for `data-ch`.
    pub sign: Sign,
    pub title: String,
    pub text: String,
    pub marks: Vec<Mark>,
    /// `09:42`; empty where only the day is known.
    pub time: String,
    /// RFC 3339.
    pub iso: String,
}

/// The happenings of one day.
pub struct Day {
    /// „Heute, 24. November“.
    pub label: String,
    pub happenings: Vec<Happening>,
}

/// Bars of open and click rate from crate `charts`, the figures behind them, and a line that says how they are counted.
pub struct EmailBehaviour {
    /// Empty where nothing has arrived yet.
    pub chart: String,
    /// Label and value.
    pub figures: Vec<(String, String)>,
    pub note: String,
}

/// A visitor who turned out to be this person.
pub struct Visit {
    pub id: i64,
    /// Name of the website or program.
    pub source: String,
    /// „24.11.2026, 09:42“.
    pub at: String,
    /// By what it was known, and how many entries it brought.
    pub under: String,
    pub undone: bool,
}

/// `GET /kontakte/{id}?kanal=…&vor=…`. Consent forms post `channel`, `purpose`, `granted` (1 or 0), `wording` to
/// `/kontakte/{id}/einwilligung`.
#[derive(Template)]
#[template(path = "contact.html")]
pub struct ContactPage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub marks: Vec<Mark>,
    pub facts: Vec<Fact>,
    pub notice: Option<Banner>,
    pub email: String,
    pub phone: String,
    pub may_edit: bool,
    /// Kinds of calls that can be written down: code and name; empty where the person may not.
    pub calls: Vec<(&'static str, String)>,
    pub master: Vec<MasterLine>,
    /// Household and companions.
    pub tied: Vec<TieRow>,
    /// What is open about the person, and the form for more.
    pub agenda: Vec<AgendaRow>,
    pub entry: AgendaForm,
    /// Whether there is something to confirm, and whether the person can be asked to: forms post to `…/bestaetigt` and
    /// `…/bestaetigung`.
    pub to_confirm: bool,
    pub may_ask: bool,
    pub consents: Vec<ConsentLine>,
    /// „214 Einträge“, or empty when counting would be slow.
    pub entries: String,
    /// Channel filter; each tab has its own address.
    pub channels: Vec<Tab>,
    pub days: Vec<Day>,
    /// Address of older entries.
    pub older: Option<String>,
    pub behaviour: Option<EmailBehaviour>,
    pub orders: Vec<OrderLine>,
    /// „9 Buchungen, Ø 3.467 €“.
    pub orders_note: String,
    /// Their forms post `edge` to `/kontakte/{id}/zuordnung`.
    pub visits: Vec<Visit>,
}
