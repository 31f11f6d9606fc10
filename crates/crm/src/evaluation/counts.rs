//! What the overview counts, as questions: whoever answers them, rows or columns, counts the same.

use super::Period;
use crate::{customers, interactions::Kind};
use jiff::ToSpan;
use kernel::{Column, Question, Timestamp, Unit, Zone, time::DAY};
use sea_query::{Alias, Condition, Expr, ExprTrait, Query, SelectStatement};

/// Stretches of time that follow each other: `n` instants bound `n - 1` half-open parts.
pub struct Parts<'a>(pub &'a [Timestamp]);

impl Parts<'_> {
    pub fn count(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    fn whole(&self) -> Period {
        let end = |at: Option<&Timestamp>| at.copied().unwrap_or_default();
        Period { from: end(self.0.first()), to: end(self.0.last()) }
    }

    /// The place of the part an instant is in, as an expression.
    fn of(&self, column: &str) -> Expr {
        let inner = self.0.get(1..self.count()).unwrap_or_default();
        if inner.is_empty() {
            return Expr::cust("CAST(0 AS BIGINT)");
        }
        let cases = inner.iter().enumerate().map(|(part, bound)| format!("WHEN {column} < {} THEN {part}", bound.0));
        let cases = cases.collect::<Vec<_>>().join(" ");
        Expr::cust(format!("CAST(CASE {cases} ELSE {} END AS BIGINT)", inner.len()))
    }
}

