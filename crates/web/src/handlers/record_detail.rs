//! What an entry of the log says beyond who did what: its details in the reader's words.

use crate::{door::Desk, handlers::segments::sentence};
use crm::selection::{Definition, Names};
use kernel::{
    Fault, Locale, Timestamp,
    sentence::{knows, say},
};
use serde_json::Value;
use store::Rows;

/// Most characters of a line's detail.
const MOST: usize = 240;

/// The details of an entry, shortened where they get long; empty where there are none.
pub async fn told(desk: &Desk, rows: &Rows, detail: &Value) -> Result<String, Fault> {
    let text = match definition(detail) {
        Some(definition) => sentence::of(rows, &definition, desk).await?,
        None => {
            let mut parts = Vec::new();
            pairs(desk, detail, &mut parts);
            parts.join(" · ")
        }
    };
    Ok(match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    })
}

/// A segment's entry keeps the whole definition.
fn definition(detail: &Value) -> Option<Definition> {
    let tree = detail.get("after").and_then(|after| after.get("definition")).unwrap_or(detail);
    let is_tree = ["all", "any", "not"].iter().any(|group| tree.get(group).is_some());
    if is_tree { Definition::parse(tree, &Names::default()).ok() } else { None }
}

fn pairs(desk: &Desk, detail: &Value, parts: &mut Vec<String>) {
    match detail {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(_) => pairs(desk, value, parts),
                    // Counts of nothing say nothing.
                    Value::Null => {}
                    Value::Number(n) if n.as_i64() == Some(0) => {}
                    value => parts.push(format!("{}: {}", field(desk.locale, name), written(desk, value))),
                }
            }
        }
        Value::Null => {}
        other => parts.push(written(desk, other)),
    }
}

/// The name of a detail; one nobody has put into words stays as it is.
fn field(locale: Locale, name: &str) -> String {
    let key = format!("audit-detail-{}", name.replace('_', "-"));
    if knows(locale, &key) { say(locale, &key, None) } else { name.to_owned() }
}

fn written(desk: &Desk, value: &Value) -> String {
    let locale = desk.locale;
    match value {
        Value::Bool(true) => say(locale, "segments-fields-yes", None),
        Value::Bool(false) => say(locale, "segments-fields-no", None),
        Value::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| locale.count(n)),
        Value::Array(all) => all.iter().map(|one| written(desk, one)).collect::<Vec<_>>().join(", "),
        Value::String(text) => match Timestamp::parse_rfc3339(text) {
            Some(at) => locale.moment(at, &desk.zone),
            None => word(locale, text),
        },
        other => other.to_string(),
    }
}

/// Codes that have a name somewhere in the house are said by it.
fn word(locale: Locale, text: &str) -> String {
    let code = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let keys = ["audit-word", "role", "contact-source", "contact-channel"];
    let known = keys.iter().map(|prefix| format!("{prefix}-{text}")).find(|key| code && knows(locale, key));
    known.map_or_else(|| text.to_owned(), |key| say(locale, &key, None))
}
