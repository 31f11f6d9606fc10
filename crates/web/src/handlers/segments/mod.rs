//! Segments: the list, and the way of one segment through builder, saving, archive and back.

mod builder;
mod catalogue;
mod figures;
mod form;
mod people;
pub mod sentence;
mod text;

use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Place, Tab, Toast, draw,
        segments::{Head, SegmentRow, SegmentsPage},
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    customers,
    selection::{self, Segment},
    staff::Right,
};
use kernel::{ContactId, SegmentId, Sentence, sentence::say, text::fold};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/segmente", get(list))
        .route("/segmente/neu", get(builder::blank).post(builder::create))
        .route("/segmente/bauen", post(builder::build))
        .route("/segmente/zaehlen", post(figures::count))
        .route("/segmente/reichweite", post(figures::reach))
        .route("/segmente/stichprobe", post(figures::drawn))
        .route("/segmente/wer", get(figures::who))
        .route("/segmente/neu/json", get(text::blank).post(text::create))
        .route("/segmente/{id}", get(builder::show).post(builder::save))
        .route("/segmente/{id}/anzahl", get(how_many))
        .route("/segmente/{id}/kopie", post(builder::copy))
        .route("/segmente/{id}/menschen", get(people::show))
        .route("/segmente/{id}/versionen", get(text::versions).post(text::bring_back))
        .route("/segmente/{id}/sql", get(text::sql))
        .route("/segmente/{id}/json", get(text::json).post(text::save))
        .route("/segmente/{id}/archiv", post(archive))
        .route("/segmente/{id}/zurueck", post(restore))
}

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let search = query.get("q").map_or("", String::as_str).trim();
    let rows = desk.db.read().await?;
    let all = selection::list(&rows, false).await?;
    let any = !all.is_empty();
    let standings = selection::standings(&rows).await?;
    let wanted = fold(search);
    let person = match query.get("warum").and_then(|id| id.parse().ok()).map(ContactId) {
        Some(id) if desk.actor.may(Right::SeeContacts) => {
            customers::find_contact(&rows, id).await?.map(|contact| (id, contact.display_name()))
        }
        _ => None,
    };
    let mut lines = Vec::new();
    for segment in all.into_iter().filter(|segment| fold(&segment.name).contains(&wanted)) {
        let standing = standings.get(&segment.id).cloned().unwrap_or_default();
        lines.push(SegmentRow {
            id: segment.id,
            sentence: sentence::of(&rows, &segment.definition, &desk).await?,
            holds: match &person {
                Some((id, _)) => Some(belongs(&desk, &segment, *id).await?),
                None => None,
            },
            name: segment.name,
            count: None,
            campaigns: standing.campaigns,
            changed: segment.updated_at,
            changed_by: standing.changed_by,
        });
    }
    let toast = match query.get("archiviert").and_then(|id| id.parse().ok()) {
        Some(id) => selection::find(&rows, SegmentId(id)).await?.filter(|s| s.archived_at.is_some()).map(|segment| {
            let text = Sentence::new("segment-archived").with("name", &segment.name).say(desk.locale);
            Toast { text, undo: Some(format!("/segmente/{id}/zurueck")) }
        }),
        None => None,
    };
    let page = SegmentsPage {
        frame: desk.frame().at(Place::Segments, say(desk.locale, "segments-title", None)).with_toast(toast),
        query: search.to_owned(),
        rows: lines,
        any,
        may_edit: desk.actor.may(Right::EditSegments),
        person: person.map(|(id, name)| (id.0, name)),
    };
    Ok(draw(StatusCode::OK, &page))
}

async fn belongs(desk: &Desk, segment: &Segment, person: ContactId) -> Answer<bool> {
    let solved = desk.workbench.solve(&desk.db, &segment.definition, desk.now(), &desk.zone).await?;
    Ok(solved.people.contains(person))
}

async fn find(desk: &Desk, id: i64) -> Answer<Segment> {
    selection::find(&desk.db.read().await?, SegmentId(id)).await?.ok_or(Trouble::MISSING)
}

/// How many people one segment of the list has: asked row by row, so that the list does not wait for the slowest.
async fn how_many(desk: Desk, Path(id): Path<i64>) -> Answer<String> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let count = desk.workbench.count(&desk.db, &segment.definition, desk.now(), &desk.zone).await?;
    Ok(desk.locale.count(count))
}

/// Name and tabs of a segment; `here` is the last part of the address.
fn head(desk: &Desk, id: Option<SegmentId>, name: &str, here: &str) -> Head {
    let words = |key: &str| say(desk.locale, key, None);
    let tab = |path: &str, key: &str| {
        let home = id.map_or_else(|| "/segmente/neu".to_owned(), |id| format!("/segmente/{id}"));
        let href = if path.is_empty() { home } else { format!("{home}/{path}") };
        Tab { label: words(key), href, current: path == here, count: None }
    };
    let build = tab("", "segment-tab-build");
    let tabs = match id {
        Some(_) => vec![
            build,
            tab("menschen", "segment-tab-people"),
            tab("versionen", "segment-tab-versions"),
            tab("sql", "segment-tab-sql"),
            tab("json", "segment-tab-json"),
        ],
        None => vec![build, tab("json", "segment-tab-json")],
    };
    let title = if id.is_some() && !name.trim().is_empty() { name.to_owned() } else { words("segments-new") };
    let lead = words(if here.is_empty() { "segment-lead" } else { "segment-lead-kept" });
    Head { id, title, lead, tabs }
}

async fn archive(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    selection::archive(&unit, &desk.actor, SegmentId(id), desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/segmente?archiviert={id}")).into_response())
}

async fn restore(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    selection::restore(&unit, &desk.actor, SegmentId(id), desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/segmente/{id}?da=1")).into_response())
}
