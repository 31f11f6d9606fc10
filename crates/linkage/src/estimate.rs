//! Weights out of the records themselves, without examples: expectation-maximisation after W. E. Winkler, "Using the EM
//! Algorithm for Weight Computation in the Fellegi-Sunter Model of Record Linkage" (1988).
//!
//! How often strangers agree is counted over random pairs. How often one person's records agree is estimated among the pairs
//! of each rule, from the fields the rule does not look at (as Splink does: pairs that share a telephone number teach nothing
//! about telephone numbers). How many pairs are one person at all follows from all pairs together.

use crate::{
    Blocks, Level, Model, Records, Scheme,
    model::{Levels, settle, usually_matched, usually_unmatched},
    scoring::{Cache, Pattern, pattern, side_by_side},
};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Pairs of each rule that are looked at.
const LEARNT_FROM: f64 = 400_000.0;
/// Random pairs.
const DRAWN: usize = 400_000;
const ROUNDS: usize = 30;
/// What is usual counts as much as this many pairs of one person,
const USUAL: f64 = 15.0;
/// and as this many pairs of strangers.
const USUAL_STRANGERS: f64 = 2_000.0;
/// Frequent values a model remembers of each field.
const REMEMBERED: usize = 1_000;
/// Fewer records than this with one value could be one person's.
const SHARED_BY_MANY: u32 = 20;

/// Levels of pairs and how many pairs have them.
type Counted = HashMap<Pattern, f64>;

/// Estimates a model.
pub fn estimate(records: &Records, scheme: &Scheme, blocks: &Blocks, threads: usize) -> Model {
    let mut model = Model::usual(scheme, records.len());
    let pairs = records.pairs();
    if pairs < 1.0 {
        return model;
    }
    let seen = overall(records, scheme, threads);
    model.unmatched.clone_from(&seen);
    let (by_rule, all) = count(records, scheme, blocks, threads);
    // The second time with what is now known of strangers: until then people's second records were among them.
    for _ in 0..2 {
        learn_matched(&mut model, scheme, &by_rule);
        learn_shares(&mut model, scheme, &all, pairs);
        for (field, seen) in seen.iter().enumerate() {
            for (level, seen) in seen.iter().enumerate().take(Level::COUNT - 1) {
                let one = model.share * model.matched[field][level];
                model.unmatched[field][level] = (seen - one).max(seen * 0.02) / (1.0 - model.share);
            }
            settle(&mut model.unmatched[field], 1e-8);
        }
    }
    learn_shares(&mut model, scheme, &all, pairs);
    remember(&mut model, records, scheme);
    model
}

/// How often each level is reached over all pairs: agreement is counted exactly, the other levels over random pairs.
fn overall(records: &Records, scheme: &Scheme, threads: usize) -> Vec<Levels> {
    let draws = DRAWN.min(records.len() * 20) / threads.max(1);
    let seeds = AtomicUsize::new(1);
    let counted = side_by_side(threads, || {
        let mut random = SplitMix(seeds.fetch_add(1, Ordering::Relaxed) as u64);
        let mut cache = Cache::new(records, scheme);
        let mut levels = vec![[0.0; Level::COUNT]; scheme.fields.len()];
        for _ in 0..draws {
            let (one, other) = random.pair(records);
            if one != other {
                let pattern = pattern(records, scheme, one, other, &mut cache);
                levels.iter_mut().zip(pattern).for_each(|(levels, level)| levels[level as usize] += 1.0);
            }
        }
        levels
    });
    let field = |at: usize| {
        let usual = usually_unmatched(&scheme.fields[at]);
        let mut levels: Levels = std::array::from_fn(|level| counted.iter().map(|part| part[at][level]).sum::<f64>());
        levels[Level::Absent as usize] = 0.0;
        let known: f64 = levels.iter().sum();
        for (level, count) in levels.iter_mut().enumerate() {
            // The absent level has no part in it.
            *count = (*count + USUAL_STRANGERS * usual[level]) / (known + USUAL_STRANGERS);
        }
        levels[Level::Same as usize] = agreement(records, at, usual[Level::Same as usize]);
        settle(&mut levels, 1e-8);
        levels
    };
    (0..scheme.fields.len()).map(field).collect()
}

