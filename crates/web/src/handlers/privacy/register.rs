//! The record of processing activities, as a page and as a file.

use super::{Asked, done, toast};
use crate::{
    door::{Answer, Desk, Fields},
    pages::{
        Place, draw,
        privacy_periods::{ActivityRow, RegisterPage},
    },
};
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use crm::{
    privacy::register::{self, Activity, Note},
    staff::audit,
};
use kernel::{csv, sentence::say};

const HERE: &str = "/verwaltung/datenschutz/verzeichnis";

pub async fn show(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let activities = register::activities(&rows, &desk.actor, desk.locale).await?;
    let row = |one: Activity| ActivityRow {
        table: one.table,
        name: one.name,
        purpose: one.purpose,
        basis: one.basis,
        retention: one.retention,
        recipients: one.recipients,
        data: one.data,
        changed: one.changed,
    };
    let title = say(desk.locale, "privacy-register", None);
    let page = RegisterPage {
        frame: desk.frame().at(Place::Privacy, title).with_address(HERE).with_toast(toast(&desk, &query)),
        notice: None,
        organisation: desk.organisation.to_string(),
        activities: activities.into_iter().map(row).collect(),
    };
    Ok(draw(StatusCode::OK, &page))
}

pub async fn file(desk: Desk) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let activities = register::activities(&unit, &desk.actor, desk.locale).await?;
    audit::note(&unit, &desk.actor, desk.now(), audit::Deed::new("privacy.record_exported", "processing", None))
        .await?;
    unit.save().await?;
    let heads = ["activity", "purpose", "basis", "keep", "recipients", "data"];
    let heads = heads.map(|key| say(desk.locale, &format!("privacy-{key}"), None));
    let mut text = String::from("\u{feff}") + &csv::row(heads.iter().map(String::as_str), ';');
    for one in &activities {
        let cells = [&one.name, &one.purpose, &one.basis, &one.retention, &one.recipients, &one.data];
        text += &csv::row(cells.map(String::as_str), ';');
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"verzeichnis.csv\""),
    ];
    Ok((headers, text).into_response())
}

pub async fn set(desk: Desk, fields: Fields) -> Answer<Response> {
    let text = |name: &str| kernel::text::one_line(fields.get(name));
    let note = Note {
        table_name: text("table"),
        purpose: text("purpose"),
        basis: text("basis"),
        retention: text("retention"),
        recipients: text("recipients"),
    };
    let unit = desk.db.write().await?;
    register::set(&unit, &desk.actor, &note, desk.now()).await?;
    unit.save().await?;
    Ok(done(HERE, "privacy-saved-now"))
}
