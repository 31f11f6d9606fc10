//! Segments: the list, and the way of one segment through builder, saving, archive and back.

mod builder;
mod catalogue;
pub mod sentence;

use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Place, Toast, draw,
        segments::{SegmentRow, SegmentsPage},
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
    selection::{self, Segment},
    staff::Right,
};
use kernel::{SegmentId, Sentence, sentence::say, text::fold};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/segmente", get(list))
        .route("/segmente/neu", get(builder::blank).post(builder::create))
        .route("/segmente/bauen", post(builder::build))
        .route("/segmente/zaehlen", post(builder::count))
        .route("/segmente/{id}", get(builder::show).post(builder::save))
        .route("/segmente/{id}/anzahl", get(people))
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
    let mut lines = Vec::new();
    for segment in all.into_iter().filter(|segment| fold(&segment.name).contains(&wanted)) {
        let standing = standings.get(&segment.id).cloned().unwrap_or_default();
        lines.push(SegmentRow {
            id: segment.id,
            sentence: sentence::of(&rows, &segment.definition, &desk).await?,
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
    };
    Ok(draw(StatusCode::OK, &page))
}

async fn find(desk: &Desk, id: i64) -> Answer<Segment> {
    selection::find(&desk.db.read().await?, SegmentId(id)).await?.ok_or(Trouble::MISSING)
}

/// How many people one segment of the list has: asked row by row, so that the list does not wait for the slowest.
async fn people(desk: Desk, Path(id): Path<i64>) -> Answer<String> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let count = selection::count(&desk.db.read().await?, &segment.definition, desk.now(), &desk.zone).await?;
    Ok(desk.locale.count(count))
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
