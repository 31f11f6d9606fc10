//! Answers that still hold: as long as nothing they were read from is another, the same question has the same answer.

use crate::{moved::Reading, snapshot::Snapshot};
use datafusion::arrow::array::RecordBatch;
use kernel::People;
use std::collections::HashMap;

/// Questions remembered, and rows of an answer that is worth it: larger ones are read once and not again.
const MOST: usize = 500;
const ROWS: usize = 20_000;
/// Larger sets are remembered for fewer questions: each may take a megabyte.
const LARGE: u64 = 100_000;
const MOST_LARGE: usize = 60;

/// What was answered.
#[derive(Clone)]
pub enum Given {
    /// The columns do not hold what was asked for.
    Elsewhere,
    Batches(Vec<RecordBatch>),
    People(People),
}

impl Given {
    fn is_large(&self) -> bool {
        matches!(self, Self::People(people) if people.len() > LARGE)
    }

    fn is_too_long(&self) -> bool {
        matches!(self, Self::Batches(batches) if batches.iter().map(RecordBatch::num_rows).sum::<usize>() > ROWS)
    }
}

struct Known {
    given: Given,
    /// The snapshot it was read from, and what of it.
    number: u64,
    readings: Vec<Reading>,
}

impl Known {
    fn holds(&self, now: &Snapshot) -> bool {
        !self.readings.iter().any(|reading| now.moved.since(self.number, reading))
    }
}

/// The answers of this process.
#[derive(Default)]
pub struct Answers(HashMap<String, Known>);

impl Answers {
    pub fn get(&mut self, question: &str, now: &Snapshot) -> Option<Given> {
        let known = self.0.get(question)?;
        if known.holds(now) {
            return Some(known.given.clone());
        }
        self.0.remove(question);
        None
    }

    pub fn keep(&mut self, question: String, given: Given, readings: Vec<Reading>, of: &Snapshot) {
        if given.is_too_long() {
            return;
        }
        if !self.has_room(&given) {
            self.0.retain(|_, known| known.holds(of));
        }
        if !self.has_room(&given) {
            // Nobody knows which are asked again; the next questions will tell.
            self.0.clear();
        }
        self.0.insert(question, Known { given, number: of.number, readings });
    }

    fn has_room(&self, given: &Given) -> bool {
        let large = self.0.values().filter(|known| known.given.is_large());
        self.0.len() < MOST && (!given.is_large() || large.count() < MOST_LARGE)
    }
}
