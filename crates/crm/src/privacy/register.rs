//! The record of processing activities (Art. 30 GDPR): what stands in the catalogue, what the house says otherwise, and the
//! tables nobody named but that hold something about people.

use super::catalogue::{self, Basis, HOLDINGS};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{Locale, Sentence, Timestamp, sentence::knows, sentence::say};
use serde_json::json;
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Write, schema, values};

/// Longest text of a line.
const LONGEST: usize = 500;

/// One activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    pub table: String,
    pub name: String,
    pub purpose: String,
    pub basis: String,
    pub retention: String,
    pub recipients: String,
    /// Categories of data: the columns, as they are called.
    pub data: String,
    /// The house says something of its own.
    pub changed: bool,
}

/// What somebody writes over an activity.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Note {
    pub table_name: String,
    pub purpose: String,
    pub basis: String,
    pub retention: String,
    pub recipients: String,
}

/// All activities in the reader's language.
pub async fn activities(rows: &Rows, actor: &Actor, locale: Locale) -> Result<Vec<Activity>, Trouble> {
    actor.must(Right::HandlePrivacy)?;
    const NOTES: &str = "SELECT table_name, purpose, basis, retention, recipients FROM processing_note";
    let notes: Vec<Note> = rows.all(NOTES, values![]).await?;
    let notes: HashMap<&str, &Note> = notes.iter().map(|note| (note.table_name.as_str(), note)).collect();
    let word = |key: String, otherwise: &str| {
        if knows(locale, &key) { say(locale, &key, None) } else { otherwise.to_owned() }
    };
    let mut all = Vec::new();
    for (table, columns) in schema::tables(rows).await? {
        let named = catalogue::of(&table);
        if named.is_none() && !columns.iter().any(|column| column.name == "contact_id") {
            continue;
        }
        let (purpose, basis, keep) =
            named.map_or(("relation", Basis::Contract, "relation"), |one| (one.purpose, one.basis, one.keep));
        let labels: Vec<String> = columns
            .iter()
            .map(|column| word(format!("privacy-column-{}", column.name.replace('_', "-")), &column.name))
            .collect();
        let said = |what: &str, code: &str| say(locale, &format!("privacy-{what}-{code}"), None);
        let note = notes.get(table.as_str());
        let over = |mine: fn(&Note) -> &str, otherwise: String| match note.map(|note| mine(note)) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => otherwise,
        };
        all.push(Activity {
            name: word(format!("privacy-table-{}", table.replace('_', "-")), &table),
            purpose: over(|note| &note.purpose, said("purpose", purpose)),
            basis: over(|note| &note.basis, said("basis", basis.code())),
            retention: over(|note| &note.retention, said("keep", keep)),
            recipients: over(|note| &note.recipients, say(locale, "privacy-recipients-usual", None)),
            data: labels.join(", "),
            changed: note.is_some(),
            table,
        });
    }
    // In the order of the catalogue, what nobody named at the end.
    let place = |table: &str| HOLDINGS.iter().rev().position(|one| one.table == table).unwrap_or(usize::MAX);
    all.sort_by_key(|activity| place(&activity.table));
    Ok(all)
}

/// Writes over an activity; empty text goes back to the catalogue.
pub async fn set(unit: &Write, actor: &Actor, note: &Note, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::HandlePrivacy)?;
    if !schema::tables(unit).await?.contains_key(&note.table_name) {
        return Err(Refusal::Missing.into());
    }
    let texts = [&note.purpose, &note.basis, &note.retention, &note.recipients];
    if texts.iter().any(|text| text.chars().count() > LONGEST) {
        let sentence = Sentence::new("privacy-note-too-long").with("most", LONGEST);
        return Err(Refusal::field("purpose", "too_long", sentence).into());
    }
    if texts.iter().all(|text| text.is_empty()) {
        unit.run("DELETE FROM processing_note WHERE table_name = $1", values![note.table_name.as_str()]).await?;
    } else {
        const SQL: &str = "INSERT INTO processing_note (table_name, purpose, basis, retention, recipients, changed_by, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (table_name) DO UPDATE SET purpose = excluded.purpose, \
             basis = excluded.basis, retention = excluded.retention, recipients = excluded.recipients, \
             changed_by = excluded.changed_by, changed_at = excluded.changed_at";
        let values = values![
            note.table_name.as_str(),
            note.purpose.as_str(),
            note.basis.as_str(),
            note.retention.as_str(),
            note.recipients.as_str(),
            actor.name.as_str(),
            now.0
        ];
        unit.run(SQL, values).await?;
    }
    let deed = audit::Deed::new("privacy.record_changed", "processing", None).with(json!({ "name": note.table_name }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}
