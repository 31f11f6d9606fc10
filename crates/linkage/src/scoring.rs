//! Judging pairs: their levels, weights and probability.

use crate::{
    Blocks, Evidence, Field, Level, Model, Records, Scheme, Skipped, compare, compare::near, estimate::estimate,
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two records and how sure it is that they are one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub one: u32,
    pub other: u32,
    /// Sum of the weights of all fields, in bits.
    pub weight: f64,
    pub probability: f64,
}

/// What a search for pairs found.
pub struct Found {
    pub model: Model,
    /// The likeliest first.
    pub pairs: Vec<Pair>,
    pub skipped: Vec<Skipped>,
}

/// Estimates a model from the records and judges every pair the rules bring together; answers those of at least `least`.
pub fn find(records: &Records, scheme: &Scheme, least: f64, threads: usize) -> Found {
    let blocks = Blocks::new(records, scheme, threads);
    let model = estimate(records, scheme, &blocks, threads);
    let judge = Judge::new(records, scheme, &model, Shares::OfRecords);
    let portions = portions(&blocks);
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut cache, mut pairs) = (Cache::new(records, scheme), Vec::new());
        while let Some((rule, portion)) = portions.get(next.fetch_add(1, Ordering::Relaxed)) {
            for block in portion {
                blocks.pairs(records, *rule, *block, |one, other, met| {
                    if !met {
                        let pair = judge.pair(one, other, &mut cache);
                        if pair.probability >= least {
                            pairs.push(pair);
                        }
                    }
                });
            }
        }
        pairs
    };
    let mut pairs: Vec<Pair> = side_by_side(threads, work).into_iter().flatten().collect();
    pairs.sort_unstable_by(likelier);
    Found { model, pairs, skipped: blocks.skipped }
}

/// Judges pairs by a model that was estimated before.
pub fn judge(
    records: &Records,
    scheme: &Scheme,
    model: &Model,
    pairs: impl IntoIterator<Item = (u32, u32)>,
) -> Vec<(Pair, Vec<Evidence>)> {
    let judge = Judge::new(records, scheme, model, Shares::OfModel);
    let mut cache = Cache::new(records, scheme);
    let judged = pairs.into_iter().map(|(one, other)| (judge.pair(one, other, &mut cache), judge.evidence(one, other)));
    let mut judged: Vec<(Pair, Vec<Evidence>)> = judged.collect();
    judged.sort_unstable_by(|one, other| likelier(&one.0, &other.0));
    judged
}

fn likelier(one: &Pair, other: &Pair) -> std::cmp::Ordering {
    let by = other.probability.total_cmp(&one.probability).then(other.weight.total_cmp(&one.weight));
    by.then((one.one, one.other).cmp(&(other.one, other.other)))
}

/// The same work on some threads; what each made of it.
pub(crate) fn side_by_side<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(&work)).collect();
        let mut all = vec![work()];
        all.extend(others.into_iter().filter_map(|other| other.join().ok()));
        all
    })
}

/// A rule and some of its blocks.
type Portion = (usize, Vec<(usize, usize)>);

/// Blocks in portions of about equally many pairs.
fn portions(blocks: &Blocks) -> Vec<Portion> {
    const PAIRS: usize = 50_000;
    let mut portions = Vec::new();
    for rule in 0..blocks.rules() {
        let (mut portion, mut pairs) = (Vec::new(), 0);
        for (from, to) in blocks.of_rule(rule) {
            portion.push((from, to));
            pairs += (to - from) * (to - from - 1) / 2;
            if pairs >= PAIRS {
                portions.push((rule, std::mem::take(&mut portion)));
                pairs = 0;
            }
        }
        portions.push((rule, portion));
    }
    portions
}

/// The levels of a pair, one for each field.
pub(crate) type Pattern = [Level; 16];

/// Levels of pairs of values that were compared before: people are called by few names, so the same two meet often. Fields
/// whose values are nearly all different have none.
pub(crate) struct Cache(Vec<Vec<(u64, Level)>>);

const REMEMBERED: usize = 1 << 14;

impl Cache {
    pub fn new(records: &Records, scheme: &Scheme) -> Self {
        let repeats = |field: usize| records.column(field).distinct() * 4 < records.column(field).present();
        let places = |field| if repeats(field) { vec![(0, Level::Absent); REMEMBERED] } else { Vec::new() };
        Self((0..scheme.fields.len()).map(places).collect())
    }
}

