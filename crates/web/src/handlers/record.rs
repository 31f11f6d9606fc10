//! Administration: the log of who did what.

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
    Locale, Sentence, Timestamp,
    sentence::{knows, say},
};
use serde_json::Value;
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new().route("/verwaltung/protokoll", get(list))
}

const LINES: i64 = 50;
/// Most characters of a line's detail.
const DETAIL: usize = 200;

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeAudit)?;
    let before = query.get("vor").and_then(|text| text.parse().ok());
    let found = audit::entries(&desk.db.read().await?, before, LINES).await?;
    let full = found.len() as i64 == LINES;
    let older = found.last().filter(|_| full).map(|last| format!("/verwaltung/protokoll?vor={}", last.id));
    let page = LogPage {
        frame: desk.frame().at(Place::Log, say(desk.locale, "log-title", None)),
        rows: found.into_iter().map(|entry| row(&desk, entry)).collect(),
        older,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn row(desk: &Desk, entry: Entry) -> LogRow {
    let (locale, at) = (desk.locale, Timestamp(entry.at));
    let deed = format!("audit-{}", entry.action.replace('.', "-"));
    LogRow {
        at: locale.moment(at, &desk.zone),
        iso: at.rfc3339(),
        who: entry.actor_name,
        by: match entry.actor_kind.as_str() {
            "user" => "user",
            "token" => "token",
            _ => "system",
        },
        deed: if knows(locale, &deed) { say(locale, &deed, None) } else { entry.action },
        subject: subject(&entry.subject_kind, entry.subject_id, locale),
        href: href(&entry.subject_kind, entry.subject_id),
        detail: serde_json::from_str(&entry.detail).map(|detail| short(&detail)).unwrap_or_default(),
        address: entry.address,
    }
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
        _ => String::new(),
    }
}

/// `name: value` pairs, cut where they get long.
fn short(detail: &Value) -> String {
    let text = match detail {
        Value::Null => return String::new(),
        Value::Object(fields) => {
            let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    match text.char_indices().nth(DETAIL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
