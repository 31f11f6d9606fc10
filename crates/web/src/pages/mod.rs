//! What each page shows: plain view models, one struct per page, filled by the handlers and drawn by the templates.
//!
//! A view model holds finished strings or values of the ground floor, never a row of the database. Every full page has a
//! `frame`, through which the templates say words in the reader's language and write figures in the reader's way.

pub mod agenda;
pub mod attributes;
pub mod blocks;
pub mod campaigns;
pub mod campaigns_evaluation;
pub mod campaigns_execution;
pub mod campaigns_planning;
pub mod campaigns_selection;
pub mod changes;
pub mod company;
pub mod contact;
pub mod contact_card;
pub mod contact_form;
pub mod contact_past;
pub mod contact_tied;
pub mod contacts;
pub mod contacts_bulk;
pub mod dashboard;
pub mod documents;
pub mod duplicates;
pub mod finding;
pub mod frame;
pub mod guide;
pub mod imports;
pub mod login;
pub mod merging;
pub mod notifications;
pub mod postbox;
pub mod privacy;
pub mod privacy_consents;
pub mod privacy_periods;
pub mod quality;
pub mod segments;
pub mod segments_catalogue;
mod segments_definition;
mod segments_moves;
pub mod segments_people;
mod segments_rows;
pub mod segments_text;
pub mod segments_tree;
mod shell;
mod signs;
pub mod staff;
pub mod tracking;

pub use blocks::{Aim, Banner, Choice, FilterChip, SortHead, Tab, Tile, Tone, Trend};
pub use frame::{Command, Crumb, Entry, Frame, Person, Place, Toast};
pub use signs::Sign;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Draws a page or a fragment. A page that cannot be drawn is a fault of ours: it is logged and answered with 500.
pub fn draw(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
            (status, kind, html).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "a page could not be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
