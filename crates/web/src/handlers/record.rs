//! Administration: the log of who did what.

use super::record_detail;
use crate::{
    door::{Answer, Desk, House},
    pages::{
        Choice, Place, draw,
        staff::{LogPage, LogRow},
    },
};
use axum::{
    Router,
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use crm::{
    customers,
    staff::{
        Right,
        audit::{self, Entry, Filter},
    },
};
use jiff::civil::Date;
use kernel::{
    Fault, Locale, Sentence, Timestamp, csv,
    sentence::{knows, say},
};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new().route("/verwaltung/protokoll", get(list)).route("/verwaltung/protokoll.csv", get(file))
}

const LINES: i64 = 50;

/// What the address asks for, as it was typed.
type Asked = HashMap<String, String>;

/// Beginnings of actions that can be chosen, with their words.
const DEEDS: [(&str, &str); 8] = [
    ("", "log-deed-all"),
    ("contact.seen", "log-deed-seen"),
    ("contact.", "log-deed-contact"),
    ("consent.", "log-deed-consent"),
    ("privacy.", "log-deed-privacy"),
    ("import.", "log-deed-import"),
    ("campaign.", "log-deed-campaign"),
    ("session.", "log-deed-session"),
];
/// Most lines of a file.
const EXPORTED: i64 = 100_000;

fn text<'a>(query: &'a Asked, name: &str) -> &'a str {
    query.get(name).map_or("", |text| text.trim())
}

async fn filter(desk: &Desk, unit: &Rows, query: &Asked) -> Result<Filter, Fault> {
    let day = |name: &str| text(query, name).parse::<Date>().ok();
    let given = |name: &str| Some(text(query, name).to_owned()).filter(|text| !text.is_empty());
    let contact = match text(query, "person") {
        "" => None,
        // Who is nobody has no entries.
        number => Some(customers::contact_by_number(unit, number).await?.map_or(0, |contact| contact.id)),
    };
    Ok(Filter {
        contact,
        actor: given("wer"),
        action: given("was"),
        from: day("von").map(|day| desk.zone.start_of(day)),
        to: day("bis").and_then(|day| day.tomorrow().ok()).map(|day| desk.zone.start_of(day)),
    })
}

/// The address of the log with what is asked for.
fn address(path: &str, query: &Asked, more: Option<i64>) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for name in ["person", "wer", "was", "von", "bis"] {
        if !text(query, name).is_empty() {
            pairs.append_pair(name, text(query, name));
        }
    }
    if let Some(before) = more {
        pairs.append_pair("vor", &before.to_string());
    }
    match pairs.finish() {
        asked if asked.is_empty() => path.to_owned(),
        asked => format!("{path}?{asked}"),
    }
}

async fn list(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    desk.actor.must(Right::SeeAudit)?;
    // Reading goes on where nothing can be written.
    if let Err(fault) = desk.seen.write(&desk.db).await {
        tracing::warn!(error = %fault, "Who looked at whom could not be noted and waits");
    }
    let before = query.get("vor").and_then(|text| text.parse().ok());
    let unit = desk.db.read().await?;
    let filter = filter(&desk, &unit, &query).await?;
    let found = audit::entries(&unit, &filter, before, LINES).await?;
    let full = found.len() as i64 == LINES;
    let older = found.last().filter(|_| full).map(|last| address("/verwaltung/protokoll", &query, Some(last.id)));
    let mut rows = Vec::with_capacity(found.len());
    for entry in found {
        rows.push(row(&desk, &unit, entry).await?);
    }
    let asked = |name: &str| text(&query, name).to_owned();
    let page = LogPage {
        frame: desk.frame().at(Place::Log, say(desk.locale, "log-title", None)),
        rows,
        older,
        deeds: DEEDS
            .iter()
            .map(|(code, key)| Choice::new(*code, say(desk.locale, key, None), asked("was") == *code))
            .collect(),
        person: asked("person"),
        who: asked("wer"),
        from: asked("von"),
        to: asked("bis"),
        file: address("/verwaltung/protokoll.csv", &query, None),
    };
    Ok(draw(StatusCode::OK, &page))
}

/// What the page shows as a file: the report of a breach (Art. 33 GDPR) begins with who saw and exported what, and when.
async fn file(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    desk.actor.must(Right::SeeAudit)?;
    desk.seen.write(&desk.db).await?;
    let unit = desk.db.write().await?;
    let filter = filter(&desk, &unit, &query).await?;
    let found = audit::entries(&unit, &filter, None, EXPORTED).await?;
    audit::note(&unit, &desk.actor, desk.now(), audit::Deed::new("log.exported", "log", None)).await?;
    let heads = ["log-at", "log-who", "log-deed", "log-subject", "log-detail", "log-address"];
    let heads = heads.map(|key| say(desk.locale, key, None));
    let mut text = String::from("\u{feff}") + &csv::row(heads.iter().map(String::as_str), ';');
    for entry in found {
        let row = row(&desk, &unit, entry).await?;
        text += &csv::row(
            [&row.iso, &row.who, &row.deed, &row.subject, &row.detail, &row.address].map(String::as_str),
            ';',
        );
    }
    unit.save().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"protokoll.csv\""),
    ];
    Ok((headers, text).into_response())
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
        "document" => format!("/dokumente/{id}"),
        "segment" => format!("/segmente/{id}"),
        "import" => format!("/import/{id}"),
        "source" => format!("/verwaltung/tracking/{id}"),
        _ => String::new(),
    }
}
