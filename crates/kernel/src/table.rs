//! `Table` is the one small answer: the page, the chart, the spreadsheet, the CSV and the JSON all take the same one.

use crate::Currency;
use serde::{Deserialize, Serialize};

/// What a column's figures mean; the shape of its cells follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Words; cells are `Text`.
    Text,
    /// A record's id; cells are `Int`.
    Id,
    /// How many; cells are `Int`.
    Count,
    /// Minor units of a currency; cells are `Int`.
    Money(Currency),
    /// A ratio between 0 and 1; cells are `Real`.
    Share,
    /// A plain decimal number; cells are `Real`.
    Number,
    /// Microseconds since the epoch; cells are `Int`.
    Instant,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Stable key, also the name in JSON and CSV.
    pub key: String,
    pub unit: Unit,
}

impl Column {
    pub fn new(key: impl Into<String>, unit: Unit) -> Self {
        Self { key: key.into(), unit }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Empty,
    Int(i64),
    Real(f64),
    Text(String),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub fn index(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.key == key)
    }

    pub fn cell(&self, row: usize, key: &str) -> &Cell {
        const EMPTY: Cell = Cell::Empty;
        self.index(key).and_then(|i| self.rows.get(row)?.get(i)).unwrap_or(&EMPTY)
    }

    /// An integer cell; 0 where it is empty.
    pub fn int(&self, row: usize, key: &str) -> i64 {
        match self.cell(row, key) {
            Cell::Int(n) => *n,
            Cell::Real(x) => *x as i64,
            _ => 0,
        }
    }

    /// A text cell; empty where it is none.
    pub fn text(&self, row: usize, key: &str) -> &str {
        match self.cell(row, key) {
            Cell::Text(text) => text,
            _ => "",
        }
    }
}
