//! Brings orders in by their numbers: compares what is wanted with what stands, writes the difference, and records in the
//! log what happened. Imports and the API use the same way.

use super::product;
use crate::{
    customers,
    interactions::{self, Kind, NewInteraction},
};
use kernel::{ContactId, Currency, Fault, Money, Timestamp};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Batch, FromQueryResult, Rows, Value, Write, marks, values};

/// An order as somebody says it is. Items that are not named stay as they are.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub number: String,
    pub contact: i64,
    pub placed_at: Timestamp,
    pub cancelled: bool,
    pub currency: Currency,
    pub items: Vec<WantedItem>,
}

#[derive(Clone, Debug)]
pub(super) struct WantedItem {
    /// Its place in the order, where the sender numbers items. Otherwise the n-th item of a product is the n-th one
    /// that stands.
    pub position: Option<i64>,
    pub sku: String,
    pub name: Option<String>,
    pub category: Option<String>,
    pub quantity: i64,
    pub unit_price: i64,
}

/// What has to be written.
#[derive(Default)]
pub struct BookingPlan {
    products: BTreeMap<String, product::Wanted>,
    known_products: HashMap<String, i64>,
    orders: Vec<Planned>,
}

struct Planned {
    number: String,
    contact: i64,
    placed_at: i64,
    cancelled_at: Option<i64>,
    total: i64,
    currency: Currency,
    /// Position, product, quantity, price of items that are new or differ.
    items: Vec<(i64, String, i64, i64)>,
    is_new: bool,
    newly_cancelled: bool,
}

/// What became of each order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub items: usize,
    pub cancelled: usize,
}

#[derive(FromQueryResult)]
struct Standing {
    id: i64,
    number: String,
    contact_id: i64,
    placed_at: i64,
    cancelled_at: Option<i64>,
    currency: String,
    total_minor: i64,
}

#[derive(Clone, FromQueryResult)]
struct StandingItem {
    purchase_id: i64,
    position: i64,
    sku: String,
    quantity: i64,
    unit_price_minor: i64,
}

/// Compares orders with what stands. No two of `wanted` may have the same number.
pub(super) async fn weigh(rows: &Rows, wanted: Vec<Wanted>, now: Timestamp) -> Result<(Counts, BookingPlan), Fault> {
    let mut standing = standing(rows, &wanted).await?;
    let ids: Vec<i64> = standing.values().map(|order| order.id).collect();
    let mut items = standing_items(rows, &ids).await?;
    let skus: BTreeSet<&str> = wanted.iter().flat_map(|w| &w.items).map(|item| item.sku.as_str()).collect();
    let known = product::by_skus(rows, &skus.into_iter().collect::<Vec<_>>()).await?;

    let mut counts = Counts::default();
    let mut plan = BookingPlan::default();
    for order in wanted {
        for item in &order.items {
            match known.get(&item.sku) {
                Some(product) if product.category_id.is_some() || item.category.is_none() => {
                    plan.known_products.insert(item.sku.clone(), product.id);
                }
                _ => {
                    let fresh = || product::Wanted {
                        name: item.name.clone().unwrap_or_else(|| item.sku.clone()),
                        category: None,
                        price_minor: item.unit_price,
                        currency: order.currency.code().to_owned(),
                    };
                    let product = plan.products.entry(item.sku.clone()).or_insert_with(fresh);
                    if product.category.is_none() {
                        product.category.clone_from(&item.category);
                    }
                }
            }
        }
        let before = standing.remove(&order.number);
        let stood = before.as_ref().and_then(|b| items.remove(&b.id)).unwrap_or_default();
        let (changed, total) = merge(&stood, &order.items);
        let cancelled_at = match (&before, order.cancelled) {
            (_, false) => None,
            (Some(before), true) => before.cancelled_at.or(Some(now.0)),
            // Seen for the first time and cancelled already: when it was, nobody says.
            (None, true) => Some(order.placed_at.0),
        };
        let same = before.as_ref().is_some_and(|b| {
            b.contact_id == order.contact
                && b.placed_at == order.placed_at.0
                && b.cancelled_at == cancelled_at
                && b.currency == order.currency.code()
                && b.total_minor == total
        });
        counts.items += changed.iter().filter(|item| item.0 > stood.last().map_or(0, |s| s.position)).count();
        if same && changed.is_empty() {
            counts.unchanged += 1;
            continue;
        }
        let is_new = before.is_none();
        let newly_cancelled = cancelled_at.is_some() && before.as_ref().is_none_or(|b| b.cancelled_at.is_none());
        counts.created += usize::from(is_new);
        counts.updated += usize::from(!is_new);
        counts.cancelled += usize::from(newly_cancelled);
        plan.orders.push(Planned {
            number: order.number,
            contact: order.contact,
            placed_at: order.placed_at.0,
            cancelled_at,
            total,
            currency: order.currency,
            items: changed,
            is_new,
            newly_cancelled,
        });
    }
    Ok((counts, plan))
}

