//! What may enter the log from outside.

use super::NewInteraction;
use crate::refusal::Complaint;
use kernel::{Sentence, Timestamp, time::DAY, time::MINUTE};

/// Clocks of senders may be this far ahead.
const AHEAD: i64 = 5 * MINUTE;
/// Older than this is history for an import, not an event.
const BACK: i64 = 5 * 366 * DAY;
/// Longest id, subject, address and JSON taken, in bytes.
const ID: usize = 200;
const SUBJECT: usize = 500;
const URL: usize = 2_000;
const PROPS: usize = 4_000;

/// Checks an interaction that a stranger sent; `path` stands before the names of the fields.
pub fn check(item: &NewInteraction, path: &str, now: Timestamp) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, code: &'static str, sentence: Sentence| {
        complaints.push(Complaint { field: format!("{path}{field}"), code, sentence });
    };
    if item.occurred_at.0 > now.0 + AHEAD {
        complain("occurred_at", "future", Sentence::new("interactions-in-the-future"));
    }
    if item.occurred_at.0 < now.0 - BACK {
        complain("occurred_at", "too_old", Sentence::new("interactions-too-old"));
    }
    if item.kind.channel() != item.channel {
        let sentence = Sentence::new("interactions-other-channel")
            .with("kind", item.kind.code())
            .with("channel", item.kind.channel().code());
        complain("channel", "other_channel", sentence);
    }
    if item.contact.is_none() && item.visitor.is_none() {
        complain("contact", "required", Sentence::new("interactions-nobody"));
    }
    let texts = [
        ("id", item.event_id.as_deref(), ID),
        ("subject", item.subject.as_deref(), SUBJECT),
        ("url", item.url.as_deref(), URL),
    ];
    for (field, text, most) in texts {
        let Some(text) = text else { continue };
        if text.len() > most {
            complain(field, "too_long", Sentence::new("interactions-too-long").with("most", most));
        }
        if text.contains('\0') {
            complain(field, "control_character", Sentence::new("interactions-control-character"));
        }
    }
    if item.event_id.as_deref().is_some_and(|id| id.trim().is_empty()) {
        complain("id", "empty", Sentence::new("interactions-empty-id"));
    }
    if let Some(url) = item.url.as_deref()
        && !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    {
        complain("url", "not_a_web_address", Sentence::new("interactions-not-a-web-address"));
    }
    if let Some(props) = &item.props {
        if !props.is_object() {
            complain("props", "not_an_object", Sentence::new("interactions-not-an-object"));
        }
        let text = props.to_string();
        if text.len() > PROPS {
            complain("props", "too_long", Sentence::new("interactions-too-long").with("most", PROPS));
        }
        if text.contains("\\u0000") {
            complain("props", "control_character", Sentence::new("interactions-control-character"));
        }
    }
    complaints
}
