//! What somebody did: interactions of people, or orders that stand.

use super::{
    super::{Did, Op, Value, Where, WhereField, days::Period},
    Circle, Context, always,
    comparison::{Spelling, number, text, within},
};
use crate::interactions::Kind;
use sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};

pub fn compile(did: &Did, context: &Context) -> Expr {
    circle(did, context, false).condition()
}

/// `once`: each person once, also where the condition does not care.
pub fn circle(did: &Did, context: &Context, once: bool) -> Circle {
    let events = || events(did, context);
    let some = || {
        let mut select = events();
        if once {
            select.group_by_col("contact_id");
        }
        select
    };
    let having = |holds: Expr| {
        let mut select = events();
        select.group_by_col("contact_id").and_having(holds);
        select
    };
    let count = || Expr::cust("COUNT(*)");
    match did.times() {
        (0, None) => Circle::Everybody,
        (1, None) => Circle::Those(some()),
        (least, None) => Circle::Those(having(count().gte(least))),
        (0, Some(0)) => Circle::Others(some()),
        (0, Some(most)) => Circle::Others(having(count().gt(most))),
        (least, Some(most)) => Circle::Those(having(count().gte(least).and(count().lte(most)))),
    }
}

/// How often one contact did it and when the last time was, as `sum` (always empty), `n` and `last`.
pub fn deeds(did: &Did, context: &Context, contact: i64) -> SelectStatement {
    let last = if did.kind == Kind::OrderPlaced { "MAX(purchase.placed_at)" } else { "MAX(interaction.occurred_at)" };
    events(did, context)
        .clear_selects()
        .expr_as(Expr::cust("CAST(NULL AS BIGINT)"), "sum")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .expr_as(Expr::cust(last), "last")
        .and_where(Expr::cust("contact_id").eq(contact))
        .to_owned()
}

/// What counts, one row each with the id of the contact.
fn events(did: &Did, context: &Context) -> SelectStatement {
    if did.kind == Kind::OrderPlaced { orders(did, context) } else { interactions(did, context) }
}

fn period(did: &Did, context: &Context) -> Period {
    let zone = &context.zone;
    let given = Period { from: did.from.map(|m| m.at(zone)), to: did.before.map(|m| m.at(zone)) };
    match did.within_days {
        Some(days) => given.and(Period::last(days, context.now, zone)),
        None => given,
    }
}

/// Served by `interaction_kind_at`, which holds everything a question without conditions reads.
fn interactions(did: &Did, context: &Context) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("interaction.contact_id"), "contact")
        .from("interaction")
        .and_where(Expr::cust("interaction.kind").eq(did.kind.code()))
        .and_where(Expr::cust("interaction.contact_id IS NOT NULL AND interaction.verdict = 'human'"))
        .and_where(within(&Expr::cust("interaction.occurred_at"), period(did, context)));
    for condition in &did.wheres {
        select.and_where(affirmed(condition, of_interaction));
    }
    select
}

/// Served by `purchase_placed`.
fn orders(did: &Did, context: &Context) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("purchase.contact_id"), "contact")
        .from("purchase")
        .and_where(Expr::cust("purchase.cancelled_at IS NULL"))
        .and_where(within(&Expr::cust("purchase.placed_at"), period(did, context)));
    for condition in &did.wheres {
        select.and_where(affirmed(condition, of_order));
    }
    select
}

fn affirmed(condition: &Where, compile: fn(WhereField, Op, &Value) -> Expr) -> Expr {
    match condition.op.denies() {
        Some(op) => compile(condition.field, op, &condition.value).not(),
        None => compile(condition.field, condition.op, &condition.value),
    }
}

fn of_interaction(field: WhereField, op: Op, value: &Value) -> Expr {
    match field {
        WhereField::Campaign => number(&Expr::cust("interaction.campaign_id"), op, value),
        WhereField::Message => number(&Expr::cust("interaction.message_id"), op, value),
        WhereField::Product => number(&Expr::cust("interaction.product_id"), op, value),
        WhereField::Value => number(&Expr::cust("interaction.value_minor"), op, value),
        WhereField::Channel => text(&Expr::cust("interaction.channel"), Spelling::AsWritten, op, value),
        WhereField::Url => text(&Expr::cust("interaction.url"), Spelling::AsWritten, op, value),
        WhereField::Subject => text(&Expr::cust("interaction.subject"), Spelling::AsWritten, op, value),
        WhereField::Category => {
            let products = Query::select()
                .expr(Expr::cust("product.id"))
                .from("product")
                .and_where(number(&Expr::cust("product.category_id"), op, value))
                .to_owned();
            let product = Expr::cust("interaction.product_id");
            product.clone().is_not_null().and(product.in_subquery(products))
        }
    }
}

/// Each condition stands for itself: an order of category A with an order value over B, whichever item it was.
fn of_order(field: WhereField, op: Op, value: &Value) -> Expr {
    let mut items = Query::select();
    items.expr(Expr::cust("purchase_item.purchase_id")).from("purchase_item");
    match field {
        WhereField::Product => {
            items.and_where(number(&Expr::cust("purchase_item.product_id"), op, value));
        }
        WhereField::Category => {
            let product = Expr::cust("product.id = purchase_item.product_id");
            items.join(JoinType::InnerJoin, "product", product);
            items.and_where(number(&Expr::cust("product.category_id"), op, value));
        }
        WhereField::Value => return number(&Expr::cust("purchase.total_minor"), op, value),
        _ => return always(false),
    }
    Expr::cust("purchase.id").in_subquery(items)
}