/// The share of pairs that agree on a field, among those that know it; leaning on what is usual where there are few.
fn agreement(records: &Records, field: usize, usual: f64) -> f64 {
    let column = records.column(field);
    let (agreeing, known) = match records.split() {
        None => {
            let pairs = |n: f64| n * (n - 1.0) / 2.0;
            let agreeing: f64 = column.counts[1..].iter().map(|count| pairs(f64::from(*count))).sum();
            (agreeing, pairs(column.present() as f64))
        }
        Some(split) => {
            let mut first = vec![0_u32; column.counts.len()];
            column.ids[..split].iter().for_each(|id| first[*id as usize] += 1);
            let second = |id: usize| f64::from(column.counts[id] - first[id]);
            let agreeing: f64 = (1..first.len()).map(|id| f64::from(first[id]) * second(id)).sum();
            let known = split as f64 - f64::from(first[0]);
            (agreeing, known * (column.present() as f64 - known))
        }
    };
    (agreeing + USUAL_STRANGERS * usual) / (known + USUAL_STRANGERS)
}

/// The levels of pairs by rule, and of all pairs, each once. Of rules with very many pairs a part stands for the whole.
fn count(records: &Records, scheme: &Scheme, blocks: &Blocks, threads: usize) -> (Vec<Counted>, Counted) {
    let next = AtomicUsize::new(0);
    let counted = side_by_side(threads, || {
        let (mut cache, mut by_rule, mut all) = (Cache::new(records, scheme), Vec::new(), Counted::new());
        loop {
            let rule = next.fetch_add(1, Ordering::Relaxed);
            if rule >= blocks.rules() {
                return (by_rule, all);
            }
            let pairs: f64 = blocks.of_rule(rule).map(|(from, to)| ((to - from) * (to - from - 1) / 2) as f64).sum();
            let step = (pairs / LEARNT_FROM).ceil().max(1.0) as usize;
            let mut learnt = Counted::new();
            for block in blocks.of_rule(rule).step_by(step) {
                blocks.pairs(records, rule, block, |one, other, met| {
                    let pattern = pattern(records, scheme, one, other, &mut cache);
                    *learnt.entry(pattern).or_default() += step as f64;
                    if !met {
                        *all.entry(pattern).or_default() += step as f64;
                    }
                });
            }
            by_rule.push((rule, learnt));
        }
    });
    let (mut by_rule, mut all) = (Vec::new(), Counted::new());
    for (rules, part) in counted {
        by_rule.extend(rules);
        part.into_iter().for_each(|(pattern, pairs)| *all.entry(pattern).or_default() += pairs);
    }
    by_rule.sort_by_key(|(rule, _)| *rule);
    (by_rule.into_iter().map(|(_, learnt)| learnt).collect(), all)
}

/// Likelihoods of a pattern for one person, one household and strangers, over some fields, each times its share.
fn likelihoods(model: &Model, scheme: &Scheme, pattern: &Pattern, fields: &[usize], shares: [f64; 3]) -> [f64; 3] {
    let [mut one, mut household, mut strangers] = shares;
    for at in fields {
        let level = pattern[*at] as usize;
        let (matched, unmatched) = (model.matched[*at][level], model.unmatched[*at][level]);
        one *= matched;
        household *= if scheme.fields[*at].shared { matched } else { unmatched };
        strangers *= unmatched;
    }
    [one, household, strangers]
}

