//! The overview stays alive: a stream of server-sent events says that something new is in the log, the page then asks for
//! itself again.
//!
//! An event carries no content, only where the log stands: what somebody may see is decided by the page they ask for.

use crate::door::{Answer, Desk, House};
use axum::{
    extract::Query,
    http::{HeaderMap, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use crm::staff::Right;
use futures::stream;
use kernel::{Fault, Seq};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use store::Engine;
use tokio::{sync::watch, time::Instant};

/// Least time between two events of one connection.
const APART: Duration = Duration::from_millis(500);
/// On PostgreSQL another process may have written: the log is looked at so often.
const LOOK: Duration = Duration::from_secs(1);
/// A stream ends after so long; the browser opens the next one, and the door asks again who is there.
const LIFE: Duration = Duration::from_secs(5 * 60);
/// So often a line goes out that says nothing, so that no proxy takes the silence for the end.
const BREATH: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
pub struct Known {
    seit: Option<String>,
}

/// `GET /live?seit=<seq>`: an event within a second of a commit that came after what the page knows. A browser that comes
/// back says so in `Last-Event-ID` (HTML Living Standard, section 9.2).
pub async fn stream(desk: Desk, Query(known): Query<Known>, headers: HeaderMap) -> Answer<Response> {
    desk.actor.must(Right::SeeDashboard)?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let known = last.or(known.seit).and_then(|text| text.parse().ok());
    let known = match known {
        Some(seq) => Seq(seq),
        None => newest(&desk.house).await?,
    };
    let watch = Watch {
        committed: desk.db.committed(),
        closing: desk.streams.subscribe(),
        house: desk.house.clone(),
        known,
        until: Instant::now() + LIFE,
        sent: false,
    };
    let events = stream::unfold(watch, Watch::next);
    let mut answer = Sse::new(events).keep_alive(KeepAlive::new().interval(BREATH)).into_response();
    // Proxies of the nginx family would collect the events before they pass them on.
    answer.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(answer)
}

struct Watch {
    house: House,
    committed: watch::Receiver<Seq>,
    closing: watch::Receiver<bool>,
    /// Where the page stands.
    known: Seq,
    until: Instant,
    sent: bool,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.sent {
            self.wait(APART).await?;
        }
        loop {
            self.committed.borrow_and_update();
            match newest(&self.house).await {
                Ok(seq) if seq > self.known => {
                    self.known = seq;
                    self.sent = true;
                    let event = Event::default().event("neu").id(seq.to_string()).data(seq.to_string());
                    return Some((Ok(event), self));
                }
                Ok(_) => {}
                Err(fault) => {
                    tracing::warn!(error = %fault, "The log could not be looked at for a live page");
                    return None;
                }
            }
            self.change().await?;
        }
    }

    /// Until the log has grown, as far as this process knows; nothing when the stream is over.
    async fn change(&mut self) -> Option<()> {
        let alone = self.house.db.engine() == Engine::Sqlite;
        tokio::select! {
            changed = self.committed.changed() => changed.ok(),
            () = tokio::time::sleep(LOOK), if !alone => Some(()),
            () = tokio::time::sleep_until(self.until) => None,
            _ = self.closing.wait_for(|closing| *closing) => None,
        }
    }

    async fn wait(&mut self, time: Duration) -> Option<()> {
        tokio::select! {
            () = tokio::time::sleep(time) => Some(()),
            _ = self.closing.wait_for(|closing| *closing) => None,
        }
    }
}

/// Where the log stands; served by the primary key.
pub async fn newest(house: &House) -> Result<Seq, Fault> {
    crm::interactions::newest(&house.db.read().await?).await
}
