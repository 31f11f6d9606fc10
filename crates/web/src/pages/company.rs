//! A company and the people who belong to it.

use super::Frame;
use askama::Template;

/// Somebody of the company.
pub struct Member {
    pub id: i64,
    pub name: String,
    /// „Kunde“.
    pub kind: String,
    pub city: String,
    pub email: String,
    pub phone: String,
    /// The number as it is dialled.
    pub dial: String,
}

/// `GET /firmen/{id}`
#[derive(Template)]
#[template(path = "company.html")]
pub struct CompanyPage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub industry: String,
    /// „3 Kontakte“.
    pub count: String,
    pub people: Vec<Member>,
    /// Said where not all people are shown; empty where they are.
    pub more: String,
}
