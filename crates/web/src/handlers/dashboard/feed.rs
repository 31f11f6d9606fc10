//! What people just did, in words.

use crate::{
    handlers::contacts::when,
    pages::{Frame, Sign, dashboard::FeedLine},
};
use crm::{
    customers,
    interactions::{self, Interaction},
};
use kernel::{ContactId, Fault, Sentence, Timestamp, Zone};
use store::Rows;

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
