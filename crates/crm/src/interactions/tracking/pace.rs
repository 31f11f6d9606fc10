//! How many pages a visitor saw within ten seconds: a fact for the verdict. In memory and bounded; a flood of visitors makes
//! it forget, never grow.

use kernel::{SourceId, Timestamp, time::SECOND};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

const WINDOW: i64 = 10 * SECOND;
const VISITORS: usize = 20_000;

/// Counts of the windows visitors are in. Clones share them.
#[derive(Clone, Default)]
pub struct Pace(Arc<Mutex<HashMap<(SourceId, String), (i64, i64)>>>);

impl Pace {
    /// One more page at this time; answers how many that makes in its window.
    pub fn step(&self, source: SourceId, who: &str, at: Timestamp) -> i64 {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = at.0.div_euclid(WINDOW);
        let key = (source, who.to_owned());
        if held.len() >= VISITORS && !held.contains_key(&key) {
            held.retain(|_, (then, _)| *then >= window);
            if held.len() >= VISITORS {
                held.clear();
            }
        }
        let entry = held.entry(key).or_insert((window, 0));
        if entry.0 != window {
            *entry = (window, 0);
        }
        entry.1 += 1;
        entry.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_within_ten_seconds_and_a_flood_is_forgotten() {
        let pace = Pace::default();
        let at = |seconds: i64| Timestamp(1_000 * SECOND + seconds * SECOND);
        let counts: Vec<i64> = [0, 1, 9, 10, 11].map(|s| pace.step(SourceId(1), "a", at(s))).into();
        assert_eq!(counts, [1, 2, 3, 1, 2]);
        for n in 0..VISITORS + 10 {
            pace.step(SourceId(1), &n.to_string(), at(20));
        }
        assert!(pace.0.lock().expect("counts").len() <= VISITORS);
    }
}
