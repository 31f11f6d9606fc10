//! What a question's conditions on the log allow to leave unread: runs by what their rows share, rows by their time.

use crate::{
    catalogue::{CODES, LOG, NUMBERS, OCCURRED_AT},
    incoming::month,
    log::{Run, Shared},
};
use datafusion::{
    logical_expr::{Between, BinaryExpr, Expr, Operator, expr::InList},
    scalar::ScalarValue,
};
use std::{collections::BTreeSet, ops::Range};

/// The conditions of one scan.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// `occurred_at`, half-open.
    pub times: Range<i64>,
    /// Columns that must not be empty.
    needs: Vec<usize>,
    /// Conditions on what a run shares.
    shared: Vec<Expr>,
}

impl Narrowed {
    pub fn by(filters: &[Expr]) -> Self {
        let mut narrowed = Self { times: i64::MIN..i64::MAX, needs: Vec::new(), shared: Vec::new() };
        for filter in filters {
            if let Some(times) = times(filter) {
                narrowed.times.start = narrowed.times.start.max(times.start);
                narrowed.times.end = narrowed.times.end.min(times.end);
            } else if only_shared(filter) {
                narrowed.shared.push(filter.clone());
            } else {
                narrowed.needs.extend(needed(filter));
            }
        }
        narrowed
    }

    /// Whether a run can hold rows that fit.
    pub fn takes(&self, shared: &Shared, run: &Run) -> bool {
        self.needs.iter().all(|column| run.has(*column)) && self.fits(shared)
    }

    fn fits(&self, shared: &Shared) -> bool {
        self.shared.iter().all(|test| matches!(value(test, shared), Some(Value::Truth(Some(true)))))
    }

    /// Whether rows that share this can fit.
    pub fn concerns(&self, shared: &Shared) -> bool {
        let months = month(self.times.start)..=month(self.times.end.saturating_sub(1));
        months.contains(&shared.month) && self.fits(shared)
    }
}

/// Whether a condition is answered completely by leaving runs and rows unread, so that nobody has to look again.
pub fn answered(filter: &Expr) -> bool {
    times(filter).is_some() || only_shared(filter)
}

/// The range of times a condition means, when it means nothing else.
fn times(filter: &Expr) -> Option<Range<i64>> {
    range_of(filter, LOG.columns[OCCURRED_AT].name)
}

/// The range of a column's numbers a condition means, when it means nothing else.
pub fn range_of(filter: &Expr, name: &str) -> Option<Range<i64>> {
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let (at, op) = match (&**left, &**right) {
                (column, literal) if is_column(column, name) => (number(literal)?, *op),
                (literal, column) if is_column(column, name) => (number(literal)?, op.swap()?),
                _ => return None,
            };
            Some(match op {
                Operator::Eq => at..at.saturating_add(1),
                Operator::Lt => i64::MIN..at,
                Operator::LtEq => i64::MIN..at.saturating_add(1),
                Operator::Gt => at.saturating_add(1)..i64::MAX,
                Operator::GtEq => at..i64::MAX,
                _ => return None,
            })
        }
        Expr::Between(Between { expr, negated: false, low, high }) if is_column(expr, name) => {
            Some(number(low)?..number(high)?.saturating_add(1))
        }
        _ => None,
    }
}

/// Whether an expression is the time of an interaction as it is.
pub fn is_time(expr: &Expr) -> bool {
    is_column(expr, LOG.columns[OCCURRED_AT].name)
}

fn is_column(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Column(column) if column.name == name)
}

/// A whole number that is written out.
pub fn number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(ScalarValue::Int64(Some(number)), _) => Some(*number),
        _ => None,
    }
}

/// The numbers a condition allows for a column, when it means nothing else.
pub fn one_of(filter: &Expr, name: &str) -> Option<BTreeSet<i64>> {
    let named = |expr: &Expr| is_column(expr, name);
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) if named(left) => {
            Some(BTreeSet::from([number(right)?]))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            Some(&one_of(left, name)? | &one_of(right, name)?)
        }
        Expr::InList(InList { expr, list, negated: false }) if named(expr) => list.iter().map(number).collect(),
        _ => None,
    }
}

/// Columns without which a condition cannot hold.
fn needed(filter: &Expr) -> Option<usize> {
    let column = match filter {
        Expr::IsNotNull(inner) => inner,
        Expr::BinaryExpr(BinaryExpr { left, op, .. }) if compares(*op) => left,
        Expr::InList(InList { expr, .. }) => expr,
        _ => return None,
    };
    match &**column {
        Expr::Column(column) => LOG.columns.iter().position(|c| c.name == column.name).filter(|at| *at < NUMBERS),
        _ => None,
    }
}

