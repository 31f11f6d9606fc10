//! Interactions as other systems send them: calls, replies, visits, opens of a shop.

use super::{Document, Program};
use crate::door::{Answer, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    Refusal,
    interactions::{Incoming, resolve},
    staff::Right,
};
use kernel::Sentence;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// How many interactions one call may carry.
const MOST: usize = 1000;

/// One interaction. Names a contact (by id or customer number) or a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "pbx-2026-11-24-000183", "kind": "call_in", "contact_number": "10014", "occurred_at": "2026-11-24T09:30:00+01:00"
}))]
pub struct NewInteraction {
    /// The sender's id; a second delivery of the same id changes nothing.
    #[schema(max_length = 200)]
    pub id: Option<String>,
    /// RFC 3339 with offset; now when it is missing.
    pub occurred_at: Option<String>,
    /// E.g. `replied`, `call_in`, `page_viewed`. Orders go through `/api/v1/orders`.
    #[schema(example = "replied")]
    pub kind: String,
    /// May be left out: every kind belongs to one channel.
    pub channel: Option<String>,
    /// Id of the contact …
    pub contact: Option<i64>,
    /// … or its customer number.
    pub contact_number: Option<String>,
    pub campaign: Option<i64>,
    /// Id of the message; brings its contact and campaign along.
    pub message: Option<i64>,
    /// Article number.
    pub product: Option<String>,
    pub value_minor: Option<i64>,
    /// ISO 4217; EUR when it is missing.
    pub currency: Option<String>,
    pub subject: Option<String>,
    pub url: Option<String>,
    /// `true` when the sender knows that no person did it; such events never count.
    #[serde(default)]
    pub machine: bool,
    /// A small JSON object of the sender's own.
    #[schema(value_type = Option<Object>)]
    pub props: Option<Value>,
}

impl From<NewInteraction> for Incoming {
    fn from(new: NewInteraction) -> Self {
        Self {
            id: new.id,
            occurred_at: new.occurred_at,
            kind: new.kind,
            channel: new.channel,
            contact: new.contact,
            contact_number: new.contact_number,
            campaign: new.campaign,
            message: new.message,
            product: new.product,
            value_minor: new.value_minor,
            currency: new.currency,
            subject: new.subject,
            url: new.url,
            machine: new.machine,
            props: new.props,
        }
    }
}

/// Where each interaction stands in the log, in the order of the request.
#[derive(Serialize, ToSchema)]
pub struct Recorded {
    pub recorded: Vec<Place>,
}

#[derive(Serialize, ToSchema)]
pub struct Place {
    /// Position in the log.
    pub seq: i64,
    /// The sender's id was known: nothing was written, this is the place of the first delivery.
    pub duplicate: bool,
}

/// Record interactions
///
/// One object, or a list of up to 1000. All of them are taken or none: what does not fit is named by its place, e.g.
/// `[3].kind`. The answer comes after the commit.
#[utoipa::path(
    post, path = "/api/v1/interactions", tag = "interactions",
    request_body(content = NewInteraction, description = "One interaction, or a list of them"),
    responses((status = 201, body = Recorded), (status = 200, body = Recorded, description = "All were known already")),
    extensions(("x-right" = json!("record_interactions")))
)]
pub async fn record(program: Program, body: Document) -> Answer<(StatusCode, Json<Recorded>)> {
    program.actor.must(Right::RecordInteractions)?;
    let (entries, many) = match body.read::<Value>()? {
        Value::Array(items) if items.is_empty() || items.len() > MOST => {
            let sentence = Sentence::new("api-too-many-entries").with("most", MOST);
            return Err(Refusal::field("", "count", sentence).into());
        }
        Value::Array(items) => (items.into_iter().map(Document::value).collect::<Result<Vec<_>, _>>()?, true),
        one => (vec![Document::value(one)?], false),
    };
    let entries: Vec<Incoming> = entries.into_iter().map(|new: NewInteraction| new.into()).collect();
    let path = |n: usize| if many { format!("[{n}].") } else { String::new() };
    let resolved = resolve(&program.db.read().await?, &entries, program.now(), path).await?;
    let mut items = Vec::with_capacity(resolved.len());
    let mut complaints = Vec::new();
    for entry in resolved {
        match entry {
            Ok(item) => items.push(item),
            Err(wrong) => complaints.extend(wrong),
        }
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints).into());
    }
    let places = program.reactions().record_all(items).await?;
    let places = places.into_iter().collect::<Result<Vec<_>, _>>().map_err(Trouble::from)?;
    let status = if places.iter().all(|place| place.duplicate) { StatusCode::OK } else { StatusCode::CREATED };
    let recorded = places.into_iter().map(|at| Place { seq: at.seq.0, duplicate: at.duplicate }).collect();
    Ok((status, Json(Recorded { recorded })))
}
