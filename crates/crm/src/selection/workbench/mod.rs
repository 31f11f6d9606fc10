//! The bench a segment is worked on: every line of a definition is a set of contacts of its own, and the sets are combined
//! in memory. A line that did not change is not asked again, so editing one line of many costs one question.
//!
//! Count, count of each line, why somebody is in or out, overlap and reach all come from these sets, so they cannot
//! disagree. That they equal the one condition of [`super::condition`] is tested over generated definitions.

mod kept;
mod plan;
mod reach;
mod why;

pub use why::{Reader, Reason, Why};

use super::{Context, Definition};
use futures::{StreamExt, TryStreamExt, stream};
use kept::Kept;
use kernel::{ContactId, Fault, Lens, People, Seq, Timestamp, Zone, chance};
use plan::{Asked, Plan};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::Db;

/// Questions under way at a time for one definition.
const AT_ONCE: usize = 4;

/// Answers definitions as sets and keeps the sets of lines as long as they are true. Clones share what is kept.
#[derive(Clone)]
pub struct Workbench {
    lens: Arc<dyn Lens>,
    kept: Arc<Mutex<Kept>>,
}

/// A definition answered.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Who fits.
    pub people: Arc<People>,
    /// Everybody who could: all who are not in the archive.
    pub living: Arc<People>,
    /// Every group and leaf in the order of reading; other segments a leaf means are not taken apart.
    pub lines: Vec<Line>,
}

/// Who fits one line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where the line stands, as a refusal would name it: `all[2].not`; empty for the top.
    pub path: String,
    pub people: Arc<People>,
}

type Sets = HashMap<Arc<str>, Arc<People>>;

impl Workbench {
    pub fn new(lens: Arc<dyn Lens>) -> Self {
        Self { lens, kept: Arc::default() }
    }

    /// Answers a definition from a state that holds everything committed by now. Dropping the future drops the questions
    /// that are under way; what was answered is kept.
    pub async fn solve(&self, db: &Db, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<Solved, Fault> {
        // The unit ends here: nobody holds the database while the lens works.
        let context = Context::load(&db.read().await?, definition, now, zone).await?;
        let plan = Plan::of(definition, &context);
        let sets = self.sets(db, plan.asked.clone()).await?;
        Ok(plan.solve(&sets))
    }

    /// How many fit.
    pub async fn count(&self, db: &Db, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<i64, Fault> {
        let solved = self.solve(db, definition, now, zone).await?;
        Ok(number(&solved.people))
    }

    /// The sets of these questions: kept ones while nothing changed, the others asked.
    async fn sets(&self, db: &Db, asked: Vec<Asked>) -> Result<Sets, Fault> {
        let seq: Seq = *db.committed().borrow();
        // Read before asking: an answer may be newer than the stamp it is kept under, never older.
        let stamp = self.lens.stamp().await?;
        let (mut sets, mut missing) = (Sets::new(), Vec::new());
        {
            let mut kept = self.kept();
            kept.at(stamp);
            for one in asked {
                match kept.get(&one.key) {
                    Some(people) => drop(sets.insert(one.key, people)),
                    None => missing.push(one),
                }
            }
        }
        let ask = |one: Asked| async move {
            let people = Arc::new(self.lens.people(&one.question, seq).await?);
            self.kept().keep(stamp, one.key.clone(), people.clone());
            Ok::<_, Fault>((one.key, people))
        };
        let found: Vec<_> = stream::iter(missing).map(ask).buffer_unordered(AT_ONCE).try_collect().await?;
        sets.extend(found);
        Ok(sets)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many people a set holds.
pub fn number(people: &People) -> i64 {
    i64::try_from(people.len()).unwrap_or(i64::MAX)
}

/// Some of the people, everyone equally likely; the same seed draws the same people from the same set.
pub fn sample(people: &People, seed: u64, many: usize) -> Vec<ContactId> {
    let all = usize::try_from(people.len()).unwrap_or(usize::MAX);
    let drawn = rand::seq::index::sample(&mut chance::seeded(seed), all, many.min(all));
    drawn.into_iter().filter_map(|place| people.nth(place as u64)).collect()
}

/// What two segments have in common, and what each has alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Overlap {
    pub both: i64,
    pub only_first: i64,
    pub only_second: i64,
}

impl Overlap {
    pub fn of(first: &People, second: &People) -> Self {
        let both = i64::try_from(first.common(second)).unwrap_or(i64::MAX);
        Self { both, only_first: number(first) - both, only_second: number(second) - both }
    }
}
