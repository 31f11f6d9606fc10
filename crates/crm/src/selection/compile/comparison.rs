//! Comparisons that are true or false and never unknown, and periods.

use super::{
    super::{Op, Value, days::Period},
    always,
};
use kernel::{Timestamp, text::fold};
use sea_query::{Expr, ExprTrait, Func};

/// How the text of a column is spelt, and so how the text it is compared with must be.
#[derive(Clone, Copy)]
pub enum Spelling {
    AsWritten,
    /// `kernel::text::fold`.
    Folded,
    /// Lower case.
    Lower,
}

impl Spelling {
    pub fn of(self, text: &str) -> String {
        match self {
            Self::AsWritten => text.to_owned(),
            Self::Folded => fold(text),
            Self::Lower => text.trim().to_lowercase(),
        }
    }
}

/// A text column under an operator that affirms. LIKE is not asked: the engines disagree about its case.
pub fn text(column: &Expr, spelling: Spelling, op: Op, value: &Value) -> Expr {
    let set = column.clone().is_not_null();
    match (op, value) {
        (Op::IsSet, _) => set.and(column.clone().ne("")),
        (Op::Eq, Value::Text(text)) => set.and(column.clone().eq(spelling.of(text))),
        (Op::In, Value::Texts(texts)) => {
            set.and(column.clone().is_in(texts.iter().map(|text| spelling.of(text)).collect::<Vec<_>>()))
        }
        (Op::Contains, Value::Text(text)) => {
            let without = Func::cust("REPLACE").args([column.clone(), Expr::val(spelling.of(text)), Expr::val("")]);
            set.and(Expr::from(without).ne(column.clone()))
        }
        (Op::StartsWith, Value::Text(text)) => {
            let text = spelling.of(text);
            let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            let start = Func::cust("SUBSTR").args([column.clone(), Expr::cust("1"), Expr::cust(length.to_string())]);
            set.and(Expr::from(start).eq(text))
        }
        _ => always(false),
    }
}

/// A column of whole numbers.
pub fn number(column: &Expr, op: Op, value: &Value) -> Expr {
    let set = column.clone().is_not_null();
    match (op, value) {
        (Op::IsSet, _) => set,
        (Op::In, Value::Ints(list)) => set.and(column.clone().is_in(list.iter().copied())),
        (op, value) => set.and(figure(column.clone(), op, value)),
    }
}

/// A figure that is known: the comparison alone.
pub fn figure(figure: Expr, op: Op, value: &Value) -> Expr {
    match (op, value) {
        (Op::Eq, Value::Int(n)) => figure.eq(*n),
        (Op::Ne, Value::Int(n)) => figure.ne(*n),
        (Op::Lt, Value::Int(n)) => figure.lt(*n),
        (Op::Lte, Value::Int(n)) => figure.lte(*n),
        (Op::Gt, Value::Int(n)) => figure.gt(*n),
        (Op::Gte, Value::Int(n)) => figure.gte(*n),
        (Op::Between, Value::IntRange(a, b)) => figure.clone().gte(*a).and(figure.lte(*b)),
        _ => always(false),
    }
}

/// Whether a column of instants lies in a period; an empty one lies in none.
pub fn within(column: &Expr, period: Period) -> Expr {
    let from = period.from.map(|Timestamp(from)| column.clone().gte(from));
    let to = period.to.map(|Timestamp(to)| column.clone().lt(to));
    [from, to].into_iter().flatten().fold(column.clone().is_not_null(), |all, end| all.and(end))
}
