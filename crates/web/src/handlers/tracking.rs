//! Administration: sources of tracking, their keys, and what became of their last events.

use super::contacts::when;
use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    pages::{
        Banner, Choice, Place, Toast, draw,
        tracking::{SightRow, SightsFragment, SourceForm, SourcePage, SourceRow, SourcesPage},
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
    Refusal,
    interactions::tracking::{self, Outcome, Sight, Source, SourceDraft, Switches, sources},
    staff::Right,
};
use kernel::{Sentence, SourceId, chance, sentence::say};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/verwaltung/tracking", get(list).post(create))
        .route("/verwaltung/tracking/{id}", get(show))
        .route("/verwaltung/tracking/{id}/ereignisse", get(live))
        .route("/verwaltung/tracking/{id}/aendern", post(change))
        .route("/verwaltung/tracking/{id}/schluessel", post(rotate))
        .route("/verwaltung/tracking/{id}/aktiv", post(set_active))
}

/// Events a page shows.
const SHOWN: usize = 100;
/// What was just done, by the key of its words.
const DONE: [&str; 5] = [
    "tracking-created-now",
    "tracking-changed-now",
    "tracking-rotated-now",
    "tracking-switched-off-now",
    "tracking-switched-on-now",
];

type Asked = HashMap<String, String>;

fn toast(desk: &Desk, query: &Asked) -> Option<Toast> {
    let done = query.get("getan").and_then(|done| DONE.into_iter().find(|key| key == done));
    done.map(|key| Toast { text: say(desk.locale, key, None), undo: None })
}

fn done(id: SourceId, what: &str) -> Response {
    Redirect::to(&format!("/verwaltung/tracking/{id}?getan={what}")).into_response()
}

async fn list(desk: Desk, Query(query): Query<Asked>) -> Answer<Response> {
    let blank = SourceDraft {
        switches: Switches { counts_anonymously: true, ..Switches::default() },
        ..SourceDraft::default()
    };
    let toast = toast(&desk, &query);
    sources_page(&desk, StatusCode::OK, form(&desk, &blank, None), toast).await
}

async fn sources_page(desk: &Desk, status: StatusCode, form: SourceForm, toast: Option<Toast>) -> Answer<Response> {
    desk.actor.must(Right::ManageTracking)?;
    let rows = desk.db.read().await?;
    let newest = tracking::newest(&rows).await?;
    let row = |source: Source| SourceRow {
        id: source.id.0,
        last: match newest.get(&source.id) {
            Some(at) => when::ago(*at, desk.now(), &desk.zone, desk.locale),
            None => say(desk.locale, "tracking-never", None),
        },
        name: source.name,
        key: source.write_key,
        origins: source.origins,
        active: source.active,
    };
    let wrong = [&form.name_error, &form.origins_error].into_iter().find(|error| !error.is_empty()).cloned();
    let page = SourcesPage {
        frame: desk.frame().at_place(Place::Tracking).with_toast(toast),
        sources: sources::list(&rows).await?.into_iter().map(row).collect(),
        notice: wrong.map(|wrong| Banner::bad("", wrong)),
        source: form,
    };
    Ok(draw(status, &page))
}

fn draft(fields: &Fields) -> SourceDraft {
    let may = |what: &str| fields.all("darf").any(|code| code == what);
    let switches =
        Switches { creates_leads: may("leads"), fills_contacts: may("stammdaten"), counts_anonymously: may("anonym") };
    SourceDraft { name: fields.get("name").to_owned(), origins: fields.get("origins").to_owned(), switches }
}

fn form(desk: &Desk, draft: &SourceDraft, refused: Option<&Refusal>) -> SourceForm {
    let wrong = |field: &str| match refused {
        Some(Refusal::Invalid(complaints)) => {
            let found = complaints.iter().find(|complaint| complaint.field == field);
            found.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default()
        }
        _ => String::new(),
    };
    let switch = |code: &str, key: &str, on: bool| Choice::new(code, say(desk.locale, key, None), on);
    SourceForm {
        name: draft.name.clone(),
        origins: draft.origins.clone(),
        switches: vec![
            switch("anonym", "tracking-counts-anonymously", draft.switches.counts_anonymously),
            switch("stammdaten", "tracking-fills-contacts", draft.switches.fills_contacts),
            switch("leads", "tracking-creates-leads", draft.switches.creates_leads),
        ],
        name_error: wrong("name"),
        origins_error: wrong("origins"),
    }
}

