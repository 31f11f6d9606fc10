//! The notification centre: what somebody should look at, and what they want to be told.

use crate::{
    door::{Answer, Desk, Fields, House, Path, Trouble},
    handlers::contacts::when,
    pages::{
        Choice, Frame, draw,
        notifications::{NotificationRow, NotificationWishPage, NotificationsPage},
    },
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{Redirect, Response},
    routing::{get, post},
};
use crm::{
    customers,
    interactions::Channel,
    selection,
    staff::{
        Right,
        notifications::{self, Notification, Topic, Wish},
    },
};
use kernel::{ContactId, UserId};
use std::collections::HashMap;
use store::Rows;

/// Lines of a page.
const LINES: usize = 50;
/// Least changes one may choose, in percent.
const STRENGTHS: [i64; 5] = [0, 25, 50, 100, 200];

pub fn routes() -> Router<House> {
    Router::new()
        .route("/benachrichtigungen", get(show))
        .route("/benachrichtigungen/gelesen", post(read_all))
        .route("/benachrichtigungen/{id}", post(open))
        .route("/benachrichtigungen/einstellungen", get(wish).post(keep))
}

fn user(desk: &Desk) -> Answer<UserId> {
    desk.actor.user().ok_or(Trouble::MISSING)
}

async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let before = query.get("vor").and_then(|text| text.parse().ok());
    let rows = desk.db.read().await?;
    let mut found = notifications::list(&rows, user(&desk)?, before, LINES as i64 + 1).await?;
    let more = found.len() > LINES;
    found.truncate(LINES);
    let frame = titled(&desk, "notification-title");
    let names = names(&rows, &found).await?;
    let next = found.last().filter(|_| more).map(|last| format!("/benachrichtigungen?vor={}", last.id));
    let page = NotificationsPage {
        any_unread: found.iter().any(|one| !one.read),
        rows: found.iter().map(|one| row(&desk, &frame, one, &names)).collect(),
        next,
        sees_changes: desk.actor.may(Right::SeeDashboard),
        frame,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn titled(desk: &Desk, key: &str) -> Frame {
    let frame = desk.frame();
    let title = frame.say(key);
    frame.titled(title)
}

/// The people the lines are about, as far as they are still known.
async fn names(rows: &Rows, found: &[Notification]) -> Answer<HashMap<ContactId, String>> {
    let ids: Vec<ContactId> = found.iter().filter_map(contact).collect();
    Ok(customers::display_names(rows, &ids).await?)
}

fn contact(one: &Notification) -> Option<ContactId> {
    one.what.args.get("contact")?.parse().ok().map(ContactId)
}

fn row(desk: &Desk, frame: &Frame, one: &Notification, names: &HashMap<ContactId, String>) -> NotificationRow {
    let what = match contact(one) {
        Some(id) => one.what.clone().with("name", names.get(&id).map_or("–", String::as_str)),
        None => one.what.clone(),
    };
    NotificationRow {
        id: one.id,
        icon: icon(one.topic),
        topic: frame.say(&format!("notification-topic-{}", one.topic.code())),
        text: frame.tell(&what),
        when: when::ago(one.at, desk.now(), &desk.zone, desk.locale),
        iso: one.at.rfc3339(),
        read: one.read,
    }
}

fn icon(topic: Topic) -> &'static str {
    match topic {
        Topic::Person => "user",
        Topic::Segment => "filter",
        Topic::Channel => "chart-line",
        Topic::Campaign => "speakerphone",
        Topic::Metric => "chart-bar",
        Topic::Target => "target",
        Topic::Agenda => "clipboard-check",
        Topic::Quality => "alert-triangle",
    }
}

/// Reads one and goes where it leads.
async fn open(desk: Desk, Path(id): Path<i64>) -> Answer<Redirect> {
    let unit = desk.db.write().await?;
    let link = notifications::mark_read(&unit, user(&desk)?, Some(id), desk.now()).await?.ok_or(Trouble::MISSING)?;
    unit.save().await?;
    Ok(Redirect::to(&link))
}

async fn read_all(desk: Desk) -> Answer<Redirect> {
    let unit = desk.db.write().await?;
    notifications::mark_read(&unit, user(&desk)?, None, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to("/benachrichtigungen"))
}

async fn wish(desk: Desk) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let wish = notifications::wish(&rows, user(&desk)?).await?;
    let frame = titled(&desk, "notification-wish");
    let topics = Topic::ALL.into_iter().filter(|topic| desk.actor.may(topic.right()));
    let segments = match desk.actor.may(Right::SeeSegments) {
        true => selection::list(&rows, false).await?,
        false => Vec::new(),
    };
    let percent = |n: &i64| match n {
        0 => frame.say("notification-any"),
        n => frame.say_with("notification-from", "n", n),
    };
    let page = NotificationWishPage {
        topics: topics
            .map(|topic| {
                let label = frame.say(&format!("notification-topic-{}", topic.code()));
                Choice::new(topic.code(), label, wish.topics.contains(&topic))
            })
            .collect(),
        strengths: STRENGTHS.iter().map(|n| Choice::new(n.to_string(), percent(n), *n == wish.strength)).collect(),
        segments: segments
            .into_iter()
            .map(|segment| {
                let chosen = wish.segments.contains(&segment.id.0);
                Choice::new(segment.id.to_string(), segment.name, chosen)
            })
            .collect(),
        channels: Channel::ALL
            .iter()
            .map(|channel| {
                let chosen = wish.channels.contains(channel.code());
                Choice::new(channel.code(), channel.label().say(desk.locale), chosen)
            })
            .collect(),
        mail: wish.mail,
        frame,
    };
    Ok(draw(StatusCode::OK, &page))
}

async fn keep(desk: Desk, fields: Fields) -> Answer<Redirect> {
    let user = user(&desk)?;
    let strength = fields.get("staerke").parse().ok().filter(|n| STRENGTHS.contains(n));
    let wish = Wish {
        topics: fields.all("thema").filter_map(Topic::parse).collect(),
        strength: strength.unwrap_or(Wish::default().strength),
        segments: fields.all("segment").filter_map(|id| id.parse().ok()).collect(),
        channels: fields.all("kanal").filter_map(Channel::parse).map(|channel| channel.code().to_owned()).collect(),
        mail: fields.has("mail"),
    };
    let unit = desk.db.write().await?;
    notifications::set_wish(&unit, user, &wish).await?;
    unit.save().await?;
    Ok(Redirect::to("/benachrichtigungen"))
}
