//! Sets that were answered and are still true: a bounded memory that forgets everything when anything changed, and what was
//! longest not asked for when it is full.

use kernel::People;
use std::{collections::HashMap, sync::Arc};

/// Most sets, and most bytes of all sets together.
const SETS: usize = 512;
const BYTES: u64 = 48 * 1024 * 1024;

#[derive(Default)]
pub struct Kept {
    stamp: Option<u64>,
    sets: HashMap<Arc<str>, Entry>,
    bytes: u64,
    asked: u64,
}

struct Entry {
    people: Arc<People>,
    bytes: u64,
    /// When it was last asked for, counted in questions.
    last: u64,
}

impl Kept {
    /// Everything is forgotten that was answered under another stamp.
    pub fn at(&mut self, stamp: u64) {
        if self.stamp != Some(stamp) {
            *self = Self { stamp: Some(stamp), asked: self.asked, ..Self::default() };
        }
    }

    pub fn get(&mut self, key: &str) -> Option<Arc<People>> {
        self.asked += 1;
        let entry = self.sets.get_mut(key)?;
        entry.last = self.asked;
        Some(entry.people.clone())
    }

    pub fn keep(&mut self, stamp: u64, key: Arc<str>, people: Arc<People>) {
        // Somebody else has seen a change meanwhile.
        if self.stamp != Some(stamp) {
            return;
        }
        let bytes = weight(&people) + key.len() as u64;
        if let Some(before) = self.sets.insert(key, Entry { people, bytes, last: self.asked }) {
            self.bytes -= before.bytes;
        }
        self.bytes += bytes;
        while self.sets.len() > SETS || self.bytes > BYTES {
            let Some(oldest) = self.sets.iter().min_by_key(|(_, entry)| entry.last).map(|(key, _)| key.clone()) else {
                return;
            };
            if let Some(gone) = self.sets.remove(&oldest) {
                self.bytes -= gone.bytes;
            }
        }
    }
}

/// What a set takes at most: two bytes a person, or 8 KB for every 65,536 ids up to the highest.
fn weight(people: &People) -> u64 {
    let highest = people.len().checked_sub(1).and_then(|last| people.nth(last)).map_or(0, |id| id.0.unsigned_abs());
    (2 * people.len()).min((highest / 65_536 + 1) * 8_192) + 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ContactId;

    fn set(n: i64) -> Arc<People> {
        Arc::new((1..=n).map(ContactId).collect())
    }

    #[test]
    fn a_change_makes_everything_forgotten() {
        let mut kept = Kept::default();
        kept.at(1);
        kept.keep(1, "a".into(), set(3));
        assert_eq!(kept.get("a").map(|people| people.len()), Some(3));
        kept.at(1);
        assert!(kept.get("a").is_some());
        kept.at(2);
        assert!(kept.get("a").is_none());
        kept.keep(1, "a".into(), set(3));
        assert!(kept.get("a").is_none(), "an answer from before the change came late");
    }

    #[test]
    fn what_was_longest_not_asked_for_goes_first() {
        let mut kept = Kept::default();
        kept.at(1);
        kept.keep(1, "first".into(), set(1));
        for n in 0..SETS - 1 {
            kept.keep(1, n.to_string().into(), set(1));
        }
        assert!(kept.get("first").is_some());
        kept.keep(1, "one too many".into(), set(1));
        assert!(kept.get("first").is_some() && kept.get("one too many").is_some());
        assert_eq!(kept.sets.len(), SETS);
    }

    #[test]
    fn a_set_is_never_lighter_than_it_is() {
        assert!(weight(&set(100_000)) <= 2 * 8_192 + 64);
        assert_eq!(weight(&set(0)), 64);
    }
}
