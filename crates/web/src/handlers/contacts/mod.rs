//! Contacts: the list, one contact all around, its form, and finding people from anywhere.

mod filter;
mod form;
mod list;
mod one;
mod timeline;
mod visits;
pub mod when;

use crate::{
    door::{Answer, Desk, House, Trouble},
    pages::{
        contacts::{Hit, SearchPart},
        draw,
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use crm::{
    customers::{self, Contact, ContactKind, ContactQuery},
    staff::Right,
};
use kernel::{ContactId, Locale};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/kontakte", get(list::show))
        .route("/kontakte/anzahl", get(list::count))
        .route("/kontakte/neu", get(form::blank).post(form::create))
        .route("/kontakte/{id}", get(one::show))
        .route("/kontakte/{id}/bearbeiten", get(form::edit).post(form::save))
        .route("/kontakte/{id}/einwilligung", post(one::consent))
        .route("/kontakte/{id}/zuordnung", post(visits::undo))
        .route("/suche", get(search))
}

/// Hits of the palette.
const HITS: u64 = 8;

async fn find(desk: &Desk, id: i64) -> Answer<Contact> {
    customers::find_contact(&desk.db.read().await?, ContactId(id)).await?.ok_or(Trouble::MISSING)
}

fn kind_name(code: &str, locale: Locale) -> String {
    ContactKind::of(code).map_or_else(|| code.to_owned(), |kind| kind.label().say(locale))
}

/// The parts that say something, „Kunde · Hamburg“.
fn dotted<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// People for the palette.
async fn search(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let text = query.get("q").map_or("", String::as_str).trim().to_owned();
    let hits = if text.is_empty() {
        Vec::new()
    } else {
        let query = ContactQuery { search: Some(text), limit: HITS, ..ContactQuery::default() };
        customers::contact_page(&desk.db.read().await?, &desk.actor, &query).await?.lines
    };
    let hit = |line: customers::ContactLine| Hit {
        id: line.id,
        name: line.display_name(),
        under: dotted([kind_name(&line.kind, desk.locale).as_str(), line.city.as_deref().unwrap_or("")]),
    };
    Ok(draw(StatusCode::OK, &SearchPart { frame: desk.frame(), hits: hits.into_iter().map(hit).collect() }))
}
