//! Orders and products.

use super::{
    Document, Program,
    listing::{Params, instant, read_instant},
};
use crate::door::{Answer, Path, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    Refusal,
    customers::contact_by_number,
    sales::{self, ItemDraft, Order, OrderDraft},
    staff::Right,
};
use kernel::{ContactId, Currency, OrderId, Sentence};
use serde::{Deserialize, Serialize};
use store::Rows;
use utoipa::ToSchema;

/// An order as it is placed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "number": "A-2026-4711", "contact_number": "10207", "items": [{ "sku": "KRE-7", "quantity": 3, "unit_price": 89900 }]
}))]
pub struct NewOrder {
    /// Order number; one that exists is brought up to date.
    pub number: String,
    /// Id of the contact …
    pub contact: Option<i64>,
    /// … or its customer number.
    pub contact_number: Option<String>,
    /// RFC 3339; now when it is missing.
    pub placed_at: Option<String>,
    #[serde(default)]
    pub cancelled: bool,
    /// ISO 4217; EUR when it is missing.
    pub currency: Option<String>,
    pub items: Vec<NewItem>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Place in the order from 1; counted when it is missing.
    pub position: Option<i64>,
    /// Article number; a product that is not known yet is made.
    pub sku: String,
    /// Name for a product that is new.
    pub name: Option<String>,
    pub category: Option<String>,
    pub quantity: i64,
    /// Minor units for one piece.
    pub unit_price: i64,
}

#[derive(Serialize, ToSchema)]
pub struct OrderView {
    pub id: i64,
    pub number: String,
    pub contact: i64,
    pub placed_at: String,
    pub cancelled_at: Option<String>,
    /// Minor units.
    pub total: i64,
    pub currency: String,
    pub items: Vec<ItemView>,
}

#[derive(Serialize, ToSchema)]
pub struct ItemView {
    pub position: i64,
    pub sku: String,
    pub product: String,
    pub category: Option<String>,
    pub quantity: i64,
    pub unit_price: i64,
}

#[derive(Serialize, ToSchema)]
pub struct OrderList {
    pub items: Vec<OrderView>,
}

async fn view(rows: &Rows, order: Order) -> Answer<OrderView> {
    let items = sales::items_of(rows, OrderId(order.id)).await?;
    let item = |item: sales::OrderItem| ItemView {
        position: item.position,
        sku: item.sku,
        product: item.product,
        category: item.category,
        quantity: item.quantity,
        unit_price: item.unit_price_minor,
    };
    Ok(OrderView {
        id: order.id,
        number: order.number,
        contact: order.contact_id,
        placed_at: instant(order.placed_at),
        cancelled_at: order.cancelled_at.map(instant),
        total: order.total_minor,
        currency: order.currency,
        items: items.into_iter().map(item).collect(),
    })
}

/// Place an order
///
/// A number that exists already is brought up to date (200); items that are not named stay.
#[utoipa::path(
    post, path = "/api/v1/orders", tag = "orders", request_body = NewOrder,
    responses((status = 201, body = OrderView), (status = 200, body = OrderView, description = "The order existed already")),
    extensions(("x-right" = json!("edit_orders")))
)]
pub async fn place(program: Program, body: Document) -> Answer<(StatusCode, Json<OrderView>)> {
    program.actor.must(Right::EditOrders)?;
    let new: NewOrder = body.read()?;
    let now = program.now();
    let currency = match new.currency.as_deref() {
        None => Currency::EUR,
        Some(text) => Currency::parse(text).ok_or_else(|| {
            Refusal::field("currency", "not_a_currency", Sentence::new("interactions-not-a-currency"))
        })?,
    };
    let item = |item: NewItem| ItemDraft {
        position: item.position,
        product: item.sku,
        name: item.name,
        category: item.category,
        quantity: item.quantity,
        unit_price_minor: item.unit_price,
    };
    let draft = OrderDraft {
        number: new.number,
        contact: new.contact,
        contact_number: new.contact_number,
        placed_at: new.placed_at.as_deref().map_or(Ok(now), |text| read_instant("placed_at", text))?,
        cancelled: new.cancelled,
        currency,
        items: new.items.into_iter().map(item).collect(),
    };
    let unit = program.db.write().await?;
    let known = sales::order_by_number(&unit, draft.number.trim()).await?.is_some();
    let order = sales::place_order(&unit, &program.actor, &draft, now).await?;
    let view = view(&unit, order).await?;
    unit.save().await?;
    Ok((if known { StatusCode::OK } else { StatusCode::CREATED }, Json(view)))
}

