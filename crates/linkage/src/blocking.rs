//! Which records are compared at all: those that share the key of a rule. Each pair is met once, under the first rule that
//! brings it together.

use crate::{Records, Rule, Scheme, scoring::side_by_side};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The records of each rule in the order of their keys.
pub struct Blocks {
    rules: Vec<Sorted>,
    pub skipped: Vec<Skipped>,
}

struct Sorted {
    /// Of each record, 0 where it has none or its block was left out.
    keys: Vec<u64>,
    /// Records with a key, those of one key beside each other.
    order: Vec<u32>,
}

/// A block that was left out because it is too large to tell anybody apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub rule: usize,
    pub records: usize,
    /// One of its records, to say what they share.
    pub example: u32,
}

/// The keys of one record, in the order of the rules; a rule it has no key for is missing.
pub fn record_keys(records: &Records, scheme: &Scheme, record: u32) -> Vec<u64> {
    let keys = scheme.rules.iter().enumerate().map(|(rule, Rule(parts))| records.key(record, rule, parts));
    keys.filter(|key| *key != 0).collect()
}

impl Blocks {
    pub fn new(records: &Records, scheme: &Scheme, threads: usize) -> Self {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let rule = next.fetch_add(1, Ordering::Relaxed);
                let Some(Rule(parts)) = scheme.rules.get(rule) else { return done };
                done.push((rule, Sorted::new(records, rule, parts, scheme.largest_block)));
            }
        };
        let mut sorted: Vec<(usize, (Sorted, Vec<Skipped>))> =
            side_by_side(threads, work).into_iter().flatten().collect();
        sorted.sort_by_key(|(rule, _)| *rule);
        let (mut rules, mut skipped) = (Vec::new(), Vec::new());
        for (_, (sorted, left_out)) in sorted {
            rules.push(sorted);
            skipped.extend(left_out);
        }
        Self { rules, skipped }
    }

    /// Each rule's blocks of at least two, as places in its order.
    pub(crate) fn of_rule(&self, rule: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let Sorted { keys, order } = &self.rules[rule];
        let mut from = 0;
        std::iter::from_fn(move || {
            while from < order.len() {
                let (begin, key) = (from, keys[order[from] as usize]);
                from += 1;
                while from < order.len() && keys[order[from] as usize] == key {
                    from += 1;
                }
                if from - begin > 1 {
                    return Some((begin, from));
                }
            }
            None
        })
    }

    /// The pairs of a block, with whether an earlier rule brings them together already.
    pub(crate) fn pairs(
        &self,
        records: &Records,
        rule: usize,
        (from, to): (usize, usize),
        mut each: impl FnMut(u32, u32, bool),
    ) {
        let members = &self.rules[rule].order[from..to];
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                if records.may_pair(*one, *other) {
                    let met = |Sorted { keys, .. }: &Sorted| {
                        let key = keys[*one as usize];
                        key != 0 && key == keys[*other as usize]
                    };
                    each(*one, *other, self.rules[..rule].iter().any(met));
                }
            }
        }
    }

    pub(crate) fn rules(&self) -> usize {
        self.rules.len()
    }
}

impl Sorted {
    fn new(records: &Records, rule: usize, parts: &[crate::Part], largest: usize) -> (Self, Vec<Skipped>) {
        let len = records.len() as u32;
        let mut keys: Vec<u64> = (0..len).map(|record| records.key(record, rule, parts)).collect();
        let mut keyed: Vec<(u64, u32)> =
            (0..len).filter(|r| keys[*r as usize] != 0).map(|r| (keys[r as usize], r)).collect();
        keyed.sort_unstable();
        let mut skipped = Vec::new();
        for block in keyed.chunk_by(|one, other| one.0 == other.0).filter(|block| block.len() > largest) {
            skipped.push(Skipped { rule, records: block.len(), example: block[0].1 });
            block.iter().for_each(|(_, record)| keys[*record as usize] = 0);
        }
        let order = keyed.into_iter().map(|(_, record)| record).filter(|record| keys[*record as usize] != 0).collect();
        (Self { keys, order }, skipped)
    }
}
