//! Interactions as other systems send them: names and numbers of the trade become ids, and what does not fit is said.

use super::{Channel, Kind, NewInteraction, Verdict, check};
use crate::refusal::Complaint;
use kernel::{CampaignId, ContactId, Currency, Fault, MessageId, Money, ProductId, Sentence, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, marks};

/// One interaction as the API takes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incoming {
    /// The sender's id; the same one again changes nothing.
    pub id: Option<String>,
    /// RFC 3339 with offset; now when it is missing.
    pub occurred_at: Option<String>,
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
    /// `true` when the sender knows that no person did it.
    #[serde(default)]
    pub machine: bool,
    pub props: Option<serde_json::Value>,
}

#[derive(FromQueryResult)]
struct ById {
    id: i64,
}

#[derive(FromQueryResult)]
struct ByName {
    name: String,
    id: i64,
}

#[derive(FromQueryResult)]
struct OfMessage {
    id: i64,
    campaign_id: i64,
    contact_id: i64,
}

/// What the database knows about the names and ids in a delivery.
#[derive(Default)]
struct Known {
    contacts: HashMap<i64, ()>,
    numbers: HashMap<String, i64>,
    products: HashMap<String, i64>,
    campaigns: HashMap<i64, ()>,
    messages: HashMap<i64, (CampaignId, ContactId)>,
}

/// Reads a delivery: for each entry an interaction that may be recorded, or what is wrong with it. `path` names an entry,
/// e.g. `|n| format!("[{n}].")`.
pub async fn resolve(
    rows: &Rows,
    entries: &[Incoming],
    now: Timestamp,
    path: impl Fn(usize) -> String,
) -> Result<Vec<Result<NewInteraction, Vec<Complaint>>>, Fault> {
    let known = Known::look_up(rows, entries).await?;
    Ok(entries.iter().enumerate().map(|(n, entry)| read(entry, &known, now, &path(n))).collect())
}

fn read(entry: &Incoming, known: &Known, now: Timestamp, path: &str) -> Result<NewInteraction, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, code: &'static str, sentence: Sentence| {
        complaints.push(Complaint { field: format!("{path}{field}"), code, sentence });
    };
    let kind = Kind::parse(&entry.kind);
    match kind {
        None => complain("kind", "unknown_kind", Sentence::new("interactions-unknown-kind").with("kind", &entry.kind)),
        Some(Kind::OrderPlaced | Kind::OrderCancelled) => {
            complain("kind", "order", Sentence::new("interactions-order-by-its-own-door"));
        }
        Some(_) => {}
    }
    let mut item = NewInteraction::new(kind.unwrap_or(Kind::PageViewed), now);
    if let Some(channel) = &entry.channel {
        match Channel::parse(channel) {
            Some(channel) => item.channel = channel,
            None => complain(
                "channel",
                "unknown_channel",
                Sentence::new("interactions-unknown-channel").with("channel", channel),
            ),
        }
    }
    if let Some(text) = &entry.occurred_at {
        match Timestamp::parse_rfc3339(text) {
            Some(at) => item.occurred_at = at,
            None => complain("occurred_at", "not_a_time", Sentence::new("interactions-not-a-time")),
        }
    }
    if let Some(message) = entry.message {
        match known.messages.get(&message) {
            Some((campaign, contact)) => {
                item.message = Some(MessageId(message));
                item.campaign = Some(*campaign);
                item.contact = Some(*contact);
            }
            None => complain("message", "unknown", Sentence::new("interactions-unknown-message")),
        }
    }
    let mut unknown_contact = false;
    if let Some(id) = entry.contact {
        unknown_contact |= !known.contacts.contains_key(&id);
        item.contact = Some(ContactId(id));
    }
    if let Some(number) = &entry.contact_number {
        let id = known.numbers.get(number.trim());
        unknown_contact |= id.is_none();
        item.contact = id.copied().map(ContactId);
    }
    if unknown_contact {
        complain("contact", "unknown", Sentence::new("interactions-unknown-contact"));
    }
    if let Some(id) = entry.campaign {
        if !known.campaigns.contains_key(&id) {
            complain("campaign", "unknown", Sentence::new("interactions-unknown-campaign"));
        }
        item.campaign = Some(CampaignId(id));
    }
    if let Some(sku) = &entry.product {
        match known.products.get(sku.trim()) {
            Some(id) => item.product = Some(ProductId(*id)),
            None => complain("product", "unknown", Sentence::new("interactions-unknown-product").with("product", sku)),
        }
    }
    let currency = entry.currency.as_deref().map_or(Some(Currency::EUR), Currency::parse);
    match (currency, entry.value_minor) {
        (Some(currency), Some(minor)) => item.value = Some(Money::new(minor, currency)),
        (None, _) => complain("currency", "not_a_currency", Sentence::new("interactions-not-a-currency")),
        _ => {}
    }
    if entry.machine {
        item.verdict = Verdict::Machine;
    }
    item.event_id = entry.id.clone();
    item.subject = entry.subject.clone();
    item.url = entry.url.clone();
    item.props = entry.props.clone();
    let unnamed = |complaint: &Complaint| complaint.code == "required" && unknown_contact;
    complaints.extend(check(&item, path, now).into_iter().filter(|c| !unnamed(c)));
    if complaints.is_empty() { Ok(item) } else { Err(complaints) }
}

