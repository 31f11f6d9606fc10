//! What the search for duplicates keeps from run to run, and the threshold of automatic merging.

use super::scheme::{EDITION, scheme};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{Fault, Sentence, Timestamp};
use linkage::Model;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Rows, Write, settings};

const STATE: &str = "duplicates.state";
const MODEL: &str = "duplicates.model";
const AUTOMATIC: &str = "duplicates.automatic";

/// Where the search stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub edition: i64,
    /// Of `store::changes`.
    pub cursor: i64,
    /// Contacts at the last whole scan, and when it was.
    pub contacts: i64,
    pub scanned_at: i64,
    pub skipped: Vec<TooLarge>,
}

/// A block that told nobody apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TooLarge {
    pub rule: usize,
    pub contacts: usize,
    /// One of them.
    pub example: i64,
}

/// What the page says about the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// Nothing before the first scan has ended.
    pub scanned_at: Option<Timestamp>,
    pub contacts: i64,
    pub skipped: Vec<TooLarge>,
}

pub(super) async fn standing(rows: &Rows) -> Result<Option<Standing>, Fault> {
    let text = settings::get(rows, STATE).await?;
    let standing = text.and_then(|text| serde_json::from_str::<Standing>(&text).ok());
    Ok(standing.filter(|standing| standing.edition == EDITION))
}

pub(super) async fn keep(unit: &Write, standing: &Standing) -> Result<(), Fault> {
    settings::set(unit, STATE, &json!(standing).to_string()).await
}

/// The weights of the last whole scan; before it, what is usual.
pub(super) async fn model(rows: &Rows) -> Result<Model, Fault> {
    let text = settings::get(rows, MODEL).await?;
    let known = text.and_then(|text| serde_json::from_str::<Model>(&text).ok());
    match known.filter(|model| model.matched.len() == scheme().fields.len()) {
        Some(model) => Ok(model),
        None => {
            let contacts = rows.number("SELECT COUNT(*) FROM contact", vec![]).await?;
            Ok(Model::usual(&scheme(), contacts as usize))
        }
    }
}

pub(super) async fn keep_model(unit: &Write, model: &Model) -> Result<(), Fault> {
    settings::set(unit, MODEL, &json!(model).to_string()).await
}

pub async fn overview(rows: &Rows) -> Result<Overview, Fault> {
    let standing = standing(rows).await?;
    Ok(standing.map_or_else(Overview::default, |standing| Overview {
        scanned_at: Some(Timestamp(standing.scanned_at)),
        contacts: standing.contacts,
        skipped: standing.skipped,
    }))
}

/// From which probability pairs are merged without anybody looking, in thousandths; nothing: never, which is the default.
pub async fn automatic_from(rows: &Rows) -> Result<Option<i64>, Fault> {
    Ok(settings::get(rows, AUTOMATIC).await?.and_then(|text| text.parse().ok()))
}

/// Sets the threshold of automatic merging, in thousandths.
///
/// # Errors
/// `Invalid` below 900: what one in ten would be wrong about is for people to decide.
pub async fn set_automatic(
    unit: &Write,
    actor: &Actor,
    thousandths: Option<i64>,
    now: Timestamp,
) -> Result<(), Trouble> {
    actor.must(Right::EditContacts)?;
    actor.must(Right::ImportData)?;
    if thousandths.is_some_and(|value| !(900..=1_000).contains(&value)) {
        return Err(Refusal::field("ab", "range", Sentence::new("duplicates-automatic-range")).into());
    }
    settings::set(unit, AUTOMATIC, &thousandths.map(|value| value.to_string()).unwrap_or_default()).await?;
    let deed = audit::Deed::new("duplicates.automatic", "setting", None).with(json!({ "thousandths": thousandths }));
    audit::note(unit, actor, now, deed).await?;
    Ok(())
}
