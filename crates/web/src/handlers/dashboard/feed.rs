//! What people just did, in words.

use crate::{
    door::{Answer, Desk},
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
use crm::{customers, interactions, staff::Right};
use kernel::{Fault, Zone};
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
    let mut feed = lines(&desk.db.read().await?, &frame, &desk.zone, 14).await?;
    feed.retain(|line| line.id.parse::<i64>().is_ok_and(|seq| seq > after.nach.unwrap_or(0)));
    if feed.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(draw(StatusCode::OK, &FeedPart { frame, feed }))
}

/// The newest entries, each with the person's name; names are looked up by primary key.
pub async fn lines(rows: &Rows, frame: &Frame, zone: &Zone, limit: i64) -> Result<Vec<FeedLine>, Fault> {
    let mut lines = Vec::new();
    for event in interactions::feed(rows, limit).await? {
        let contact = match event.contact {
            Some(id) => customers::find_contact(rows, id).await?,
            None => None,
        };
        let name =
            contact.as_ref().map_or_else(|| frame.say("dashboard-feed-stranger"), customers::Contact::display_name);
        let mut text = frame.tell(&event.kind.label());
        match (&event.subject, &event.value) {
            (_, Some(value)) => text = format!("{text}, {}", frame.locale.money_round(value.minor, value.currency)),
            (Some(subject), None) => text = format!("{text}: {}", frame.say_with("dashboard-quoted", "text", subject)),
            _ => {}
        }
        lines.push(FeedLine {
            id: event.seq.to_string(),
            sign: Sign::of(event.channel.code(), event.kind.code()),
            name,
            href: event.contact.map_or_else(String::new, |id| format!("/kontakte/{id}")),
            text,
            time: frame.locale.time(event.occurred_at, zone),
            iso: event.occurred_at.rfc3339(),
        });
    }
    Ok(lines)
}