/// List the orders of a contact, newest first
#[utoipa::path(
    get, path = "/api/v1/orders", tag = "orders",
    params(
        ("contact" = Option<i64>, Query, description = "Id of the contact …"),
        ("contact_number" = Option<String>, Query, description = "… or its customer number"),
        ("number" = Option<String>, Query, description = "… or the order's own number"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = OrderList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<OrderList>> {
    program.actor.must(Right::SeeContacts)?;
    let params = params.only(&["contact", "contact_number", "number", "limit"])?;
    let (limit, rows) = (params.limit()?, program.db.read().await?);
    let found = match (params.id("contact")?, params.text("contact_number"), params.text("number")) {
        (Some(id), ..) => sales::orders_of(&rows, ContactId(id), limit).await?,
        (None, Some(number), _) => {
            let contact = contact_by_number(&rows, number).await?.ok_or(Trouble::MISSING)?;
            sales::orders_of(&rows, contact.contact_id(), limit).await?
        }
        (None, None, Some(number)) => sales::order_by_number(&rows, number).await?.into_iter().collect(),
        (None, None, None) => {
            return Err(Refusal::field("contact", "required", Sentence::new("api-orders-of-whom")).into());
        }
    };
    let mut items = Vec::with_capacity(found.len());
    for order in found {
        items.push(view(&rows, order).await?);
    }
    Ok(Json(OrderList { items }))
}

/// Get an order
#[utoipa::path(
    get, path = "/api/v1/orders/{id}", tag = "orders",
    params(("id" = i64, Path, description = "Id of the order")),
    responses((status = 200, body = OrderView)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<OrderView>> {
    program.actor.must(Right::SeeContacts)?;
    let rows = program.db.read().await?;
    let order = sales::find_order(&rows, OrderId(id)).await?.ok_or(Trouble::MISSING)?;
    Ok(Json(view(&rows, order).await?))
}

/// Cancel an order
///
/// A second time changes nothing.
#[utoipa::path(
    post, path = "/api/v1/orders/{id}/cancel", tag = "orders",
    params(("id" = i64, Path, description = "Id of the order")),
    responses((status = 200, body = OrderView)),
    extensions(("x-right" = json!("edit_orders")))
)]
pub async fn cancel(program: Program, Path(id): Path<i64>) -> Answer<Json<OrderView>> {
    program.actor.must(Right::EditOrders)?;
    let unit = program.db.write().await?;
    let order = sales::cancel_order(&unit, &program.actor, OrderId(id), program.now()).await?;
    let view = view(&unit, order).await?;
    unit.save().await?;
    Ok(Json(view))
}

#[derive(Serialize, ToSchema)]
pub struct ProductView {
    pub id: i64,
    pub sku: String,
    pub name: String,
    pub category: Option<String>,
    /// Minor units.
    pub price: Option<i64>,
    pub currency: String,
}

#[derive(Serialize, ToSchema)]
pub struct ProductList {
    pub items: Vec<ProductView>,
}

/// List products by name
///
/// At most 1000.
#[utoipa::path(
    get, path = "/api/v1/products", tag = "orders",
    responses((status = 200, body = ProductList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn products(program: Program) -> Answer<Json<ProductList>> {
    program.actor.must(Right::SeeContacts)?;
    let view = |product: sales::Product| ProductView {
        id: product.id,
        sku: product.sku,
        name: product.name,
        category: product.category,
        price: product.price_minor,
        currency: product.currency,
    };
    let found = sales::products(&program.db.read().await?).await?;
    Ok(Json(ProductList { items: found.into_iter().map(view).collect() }))
}
