//! What trackers send: the JSON of Segment's HTTP tracking API and its dialects (Rudder puts traits into the context and
//! says `originalTimestamp`), read leniently where clients differ and strictly where nothing can be made of it.
//!
//! Each event of a batch is read by itself, so that one that cannot be read costs no other.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};
use std::fmt;

/// Largest event, in bytes of its JSON.
pub const EVENT: usize = 32 * 1024;
/// Most events of one delivery.
pub const EVENTS: usize = 20_000;

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
}

impl Call {
    pub fn code(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::Track, Self::Page, Self::Screen, Self::Identify, Self::Group, Self::Alias]
            .into_iter()
            .find(|call| call.code() == code)
    }

    /// Whether it becomes an entry of the log; the others only say who somebody is.
    pub fn is_behaviour(self) -> bool {
        matches!(self, Self::Track | Self::Page | Self::Screen)
    }
}

/// Text that some clients send as a number. Control characters (NUL among them) go, and outer space; empty is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Option<String>);

impl Text {
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }

    fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.0.is_some() { self } else { other() }
    }
}

/// Text without control characters and outer space, and no longer than `most` characters; nothing where nothing is left.
pub fn plain(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    // Most text is clean and short. Control characters beyond ASCII begin with the byte C2.
    if text.len() <= most && !text.bytes().any(|b| b < 0x20 || b == 0x7f || b == 0xc2) {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Lenient;
        impl<'de> Visitor<'de> for Lenient {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(plain(text, 4_000)))
            }

            fn visit_i64<E>(self, n: i64) -> Result<Text, E> {
                Ok(Text(Some(n.to_string())))
            }

            fn visit_u64<E>(self, n: u64) -> Result<Text, E> {
                Ok(Text(Some(n.to_string())))
            }

            fn visit_f64<E>(self, n: f64) -> Result<Text, E> {
                Ok(Text(Some(n.to_string())))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_unit<E>(self) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }
        }
        d.deserialize_any(Lenient)
    }
}

/// One event as it came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(rename = "type")]
    call: Text,
    message_id: Text,
    anonymous_id: Text,
    user_id: Text,
    previous_id: Text,
    event: Text,
    name: Text,
    properties: Option<Value>,
    traits: Option<Value>,
    context: Option<Context>,
    timestamp: Text,
    original_timestamp: Text,
    sent_at: Text,
}

/// The surroundings of an event.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    pub page: Option<Page>,
    pub user_agent: Text,
    pub traits: Option<Value>,
    pub consent: Option<Consent>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    pub url: Text,
    pub title: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Consent {
    pub category_preferences: Option<Map<String, Value>>,
}

/// One event, ready to be understood.
#[derive(Clone, Debug)]
pub struct Event {
    pub call: Call,
    pub message_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_id: Option<String>,
    /// Of an alias: what the person was called before.
    pub previous_id: Option<String>,
    /// Name of what happened, of a page or a screen.
    pub name: Option<String>,
    pub properties: Map<String, Value>,
    pub traits: Map<String, Value>,
    pub context: Context,
    /// When it happened by the sender's clock, and when that clock sent it.
    pub timestamp: Option<String>,
    pub sent_at: Option<String>,
}

/// Why an event cannot be taken; the request is answered 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// No JSON, or not the shape of an event.
    NotAnEvent,
    /// More than [`EVENT`] bytes.
    TooLarge,
    /// No `type` we know.
    UnknownCall,
}

/// What one request brings.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// In the body, for clients that do not say it in the header.
    pub write_key: Option<String>,
    pub events: Vec<Result<Event, Unreadable>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow, default)]
    batch: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    write_key: Text,
    #[serde(default)]
    sent_at: Text,
    #[serde(borrow, default)]
    context: Option<&'a RawValue>,
}

impl Delivery {
    /// Reads the body of a request. `call` is what the address says; without one it is a batch. Nothing where the body as a
    /// whole cannot be read, or holds more than [`EVENTS`].
    pub fn read(body: &[u8], call: Option<Call>) -> Option<Self> {
        if !is_object(body) {
            return None;
        }
        let envelope: Envelope = serde_json::from_slice(body).ok()?;
        let write_key = envelope.write_key.0;
        let Some(batch) = envelope.batch else {
            let whole = std::str::from_utf8(body).ok()?;
            return Some(Self { write_key, events: vec![read(whole, call, None, &Text(None))] });
        };
        if batch.len() > EVENTS {
            return None;
        }
        let shared: Option<Context> = match envelope.context {
            Some(raw) if raw.get().len() <= EVENT => Some(serde_json::from_str(raw.get()).ok()?),
            Some(_) => return None,
            None => None,
        };
        let event = |raw: &&RawValue| read(raw.get(), call, shared.as_ref(), &envelope.sent_at);
        Some(Self { write_key, events: batch.iter().map(event).collect() })
    }
}

