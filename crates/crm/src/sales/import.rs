//! The import of orders: one line of the file per item, brought together by order number wherever in the file they stand.

use super::booking::{self, BookingPlan, Wanted, WantedItem};
use crate::{
    customers,
    intake::{
        Flaw, ImportKind, OrderRow, OrderStatus, Reason, Record, Shape,
        runs::{Context, Group, Importer, Tally, Weighed},
    },
};
use kernel::Fault;
use store::{Rows, Write};

/// Brings orders, their items, products and categories in. A line of a customer nobody knows is rejected alone; date,
/// customer and status of an order are those of its last line.
pub struct OrderImport;

#[async_trait::async_trait]
impl Importer for OrderImport {
    const KIND: ImportKind = ImportKind::Orders;
    const JOB: &'static str = "import_orders";
    type Row = OrderRow;
    type Plan = BookingPlan;

    fn read(shape: &Shape, record: &Record) -> Result<OrderRow, Flaw> {
        shape.order(record)
    }

    fn number(row: &OrderRow) -> &str {
        &row.number
    }

    async fn weigh(
        &self,
        rows: &Rows,
        context: &Context,
        groups: Vec<Group<OrderRow>>,
    ) -> Result<Weighed<BookingPlan>, Fault> {
        let numbers: Vec<&str> = groups.iter().flatten().map(|line| line.row.customer_number.as_str()).collect();
        let contacts = customers::ids_by_number(rows, &numbers).await?;
        let mut rejections = Vec::new();
        let mut wanted = Vec::with_capacity(groups.len());
        for group in &groups {
            let mut order: Option<Wanted> = None;
            for line in group {
                let row = &line.row;
                let Some(contact) = contacts.get(&row.customer_number) else {
                    let flaw = Flaw::cell("customer_number", Reason::UnknownCustomer, &row.customer_number);
                    rejections.push(flaw.of(line.line, &line.raw));
                    continue;
                };
                let order = order.get_or_insert_with(|| Wanted {
                    number: row.number.clone(),
                    contact: contact.0,
                    placed_at: context.now,
                    cancelled: false,
                    currency: row.currency,
                    items: Vec::new(),
                });
                order.contact = contact.0;
                order.placed_at = context.zone.start_of(row.date);
                order.cancelled = row.status == OrderStatus::Cancelled;
                order.currency = row.currency;
                order.items.push(WantedItem {
                    position: row
                        .position
                        .as_deref()
                        .and_then(|p| p.parse().ok())
                        .filter(|p| (1..=100_000).contains(p)),
                    sku: row.product_number.clone(),
                    name: row.product.clone(),
                    category: row.category.clone(),
                    quantity: row.quantity,
                    unit_price: row.unit_price,
                });
            }
            wanted.extend(order);
        }
        let (counts, plan) = booking::weigh(rows, wanted, context.now).await?;
        let mut tally = Tally {
            created: counts.created as i64,
            updated: counts.updated as i64,
            unchanged: counts.unchanged as i64,
            ..Tally::default()
        };
        tally.count("items", counts.items);
        tally.count("cancelled", counts.cancelled);
        Ok(Weighed { tally, rejections, plan })
    }

    async fn write(&self, unit: &Write, context: &Context, plan: BookingPlan) -> Result<(), Fault> {
        booking::write(unit, plan, "import", context.now).await.map(drop)
    }
}
