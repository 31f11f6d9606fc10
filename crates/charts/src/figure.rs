//! How a chart writes the figures it computes itself: by the reader's language and the column's unit.

use crate::ink::sane;
use kernel::{Cell, Currency, Locale, Table, Unit};

/// A way of writing a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// `48.216`
    #[default]
    Count,
    /// `3,4` with so many places.
    Number(usize),
    /// A ratio between 0 and 1 as `41,2 %` with so many places.
    Share(usize),
    /// Minor units, written in whole units: `487.300 €`.
    Money(Currency),
}

impl Figure {
    /// The way a column's figures are written.
    pub fn of(unit: Unit) -> Self {
        match unit {
            Unit::Money(currency) => Self::Money(currency),
            Unit::Share => Self::Share(1),
            Unit::Number => Self::Number(1),
            Unit::Count | Unit::Id | Unit::Instant | Unit::Text => Self::Count,
        }
    }

    pub fn say(self, value: f64, locale: Locale) -> String {
        let value = sane(value);
        match self {
            Self::Count => locale.count(value.round() as i64),
            Self::Number(places) => locale.number(value, places),
            Self::Share(places) => locale.percent(value, places),
            Self::Money(currency) => locale.money_round(value.round() as i64, currency),
        }
    }
}

/// A cell as a number; words and empty cells are 0.
pub(crate) fn value(table: &Table, row: usize, key: &str) -> f64 {
    match table.cell(row, key) {
        Cell::Int(n) => *n as f64,
        Cell::Real(x) => sane(*x),
        Cell::Empty | Cell::Text(_) => 0.0,
    }
}

/// The way the figures of a column are written; plain counts when there is no such column.
pub(crate) fn figure(table: &Table, key: &str) -> Figure {
    table.index(key).map_or(Figure::Count, |i| Figure::of(table.columns[i].unit))
}

/// A cell as the words of a label.
pub(crate) fn words(table: &Table, row: usize, key: &str, locale: Locale) -> String {
    match table.cell(row, key) {
        Cell::Text(text) => text.clone(),
        Cell::Empty => "–".to_owned(),
        Cell::Int(_) | Cell::Real(_) => figure(table, key).say(value(table, row, key), locale),
    }
}
