//! Answers that still hold: as long as the snapshot is the same, the same question has the same answer.

use datafusion::arrow::array::RecordBatch;
use std::collections::HashMap;

/// Questions remembered, and rows of an answer that is worth it: larger ones are read once and not again.
const MOST: usize = 500;
const ROWS: usize = 20_000;

/// The answers to one snapshot.
#[derive(Default)]
pub struct Answers {
    snapshot: u64,
    known: HashMap<String, Option<Vec<RecordBatch>>>,
}

impl Answers {
    /// Those of a snapshot: with another one all are forgotten.
    pub fn at(&mut self, snapshot: u64) -> &mut Self {
        if self.snapshot != snapshot {
            *self = Self { snapshot, known: HashMap::new() };
        }
        self
    }

    pub fn get(&self, sql: &str) -> Option<Option<Vec<RecordBatch>>> {
        self.known.get(sql).cloned()
    }

    /// `None`: the columns do not hold what was asked for.
    pub fn keep(&mut self, sql: String, answer: Option<Vec<RecordBatch>>) {
        let rows: usize = answer.iter().flatten().map(RecordBatch::num_rows).sum();
        if rows <= ROWS && self.known.len() < MOST {
            self.known.insert(sql, answer);
        }
    }
}
