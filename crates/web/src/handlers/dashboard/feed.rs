//! What people just did, in words.

use crate::{
    door::{Answer, Desk},
    handlers::contacts::when,
    pages::{
        Frame, Sign,
        dashboard::{FeedLine, FeedPart},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use crm::{
    customers,
    interactions::{self, Interaction},
    staff::Right,
};
use kernel::{ContactId, Fault, Sentence, Timestamp, Zone};
use serde::Deserialize;
use store::Rows;

#[derive(Deserialize)]
pub struct After {
    nach: Option<i64>,
}

/// Entries newer than the one the page knows; nothing to swap in when there are none.
pub async fn news(desk: Desk, Query(after): Query<After>) -> Answer<Response> {
    desk.actor.must(Right::SeeContacts)?;
    let frame = desk.frame();
    let mut feed = lines(&desk.db.read().await?, &frame, desk.now(), &desk.zone, 14).await?;
    feed.retain(|line| line.id.parse::<i64>().is_ok_and(|seq| seq > after.nach.unwrap_or(0)));
    if feed.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(draw(StatusCode::OK, &FeedPart { frame, feed }))
}

/// The newest entries, each with the person's name.
pub async fn lines(
    rows: &Rows,
    frame: &Frame,
    now: Timestamp,
    zone: &Zone,
    limit: i64,
) -> Result<Vec<FeedLine>, Fault> {
    let events = interactions::feed(rows, limit).await?;
    let ids: Vec<ContactId> = events.iter().filter_map(|event| event.contact).collect();
    let names = customers::display_names(rows, &ids).await?;
    let today = zone.day(now);
    let line = |event: Interaction| {
        let day = zone.day(event.occurred_at);
        FeedLine {
            id: event.seq.to_string(),
            sign: Sign::of(event.channel.code(), event.kind.code()),
            name: event
                .contact
                .and_then(|id| names.get(&id).cloned())
                .unwrap_or_else(|| frame.say("dashboard-feed-stranger")),
            href: event.contact.map_or_else(String::new, |id| format!("/kontakte/{id}")),
            text: told(&event, frame),
            time: if day == today {
                frame.locale.time(event.occurred_at, zone)
            } else {
                when::short(day, today, frame.locale)
            },
            iso: event.occurred_at.rfc3339(),
        }
    };
    Ok(events.into_iter().map(line).collect())
}

/// What somebody did, as the end of a sentence that begins with their name: „öffnet „Frühbucher Sommer 2027““.
fn told(event: &Interaction, frame: &Frame) -> String {
    let subject = event.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let value = event.value.map(|value| frame.locale.money_round(value.minor, value.currency));
    let deed = Sentence { key: format!("dashboard-did-{}", event.kind.code()).into(), args: Default::default() };
    let what = subject.map(|subject| frame.say_with("dashboard-quoted", "text", subject));
    let text = deed.with("has", if what.is_some() { "yes" } else { "no" }).with("what", what.unwrap_or_default());
    match value {
        Some(value) => format!("{}, {value}", text.say(frame.locale)),
        None => text.say(frame.locale),
    }
}
