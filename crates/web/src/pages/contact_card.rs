//! Entering somebody from a signature, a mail or a vCard.

use super::Frame;
use askama::Template;

/// `GET /kontakte/karte`; its form posts `text` or `file` to the same address and is answered with the filled contact form.
#[derive(Template)]
#[template(path = "contact_card.html")]
pub struct CardPage {
    pub frame: Frame,
    pub typed: String,
    /// Why nothing was found, or nothing.
    pub error: String,
}

/// Somebody who may be the same person.
pub struct Known {
    pub id: i64,
    pub name: String,
    /// Number and city.
    pub under: String,
    /// What is the same, „Gleiche E-Mail-Adresse“.
    pub why: String,
}

/// What was found and has no field.
pub struct Further {
    pub label: String,
    pub text: String,
}

/// What is said above a form that was filled from a card.
#[derive(Default)]
pub struct CardNotes {
    pub known: Vec<Known>,
    pub further: Vec<Further>,
    /// The texts of the cards that come after this one.
    pub rest: String,
    pub waiting: usize,
}