impl Known {
    async fn look_up(rows: &Rows, entries: &[Incoming]) -> Result<Self, Fault> {
        let mut known = Self::default();
        for chunk in entries.chunks(500) {
            let found: Vec<ById> = find(rows, "SELECT id FROM contact WHERE id", ids(chunk, |e| e.contact)).await?;
            known.contacts.extend(found.into_iter().map(|row| (row.id, ())));
            let found: Vec<ById> = find(rows, "SELECT id FROM campaign WHERE id", ids(chunk, |e| e.campaign)).await?;
            known.campaigns.extend(found.into_iter().map(|row| (row.id, ())));
            const MESSAGES: &str = "SELECT id, campaign_id, contact_id FROM message WHERE id";
            let found: Vec<OfMessage> = find(rows, MESSAGES, ids(chunk, |e| e.message)).await?;
            known.messages.extend(
                found.into_iter().map(|row| (row.id, (CampaignId(row.campaign_id), ContactId(row.contact_id)))),
            );
            const NUMBERS: &str = "SELECT number AS name, id FROM contact WHERE number";
            let found: Vec<ByName> = find(rows, NUMBERS, texts(chunk, |e| e.contact_number.as_deref())).await?;
            known.numbers.extend(found.into_iter().map(|row| (row.name, row.id)));
            const PRODUCTS: &str = "SELECT sku AS name, id FROM product WHERE sku";
            let found: Vec<ByName> = find(rows, PRODUCTS, texts(chunk, |e| e.product.as_deref())).await?;
            known.products.extend(found.into_iter().map(|row| (row.name, row.id)));
        }
        Ok(known)
    }
}

fn ids(entries: &[Incoming], of: impl Fn(&Incoming) -> Option<i64>) -> Vec<Value> {
    entries.iter().filter_map(of).map(Value::from).collect()
}

/// A NUL is in no name, and PostgreSQL does not take it even as a question.
fn texts<'a>(entries: &'a [Incoming], of: impl Fn(&'a Incoming) -> Option<&'a str>) -> Vec<Value> {
    entries.iter().filter_map(of).filter(|text| !text.contains('\0')).map(|text| Value::from(text.trim())).collect()
}

async fn find<T: FromQueryResult>(rows: &Rows, head: &str, values: Vec<Value>) -> Result<Vec<T>, Fault> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    rows.all(&format!("{head} IN ({})", marks(1, values.len())), values).await
}