/// Items to write, and the total of the order when they are.
fn merge(stood: &[StandingItem], wanted: &[WantedItem]) -> (Vec<(i64, String, i64, i64)>, i64) {
    let mut all: BTreeMap<i64, (String, i64, i64)> =
        stood.iter().map(|s| (s.position, (s.sku.clone(), s.quantity, s.unit_price_minor))).collect();
    let mut free = stood.last().map_or(0, |s| s.position);
    let mut taken: BTreeSet<i64> = BTreeSet::new();
    let mut changed = Vec::new();
    for item in wanted {
        let of_product =
            || stood.iter().find(|s| s.sku == item.sku && !taken.contains(&s.position)).map(|s| s.position);
        let position = item.position.filter(|p| !taken.contains(p)).or_else(of_product).unwrap_or_else(|| {
            free = free.max(taken.last().copied().unwrap_or(0)) + 1;
            free
        });
        taken.insert(position);
        let value = (item.sku.clone(), item.quantity, item.unit_price);
        if all.get(&position) != Some(&value) {
            changed.push((position, value.0.clone(), value.1, value.2));
            all.insert(position, value);
        }
    }
    let total = all.values().map(|(_, quantity, price)| quantity.saturating_mul(*price)).fold(0, i64::saturating_add);
    (changed, total)
}

async fn standing(rows: &Rows, wanted: &[Wanted]) -> Result<HashMap<String, Standing>, Fault> {
    let mut found = HashMap::new();
    for chunk in wanted.chunks(500) {
        let sql = format!(
            "SELECT id, number, contact_id, placed_at, cancelled_at, currency, total_minor FROM purchase WHERE number IN ({})",
            marks(1, chunk.len())
        );
        let values = chunk.iter().map(|order| Value::from(order.number.as_str())).collect();
        let orders: Vec<Standing> = rows.all(&sql, values).await?;
        found.extend(orders.into_iter().map(|order| (order.number.clone(), order)));
    }
    Ok(found)
}

