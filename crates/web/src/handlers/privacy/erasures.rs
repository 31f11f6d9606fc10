//! The protocol of an erasure, as it is written and as it stays.

use super::{Asked, HOME, done, toast};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Place, draw,
        privacy::{ErasurePage, ErasureRow},
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::privacy::{self, Protocol, erasure};
use kernel::{Sentence, Timestamp, sentence::knows, sentence::say};

fn state(desk: &Desk, protocol: &Protocol) -> (String, &'static str) {
    let (key, tone) = match protocol.state.as_str() {
        "done" => ("privacy-erasure-done", "good"),
        "failed" => ("privacy-erasure-failed", "bad"),
        _ => ("privacy-erasure-running", "accent"),
    };
    (say(desk.locale, key, None), tone)
}

/// A protocol as a line of a list.
pub fn row(desk: &Desk, protocol: &Protocol) -> ErasureRow {
    let (state, tone) = state(desk, protocol);
    let at = desk.locale.moment(Timestamp(protocol.begun_at), &desk.zone);
    ErasureRow { id: protocol.id, at, by: protocol.begun_by.clone(), state, tone }
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<Asked>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let protocol = privacy::protocol(&rows, &desk.actor, id).await?.ok_or(Trouble::MISSING)?;
    let locale = desk.locale;
    let moment = |at: i64| locale.moment(Timestamp(at), &desk.zone);
    let word = |prefix: &str, code: &str| {
        let key = format!("{prefix}-{}", code.replace('_', "-"));
        if knows(locale, &key) { say(locale, &key, None) } else { code.to_owned() }
    };
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| facts.push((say(locale, key, None), value));
    fact("privacy-protocol-state", state(&desk, &protocol).0);
    fact("privacy-protocol-why", word("privacy-erasure-reason", &protocol.reason));
    fact("privacy-protocol-begun", format!("{}, {}", protocol.begun_by, moment(protocol.begun_at)));
    if let Some(at) = protocol.finished_at {
        fact("privacy-protocol-finished", moment(at));
        let seconds = (at - protocol.begun_at) as f64 / kernel::time::SECOND as f64;
        fact(
            "privacy-protocol-took",
            Sentence::new("privacy-seconds").with("n", locale.number(seconds, 1)).say(locale),
        );
    }
    if let Some(left) = protocol.left_over {
        fact("privacy-protocol-searched", Sentence::new("privacy-left-over").with("n", left).say(locale));
    }
    fact("privacy-protocol-fingerprints", locale.count(protocol.fingerprints));
    if let Some(digest) = &protocol.digest {
        fact("privacy-protocol-digest", digest.clone());
    }
    let changed = protocol.finished_at.is_some() && !protocol.is_untouched();
    let count = |(key, rows): (&String, &i64)| {
        let (table, deed) = key.split_once('.').unwrap_or((key, ""));
        (word("privacy-table", table), word("privacy-deed", deed), locale.count(*rows))
    };
    let title = Sentence::new("privacy-protocol-of").with("id", id).say(locale);
    let page = ErasurePage {
        frame: desk.frame().at(Place::Privacy, title).with_toast(toast(&desk, &query)),
        id,
        running: protocol.state == "running",
        notice: changed.then(|| Banner::bad(say(locale, "privacy-protocol-changed", None), "")),
        facts,
        counts: protocol.counts()?.iter().map(count).collect(),
        kept_out: protocol.fingerprints > 0,
    };
    Ok(draw(StatusCode::OK, &page))
}

pub async fn let_back(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    let unit = desk.db.write().await?;
    erasure::let_back(&unit, &desk.actor, id, &desk.clock).await?;
    unit.save().await?;
    Ok(done(&format!("{HOME}/loeschungen/{id}"), "privacy-back-now"))
}
