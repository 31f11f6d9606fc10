//! What is known of a contact in the house's own attributes, and the words that were put on it.

use super::attributes::{Attribute, AttributeKind};
use jiff::civil::Date;
use kernel::{ContactId, Fault, Sentence, Timestamp, text::fold};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{FromQueryResult, Rows, Value, Write, marks, values};

/// Longest text of a value, and longest tag, in characters.
const TEXT: usize = 300;
const TAG: usize = 60;
const MOST_NUMBER: i64 = 1_000_000_000_000;

/// A value spelled one way: text as it is, the code of a choice, digits, `YYYY-MM-DD`, `1` or `0`; or what does not fit.
pub(super) fn spelled(attribute: &Attribute, value: &str) -> Result<String, (&'static str, Sentence)> {
    let value = value.trim();
    let said = |key: &'static str| Sentence::new(key).with("value", value).with("what", attribute.label_de.as_str());
    match attribute.kind {
        AttributeKind::Text if value.chars().count() > TEXT => Err(("too_long", said("attributes-value-too-long"))),
        AttributeKind::Text if value.chars().any(char::is_control) => {
            Err(("control_characters", said("attributes-value-control")))
        }
        AttributeKind::Text => Ok(value.to_owned()),
        AttributeKind::Choice => {
            let folded = fold(value);
            let meant = |choice: &&super::AttributeChoice| {
                choice.code == value || fold(&choice.de) == folded || fold(&choice.en) == folded
            };
            let choice = attribute.choices.iter().find(meant).map(|choice| choice.code.clone());
            choice.ok_or_else(|| {
                let fits: Vec<&str> = attribute.choices.iter().map(|choice| choice.de.as_str()).collect();
                ("choice", said("attributes-value-choice").with("fits", fits.join(", ")))
            })
        }
        AttributeKind::Number | AttributeKind::Money => {
            let number = value.parse::<i64>().ok().filter(|n| n.abs() <= MOST_NUMBER);
            let number = number.ok_or_else(|| ("number", said("attributes-value-number")))?;
            let fits = attribute.minimum.is_none_or(|least| number >= least)
                && attribute.maximum.is_none_or(|most| number <= most);
            if fits { Ok(number.to_string()) } else { Err(("range", said("attributes-value-range"))) }
        }
        AttributeKind::Day => {
            let day = value.parse::<Date>().ok().filter(|day| (1800..=9000).contains(&day.year()));
            day.map(|day| day.to_string()).ok_or_else(|| ("day", said("attributes-value-day")))
        }
        AttributeKind::Flag => match value {
            "1" | "true" => Ok("1".to_owned()),
            "0" | "false" => Ok("0".to_owned()),
            _ => Err(("flag", said("attributes-value-flag"))),
        },
    }
}

/// A tag as it is written on a person; empty where nothing is left.
pub(super) fn tag_name(name: &str) -> String {
    kernel::text::one_line(name).chars().take(TAG).collect::<String>().trim().to_owned()
}

#[derive(FromQueryResult)]
struct Held {
    contact_id: i64,
    key: String,
    text: Option<String>,
    number: Option<i64>,
}

/// What is known of contacts, by the keys of the attributes.
pub(super) async fn values_of(rows: &Rows, contacts: &[i64]) -> Result<HashMap<i64, BTreeMap<String, String>>, Fault> {
    let mut found: HashMap<i64, BTreeMap<String, String>> = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT v.contact_id, a.key, v.text, v.number FROM attribute_value v JOIN attribute a ON a.id = v.attribute_id \
             WHERE v.contact_id IN ({})",
            marks(1, chunk.len())
        );
        let held: Vec<Held> = rows.all(&sql, chunk.iter().copied().map(Value::from).collect()).await?;
        for held in held {
            let value = held.text.or(held.number.map(|number| number.to_string())).unwrap_or_default();
            found.entry(held.contact_id).or_default().insert(held.key, value);
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Tagged {
    contact_id: i64,
    name: String,
}

/// The tags of contacts.
pub(super) async fn tags_of(rows: &Rows, contacts: &[i64]) -> Result<HashMap<i64, BTreeSet<String>>, Fault> {
    let mut found: HashMap<i64, BTreeSet<String>> = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT c.contact_id, t.name FROM contact_tag c JOIN tag t ON t.id = c.tag_id WHERE c.contact_id IN ({})",
            marks(1, chunk.len())
        );
        let tagged: Vec<Tagged> = rows.all(&sql, chunk.iter().copied().map(Value::from).collect()).await?;
        for tagged in tagged {
            found.entry(tagged.contact_id).or_default().insert(tagged.name);
        }
    }
    Ok(found)
}

/// Writes a value that was [`spelled`], or takes it away where it is empty.
pub(super) async fn put_value(
    unit: &Write,
    contact: ContactId,
    attribute: &Attribute,
    value: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    if value.is_empty() {
        const GONE: &str = "DELETE FROM attribute_value WHERE contact_id = $1 AND attribute_id = $2";
        unit.run(GONE, values![contact.0, attribute.id.0]).await?;
        return Ok(());
    }
    const SQL: &str = "INSERT INTO attribute_value (contact_id, attribute_id, text, text_key, number, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (contact_id, attribute_id) DO UPDATE SET text = excluded.text, \
         text_key = excluded.text_key, number = excluded.number, updated_at = excluded.updated_at";
    let (text, key, number) = match attribute.kind {
        AttributeKind::Text => (Some(value), Some(fold(value)), None),
        AttributeKind::Choice | AttributeKind::Day => (Some(value), Some(value.to_owned()), None),
        AttributeKind::Number | AttributeKind::Money | AttributeKind::Flag => (None, None, value.parse::<i64>().ok()),
    };
    unit.run(SQL, values![contact.0, attribute.id.0, text, key, number, now.0]).await?;
    Ok(())
}

/// A tag by its id and name as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}

/// All tags by name; served by the unique key.
pub async fn tags(rows: &Rows) -> Result<Vec<Tag>, Fault> {
    rows.all("SELECT id, name FROM tag ORDER BY name_key", values![]).await
}

/// A tag by its name, however it is written; made where there is none.
async fn tag_called(unit: &Write, name: &str, now: Timestamp) -> Result<i64, Fault> {
    const SQL: &str = "INSERT INTO tag (name, name_key, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name_key) DO UPDATE SET name_key = excluded.name_key RETURNING id";
    let name = tag_name(name);
    unit.insert(SQL, values![name.as_str(), fold(&name), now.0]).await
}

/// Puts a tag on a contact, or takes it off.
pub(super) async fn put_tag(
    unit: &Write,
    contact: ContactId,
    name: &str,
    on: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    let tag = tag_called(unit, name, now).await?;
    if on {
        const SQL: &str = "INSERT INTO contact_tag (contact_id, tag_id, at) VALUES ($1, $2, $3) \
             ON CONFLICT (contact_id, tag_id) DO NOTHING";
        unit.run(SQL, values![contact.0, tag, now.0]).await?;
    } else {
        const SQL: &str = "DELETE FROM contact_tag WHERE contact_id = $1 AND tag_id = $2";
        unit.run(SQL, values![contact.0, tag]).await?;
    }
    Ok(())
}
