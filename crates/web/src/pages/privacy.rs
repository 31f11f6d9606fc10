//! Data protection: requests of the persons concerned, one person all around, and the protocols of what was erased.

use super::{Banner, Choice, Frame, Place};
use askama::Template;

/// One request of the worklist.
pub struct RequestRow {
    pub id: i64,
    pub person: String,
    /// The officer's page of the person; empty once nobody is there any more.
    pub href: String,
    pub kind: String,
    /// „28.10.“.
    pub received: String,
    /// „noch 3 Tage“, „sofort wirksam“.
    pub due: String,
    pub tone: &'static str,
    pub step: String,
    pub percent: u8,
}

/// One protocol of an erasure.
pub struct ErasureRow {
    pub id: i64,
    pub at: String,
    pub by: String,
    pub state: String,
    pub tone: &'static str,
}

/// Somebody whose data is restricted or held.
pub struct SetAsideRow {
    pub id: i64,
    pub name: String,
    pub why: String,
}

/// The form that takes a request in: what stands in it and what was wrong.
pub struct RequestForm {
    /// Customer number or mail address; empty where the person is known already.
    pub who: String,
    pub who_error: String,
    pub kinds: Vec<Choice>,
    pub channels: Vec<Choice>,
    /// `YYYY-MM-DD`.
    pub received: String,
    pub note: String,
}

/// One line of the log.
pub struct LogLine {
    pub who: String,
    pub what: String,
    pub at: String,
}

/// `GET /verwaltung/datenschutz`. Form: `POST /verwaltung/datenschutz/anfragen`.
#[derive(Template)]
#[template(path = "privacy.html")]
pub struct PrivacyPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub requests: Vec<RequestRow>,
    pub answered: Vec<RequestRow>,
    pub erasures: Vec<ErasureRow>,
    pub set_aside: Vec<SetAsideRow>,
    pub log: Vec<LogLine>,
    pub form: RequestForm,
}

/// `GET /kontakte/{id}/datenschutz`: taking a request in from the person's page. Form: `POST` to the same address.
#[derive(Template)]
#[template(path = "privacy_take_in.html")]
pub struct TakeInPage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub notice: Option<Banner>,
    pub form: RequestForm,
}

/// `GET /verwaltung/datenschutz/anfragen/{id}`. Forms below it: `identitaet` (`how`), `frist` (`reason`), `ausfuehren`,
/// `abschluss` (`outcome`, `refused`).
#[derive(Template)]
#[template(path = "privacy_request.html")]
pub struct RequestPage {
    pub frame: Frame,
    pub id: i64,
    pub contact: i64,
    pub person: String,
    pub kind: String,
    pub notice: Option<Banner>,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    pub checked: bool,
    pub extended: bool,
    pub closed: bool,
    /// What the button says that does it; empty where people have to do it.
    pub act: String,
    /// Where a rectification is made; empty for other requests.
    pub edit: String,
}

/// One package.
pub struct PackageRow {
    pub id: i64,
    pub at: String,
    /// „wird erstellt“, „2,1 MB, bis 01.12.2026“.
    pub state: String,
    pub ready: bool,
    pub making: bool,
    pub percent: i64,
}

/// `GET /verwaltung/datenschutz/person/{id}`. Forms below it: `paket`, `einschraenken` (`reason`), `freigeben`, `halten`
/// (`reason`), `loslassen`, `loeschen`.
#[derive(Template)]
#[template(path = "privacy_person.html")]
pub struct PersonPage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub notice: Option<Banner>,
    pub restricted: bool,
    pub held: bool,
    pub erasing: bool,
    pub packages: Vec<PackageRow>,
    /// A package is being made: the page looks again.
    pub packing: bool,
    pub requests: Vec<RequestRow>,
    /// Table in words and its rows: what an erasure would find.
    pub holdings: Vec<(String, i64)>,
    pub proofs: Vec<(String, String)>,
}

/// `GET /verwaltung/datenschutz/loeschungen/{id}`. Form: `zulassen`.
#[derive(Template)]
#[template(path = "privacy_erasure.html")]
pub struct ErasurePage {
    pub frame: Frame,
    pub id: i64,
    pub running: bool,
    pub notice: Option<Banner>,
    pub facts: Vec<(String, String)>,
    /// Table, deed, rows.
    pub counts: Vec<(String, String, String)>,
    /// Fingerprints still keep the person from coming back.
    pub kept_out: bool,
}