async fn standing_items(rows: &Rows, orders: &[i64]) -> Result<HashMap<i64, Vec<StandingItem>>, Fault> {
    let mut found: HashMap<i64, Vec<StandingItem>> = HashMap::new();
    for chunk in orders.chunks(500) {
        let sql = format!(
            "SELECT i.purchase_id, i.position, p.sku, i.quantity, i.unit_price_minor FROM purchase_item i \
             JOIN product p ON p.id = i.product_id WHERE i.purchase_id IN ({}) ORDER BY i.purchase_id, i.position",
            marks(1, chunk.len())
        );
        let items: Vec<StandingItem> = rows.all(&sql, chunk.iter().map(|id| Value::from(*id)).collect()).await?;
        for item in items {
            found.entry(item.purchase_id).or_default().push(item);
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Placed {
    id: i64,
    number: String,
}

/// Writes a plan and records each order placed or cancelled in the log; answers the ids of the orders by number.
pub(super) async fn write(
    unit: &Write,
    mut plan: BookingPlan,
    source: &str,
    now: Timestamp,
) -> Result<HashMap<String, i64>, Fault> {
    if plan.orders.is_empty() && plan.products.is_empty() {
        return Ok(HashMap::new());
    }
    plan.known_products.extend(product::place(unit, &plan.products, now.0).await?);
    const COLUMNS: [&str; 9] = [
        "number",
        "contact_id",
        "placed_at",
        "cancelled_at",
        "total_minor",
        "currency",
        "source",
        "created_at",
        "updated_at",
    ];
    const TAIL: &str = "ON CONFLICT (number) DO UPDATE SET contact_id = excluded.contact_id, placed_at = excluded.placed_at, \
         cancelled_at = excluded.cancelled_at, total_minor = excluded.total_minor, currency = excluded.currency, \
         updated_at = excluded.updated_at RETURNING id, number";
    let mut batch = Batch::new("purchase", &COLUMNS, TAIL);
    for order in &plan.orders {
        batch.push(values![
            order.number.as_str(),
            order.contact,
            order.placed_at,
            order.cancelled_at,
            order.total,
            order.currency.code(),
            source,
            now.0,
            now.0
        ]);
    }
    let placed = batch.write_returning(unit).await?;
    let read = |row| Placed::from_query_result(row, "").map_err(store::fault).map(|placed| (placed.number, placed.id));
    let ids: HashMap<String, i64> = placed.iter().map(read).collect::<Result<_, Fault>>()?;
    let id_of = |order: &Planned| {
        ids.get(&order.number).copied().ok_or_else(|| Fault::Unreadable(format!("order {}", order.number)))
    };

    const ITEMS: [&str; 5] = ["purchase_id", "position", "product_id", "quantity", "unit_price_minor"];
    const ITEM_TAIL: &str = "ON CONFLICT (purchase_id, position) DO UPDATE SET product_id = excluded.product_id, \
         quantity = excluded.quantity, unit_price_minor = excluded.unit_price_minor";
    let mut batch = Batch::new("purchase_item", &ITEMS, ITEM_TAIL);
    for order in &plan.orders {
        let id = id_of(order)?;
        for (position, sku, quantity, price) in &order.items {
            let product = plan.known_products.get(sku).ok_or_else(|| Fault::Unreadable(format!("product {sku}")))?;
            batch.push(values![id, *position, *product, *quantity, *price]);
        }
    }
    batch.write(unit).await?;

    let mut log = Vec::new();
    for order in &plan.orders {
        let id = id_of(order)?;
        let product = match order.items.as_slice() {
            [(_, sku, ..)] => plan.known_products.get(sku).copied().map(kernel::ProductId),
            _ => None,
        };
        let mut tell = |kind: Kind, at: i64| {
            log.push(NewInteraction {
                product,
                value: Some(Money::new(order.total, order.currency)),
                subject: Some(order.number.clone()),
                props: Some(json!({ "order": id })),
                ..NewInteraction::new(kind, Timestamp(at)).of(ContactId(order.contact))
            });
        };
        if order.is_new {
            tell(Kind::OrderPlaced, order.placed_at);
        }
        if let Some(at) = order.cancelled_at.filter(|_| order.newly_cancelled) {
            tell(Kind::OrderCancelled, at);
        }
    }
    if !log.is_empty() {
        interactions::append(unit, &log, now).await?;
    }
    let buyers: BTreeSet<i64> =
        plan.orders.iter().filter(|order| order.cancelled_at.is_none()).map(|order| order.contact).collect();
    customers::became_customers(unit, &buyers.into_iter().collect::<Vec<_>>(), now).await?;
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(position: i64, sku: &str, quantity: i64) -> StandingItem {
        StandingItem { purchase_id: 1, position, sku: sku.to_owned(), quantity, unit_price_minor: 100 }
    }

    fn wants(sku: &str, quantity: i64) -> WantedItem {
        WantedItem { position: None, sku: sku.to_owned(), name: None, category: None, quantity, unit_price: 100 }
    }

    #[test]
    fn an_item_said_again_is_the_same_item_and_a_missing_one_stays() {
        let stood = [stands(1, "A", 2), stands(2, "B", 1), stands(3, "A", 5)];
        assert_eq!(merge(&stood, &[wants("A", 2), wants("A", 5)]), (vec![], 800));
        assert_eq!(merge(&stood, &[wants("B", 3)]), (vec![(2, "B".to_owned(), 3, 100)], 1_000));
        assert_eq!(merge(&stood, &[wants("C", 1)]), (vec![(4, "C".to_owned(), 1, 100)], 900));
        assert_eq!(merge(&[], &[wants("A", 1), wants("A", 1)]).0.len(), 2);
    }
}
