//! What the levels of each field say for and against two records being one person.
//!
//! Three kinds of pairs are told apart, as W. E. Winkler proposes in "Improved Decision Rules in the Fellegi-Sunter Model of
//! Record Linkage" (1993): one person, two people of one household, and strangers. A household agrees on name, address and
//! telephone like one person does, and on birthday and first name like strangers do; with two kinds alone married couples
//! would be duplicates.

use crate::{Field, Level, Scheme};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Probabilities of levels: how often a field reaches one, given that both values are known.
pub type Levels = [f64; Level::COUNT];

/// Estimated weights. Can be kept and used for records that come later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// By field: among pairs that are one person.
    pub matched: Vec<Levels>,
    /// By field: among pairs that are not.
    pub unmatched: Vec<Levels>,
    /// Share of one person's pairs among all pairs.
    pub share: f64,
    /// Share of one household's pairs among all pairs.
    pub households: f64,
    /// By field: how large a part of the records has a value; only of frequent values.
    pub frequencies: Vec<HashMap<String, f64>>,
    /// By field: the same of a value that is not among them.
    pub rare: Vec<f64>,
}

/// What one field says about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Number of the field in its scheme.
    pub field: usize,
    pub level: Level,
    /// Base-2 logarithm of how much likelier the level is for one person than for two; rare values weigh more.
    pub weight: f64,
}

impl Model {
    /// Base-2 logarithm of the likelihood ratio of a level.
    pub fn weight(&self, field: usize, level: Level) -> f64 {
        if level == Level::Absent {
            return 0.0;
        }
        (self.matched[field][level as usize] / self.unmatched[field][level as usize]).log2()
    }

    /// How much more agreement on a value with this share of the records says than agreement as such.
    pub(crate) fn rarity(&self, field: usize, share: f64) -> f64 {
        (self.unmatched[field][Level::Same as usize] / share.max(1e-9)).log2()
    }

    /// The share of the records a value has, as far as the model remembers.
    pub(crate) fn frequency(&self, field: usize, value: &str) -> f64 {
        self.frequencies[field].get(value).copied().unwrap_or(self.rare[field])
    }

    /// Probability that a pair is one person, from the sum of its weights in fields a household shares and in the others.
    pub fn probability(&self, shared: f64, personal: f64) -> f64 {
        let one = self.share * (shared + personal).exp2();
        let household = self.households * shared.exp2();
        let strangers = (1.0 - self.share - self.households).max(0.0);
        if one.is_infinite() { personal_only(self, personal) } else { one / (one + household + strangers) }
    }

    /// What is known before anything was seen.
    pub fn usual(scheme: &Scheme, records: usize) -> Self {
        let fields = &scheme.fields;
        Self {
            matched: fields.iter().map(usually_matched).collect(),
            unmatched: fields.iter().map(usually_unmatched).collect(),
            // One record in twenty has a second one.
            share: 0.1 / (records as f64).max(20.0),
            households: 0.2 / (records as f64).max(20.0),
            frequencies: vec![HashMap::new(); fields.len()],
            rare: fields.iter().map(|field| usually_unmatched(field)[0]).collect(),
        }
    }
}

/// The limit of the probability where agreement is overwhelming: only the household is left to compare with.
fn personal_only(model: &Model, personal: f64) -> f64 {
    let one = model.share * personal.min(900.0).exp2();
    one / (one + model.households)
}

/// What a level is to a field usually; estimation begins here and leans on it where records are few.
pub(crate) fn usually_matched(field: &Field) -> Levels {
    use crate::Kind::*;
    // Same, swapped, sounds, near, part, similar, different.
    let levels = match field.kind {
        GivenName => [0.82, 0.01, 0.04, 0.04, 0.05, 0.02, 0.02],
        FamilyName => [0.86, 0.00, 0.04, 0.04, 0.02, 0.02, 0.02],
        Date => [0.88, 0.02, 0.00, 0.06, 0.01, 0.01, 0.02],
        Email => [0.70, 0.00, 0.00, 0.06, 0.06, 0.00, 0.18],
        Phone => [0.70, 0.00, 0.00, 0.06, 0.04, 0.00, 0.20],
        PostalCode => [0.82, 0.00, 0.00, 0.06, 0.05, 0.01, 0.06],
        Street => [0.72, 0.00, 0.00, 0.08, 0.06, 0.04, 0.10],
        City => [0.82, 0.00, 0.03, 0.04, 0.03, 0.02, 0.06],
        Text => [0.80, 0.02, 0.00, 0.08, 0.02, 0.03, 0.05],
        Code => [0.88, 0.00, 0.00, 0.06, 0.00, 0.00, 0.06],
    };
    whole(levels)
}

pub(crate) fn usually_unmatched(field: &Field) -> Levels {
    use crate::Kind::*;
    let levels = match field.kind {
        GivenName => [0.008, 0.0001, 0.003, 0.002, 0.002, 0.03, 0.95],
        FamilyName => [0.003, 0.0, 0.003, 0.002, 0.0005, 0.03, 0.96],
        Date => [0.00005, 0.00005, 0.0, 0.0006, 0.005, 0.003, 0.99],
        Email => [0.000001, 0.0, 0.0, 0.00001, 0.0003, 0.0, 0.9997],
        Phone => [0.000005, 0.0, 0.0, 0.00002, 0.00001, 0.0, 0.9999],
        PostalCode => [0.0003, 0.0, 0.0, 0.002, 0.02, 0.01, 0.97],
        Street => [0.00002, 0.0, 0.0, 0.00005, 0.005, 0.002, 0.99],
        City => [0.01, 0.0, 0.002, 0.002, 0.004, 0.03, 0.95],
        Text => [0.01, 0.0001, 0.0, 0.01, 0.01, 0.05, 0.92],
        Code => [0.1, 0.0, 0.0, 0.05, 0.0, 0.0, 0.85],
    };
    whole(levels)
}

/// No level is impossible, all together are one; the absent one says nothing.
fn whole(levels: [f64; Level::COUNT - 1]) -> Levels {
    let mut all = [0.0; Level::COUNT];
    all[..levels.len()].copy_from_slice(&levels);
    settle(&mut all, 1e-7);
    all
}

/// Makes probabilities out of weights, none below `least`.
pub(crate) fn settle(levels: &mut Levels, least: f64) {
    let known = &mut levels[..Level::COUNT - 1];
    let sum: f64 = known.iter().sum();
    known.iter_mut().for_each(|p| *p = (*p / sum.max(f64::MIN_POSITIVE)).max(least));
    let sum: f64 = known.iter().sum();
    known.iter_mut().for_each(|p| *p /= sum);
    levels[Level::Absent as usize] = 1.0;
}