fn compares(op: Operator) -> bool {
    use Operator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn only_shared(filter: &Expr) -> bool {
    let words = Shared { month: 0, codes: std::array::from_fn(|_| Some("".into())) };
    matches!(value(filter, &words), Some(Value::Truth(_)))
}

enum Value<'a> {
    Word(Option<&'a str>),
    Truth(Option<bool>),
}

/// What an expression over shared columns alone is for a run, in three-valued logic; nothing for any other expression.
fn value<'a>(expr: &'a Expr, shared: &'a Shared) -> Option<Value<'a>> {
    use Value::{Truth, Word};
    let truth = |expr: &'a Expr| match value(expr, shared)? {
        Truth(truth) => Some(truth),
        Word(_) => None,
    };
    let word = |expr: &'a Expr| match value(expr, shared)? {
        Word(word) => Some(word),
        Truth(_) => None,
    };
    Some(match expr {
        Expr::Column(column) => {
            let code = LOG.columns[NUMBERS..NUMBERS + CODES].iter().position(|c| c.name == column.name)?;
            Word(shared.codes[code].as_deref())
        }
        Expr::Literal(ScalarValue::Utf8(text) | ScalarValue::Utf8View(text) | ScalarValue::LargeUtf8(text), _) => {
            Word(text.as_deref())
        }
        Expr::Literal(ScalarValue::Boolean(truth), _) => Truth(*truth),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => Truth(match op {
            Operator::Eq => word(left)?.zip(word(right)?).map(|(a, b)| a == b),
            Operator::NotEq => word(left)?.zip(word(right)?).map(|(a, b)| a != b),
            Operator::And => match (truth(left)?, truth(right)?) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Operator::Or => match (truth(left)?, truth(right)?) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => return None,
        }),
        Expr::InList(InList { expr, list, negated }) => {
            let mut words = Vec::with_capacity(list.len());
            for one in list {
                // An empty word in the list makes it three-valued; nobody writes that.
                words.push(word(one)??);
            }
            Truth(word(expr)?.map(|word| words.contains(&word) != *negated))
        }
        Expr::Not(inner) => Truth(truth(inner)?.map(|truth| !truth)),
        Expr::IsNull(inner) => Truth(Some(word(inner)?.is_none())),
        Expr::IsNotNull(inner) => Truth(Some(word(inner)?.is_some())),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit};

    fn shared(kind: &str, currency: Option<&str>) -> Shared {
        Shared {
            month: 0,
            codes: [Some(kind.into()), Some("email".into()), Some("human".into()), currency.map(Into::into)],
        }
    }

    fn holds(expr: &Expr, shared: &Shared) -> bool {
        matches!(value(expr, shared), Some(Value::Truth(Some(true))))
    }

    #[test]
    fn conditions_on_what_runs_share_are_decided_once_per_run() {
        let opens =
            col("kind").eq(lit("opened")).or(col("kind").eq(lit("clicked"))).and(col("verdict").not_eq(lit("machine")));
        assert!(answered(&opens) && holds(&opens, &shared("clicked", None)) && !holds(&opens, &shared("sent", None)));
        let listed = col("kind").in_list(vec![lit("sent"), lit("opened")], true);
        assert!(
            answered(&listed) && holds(&listed, &shared("clicked", None)) && !holds(&listed, &shared("sent", None))
        );
        let euro = col("currency").not_eq(lit("EUR"));
        assert!(!holds(&euro, &shared("sent", None)) && holds(&euro, &shared("sent", Some("CHF"))));
    }

    #[test]
    fn periods_are_cut_out_and_everything_else_is_left_to_the_engine() {
        let period = [
            col("occurred_at").gt_eq(lit(10_i64)),
            lit(20_i64).gt(col("occurred_at")),
            col("campaign_id").eq(lit(3_i64)),
        ];
        let narrowed = Narrowed::by(&period);
        assert_eq!((narrowed.times, narrowed.needs), (10..20, vec![4]));
        assert!(answered(&period[0]) && answered(&period[1]) && !answered(&period[2]));
        let mixed = col("kind").eq(lit("sent")).or(col("campaign_id").eq(lit(3_i64)));
        assert!(!answered(&mixed) && Narrowed::by(&[mixed]).shared.is_empty());
    }
}
