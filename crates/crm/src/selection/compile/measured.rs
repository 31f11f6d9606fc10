//! Figures of one person. A figure of nothing (no orders at all) is 0 for sums and counts; where there is nothing to divide
//! or to count days from, no comparison holds.

use super::{
    super::{Measured, Metric, Op, Value, days, days::Period},
    Circle, Context, always,
    comparison::{figure, within},
};
use kernel::Timestamp;
use sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};

pub fn compile(leaf: &Measured, context: &Context) -> Expr {
    circle(leaf, context).condition()
}

fn period(leaf: &Measured, context: &Context) -> Period {
    leaf.within_days.map_or_else(Period::default, |days| Period::last(days, context.now, &context.zone))
}

/// What the figure of one contact is made of: `sum` of the orders or mails that were acted on, `n` of them, the `last`.
pub fn parts(leaf: &Measured, context: &Context, contact: i64) -> SelectStatement {
    let period = period(leaf, context);
    let (mut select, sum, last) = match leaf.metric {
        Metric::Interactions => (interactions(period), "NULL".to_owned(), "MAX(interaction.occurred_at)"),
        Metric::OpenRate => (messages(period, OPENS), ACTED.to_owned(), "MAX(message.sent_at)"),
        Metric::ClickRate => (messages(period, CLICKS), ACTED.to_owned(), "MAX(message.sent_at)"),
        _ => (orders(period), "SUM(purchase.total_minor)".to_owned(), "MAX(purchase.placed_at)"),
    };
    select
        .clear_selects()
        .expr_as(Expr::cust(format!("CAST({sum} AS BIGINT)")), "sum")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .expr_as(Expr::cust(last), "last")
        .and_where(Expr::cust("contact_id").eq(contact))
        .to_owned()
}

pub fn circle(leaf: &Measured, context: &Context) -> Circle {
    let period = period(leaf, context);
    match leaf.metric {
        Metric::Revenue | Metric::Monetary => {
            from_nothing(orders(period), Expr::cust("CAST(SUM(purchase.total_minor) AS BIGINT)"), leaf)
        }
        Metric::Orders | Metric::Frequency => from_nothing(orders(period), Expr::cust("COUNT(*)"), leaf),
        Metric::Interactions => from_nothing(interactions(period), Expr::cust("COUNT(*)"), leaf),
        Metric::AverageOrder => only(orders(period), average(leaf)),
        Metric::Recency => only(orders(period), recency(leaf, context)),
        Metric::OpenRate => only(messages(period, OPENS), share(leaf)),
        Metric::ClickRate => only(messages(period, CLICKS), share(leaf)),
    }
}

fn orders(period: Period) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust("purchase.contact_id"), "contact")
        .from("purchase")
        .and_where(Expr::cust("purchase.cancelled_at IS NULL"))
        .and_where(within(&Expr::cust("purchase.placed_at"), period))
        .to_owned()
}

fn interactions(period: Period) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust("interaction.contact_id"), "contact")
        .from("interaction")
        .and_where(Expr::cust("interaction.contact_id IS NOT NULL AND interaction.verdict = 'human'"))
        .and_where(within(&Expr::cust("interaction.occurred_at"), period))
        .to_owned()
}

/// Mails that arrived, beside those on which somebody acted in one of these ways.
fn messages(period: Period, kinds: &[&str]) -> SelectStatement {
    let acted = Query::select()
        .distinct()
        .expr_as(Expr::cust("interaction.message_id"), "message_id")
        .from("interaction")
        .and_where(Expr::cust("interaction.kind").is_in(kinds.iter().copied()))
        .and_where(Expr::cust("interaction.verdict = 'human' AND interaction.message_id IS NOT NULL"))
        .to_owned();
    Query::select()
        .expr_as(Expr::cust("message.contact_id"), "contact")
        .from("message")
        .join_subquery(JoinType::LeftJoin, acted, "acted", Expr::cust("acted.message_id = message.id"))
        .and_where(Expr::cust("message.state = 'sent' AND message.bounced_at IS NULL"))
        .and_where(within(&Expr::cust("message.sent_at"), period))
        .to_owned()
}

fn only(mut select: SelectStatement, holds: Expr) -> Circle {
    select.group_by_col("contact_id").and_having(holds);
    Circle::Those(select)
}

