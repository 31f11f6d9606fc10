//! Asking a definition: how many, and who. Archived contacts never match.

use super::{Context, Definition};
use kernel::{Column, ContactId, Fault, Question, Timestamp, Unit, Zone};
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use store::{FromQueryResult, Rows};

#[derive(FromQueryResult)]
struct Number {
    n: i64,
}

/// The condition over `contact` for lists that have more conditions of their own.
pub async fn condition(rows: &Rows, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<Condition, Fault> {
    let context = Context::load(rows, definition, now, zone).await?;
    Ok(matching(definition, &context))
}

/// The ids of all members as a question, in no order.
pub async fn question(rows: &Rows, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<Question, Fault> {
    let condition = condition(rows, definition, now, zone).await?;
    let select =
        Query::select().expr_as(Expr::cust("contact.id"), "contact").from("contact").cond_where(condition).to_owned();
    Ok(Question::new(select, vec![Column::new("contact", Unit::Id)]))
}

/// How many match.
pub async fn count(rows: &Rows, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<i64, Fault> {
    let condition = condition(rows, definition, now, zone).await?;
    let select = Query::select().expr_as(Expr::cust("COUNT(*)"), "n").from("contact").cond_where(condition).to_owned();
    let found: Vec<Number> = rows.select(&select).await?;
    Ok(found.first().map_or(0, |row| row.n))
}

/// A page of the members in the order of their ids, from behind one.
pub async fn members(
    rows: &Rows,
    definition: &Definition,
    after: Option<ContactId>,
    limit: u64,
    now: Timestamp,
    zone: &Zone,
) -> Result<Vec<ContactId>, Fault> {
    let condition = condition(rows, definition, now, zone).await?;
    let select = Query::select()
        .expr_as(Expr::cust("contact.id"), "n")
        .from("contact")
        .cond_where(condition)
        .and_where(Expr::cust("contact.id").gt(after.map_or(0, i64::from)))
        .order_by_expr(Expr::cust("contact.id"), Order::Asc)
        .limit(limit)
        .to_owned();
    let found: Vec<Number> = rows.select(&select).await?;
    Ok(found.into_iter().map(|row| ContactId(row.n)).collect())
}

fn matching(definition: &Definition, context: &Context) -> Condition {
    Condition::all().add(Expr::cust("contact.archived_at").is_null()).add(definition.condition(context))
}