async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    let draft = draft(&fields);
    let unit = desk.db.write().await?;
    match sources::create(&unit, &desk.actor, &draft, desk.now(), &mut chance::system()).await {
        Ok(id) => {
            unit.save().await?;
            Ok(done(id, "tracking-created-now"))
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            drop(unit);
            let form = form(&desk, &draft, Some(&refusal));
            sources_page(&desk, StatusCode::UNPROCESSABLE_ENTITY, form, None).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn find(desk: &Desk, rows: &Rows, id: SourceId) -> Answer<Source> {
    desk.actor.must(Right::ManageTracking)?;
    sources::find(rows, id).await?.ok_or(Trouble::MISSING)
}

async fn show(desk: Desk, Path(id): Path<SourceId>, Query(query): Query<Asked>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let source = find(&desk, &rows, id).await?;
    let draft =
        SourceDraft { name: source.name.clone(), origins: source.origins.join("\n"), switches: source.switches };
    let form = form(&desk, &draft, None);
    source_page(&desk, &rows, source, StatusCode::OK, form, &query).await
}

async fn source_page(
    desk: &Desk,
    rows: &Rows,
    source: Source,
    status: StatusCode,
    form: SourceForm,
    query: &Asked,
) -> Answer<Response> {
    let chosen = outcome(query);
    let all = Choice::new("", say(desk.locale, "tracking-all", None), chosen.is_none());
    let choice = |one: &Outcome| Choice::new(one.code(), one.label().say(desk.locale), chosen == Some(*one));
    let host = desk.public_url.as_str().trim_end_matches('/').to_owned();
    let wrong = [&form.name_error, &form.origins_error].into_iter().find(|error| !error.is_empty()).cloned();
    let page = SourcePage {
        frame: desk.frame().at(Place::Tracking, source.name.clone()).with_toast(toast(desk, query)),
        id: source.id.0,
        snippet: format!("<script async src=\"{host}/k.js\" data-key=\"{}\"></script>", source.write_key),
        host,
        notice: wrong.map(|wrong| Banner::bad("", wrong)),
        source: form,
        outcomes: std::iter::once(all).chain(Outcome::ALL.iter().map(choice)).collect(),
        search: search(query).to_owned(),
        address: address(source.id, query),
        live: sights(desk, rows, source.id, query).await?,
        name: source.name,
        key: source.write_key,
        active: source.active,
    };
    Ok(draw(status, &page))
}

fn outcome(query: &Asked) -> Option<Outcome> {
    query.get("ergebnis").and_then(|code| Outcome::parse(code))
}

fn search(query: &Asked) -> &str {
    query.get("q").map_or("", |text| text.trim())
}

fn address(id: SourceId, query: &Asked) -> String {
    let kept: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("ergebnis", outcome(query).map_or("", Outcome::code))
        .append_pair("q", search(query))
        .finish();
    format!("/verwaltung/tracking/{id}/ereignisse?{kept}")
}

/// The events again, for the page that is open.
async fn live(desk: Desk, Path(id): Path<SourceId>, Query(query): Query<Asked>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let source = find(&desk, &rows, id).await?;
    Ok(draw(StatusCode::OK, &sights(&desk, &rows, source.id, &query).await?))
}

async fn sights(desk: &Desk, rows: &Rows, id: SourceId, query: &Asked) -> Answer<SightsFragment> {
    let (chosen, text) = (outcome(query), search(query));
    let seen = tracking::seen(rows, id, chosen, text, SHOWN).await?;
    Ok(SightsFragment {
        frame: desk.frame(),
        rows: seen.into_iter().map(|sight| row(desk, sight)).collect(),
        filtered: chosen.is_some() || !text.is_empty(),
    })
}

fn row(desk: &Desk, sight: Sight) -> SightRow {
    let clock = desk.zone.civil(sight.at);
    let told = match (&sight.reason, sight.seq) {
        (Some(reason), _) => reason.say(desk.locale),
        (None, Some(seq)) => Sentence::new("tracking-place").with("seq", seq).say(desk.locale),
        (None, None) => String::new(),
    };
    SightRow {
        at: format!("{:02}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second()),
        iso: sight.at.rfc3339(),
        call: sight.call,
        name: sight.name,
        who: sight.who,
        outcome: sight.outcome.label().say(desk.locale),
        tone: match sight.outcome {
            Outcome::Recorded => "good",
            Outcome::Identified => "accent",
            Outcome::Dropped => "warn",
            Outcome::Refused => "bad",
            Outcome::Duplicate | Outcome::Counted => "line",
        },
        told,
    }
}

async fn change(desk: Desk, Path(id): Path<SourceId>, fields: Fields) -> Answer<Response> {
    let draft = draft(&fields);
    let unit = desk.db.write().await?;
    match sources::change(&unit, &desk.actor, id, &draft, desk.now()).await {
        Ok(()) => {
            unit.save().await?;
            Ok(done(id, "tracking-changed-now"))
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            drop(unit);
            let rows = desk.db.read().await?;
            let source = find(&desk, &rows, id).await?;
            let form = form(&desk, &draft, Some(&refusal));
            source_page(&desk, &rows, source, StatusCode::UNPROCESSABLE_ENTITY, form, &Asked::new()).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn rotate(desk: Desk, Path(id): Path<SourceId>) -> Answer<Response> {
    let unit = desk.db.write().await?;
    sources::rotate(&unit, &desk.actor, id, desk.now(), &mut chance::system()).await?;
    unit.save().await?;
    Ok(done(id, "tracking-rotated-now"))
}

async fn set_active(desk: Desk, Path(id): Path<SourceId>, fields: Fields) -> Answer<Response> {
    let active = fields.get("aktiv") == "1";
    let unit = desk.db.write().await?;
    sources::set_active(&unit, &desk.actor, id, active, desk.now()).await?;
    unit.save().await?;
    Ok(done(id, if active { "tracking-switched-on-now" } else { "tracking-switched-off-now" }))
}
