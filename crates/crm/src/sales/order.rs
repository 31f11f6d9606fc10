//! Orders as they stand: read, placed through the API, cancelled.

use super::booking::{self, Wanted, WantedItem};
use crate::{
    Refusal, Trouble, customers,
    interactions::{self, Kind, NewInteraction},
    refusal::Complaint,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Currency, Fault, Money, OrderId, Sentence, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, Write, values};

/// A purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Order {
    pub id: i64,
    pub number: String,
    pub contact_id: i64,
    /// Microseconds UTC; an order that came with a day only was placed at its beginning.
    pub placed_at: i64,
    pub cancelled_at: Option<i64>,
    pub total_minor: i64,
    pub currency: String,
    pub source: String,
}

/// One position of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct OrderItem {
    pub position: i64,
    pub product_id: i64,
    pub sku: String,
    pub product: String,
    pub category: Option<String>,
    pub quantity: i64,
    pub unit_price_minor: i64,
}

/// An order as the API takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderDraft {
    pub number: String,
    /// Id of the contact …
    #[serde(default)]
    pub contact: Option<i64>,
    /// … or its customer number.
    #[serde(default)]
    pub contact_number: Option<String>,
    pub placed_at: Timestamp,
    #[serde(default)]
    pub cancelled: bool,
    /// ISO 4217; EUR when it is missing.
    #[serde(default)]
    pub currency: Currency,
    pub items: Vec<ItemDraft>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemDraft {
    #[serde(default)]
    pub position: Option<i64>,
    /// Article number.
    pub product: String,
    /// Name for a product that is new.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub category: Option<String>,
    pub quantity: i64,
    pub unit_price_minor: i64,
}

const COLUMNS: &str = "id, number, contact_id, placed_at, cancelled_at, total_minor, currency, source";

/// Newest first; served by `purchase_contact`.
pub async fn orders_of(rows: &Rows, contact: ContactId, limit: i64) -> Result<Vec<Order>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM purchase WHERE contact_id = $1 ORDER BY placed_at DESC, id DESC LIMIT $2");
    rows.all(&sql, values![contact.0, limit]).await
}

/// What a contact has bought, cancelled orders apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bought {
    pub orders: i64,
    /// Minor units.
    pub minor: i64,
}

#[derive(FromQueryResult)]
struct Summed {
    contact_id: i64,
    orders: i64,
    minor: i64,
}

/// What each of some contacts has bought; who bought nothing is missing. Served by `purchase_contact`.
pub async fn bought(rows: &Rows, contacts: &[ContactId]) -> Result<HashMap<ContactId, Bought>, Fault> {
    let mut found = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT contact_id, COUNT(*) AS orders, CAST(SUM(total_minor) AS BIGINT) AS minor FROM purchase \
             WHERE cancelled_at IS NULL AND contact_id IN ({}) GROUP BY contact_id",
            store::marks(1, chunk.len())
        );
        let summed: Vec<Summed> = rows.all(&sql, chunk.iter().map(|id| Value::from(id.0)).collect()).await?;
        let bought = |row: Summed| (ContactId(row.contact_id), Bought { orders: row.orders, minor: row.minor });
        found.extend(summed.into_iter().map(bought));
    }
    Ok(found)
}

pub async fn find_order(rows: &Rows, id: OrderId) -> Result<Option<Order>, Fault> {
    rows.one(&format!("SELECT {COLUMNS} FROM purchase WHERE id = $1"), values![id.0]).await
}

pub async fn order_by_number(rows: &Rows, number: &str) -> Result<Option<Order>, Fault> {
    rows.one(&format!("SELECT {COLUMNS} FROM purchase WHERE number = $1"), values![number]).await
}

/// In the order of their positions; served by the primary key.
pub async fn items_of(rows: &Rows, id: OrderId) -> Result<Vec<OrderItem>, Fault> {
    const SQL: &str = "SELECT i.position, i.product_id, p.sku, p.name AS product, c.name AS category, i.quantity, i.unit_price_minor \
         FROM purchase_item i JOIN product p ON p.id = i.product_id LEFT JOIN category c ON c.id = p.category_id \
         WHERE i.purchase_id = $1 ORDER BY i.position";
    rows.all(SQL, values![id.0]).await
}