pub(crate) fn pattern(records: &Records, scheme: &Scheme, one: u32, other: u32, cache: &mut Cache) -> Pattern {
    let mut levels = [Level::Absent; 16];
    for (at, Field { kind, .. }) in scheme.fields.iter().enumerate() {
        let column = records.column(at);
        let (mine, theirs) = (column.ids[one as usize], column.ids[other as usize]);
        if mine == 0 || theirs == 0 {
            continue;
        }
        if mine == theirs {
            levels[at] = Level::Same;
            continue;
        }
        let key = (u64::from(mine.min(theirs)) << 32) | u64::from(mine.max(theirs));
        let place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize;
        if let Some((known, level)) = cache.0[at].get(place)
            && *known == key
        {
            levels[at] = *level;
            continue;
        }
        let sound = column.sound(mine);
        let sounds_same = sound != 0 && sound == column.sound(theirs);
        levels[at] = compare(*kind, column.value(mine), column.value(theirs), sounds_same);
        if let Some(remembered) = cache.0[at].get_mut(place) {
            *remembered = (key, levels[at]);
        }
    }
    for (at, field) in scheme.fields.iter().enumerate() {
        if let Some(names) = field.made_of
            && levels[at] == Level::Near
            && names.iter().any(|name| !matches!(levels[*name], Level::Same | Level::Absent))
        {
            levels[at] = Level::Absent;
        }
        let Some(turned) = field.mistaken_for else { continue };
        let far = |level| matches!(level, Level::Similar | Level::Different);
        if far(levels[at]) && far(levels[turned]) && crosswise(records, one, other, at, turned) {
            levels[at] = Level::Swapped;
            levels[turned] = Level::Absent;
        }
    }
    levels
}

/// Whether each of two fields of one record is near the other field of the other.
fn crosswise(records: &Records, one: u32, other: u32, field: usize, turned: usize) -> bool {
    let (mine, theirs) = (records.value(one, field), records.value(other, turned));
    mine.as_bytes().first() == theirs.as_bytes().first()
        && near(mine, theirs)
        && near(records.value(one, turned), records.value(other, field))
}

/// Where it is known from how many records share a value.
enum Shares {
    OfRecords,
    OfModel,
}

/// Weighs the levels of pairs.
struct Judge<'a> {
    records: &'a Records,
    scheme: &'a Scheme,
    model: &'a Model,
    weights: Vec<[f64; Level::COUNT]>,
    /// By field and distinct value: what agreement on it says beyond agreement as such; empty where that does not count.
    rarities: Vec<Vec<f32>>,
}

impl<'a> Judge<'a> {
    fn new(records: &'a Records, scheme: &'a Scheme, model: &'a Model, shares: Shares) -> Self {
        let weights =
            (0..scheme.fields.len()).map(|field| Level::ALL.map(|level| model.weight(field, level))).collect();
        let rarity = |(at, field): (usize, &Field)| {
            if !field.by_rarity {
                return Vec::new();
            }
            let column = records.column(at);
            let present = column.present() as f64;
            let share = |id: u32| match shares {
                // Among the others: a pair shares its value by itself.
                Shares::OfRecords => f64::from(column.counts[id as usize].max(2) - 1) / present,
                Shares::OfModel => model.frequency(at, column.value(id)),
            };
            (0..column.counts.len() as u32)
                .map(|id| if id == 0 { 0.0 } else { model.rarity(at, share(id)) as f32 })
                .collect()
        };
        let rarities = scheme.fields.iter().enumerate().map(rarity).collect();
        Self { records, scheme, model, weights, rarities }
    }

    fn pair(&self, one: u32, other: u32, cache: &mut Cache) -> Pair {
        let levels = pattern(self.records, self.scheme, one, other, cache);
        let (mut shared, mut personal) = (0.0, 0.0);
        for (at, field) in self.scheme.fields.iter().enumerate() {
            let weight = self.weight(one, at, levels[at]);
            if field.shared {
                shared += weight;
            } else {
                personal += weight;
            }
        }
        let probability = self.model.probability(shared, personal);
        Pair { one, other, weight: shared + personal, probability }
    }

    fn weight(&self, record: u32, field: usize, level: Level) -> f64 {
        let weight = self.weights[field][level as usize];
        match self.rarities[field].get(self.records.column(field).ids[record as usize] as usize) {
            Some(rarity) if level == Level::Same => weight + f64::from(*rarity),
            _ => weight,
        }
    }

    fn evidence(&self, one: u32, other: u32) -> Vec<Evidence> {
        let levels =
            pattern(self.records, self.scheme, one, other, &mut Cache(vec![Vec::new(); self.scheme.fields.len()]));
        let of =
            |field: usize| Evidence { field, level: levels[field], weight: self.weight(one, field, levels[field]) };
        (0..self.scheme.fields.len()).map(of).collect()
    }
}