/// Who has none of it has 0: where 0 fits, everybody fits but those whose figure does not.
fn from_nothing(mut select: SelectStatement, figure: Expr, leaf: &Measured) -> Circle {
    let holds = self::figure(figure, leaf.op, &leaf.value);
    if !nothing_fits(leaf.op, &leaf.value) {
        return only(select, holds);
    }
    select.group_by_col("contact_id").and_having(holds.not());
    Circle::Others(select)
}

fn nothing_fits(op: Op, value: &Value) -> bool {
    match (op, value) {
        (Op::Eq, Value::Int(n)) => 0 == *n,
        (Op::Ne, Value::Int(n)) => 0 != *n,
        (Op::Lt, Value::Int(n)) => 0 < *n,
        (Op::Lte, Value::Int(n)) => 0 <= *n,
        (Op::Gt, Value::Int(n)) => 0 > *n,
        (Op::Gte, Value::Int(n)) => 0 >= *n,
        (Op::Between, Value::IntRange(a, b)) => (*a..=*b).contains(&0),
        _ => false,
    }
}

/// Compared without dividing: the sum against so many times the value.
fn average(leaf: &Measured) -> Expr {
    let sum = || Expr::cust("CAST(SUM(purchase.total_minor) AS BIGINT)");
    let times = |n: i64| Expr::cust("COUNT(*)").mul(n);
    match (leaf.op, &leaf.value) {
        (Op::Eq, Value::Int(n)) => sum().eq(times(*n)),
        (Op::Ne, Value::Int(n)) => sum().ne(times(*n)),
        (Op::Lt, Value::Int(n)) => sum().lt(times(*n)),
        (Op::Lte, Value::Int(n)) => sum().lte(times(*n)),
        (Op::Gt, Value::Int(n)) => sum().gt(times(*n)),
        (Op::Gte, Value::Int(n)) => sum().gte(times(*n)),
        (Op::Between, Value::IntRange(a, b)) => sum().gte(times(*a)).and(sum().lte(times(*b))),
        _ => always(false),
    }
}

/// Days between the day of the last order and today, as a bound on the last order.
fn recency(leaf: &Measured, context: &Context) -> Expr {
    let last = || Expr::cust("MAX(purchase.placed_at)");
    let start = |days_ago: i64| {
        let Timestamp(start) =
            context.zone.start_of(days::plus(context.zone.day(context.now), days_ago.saturating_neg()));
        start
    };
    let at_most = |n: i64| last().gte(start(n));
    let at_least = |n: i64| last().lt(start(n.saturating_sub(1)));
    match (leaf.op, &leaf.value) {
        (Op::Eq, Value::Int(n)) => at_least(*n).and(at_most(*n)),
        (Op::Ne, Value::Int(n)) => at_least(*n).and(at_most(*n)).not(),
        (Op::Lt, Value::Int(n)) => at_most(n.saturating_sub(1)),
        (Op::Lte, Value::Int(n)) => at_most(*n),
        (Op::Gt, Value::Int(n)) => at_least(n.saturating_add(1)),
        (Op::Gte, Value::Int(n)) => at_least(*n),
        (Op::Between, Value::IntRange(a, b)) => at_least(*a).and(at_most(*b)),
        _ => always(false),
    }
}

/// A click counts as an open.
const OPENS: &[&str] = &["opened", "clicked"];
const CLICKS: &[&str] = &["clicked"];
/// How many mails had at least one human act.
const ACTED: &str = "COUNT(acted.message_id)";

/// Mails that were acted on, against so many times the share of all mails.
fn share(leaf: &Measured) -> Expr {
    let acted = || Expr::cust(format!("CAST({ACTED} AS DOUBLE PRECISION)"));
    let times = |share: f64| Expr::cust("CAST(COUNT(*) AS DOUBLE PRECISION)").mul(share);
    match (leaf.op, &leaf.value) {
        (Op::Eq, Value::Share(x)) => acted().eq(times(*x)),
        (Op::Ne, Value::Share(x)) => acted().ne(times(*x)),
        (Op::Lt, Value::Share(x)) => acted().lt(times(*x)),
        (Op::Lte, Value::Share(x)) => acted().lte(times(*x)),
        (Op::Gt, Value::Share(x)) => acted().gt(times(*x)),
        (Op::Gte, Value::Share(x)) => acted().gte(times(*x)),
        (Op::Between, Value::ShareRange(a, b)) => acted().gte(times(*a)).and(acted().lte(times(*b))),
        _ => always(false),
    }
}