/// Places an order, or brings the one with this number up to date; items that are not named stay.
pub async fn place_order(unit: &Write, actor: &Actor, draft: &OrderDraft, now: Timestamp) -> Result<Order, Trouble> {
    actor.must(Right::EditOrders)?;
    let contact = contact_of(unit, draft).await?;
    let complaints = check(draft, now);
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints).into());
    }
    let item = |item: &ItemDraft| WantedItem {
        position: item.position,
        sku: item.product.trim().to_owned(),
        name: item.name.clone(),
        category: item.category.clone(),
        quantity: item.quantity,
        unit_price: item.unit_price_minor,
    };
    let wanted = Wanted {
        number: draft.number.trim().to_owned(),
        contact: contact.0,
        placed_at: draft.placed_at,
        cancelled: draft.cancelled,
        currency: draft.currency,
        items: draft.items.iter().map(item).collect(),
    };
    let number = wanted.number.clone();
    let (counts, plan) = booking::weigh(unit, vec![wanted], now).await?;
    booking::write(unit, plan, "api", now).await?;
    let order = order_by_number(unit, &number).await?.ok_or(Refusal::Missing)?;
    if counts.unchanged == 0 {
        let action = if counts.created == 1 { "order.placed" } else { "order.changed" };
        let deed = audit::Deed::new(action, "order", order.id).with(json!({ "number": number }));
        audit::note(unit, actor, now, deed).await?;
    }
    Ok(order)
}

async fn contact_of(unit: &Write, draft: &OrderDraft) -> Result<ContactId, Trouble> {
    let found = match (draft.contact, &draft.contact_number) {
        (Some(id), _) => {
            let known = unit.number("SELECT COUNT(*) FROM contact WHERE id = $1", values![id]).await? > 0;
            known.then_some(ContactId(id))
        }
        (None, Some(number)) if !number.contains('\0') => {
            customers::ids_by_number(unit, &[number.trim()]).await?.get(number.trim()).copied()
        }
        _ => None,
    };
    let shown = draft.contact.map(|id| id.to_string()).or(draft.contact_number.clone()).unwrap_or_default();
    let unknown = || {
        let sentence = Sentence::new("intake-reason-unknown-customer").with("value", shown);
        Refusal::field("contact", "unknown_customer", sentence).into()
    };
    found.ok_or_else(unknown)
}

fn check(draft: &OrderDraft, now: Timestamp) -> Vec<Complaint> {
    let mut wrong = Vec::new();
    let mut complain = |field: String, code: &'static str, key: &'static str| {
        wrong.push(Complaint { field, code, sentence: Sentence::new(key) });
    };
    let plain = |text: &str, most: usize| {
        !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
    };
    if !plain(&draft.number, 50) {
        complain("number".to_owned(), "number", "sales-not-a-number");
    }
    if draft.placed_at > now.plus(kernel::time::DAY) || draft.placed_at < Timestamp(0) {
        complain("placed_at".to_owned(), "placed_at", "sales-not-a-time");
    }
    if draft.items.is_empty() || draft.items.len() > 1_000 {
        complain("items".to_owned(), "items", "sales-no-items");
    }
    for (n, item) in draft.items.iter().enumerate() {
        if !plain(&item.product, 50) {
            complain(format!("items[{n}].product"), "product", "sales-not-a-number");
        }
        for (name, text) in [("name", &item.name), ("category", &item.category)] {
            if text.as_deref().is_some_and(|text| !plain(text, 200)) {
                complain(format!("items[{n}].{name}"), name, "sales-not-a-name");
            }
        }
        if !(1..=1_000_000).contains(&item.quantity) {
            complain(format!("items[{n}].quantity"), "quantity", "sales-not-a-quantity");
        }
        if item.unit_price_minor.abs() > crate::intake::MOST_MONEY {
            complain(format!("items[{n}].unit_price_minor"), "money", "sales-not-a-price");
        }
        if item.position.is_some_and(|p| !(1..=100_000).contains(&p)) {
            complain(format!("items[{n}].position"), "position", "sales-not-a-position");
        }
    }
    wrong
}

/// Cancels an order; a second time changes nothing.
pub async fn cancel_order(unit: &Write, actor: &Actor, id: OrderId, now: Timestamp) -> Result<Order, Trouble> {
    actor.must(Right::EditOrders)?;
    const SQL: &str = "UPDATE purchase SET cancelled_at = $1, updated_at = $1 WHERE id = $2 AND cancelled_at IS NULL";
    let cancelled = unit.run(SQL, values![now.0, id.0]).await? == 1;
    let order = find_order(unit, id).await?.ok_or(Refusal::Missing)?;
    if cancelled {
        let currency = Currency::parse(&order.currency).unwrap_or_default();
        let told = NewInteraction {
            value: Some(Money::new(order.total_minor, currency)),
            subject: Some(order.number.clone()),
            props: Some(json!({ "order": order.id })),
            ..NewInteraction::new(Kind::OrderCancelled, now).of(ContactId(order.contact_id))
        };
        interactions::append(unit, &[told], now).await?;
        let deed = audit::Deed::new("order.cancelled", "order", id.0).with(json!({ "number": order.number }));
        audit::note(unit, actor, now, deed).await?;
    }
    Ok(order)
}
