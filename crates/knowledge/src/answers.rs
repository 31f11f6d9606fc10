//! Answers that still hold: as long as nothing they were read from is another, the same question has the same answer.

use crate::{members::Members, moved::Reading, prepared::Kept, snapshot::Snapshot};
use datafusion::arrow::array::RecordBatch;
use kernel::People;
use std::{collections::HashMap, sync::Arc};

/// Questions remembered, and rows of an answer that is worth it: larger ones are read once and not again.
const MOST: usize = 1_000;
const ROWS: usize = 20_000;
/// Rows of a subquery that says it is worth it.
const KEPT_ROWS: usize = 5_000_000;
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
    /// A part of questions: ids others are held against, and the number of the set.
    Members(Arc<Members>, u64),
    /// A part of questions: the rows of a subquery.
    Kept(Arc<Kept>),
}

impl Given {
    fn is_large(&self) -> bool {
        match self {
            Self::People(people) => people.len() > LARGE,
            Self::Members(members, _) => members.len() as u64 > LARGE,
            Self::Elsewhere | Self::Batches(_) | Self::Kept(_) => false,
        }
    }

    fn is_too_long(&self) -> bool {
        match self {
            Self::Batches(batches) => batches.iter().map(RecordBatch::num_rows).sum::<usize>() > ROWS,
            Self::Kept(kept) => kept.rows > KEPT_ROWS,
            Self::Elsewhere | Self::People(_) | Self::Members(..) => false,
        }
    }
}

struct Known {
    given: Given,
    /// The snapshot it was read from, and what of it.
    number: u64,
    readings: Vec<Reading>,
    /// When it was asked for last.
    asked: u64,
}

impl Known {
    fn holds(&self, now: &Snapshot) -> bool {
        !self.readings.iter().any(|reading| now.moved.since(self.number, reading))
    }
}

/// The answers of this process.
#[derive(Default)]
pub struct Answers {
    known: HashMap<String, Known>,
    /// Counts what was asked for.
    asked: u64,
    /// The newest snapshot that something was read from.
    newest: u64,
}

impl Answers {
    /// The answer and what it was read from, when it still holds.
    pub fn get(&mut self, question: &str, now: &Snapshot) -> Option<(Given, Vec<Reading>)> {
        self.asked += 1;
        let known = self.known.get_mut(question)?;
        if known.holds(now) {
            known.asked = self.asked;
            return Some((known.given.clone(), known.readings.clone()));
        }
        self.known.remove(question);
        None
    }

    pub fn keep(&mut self, question: String, given: Given, readings: Vec<Reading>, of: &Snapshot) {
        if given.is_too_long() {
            return;
        }
        // What a newer moment made untrue may be asked for under other words from now on, and would stay for nothing.
        if of.number > self.newest {
            self.newest = of.number;
            self.known.retain(|_, known| known.holds(of));
        }
        if !self.has_room(&given) {
            self.forget_older_half();
        }
        self.known.insert(question, Known { given, number: of.number, readings, asked: self.asked });
    }

    fn has_room(&self, given: &Given) -> bool {
        let large = self.known.values().filter(|known| known.given.is_large());
        self.known.len() < MOST && (!given.is_large() || large.count() < MOST_LARGE)
    }

    /// Keeps what was asked for last.
    fn forget_older_half(&mut self) {
        let mut asked: Vec<u64> = self.known.values().map(|known| known.asked).collect();
        asked.sort_unstable();
        let middle = asked.get(asked.len() / 2).copied().unwrap_or_default();
        self.known.retain(|_, known| known.asked >= middle);
    }
}