fn read(raw: &str, call: Option<Call>, shared: Option<&Context>, sent_at: &Text) -> Result<Event, Unreadable> {
    if raw.len() > EVENT {
        return Err(Unreadable::TooLarge);
    }
    if !is_object(raw.as_bytes()) {
        return Err(Unreadable::NotAnEvent);
    }
    let wire: Wire = serde_json::from_str(raw).map_err(|_| Unreadable::NotAnEvent)?;
    let named = wire.call.as_deref().and_then(|code| Call::parse(&code.to_ascii_lowercase()));
    let call = call.or(named).ok_or(Unreadable::UnknownCall)?;
    let mut context = wire.context.unwrap_or_default();
    if let Some(shared) = shared {
        context.page = context.page.or_else(|| shared.page.clone());
        context.user_agent = context.user_agent.or(|| shared.user_agent.clone());
        context.traits = context.traits.or_else(|| shared.traits.clone());
        context.consent = context.consent.or_else(|| shared.consent.clone());
    }
    let traits = object(wire.traits);
    let traits = if traits.is_empty() { object(context.traits.take()) } else { traits };
    Ok(Event {
        call,
        message_id: wire.message_id.0,
        anonymous_id: wire.anonymous_id.0.and_then(|id| plain(&id, 200)),
        user_id: wire.user_id.0.and_then(|id| plain(&id, 200)),
        previous_id: wire.previous_id.0.and_then(|id| plain(&id, 200)),
        name: wire.event.or(|| wire.name).0,
        properties: object(wire.properties),
        traits,
        context,
        timestamp: wire.timestamp.or(|| wire.original_timestamp).0,
        sent_at: wire.sent_at.or(|| sent_at.clone()).0,
    })
}

/// A list would be read as the values of the fields in their order.
fn is_object(json: &[u8]) -> bool {
    json.trim_ascii_start().first() == Some(&b'{')
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(events: &str) -> Option<Delivery> {
        Delivery::read(format!("{{\"batch\":[{events}],\"writeKey\":\"k\"}}").as_bytes(), None)
    }

    #[test]
    fn a_bad_event_costs_no_other() {
        let deep = format!("{{\"type\":\"track\",\"properties\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let delivery = batch(&format!(
            "{{\"type\":\"track\",\"userId\":7,\"event\":\"x\"}},{{\"type\":\"track\",\"properties\":{{\"n\":1e400}}}},\
             {{\"type\":\"track\",\"event\":\"\\ud800\"}},{{\"type\":\"teleport\"}},7,\
             {{\"type\":\"page\",\"name\":\"{}\"}}",
            "x".repeat(EVENT)
        ))
        .expect("a batch");
        use Unreadable::{NotAnEvent, TooLarge, UnknownCall};
        let wrong: Vec<_> = delivery.events.iter().map(|event| event.as_ref().err().copied()).collect();
        assert_eq!(
            wrong,
            [None, Some(NotAnEvent), Some(NotAnEvent), Some(UnknownCall), Some(NotAnEvent), Some(TooLarge)]
        );
        assert_eq!(delivery.events[0].as_ref().expect("read").user_id.as_deref(), Some("7"));
        assert_eq!(delivery.write_key.as_deref(), Some("k"));
        assert!(batch(&deep).expect("a batch").events[0].is_err());
    }

    #[test]
    fn what_is_no_json_is_nothing() {
        for body in ["", "null", "[]", "{\"batch\":7}", "{\"batch\":[", "\u{feff}{}", "[[[["] {
            assert!(Delivery::read(body.as_bytes(), None).is_none(), "{body}");
        }
        assert!(Delivery::read(b"{\"batch\":[],\"batch\":[]}", None).is_none(), "the same name twice");
        assert!(Delivery::read(b"{\"writeKey\":\"\xff\"}", None).is_none(), "not UTF-8");
    }

    #[test]
    fn the_context_of_a_batch_is_that_of_each_event_unless_it_has_its_own() {
        let body = r#"{"batch":[{"type":"page","anonymousId":"a"},{"type":"page","context":{"userAgent":"B","traits":{"x":1}}}],
            "context":{"userAgent":"A","page":{"url":"https://a.example/"}},"sentAt":"2026-11-24T11:00:00Z"}"#;
        let delivery = Delivery::read(body.as_bytes(), None).expect("a batch");
        let events: Vec<Event> = delivery.events.into_iter().map(|event| event.expect("an event")).collect();
        assert_eq!(events[0].context.user_agent.as_deref(), Some("A"));
        assert_eq!(events[1].context.user_agent.as_deref(), Some("B"));
        assert_eq!(events[1].traits["x"], 1, "Rudder's traits");
        assert!(events[1].context.page.is_some() && events[0].sent_at.is_some());
    }

    #[test]
    fn text_is_what_can_be_stored() {
        assert_eq!(plain(" a\0b\nc ", 10).as_deref(), Some("a b c"));
        assert_eq!(plain("\0", 10), None);
        assert_eq!(plain("äöü", 2).as_deref(), Some("äö"));
        assert_eq!(plain("a\u{85}b", 9).as_deref(), Some("a b"));
        assert_eq!(plain("5 \u{a7}", 9).as_deref(), Some("5 \u{a7}"));
    }
}
