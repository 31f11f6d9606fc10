//! Targets: what is to be reached, set by who may, and how each stands.

use super::figures::amount;
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Choice, Frame, Place,
        dashboard::{TargetRow, TargetsPage},
        draw,
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    evaluation::{self, Span, Standing, TargetDraft, TileMetric},
    selection::{self, Segment},
    staff::Right,
};
use kernel::{Sentence, Unit};
use store::Rows;

pub async fn show(desk: Desk) -> Answer<Response> {
    page(&desk, &Fields::default(), StatusCode::OK, |_| String::new()).await
}

pub async fn set(desk: Desk, fields: Fields) -> Answer<Response> {
    let draft = TargetDraft {
        metric: fields.get("kennzahl"),
        span: fields.get("zeitraum"),
        days: fields.get("tage"),
        value: fields.get("wert"),
        decimal: desk.locale.decimal(),
        segment: fields.get("segment"),
    };
    let unit = desk.db.write().await?;
    match evaluation::set_target(&unit, &desk.actor, &draft, desk.now()).await {
        Ok(_) => {
            unit.save().await?;
            Ok(Redirect::to("/ziele").into_response())
        }
        Err(crm::Trouble::Refusal(Refusal::Invalid(complaints))) => {
            drop(unit);
            let beside = |field: &str| {
                let found = complaints.iter().find(|complaint| complaint.field == field);
                found.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default()
            };
            page(&desk, &fields, StatusCode::UNPROCESSABLE_ENTITY, beside).await
        }
        Err(trouble) => Err(trouble.into()),
    }
}

pub async fn remove(desk: Desk, Path(id): Path<i64>) -> Answer<Redirect> {
    let unit = desk.db.write().await?;
    evaluation::remove_target(&unit, &desk.actor, id, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to("/ziele"))
}

async fn page(desk: &Desk, fields: &Fields, status: StatusCode, beside: impl Fn(&str) -> String) -> Answer<Response> {
    desk.actor.must(Right::SeeDashboard)?;
    let rows = desk.db.read().await?;
    let frame = desk.frame();
    let title = frame.say("target-title");
    let frame = frame.at(Place::Dashboard, title);
    let segments = named(desk, &rows).await?;
    let standings = evaluation::standings(&*desk.lens, &rows, desk.now(), &desk.zone).await?;
    let chosen = |name: &str, value: &str| fields.get(name) == value;
    let mut choices = vec![Choice::new("", frame.say("target-everybody"), chosen("segment", ""))];
    choices.extend(segments.iter().map(|segment| {
        let id = segment.id.to_string();
        Choice::new(id.clone(), segment.name.clone(), chosen("segment", &id))
    }));
    let page = TargetsPage {
        rows: standings.iter().map(|standing| row(&frame, standing, &segments)).collect(),
        may_set: desk.actor.may(Right::SetTargets),
        metrics: TileMetric::ALL
            .iter()
            .map(|metric| Choice::new(metric.code(), frame.tell(&metric.label()), chosen("kennzahl", metric.code())))
            .collect(),
        spans: Span::ALL
            .iter()
            .map(|span| Choice::new(span.code(), frame.tell(&span.label()), chosen("zeitraum", span.code())))
            .collect(),
        segments: choices,
        days: if fields.has("tage") { fields.get("tage").to_owned() } else { "30".to_owned() },
        value: fields.get("wert").to_owned(),
        error_days: beside("days"),
        error_value: beside("value"),
        frame,
    };
    Ok(draw(status, &page))
}

async fn named(desk: &Desk, rows: &Rows) -> Result<Vec<Segment>, Trouble> {
    if !desk.actor.may(Right::SeeSegments) {
        return Ok(Vec::new());
    }
    Ok(selection::list(rows, false).await?)
}

fn row(frame: &Frame, standing: &Standing, segments: &[Segment]) -> TargetRow {
    let target = &standing.target;
    let span = match target.span {
        Span::Days => frame.say_with("target-last-days", "n", target.days.unwrap_or(0)),
        span => frame.tell(&span.label()),
    };
    let segment = match target.segment {
        None => frame.say("target-everybody"),
        Some(id) => {
            let found = segments.iter().find(|segment| segment.id == id);
            found.map_or_else(|| frame.say("target-a-segment"), |segment| segment.name.clone())
        }
    };
    let missing = match standing.unit {
        Unit::Share => {
            format!("{} {}", frame.locale.number(standing.missing() * 100.0, 1), frame.say("dashboard-points"))
        }
        unit => amount(frame, standing.missing(), unit),
    };
    let state = if standing.is_reached() {
        frame.say("target-reached")
    } else if standing.is_off_track() {
        frame.tell(&Sentence::new("target-off-track").with("missing", missing))
    } else {
        frame.tell(&Sentence::new("target-on-track").with("missing", missing))
    };
    TargetRow {
        id: target.id,
        metric: frame.tell(&target.metric.label()),
        span,
        segment,
        goal: amount(frame, target.value, standing.unit),
        value: standing.value.map_or_else(|| "–".to_owned(), |value| amount(frame, value, standing.unit)),
        met: standing.is_reached(),
        state,
    }
}
