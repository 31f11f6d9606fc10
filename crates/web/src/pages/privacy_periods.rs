//! Data protection: how long what is kept, and the record of processing activities.

use super::{Banner, Frame, Place};
use askama::Template;

pub struct RuleRow {
    pub code: String,
    pub name: String,
    pub action: String,
    pub months: i64,
    pub active: bool,
    pub records: i64,
    /// Where the people are listed; empty where it is about records.
    pub people: String,
}

pub struct DueRow {
    pub id: i64,
    pub name: String,
}

/// `GET /verwaltung/datenschutz/fristen?regel=…`. Forms below it: `{code}` (`months`, `active`).
#[derive(Template)]
#[template(path = "privacy_periods.html")]
pub struct PeriodsPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub rules: Vec<RuleRow>,
    /// The people of the rule that is looked at, and its name.
    pub due: Vec<DueRow>,
    pub due_of: String,
}

pub struct ActivityRow {
    pub table: String,
    pub name: String,
    pub purpose: String,
    pub basis: String,
    pub retention: String,
    pub recipients: String,
    pub data: String,
    pub changed: bool,
}

/// `GET /verwaltung/datenschutz/verzeichnis`. Form: `POST` to the same address (`table`, `purpose`, `basis`, `retention`,
/// `recipients`).
#[derive(Template)]
#[template(path = "privacy_register.html")]
pub struct RegisterPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    pub organisation: String,
    pub activities: Vec<ActivityRow>,
}