/// Human interactions of some kinds: `part`, `things`, and the `people` who had them. Served by `interaction_kind_at`.
pub fn interactions(kinds: &[Kind], parts: &Parts, who: Option<&Condition>) -> Question {
    let mut select = happened(kinds, parts.whole(), who);
    select
        .expr_as(parts.of("interaction.occurred_at"), Alias::new("part"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .expr_as(Expr::cust("COUNT(DISTINCT interaction.contact_id)"), Alias::new("people"))
        .group_by_col("part");
    counted(select)
}

/// Orders that stand: `part`, how many `things`, and what they are worth in minor units as `people`.
pub fn orders(parts: &Parts, who: Option<&Condition>) -> Question {
    let mut select = Query::select();
    select
        .expr_as(parts.of("purchase.placed_at"), Alias::new("part"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .expr_as(Expr::cust("CAST(SUM(purchase.total_minor) AS BIGINT)"), Alias::new("people"))
        .from("purchase")
        .and_where(Expr::cust("purchase.cancelled_at IS NULL"))
        .group_by_col("part");
    during(&mut select, "purchase.placed_at", parts.whole());
    among(&mut select, "purchase.contact_id", who);
    counted(select)
}

/// Baskets by when it was clear what became of them, a day after their last change: `part`, `things`. Those that are not
/// decided at `now` do not count yet.
pub fn baskets(parts: &Parts, now: Timestamp, who: Option<&Condition>) -> Question {
    let Period { from, to } = parts.whole();
    let until = to.min(now).0;
    let decided = format!(
        "changed.contact_id, changed.occurred_at + {DAY} AS at FROM (SELECT contact_id, occurred_at, \
         LEAD(occurred_at) OVER (PARTITION BY CASE WHEN contact_id IS NULL THEN -visitor_id ELSE contact_id END \
         ORDER BY occurred_at, seq) AS next_at FROM interaction WHERE kind = 'basket_changed' AND verdict <> 'machine' \
         AND (contact_id IS NOT NULL OR visitor_id IS NOT NULL) AND occurred_at >= {} AND occurred_at < {until}) changed \
         WHERE (changed.next_at IS NULL OR changed.next_at > changed.occurred_at + {DAY}) \
         AND changed.occurred_at + {DAY} < {until}",
        from.0 - DAY
    );
    let mut select = Query::select();
    select
        .expr_as(parts.of("basket.at"), Alias::new("part"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .expr_as(Expr::cust("CAST(0 AS BIGINT)"), Alias::new("people"))
        .from_subquery(Query::select().expr(Expr::cust(decided)).to_owned(), "basket")
        .group_by_col("part");
    among(&mut select, "basket.contact_id", who);
    counted(select)
}

/// Contacts made: `part`, `things`.
pub fn new_contacts(parts: &Parts, who: Option<&Condition>) -> Question {
    let mut select = Query::select();
    select
        .expr_as(parts.of("contact.created_at"), Alias::new("part"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .expr_as(Expr::cust("CAST(0 AS BIGINT)"), Alias::new("people"))
        .from("contact")
        .and_where(Expr::cust(customers::COUNTED))
        .group_by_col("part");
    during(&mut select, "contact.created_at", parts.whole());
    if let Some(who) = who {
        select.cond_where(who.clone());
    }
    counted(select)
}

/// All contacts: one row with `things`.
pub fn contacts(who: Option<&Condition>) -> Question {
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .from("contact")
        .and_where(Expr::cust(customers::COUNTED));
    if let Some(who) = who {
        select.cond_where(who.clone());
    }
    Question::new(select, vec![Column::new("things", Unit::Count)])
}

/// Human interactions by day of the zone and channel: `day` (0 is the first one of the period), `channel`, `things`.
pub fn days(period: Period, zone: &Zone, who: Option<&Condition>) -> Question {
    let mut select = happened(Kind::ALL, period, who);
    select
        .expr_as(Expr::cust(day_of("interaction.occurred_at", period, zone)), Alias::new("day"))
        .expr_as(Expr::cust("interaction.channel"), Alias::new("channel"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("things"))
        .group_by_col("day")
        .add_group_by([Expr::cust("interaction.channel")]);
    let columns = [("day", Unit::Count), ("channel", Unit::Text), ("things", Unit::Count)];
    Question::new(select, columns.map(|(key, unit)| Column::new(key, unit)).into())
}

/// The place of the day an instant is in. Days are all equally long but for those on which clocks are changed.
fn day_of(column: &str, period: Period, zone: &Zone) -> String {
    let first = zone.day(period.from);
    let starts = first.series(1.day()).map(|day| zone.start_of(day).0);
    let starts: Vec<i64> = starts.take_while(|start| *start < period.to.0).collect();
    // Where a stretch of equal days begins, and the place of its first day.
    let mut stretches: Vec<(i64, usize, bool)> = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let is_longer = starts.get(place + 1).is_some_and(|next| next - start > DAY);
        let goes_on = stretches.last().is_some_and(|(begun, since, longer)| {
            !longer && !is_longer && begun + (place - since) as i64 * DAY == *start
        });
        if !goes_on {
            stretches.push((*start, place, is_longer));
        }
    }
    let place = |(begun, place, is_longer): &(i64, usize, bool)| match is_longer {
        true => place.to_string(),
        false => format!("({column} - {}) / {DAY}", begun - *place as i64 * DAY),
    };
    let ends = stretches.iter().skip(1).map(|(next, ..)| next);
    let cases: Vec<String> =
        stretches.iter().zip(ends).map(|(one, end)| format!("WHEN {column} < {end} THEN {}", place(one))).collect();
    let last = stretches.last().map_or_else(|| "0".to_owned(), place);
    match cases.is_empty() {
        true => format!("CAST({last} AS BIGINT)"),
        false => format!("CAST(CASE {} ELSE {last} END AS BIGINT)", cases.join(" ")),
    }
}

fn happened(kinds: &[Kind], period: Period, who: Option<&Condition>) -> SelectStatement {
    let mut select = Query::select();
    select
        .from("interaction")
        .and_where(Expr::cust("interaction.kind").is_in(kinds.iter().map(|kind| kind.code())))
        .and_where(Expr::cust("interaction.verdict = 'human'"));
    during(&mut select, "interaction.occurred_at", period);
    among(&mut select, "interaction.contact_id", who);
    select
}

fn during(select: &mut SelectStatement, column: &'static str, period: Period) {
    select.and_where(Expr::cust(column).gte(period.from.0)).and_where(Expr::cust(column).lt(period.to.0));
}

/// Narrows to some contacts, a condition over `contact`.
pub(super) fn among(select: &mut SelectStatement, column: &str, who: Option<&Condition>) {
    if let Some(who) = who {
        let people = Query::select().expr(Expr::cust("contact.id")).from("contact").cond_where(who.clone()).to_owned();
        select.and_where(Expr::cust(column.to_owned()).in_subquery(people));
    }
}

fn counted(select: SelectStatement) -> Question {
    let columns = ["part", "things", "people"].map(|key| Column::new(key, Unit::Count));
    Question::new(select, columns.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_on_which_clocks_are_changed_are_days_like_others() {
        let zone = Zone::berlin();
        let of = |first, last| day_of("at", Period::days(first, last, &zone), &zone);
        assert_eq!(of(date(2026, 11, 1), date(2026, 11, 3)), "CAST((at - 1793487600000000) / 86400000000 AS BIGINT)");
        assert_eq!(
            of(date(2026, 10, 24), date(2026, 10, 27)),
            "CAST(CASE WHEN at < 1792879200000000 THEN (at - 1792792800000000) / 86400000000 \
             WHEN at < 1792969200000000 THEN 1 ELSE (at - 1792796400000000) / 86400000000 END AS BIGINT)"
        );
        let spring = of(date(2026, 3, 28), date(2026, 3, 31));
        assert_eq!(spring.matches("WHEN").count(), 1, "a shorter day ends before its place is over: {spring}");
    }
}