/// Estimates how often one person's records reach each level, rule by rule from the fields the rule does not look at.
fn learn_matched(model: &mut Model, scheme: &Scheme, by_rule: &[Counted]) {
    let usual: Vec<Levels> = scheme.fields.iter().map(usually_matched).collect();
    let mut gathered = usual.clone();
    gathered.iter_mut().flatten().for_each(|count| *count *= USUAL);
    for (rule, counted) in scheme.rules.iter().zip(by_rule) {
        let looks_at = |field: usize| rule.0.iter().any(|part| part.fields().any(|f| f == field));
        let fields: Vec<usize> = (0..scheme.fields.len()).filter(|field| !looks_at(*field)).collect();
        let total: f64 = counted.values().sum();
        if total < 1.0 {
            continue;
        }
        let (mut own, mut shares) = (model.clone(), [0.3, 0.1, 0.6]);
        own.matched.clone_from(&usual);
        let mut found = vec![[0.0; Level::COUNT]; scheme.fields.len()];
        for _ in 0..ROUNDS {
            found = vec![[0.0; Level::COUNT]; scheme.fields.len()];
            let mut sums = [0.0; 3];
            for (pattern, pairs) in counted {
                let likelihoods = likelihoods(&own, scheme, pattern, &fields, shares);
                let whole: f64 = likelihoods.iter().sum();
                let belongs = likelihoods.map(|likelihood| pairs * likelihood / whole.max(f64::MIN_POSITIVE));
                sums.iter_mut().zip(belongs).for_each(|(sum, pairs)| *sum += pairs);
                for at in &fields {
                    found[*at][pattern[*at] as usize] += belongs[0];
                }
            }
            shares = sums.map(|sum| (sum / total).clamp(1e-6, 1.0));
            for at in &fields {
                for level in 0..Level::COUNT - 1 {
                    own.matched[*at][level] = found[*at][level] + USUAL * usual[*at][level];
                }
                settle(&mut own.matched[*at], 1e-6);
            }
        }
        for at in &fields {
            for level in 0..Level::COUNT - 1 {
                gathered[*at][level] += found[*at][level];
            }
        }
    }
    for (matched, mut gathered) in model.matched.iter_mut().zip(gathered) {
        settle(&mut gathered, 1e-6);
        *matched = gathered;
    }
}

/// Estimates how many of all pairs are one person and how many one household; pairs no rule brings together are strangers.
fn learn_shares(model: &mut Model, scheme: &Scheme, all: &Counted, pairs: f64) {
    let fields: Vec<usize> = (0..scheme.fields.len()).collect();
    for _ in 0..ROUNDS {
        let shares = [model.share, model.households, 1.0 - model.share - model.households];
        let (mut one, mut household) = (0.0, 0.0);
        for (pattern, counted) in all {
            let likelihoods = likelihoods(model, scheme, pattern, &fields, shares);
            let whole: f64 = likelihoods.iter().sum();
            one += counted * likelihoods[0] / whole.max(f64::MIN_POSITIVE);
            household += counted * likelihoods[1] / whole.max(f64::MIN_POSITIVE);
        }
        // A house without any still has the possibility.
        model.share = (one.max(0.5) / pairs).min(0.5);
        model.households = (household.max(0.5) / pairs).min(0.4);
    }
}

/// Keeps how frequent the most frequent values are, for records that come later; only values so many share that they point to
/// nobody.
fn remember(model: &mut Model, records: &Records, scheme: &Scheme) {
    for (at, _) in scheme.fields.iter().enumerate().filter(|(_, field)| field.by_rarity) {
        let column = records.column(at);
        let present = column.present().max(1) as f64;
        let count = |id: u32| column.counts[id as usize];
        let (mut ids, others): (Vec<u32>, Vec<u32>) =
            (1..column.counts.len() as u32).partition(|id| count(*id) >= SHARED_BY_MANY);
        ids.sort_unstable_by_key(|id| std::cmp::Reverse((count(*id), *id)));
        ids.truncate(REMEMBERED);
        let share = |id: &u32| f64::from(count(*id) - 1) / present;
        // How many others share the value of a record whose value is not kept, on average.
        let known: f64 = others.iter().map(|id| f64::from(count(*id))).sum();
        let met: f64 = others.iter().map(|id| f64::from(count(*id)) * f64::from(count(*id) - 1)).sum();
        model.rare[at] = (met / known.max(1.0)).max(1.0) / present.max(100.0);
        model.frequencies[at] = ids.iter().map(|id| (column.value(*id).to_owned(), share(id))).collect();
    }
}

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014): the same pairs are drawn every time.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> u32 {
        (self.next() % end.max(1) as u64) as u32
    }

    fn pair(&mut self, records: &Records) -> (u32, u32) {
        match records.split() {
            None => (self.below(records.len()), self.below(records.len())),
            Some(split) => (self.below(split), split as u32 + self.below(records.len() - split)),
        }
    }
}
