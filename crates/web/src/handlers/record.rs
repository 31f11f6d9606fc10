//! Administration: the log of who did what.

use super::record_detail;
use crate::{
    door::{Answer, Desk, House},
    pages::{
        Place, draw,
        staff::{LogPage, LogRow},
    },
};
use axum::{Router, extract::Query, http::StatusCode, response::Response, routing::get};
use crm::staff::{
    Right,
    audit::{self, Entry},
};
use kernel::{
    Fault, Locale, Sentence, Timestamp,
    sentence::{knows, say},
};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new().route("/verwaltung/protokoll", get(list))
}

const LINES: i64 = 50;

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeAudit)?;
    let before = query.get("vor").and_then(|text| text.parse().ok());
    let unit = desk.db.read().await?;
    let found = audit::entries(&unit, before, LINES).await?;
    let full = found.len() as i64 == LINES;
    let older = found.last().filter(|_| full).map(|last| format!("/verwaltung/protokoll?vor={}", last.id));
    let mut rows = Vec::with_capacity(found.len());
    for entry in found {
        rows.push(row(&desk, &unit, entry).await?);
    }
    let page = LogPage { frame: desk.frame().at(Place::Log, say(desk.locale, "log-title", None)), rows, older };
    Ok(draw(StatusCode::OK, &page))
}

async fn row(desk: &Desk, unit: &Rows, entry: Entry) -> Result<LogRow, Fault> {
    let (locale, at) = (desk.locale, Timestamp(entry.at));
    let deed = format!("audit-{}", entry.action.replace('.', "-"));
    let by = match entry.actor_kind.as_str() {
        "user" => "user",
        "token" => "token",
        _ => "system",
    };
    let part = format!("audit-actor-{}", entry.actor_name.replace(' ', "-"));
    let detail = match serde_json::from_str(&entry.detail) {
        Ok(detail) => record_detail::told(desk, unit, &detail).await?,
        Err(_) => String::new(),
    };
    Ok(LogRow {
        at: locale.moment(at, &desk.zone),
        iso: at.rfc3339(),
        // A part of the house has a name of its own in each language.
        who: if by == "system" && knows(locale, &part) { say(locale, &part, None) } else { entry.actor_name },
        by,
        deed: if knows(locale, &deed) { say(locale, &deed, None) } else { entry.action },
        subject: subject(&entry.subject_kind, entry.subject_id, locale),
        href: href(&entry.subject_kind, entry.subject_id),
        detail,
        address: entry.address,
    })
}

fn subject(kind: &str, id: Option<i64>, locale: Locale) -> String {
    let key = format!("audit-subject-{kind}");
    let name = if knows(locale, &key) { say(locale, &key, None) } else { kind.to_owned() };
    match id {
        Some(id) => Sentence::new("audit-subject-numbered").with("name", name).with("id", id).say(locale),
        None => name,
    }
}

fn href(kind: &str, id: Option<i64>) -> String {
    let Some(id) = id else { return String::new() };
    match kind {
        "contact" => format!("/kontakte/{id}"),
        "campaign" => format!("/kampagnen/{id}"),
        "segment" => format!("/segmente/{id}"),
        "import" => format!("/import/{id}"),
        "source" => format!("/verwaltung/tracking/{id}"),
        _ => String::new(),
    }
}
