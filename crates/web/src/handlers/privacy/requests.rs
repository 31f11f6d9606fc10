//! One request: who asked for what, by when, whether it is them, and what was done.

use super::{Asked, HOME, done, toast};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Place, draw,
        privacy::{RequestPage, RequestRow},
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    customers,
    privacy::requests::{self, Request, RequestKind},
    staff::Right,
};
use kernel::{ContactId, Sentence, Timestamp, sentence::say, time::DAY};
use store::Rows;

/// Requests as lines of the worklist.
pub async fn rows(desk: &Desk, rows: &Rows, requests: Vec<Request>) -> Answer<Vec<RequestRow>> {
    let ids: Vec<ContactId> = requests.iter().map(|request| ContactId(request.contact_id)).collect();
    let names = customers::display_names(rows, &ids).await?;
    let line = |request: Request| {
        let gone = names.get(&ContactId(request.contact_id)).is_none_or(|name| name.starts_with("erased-"));
        let (due, tone) = due(desk, &request);
        let (step, percent) = step(desk, &request);
        RequestRow {
            id: request.id,
            person: if gone {
                say(desk.locale, "privacy-person-erased", None)
            } else {
                names.get(&ContactId(request.contact_id)).cloned().unwrap_or_default()
            },
            href: if gone { String::new() } else { format!("{HOME}/person/{}", request.contact_id) },
            kind: kind(desk, &request.kind),
            received: desk.locale.day(desk.zone.day(Timestamp(request.received_at))),
            due,
            tone,
            step,
            percent,
        }
    };
    Ok(requests.into_iter().map(line).collect())
}

fn kind(desk: &Desk, code: &str) -> String {
    say(desk.locale, &format!("privacy-kind-{code}"), None)
}

/// How long there is still time, and how it looks.
fn due(desk: &Desk, request: &Request) -> (String, &'static str) {
    let locale = desk.locale;
    if let Some(at) = request.closed_at {
        let day = locale.day(desk.zone.day(Timestamp(at)));
        return (Sentence::new("privacy-answered-at").with("day", day).say(locale), "good");
    }
    if request.kind == RequestKind::Objection.code() {
        return (say(locale, "privacy-at-once", None), "good");
    }
    let days = (request.due_at - desk.now().0).div_euclid(DAY);
    match days {
        ..0 => (say(locale, "privacy-overdue", None), "bad"),
        0 => (say(locale, "privacy-due-today", None), "bad"),
        1..=7 => (Sentence::new("privacy-due-days").with("n", days).say(locale), "warn"),
        _ => (Sentence::new("privacy-due-days").with("n", days).say(locale), ""),
    }
}

fn step(desk: &Desk, request: &Request) -> (String, u8) {
    let objection = request.kind == RequestKind::Objection.code();
    let (key, percent) = match request.state.as_str() {
        "working" if objection => ("privacy-step-blocked", 90),
        "checked" => ("privacy-step-checked", 40),
        "working" => ("privacy-step-working", 70),
        "done" => ("privacy-step-done", 100),
        "refused" => ("privacy-step-refused", 100),
        _ => ("privacy-step-open", 10),
    };
    (say(desk.locale, key, None), percent)
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<Asked>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let request = requests::find(&rows, &desk.actor, id).await?.ok_or(Trouble::MISSING)?;
    let contact = ContactId(request.contact_id);
    let person = customers::find_contact(&rows, contact).await?.filter(|person| person.erased_at.is_none());
    let name = person.map(|person| person.display_name());
    let locale = desk.locale;
    let moment = |at: i64| locale.moment(Timestamp(at), &desk.zone);
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((say(locale, key, None), value));
        }
    };
    fact("privacy-received", locale.day(desk.zone.day(Timestamp(request.received_at))));
    fact("privacy-channel", say(locale, &format!("privacy-channel-{}", request.channel), None));
    fact("privacy-due", locale.day(desk.zone.day(Timestamp(request.due_at - 1))));
    fact("privacy-step", step(&desk, &request).0);
    fact("privacy-taken-by", format!("{}, {}", request.created_by, moment(request.created_at)));
    fact("privacy-note", request.note.clone());
    if let Some(at) = request.identity_at {
        fact("privacy-identity", format!("{} ({}, {})", request.identity_note, request.identity_by, moment(at)));
    }
    fact("privacy-extend-reason", request.extension_reason.clone());
    if let Some(at) = request.closed_at {
        fact("privacy-closed", format!("{}, {}", request.handled_by, moment(at)));
    }
    fact("privacy-outcome", request.outcome.clone());
    let rectifies = request.kind == RequestKind::Rectification.code();
    let may_edit = rectifies && desk.actor.may(Right::EditContacts);
    let page = RequestPage {
        frame: desk.frame().at(Place::Privacy, kind(&desk, &request.kind)).with_toast(toast(&desk, &query)),
        id,
        contact: contact.0,
        person: name.unwrap_or_else(|| say(locale, "privacy-person-erased", None)),
        kind: kind(&desk, &request.kind),
        notice: None,
        facts,
        checked: request.identity_at.is_some(),
        extended: request.extended_at.is_some(),
        closed: request.closed_at.is_some(),
        act: if rectifies { String::new() } else { say(locale, &format!("privacy-act-{}", request.kind), None) },
        edit: if may_edit { format!("/kontakte/{}/bearbeiten", contact.0) } else { String::new() },
    };
    Ok(draw(StatusCode::OK, &page))
}

fn at(id: i64) -> String {
    format!("{HOME}/anfragen/{id}")
}

pub async fn identity(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    requests::check_identity(&unit, &desk.actor, id, fields.get("how"), desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-checked-now"))
}

pub async fn extend(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    requests::extend(&unit, &desk.actor, id, fields.get("reason"), &desk.zone, desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-extended-now"))
}

pub async fn act(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    requests::act(&unit, &desk.actor, id, &desk.clock).await?;
    unit.save().await?;
    desk.nudge.wake(store::jobs::TASK);
    Ok(done(&at(id), "privacy-acted-now"))
}

pub async fn close(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let refused = fields.get("refused") == "1";
    requests::close(&unit, &desk.actor, id, refused, fields.get("outcome"), desk.now()).await?;
    unit.save().await?;
    Ok(done(&at(id), "privacy-closed-now"))
}
