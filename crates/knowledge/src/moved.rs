//! When what was last another: so that an answer holds for as long as nothing it was read from changes.

use crate::{log::Shared, narrowing::Narrowed};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A number no snapshot of this process had before.
pub fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What an answer was read from.
#[derive(Clone, Debug)]
pub enum Reading {
    Table(&'static str),
    /// The rows of the log that fit.
    Log(Narrowed),
}

/// The numbers of the snapshots in which a table, or rows of the log that share the same, were last another.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    tables: BTreeMap<&'static str, u64>,
    log: Arc<BTreeMap<Shared, u64>>,
}

impl Moved {
    pub fn table(&mut self, table: &'static str, number: u64) {
        self.tables.insert(table, number);
    }

    pub fn log<'a>(&mut self, touched: impl IntoIterator<Item = &'a Shared>, number: u64) {
        let log = Arc::make_mut(&mut self.log);
        for shared in touched {
            match log.get_mut(shared) {
                Some(last) => *last = number,
                None => drop(log.insert(shared.clone(), number)),
            }
        }
    }

    /// Whether anything a reading saw in a snapshot became another after it.
    pub fn since(&self, number: u64, reading: &Reading) -> bool {
        match reading {
            Reading::Table(table) => self.tables.get(table).is_some_and(|last| *last > number),
            Reading::Log(narrowed) => self.log.iter().any(|(shared, last)| *last > number && narrowed.concerns(shared)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::month;
    use datafusion::prelude::{col, lit};

    const MARCH: i64 = 1_772_323_200_000_000;

    fn rows(kind: &str, at: i64) -> Shared {
        let codes = [Some(kind.into()), Some("web".into()), Some("human".into()), None];
        Shared { month: month(at), codes }
    }

    #[test]
    fn an_answer_about_opens_in_march_outlives_page_views_and_april() {
        let opens = Narrowed::by(&[
            col("kind").eq(lit("opened")),
            col("occurred_at").gt_eq(lit(MARCH)),
            col("occurred_at").lt(lit(MARCH + 1_000)),
        ]);
        let reading = Reading::Log(opens);
        let mut moved = Moved::default();
        moved.log([&rows("page_viewed", MARCH), &rows("opened", MARCH - 1)], 5);
        moved.table("purchase", 5);
        assert!(!moved.since(4, &reading));
        moved.log([&rows("opened", MARCH)], 6);
        assert!(moved.since(5, &reading) && !moved.since(6, &reading));
        assert!(moved.since(4, &Reading::Table("purchase")) && !moved.since(5, &Reading::Table("purchase")));
    }
}
