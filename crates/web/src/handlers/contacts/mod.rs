//! Contacts: the list, one contact all around, its form.

mod accuracy;
mod bulk;
mod call;
mod card;
mod columns;
mod export;
mod filter;
mod form;
mod list;
mod one;
pub mod own;
mod past;
mod points;
mod tied;
mod timeline;
mod views;
mod visits;
pub mod when;

use crate::door::{Answer, Desk, House, Trouble};
use axum::{
    Router,
    routing::{get, post},
};
use crm::customers::{self, Contact, ContactKind};
use kernel::{ContactId, Locale};

pub fn routes() -> Router<House> {
    Router::new()
        .route("/kontakte", get(list::show))
        .route("/kontakte/anzahl", get(list::count))
        .route("/kontakte/ansichten", post(views::save))
        .route("/kontakte/ansichten/{id}", post(views::change))
        .route("/kontakte/ansichten/{id}/weg", post(views::remove))
        .route("/kontakte/ansichten/{id}/zurueck", post(views::restore))
        .route("/kontakte/export/{format}", get(export::export))
        .route("/kontakte/sammel", post(bulk::plan))
        .route("/kontakte/sammel/{id}", get(bulk::show))
        .route("/kontakte/sammel/{id}/los", post(bulk::start))
        .route("/kontakte/sammel/{id}/abbruch", post(bulk::cancel))
        .route("/kontakte/sammel/{id}/zurueck", post(bulk::undo))
        .route("/kontakte/neu", get(form::blank).post(form::create))
        .route("/kontakte/karte", get(card::show))
        .route("/kontakte/{id}", get(one::show))
        .route("/kontakte/{id}/bearbeiten", get(form::edit).post(form::save))
        .route("/kontakte/{id}/aenderungen", get(past::show))
        .route("/kontakte/aenderungen/{set}/zurueck", post(past::take_back))
        .route("/kontakte/{id}/anruf", post(call::note))
        .route("/kontakte/{id}/bestaetigt", post(accuracy::confirm))
        .route("/kontakte/{id}/bestaetigung", post(accuracy::ask))
        .route("/kontakte/{id}/einwilligung", post(one::consent))
        .route("/kontakte/{id}/verbindungen", get(tied::show).post(tied::add))
        .route("/kontakte/{id}/verbindungen/{link}/weg", post(tied::remove))
        .route("/kontakte/{id}/verbindungen/{link}/zurueck", post(tied::restore))
        .route("/kontakte/{id}/zuordnung", post(visits::undo))
}

/// Forms that carry files.
pub fn uploads() -> Router<House> {
    Router::new().route("/kontakte/karte", post(card::read))
}

pub async fn find(desk: &Desk, id: i64) -> Answer<Contact> {
    let found = customers::find_contact(&desk.db.read().await?, ContactId(id)).await?;
    Ok(found.ok_or(Trouble::MISSING)?.shown_to(&desk.actor)?)
}

pub fn kind_name(code: &str, locale: Locale) -> String {
    ContactKind::of(code).map_or_else(|| code.to_owned(), |kind| kind.label().say(locale))
}

/// The parts that say something, „Kunde · Hamburg“.
pub fn dotted<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
