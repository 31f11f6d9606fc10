//! Why two records are likely one person, field by field.

use kernel::{Fault, Sentence};
use linkage::{Evidence, Level, Scheme};
use serde::{Deserialize, Serialize};

/// What one field says for or against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of a field of the scheme.
    pub field: String,
    pub level: Level,
    /// Bits for, or against when negative.
    pub weight: f64,
}

/// Fields that say less than this are not worth a word.
const WORTH: f64 = 0.7;

impl Reason {
    /// „gleicher Geburtstag“, „Nachname klingt gleich“.
    pub fn sentence(&self) -> Sentence {
        let key = match self.field.as_str() {
            "first_name" => "duplicates-first-name",
            "last_name" => "duplicates-last-name",
            "birth_date" => "duplicates-birth-date",
            "email" => "duplicates-email",
            "phone" => "duplicates-phone",
            "street" => "duplicates-street",
            "postal_code" => "duplicates-postal-code",
            "city" => "duplicates-city",
            _ => "duplicates-company",
        };
        let level = match self.level {
            Level::Same => "same",
            Level::Swapped => "swapped",
            Level::Sounds => "sounds",
            Level::Near => "near",
            Level::Part => "part",
            Level::Similar => "similar",
            Level::Different | Level::Absent => "different",
        };
        Sentence::new(key).with("level", level)
    }
}

/// What the fields say, the weightiest first: for it, and against it.
pub fn said(reasons: &[Reason]) -> (Vec<Sentence>, Vec<Sentence>) {
    let mut sorted: Vec<&Reason> = reasons.iter().filter(|reason| reason.weight.abs() > WORTH).collect();
    sorted.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    // What is the same is never said against a pair, however frequent it is.
    let (speaks_for, against): (Vec<&Reason>, Vec<&Reason>) =
        sorted.into_iter().filter(|r| r.weight > 0.0 || r.level != Level::Same).partition(|reason| reason.weight > 0.0);
    let sentences = |reasons: Vec<&Reason>| reasons.into_iter().map(Reason::sentence).collect();
    (sentences(speaks_for), sentences(against))
}

pub(super) fn named(scheme: &Scheme, evidence: &[Evidence]) -> Vec<Reason> {
    let known = evidence.iter().filter(|evidence| evidence.level != Level::Absent);
    let rounded = |weight: f64| (weight * 10.0).round() / 10.0;
    let reason = |evidence: &Evidence| Reason {
        field: scheme.fields[evidence.field].name.to_owned(),
        level: evidence.level,
        weight: rounded(evidence.weight),
    };
    known.map(reason).collect()
}

pub(super) fn written(reasons: &[Reason]) -> String {
    serde_json::json!(reasons).to_string()
}

pub(super) fn read(json: &str) -> Result<Vec<Reason>, Fault> {
    serde_json::from_str(json).map_err(|error| Fault::Unreadable(format!("the evidence of a pair: {error}")))
}
