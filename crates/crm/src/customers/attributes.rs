//! What a house wants to know of people beyond the master data. Every attribute says what it is for, on which legal basis it is
//! kept and for how long (GDPR Art. 5(1)(b) and (e), Art. 6(1)): without a purpose there is none.

use crate::{
    Refusal, Trouble,
    refusal::Complaint,
    staff::{Actor, Right, audit, audit::Deed},
};
use kernel::{AttributeId, Fault, Locale, Sentence, Timestamp, text::fold};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    #[default]
    Text,
    /// One of a list.
    Choice,
    /// A whole number.
    Number,
    /// Minor units of the organisation's currency.
    Money,
    Day,
    Flag,
}

impl AttributeKind {
    pub const ALL: [Self; 6] = [Self::Text, Self::Choice, Self::Number, Self::Money, Self::Day, Self::Flag];

    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice => "choice",
            Self::Number => "number",
            Self::Money => "money",
            Self::Day => "day",
            Self::Flag => "flag",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Text => "attributes-kind-text",
            Self::Choice => "attributes-kind-choice",
            Self::Number => "attributes-kind-number",
            Self::Money => "attributes-kind-money",
            Self::Day => "attributes-kind-day",
            Self::Flag => "attributes-kind-flag",
        })
    }
}

/// The legal bases of GDPR Art. 6(1), letters a to f.
pub const BASES: [&str; 6] =
    ["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"];

/// One value of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChoice {
    pub code: String,
    pub de: String,
    pub en: String,
}

/// An attribute as it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attribute {
    pub id: AttributeId,
    /// Never changes: segments, templates and programs name it.
    pub key: String,
    pub kind: AttributeKind,
    pub label_de: String,
    pub label_en: String,
    pub choices: Vec<AttributeChoice>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    /// What it is kept for, as the person concerned may read it.
    pub purpose: String,
    /// One of [`BASES`].
    pub basis: String,
    /// Days a value is kept after it was last said; nothing for as long as the contact.
    pub retention_days: Option<i64>,
    pub archived: bool,
}

impl Attribute {
    pub fn label(&self, locale: Locale) -> &str {
        match locale {
            Locale::En if !self.label_en.is_empty() => &self.label_en,
            _ => &self.label_de,
        }
    }

    /// What a code of the list is called.
    pub fn choice(&self, code: &str, locale: Locale) -> Option<&str> {
        let choice = self.choices.iter().find(|choice| choice.code == code)?;
        Some(if locale == Locale::En && !choice.en.is_empty() { &choice.en } else { &choice.de })
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    key: String,
    kind: String,
    label_de: String,
    label_en: String,
    choices: String,
    minimum: Option<i64>,
    maximum: Option<i64>,
    purpose: String,
    basis: String,
    retention_days: Option<i64>,
    archived_at: Option<i64>,
}

const SELECT: &str = "SELECT id, key, kind, label_de, label_en, choices, minimum, maximum, purpose, basis, retention_days, \
     archived_at FROM attribute";

impl Row {
    fn read(self) -> Result<Attribute, Fault> {
        let unreadable = || Fault::Unreadable(format!("the attribute {}", self.key));
        Ok(Attribute {
            id: AttributeId(self.id),
            kind: AttributeKind::of(&self.kind).ok_or_else(unreadable)?,
            choices: serde_json::from_str(&self.choices).map_err(|_| unreadable())?,
            key: self.key,
            label_de: self.label_de,
            label_en: self.label_en,
            minimum: self.minimum,
            maximum: self.maximum,
            purpose: self.purpose,
            basis: self.basis,
            retention_days: self.retention_days,
            archived: self.archived_at.is_some(),
        })
    }
}

/// All attributes in the order of their German names, those that were put away only where `archived`.
pub async fn attributes(rows: &Rows, archived: bool) -> Result<Vec<Attribute>, Fault> {
    let which = if archived { "" } else { "WHERE archived_at IS NULL" };
    let found: Vec<Row> = rows.all(&format!("{SELECT} {which}"), values![]).await?;
    let mut all = found.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_cached_key(|attribute| fold(&attribute.label_de));
    Ok(all)
}

/// An attribute by its key, put away or not; served by the unique key.
pub async fn attribute(rows: &Rows, key: &str) -> Result<Option<Attribute>, Fault> {
    let row: Option<Row> = rows.one(&format!("{SELECT} WHERE key = $1"), values![key]).await?;
    row.map(Row::read).transpose()
}

/// What somebody says an attribute should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeDraft {
    /// Made of the German label where it is empty; only counts when the attribute is made.
    pub key: String,
    /// Only counts when the attribute is made.
    pub kind: AttributeKind,
    pub label_de: String,
    pub label_en: String,
    pub choices: Vec<AttributeChoice>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub purpose: String,
    pub basis: String,
    pub retention_days: Option<i64>,
}

