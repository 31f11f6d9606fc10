//! Data protection: purposes, and the wordings people are asked with.

use super::{Banner, Choice, Frame, Place};
use askama::Template;

pub struct PurposeRow {
    pub code: String,
    pub label: String,
    pub basis: String,
}

/// The newest wording of a purpose and channel.
pub struct WordingRow {
    pub purpose: String,
    pub channel: String,
    pub version: i64,
    pub text: String,
    pub by: String,
    pub at: String,
}

/// `GET /verwaltung/datenschutz/einwilligungen`. Forms below it: `wortlaut` (`purpose`, `channel`, `text_de`, `text_en`) and
/// `zweck` (`code`, `label_de`, `label_en`, `basis`).
#[derive(Template)]
#[template(path = "privacy_consents.html")]
pub struct ConsentsPage {
    pub frame: Frame,
    pub notice: Option<Banner>,
    /// Share of people by channel, as SVG.
    pub chart: String,
    pub purposes: Vec<PurposeRow>,
    pub wordings: Vec<WordingRow>,
    pub purpose_choices: Vec<Choice>,
    pub channel_choices: Vec<Choice>,
    pub bases: Vec<Choice>,
    pub text_de: String,
    pub text_en: String,
    pub code: String,
    pub label_de: String,
    pub label_en: String,
}