/// Most values of a list, and most characters of a label, a code and a purpose.
const CHOICES: usize = 200;
const LABEL: usize = 80;
const KEY: usize = 40;
const PURPOSE: usize = 500;

/// A label as a key: `Bevorzugte Kabine` becomes `bevorzugte_kabine`.
fn key_of(label: &str) -> String {
    let folded = fold(label);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").chars().take(KEY).collect()
}

impl AttributeDraft {
    fn tidy(mut self) -> Result<Self, Refusal> {
        let mut wrong = Vec::new();
        let mut complain = |field: &str, code: &'static str, sentence: Sentence| {
            wrong.push(Complaint { field: field.to_owned(), code, sentence });
        };
        for (field, text, most) in [
            ("label_de", &mut self.label_de, LABEL),
            ("label_en", &mut self.label_en, LABEL),
            ("purpose", &mut self.purpose, PURPOSE),
        ] {
            *text = kernel::text::one_line(text);
            if text.chars().count() > most {
                complain(field, "too_long", Sentence::new("attributes-too-long").with("most", most));
            }
        }
        if self.label_de.is_empty() {
            complain("label_de", "required", "attributes-nameless".into());
        }
        if self.purpose.is_empty() {
            complain("purpose", "required", "attributes-purposeless".into());
        }
        if !BASES.contains(&self.basis.as_str()) {
            complain("basis", "required", "attributes-baseless".into());
        }
        self.key = if self.key.trim().is_empty() { key_of(&self.label_de) } else { self.key.trim().to_owned() };
        let starts = self.key.starts_with(|c: char| c.is_ascii_lowercase());
        let spelt = self.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let fits = starts && spelt && self.key.len() <= KEY;
        if !fits && !self.label_de.is_empty() {
            complain("key", "key", Sentence::new("attributes-bad-key").with("most", KEY));
        }
        if self.retention_days.is_some_and(|days| !(1..=36_500).contains(&days)) {
            complain("retention_days", "number", "attributes-bad-retention".into());
        }
        if let (Some(least), Some(most)) = (self.minimum, self.maximum)
            && least > most
        {
            complain("maximum", "range", "attributes-bad-range".into());
        }
        for choice in &mut self.choices {
            choice.de = kernel::text::one_line(&choice.de);
            choice.en = kernel::text::one_line(&choice.en);
            if choice.code.is_empty() {
                choice.code = key_of(&choice.de);
            }
        }
        if self.kind == AttributeKind::Choice {
            let mut codes: Vec<&str> = self.choices.iter().map(|choice| choice.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            if self.choices.is_empty() || self.choices.len() > CHOICES {
                complain("choices", "choices", Sentence::new("attributes-no-choices").with("most", CHOICES));
            } else if codes.len() < self.choices.len() || codes.contains(&"") {
                complain("choices", "choices", "attributes-same-choices".into());
            }
        } else {
            self.choices.clear();
        }
        if wrong.is_empty() { Ok(self) } else { Err(Refusal::Invalid(wrong)) }
    }
}

/// Defines an attribute.
///
/// # Errors
/// `Invalid` with one complaint per field; `taken` where the key belongs to another attribute.
pub async fn create_attribute(
    unit: &Write,
    actor: &Actor,
    draft: AttributeDraft,
    now: Timestamp,
) -> Result<Attribute, Trouble> {
    actor.must(Right::ManageAttributes)?;
    let draft = draft.tidy()?;
    if attribute(unit, &draft.key).await?.is_some() {
        let sentence = Sentence::new("attributes-key-taken").with("key", &draft.key);
        return Err(Refusal::field("key", "taken", sentence).into());
    }
    const SQL: &str = "INSERT INTO attribute (key, kind, label_de, label_en, choices, minimum, maximum, purpose, basis, \
         retention_days, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id";
    let values = values![
        draft.key.as_str(),
        draft.kind.code(),
        draft.label_de.as_str(),
        draft.label_en.as_str(),
        json!(draft.choices).to_string(),
        draft.minimum,
        draft.maximum,
        draft.purpose.as_str(),
        draft.basis.as_str(),
        draft.retention_days,
        now.0
    ];
    let id = unit.insert(SQL, values).await?;
    let deed =
        Deed::new("attribute.created", "attribute", id).with(json!({ "key": draft.key, "purpose": draft.purpose }));
    audit::note(unit, actor, now, deed).await?;
    Ok(attribute(unit, &draft.key).await?.ok_or(Refusal::Missing)?)
}

/// Changes what an attribute is called, allows and is kept for. Key and kind stay; a value of the list that somebody has
/// stays in the list.
pub async fn change_attribute(
    unit: &Write,
    actor: &Actor,
    key: &str,
    draft: AttributeDraft,
    now: Timestamp,
) -> Result<Attribute, Trouble> {
    actor.must(Right::ManageAttributes)?;
    let before = attribute(unit, key).await?.ok_or(Refusal::Missing)?;
    let draft = AttributeDraft { key: before.key.clone(), kind: before.kind, ..draft }.tidy()?;
    for gone in before.choices.iter().filter(|old| draft.choices.iter().all(|new| new.code != old.code)) {
        const USED: &str = "SELECT COUNT(*) FROM attribute_value WHERE attribute_id = $1 AND text_key = $2";
        let used = unit.number(USED, values![before.id.0, gone.code.as_str()]).await?;
        if used > 0 {
            let sentence = Sentence::new("attributes-choice-used").with("choice", &gone.de).with("n", used);
            return Err(Refusal::field("choices", "used", sentence).into());
        }
    }
    const SQL: &str = "UPDATE attribute SET label_de = $1, label_en = $2, choices = $3, minimum = $4, maximum = $5, purpose = $6, \
         basis = $7, retention_days = $8, updated_at = $9 WHERE id = $10";
    let values = values![
        draft.label_de.as_str(),
        draft.label_en.as_str(),
        json!(draft.choices).to_string(),
        draft.minimum,
        draft.maximum,
        draft.purpose.as_str(),
        draft.basis.as_str(),
        draft.retention_days,
        now.0,
        before.id.0
    ];
    unit.run(SQL, values).await?;
    let deed = Deed::new("attribute.changed", "attribute", before.id.0)
        .with(json!({ "key": before.key, "purpose": draft.purpose, "basis": draft.basis }));
    audit::note(unit, actor, now, deed).await?;
    Ok(attribute(unit, key).await?.ok_or(Refusal::Missing)?)
}

/// Puts an attribute away, or brings it back: it is offered nowhere, its values stay.
pub async fn archive_attribute(
    unit: &Write,
    actor: &Actor,
    key: &str,
    archived: bool,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::ManageAttributes)?;
    let before = attribute(unit, key).await?.ok_or(Refusal::Missing)?;
    const SQL: &str = "UPDATE attribute SET archived_at = $1, updated_at = $2 WHERE id = $3";
    unit.run(SQL, values![archived.then_some(now.0), now.0, before.id.0]).await?;
    let deed = if archived { "attribute.archived" } else { "attribute.restored" };
    audit::note(unit, actor, now, Deed::new(deed, "attribute", before.id.0).with(json!({ "key": key }))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_makes_a_key() {
        assert_eq!(key_of("Bevorzugte Kabine (außen)"), "bevorzugte_kabine_aussen");
        assert_eq!(key_of("  "), "");
    }

    #[test]
    fn without_a_purpose_there_is_no_attribute() {
        let draft = AttributeDraft { label_de: "Ernährung".into(), basis: "contract".into(), ..Default::default() };
        let Err(Refusal::Invalid(wrong)) = draft.clone().tidy() else { panic!() };
        assert_eq!(wrong.iter().map(|complaint| complaint.field.as_str()).collect::<Vec<_>>(), ["purpose"]);
        let fits = AttributeDraft { purpose: "Verpflegung auf der Reise".into(), ..draft }.tidy();
        assert_eq!(fits.map(|draft| draft.key), Ok("ernaehrung".to_owned()));
    }
}
