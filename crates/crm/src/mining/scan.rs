//! A change in what one person does: a scan over the last days, in both directions.
//!
//! Windows of the last 1 to 28 days are compared with the twelve weeks before all windows. Given how much happened in
//! both together, the count of the window is binomial, whatever the person's own rate is (J. Przyborowski, H. Wilenski,
//! Biometrika 31, 1940), so that nothing has to be estimated but the season of the week, which comes from everybody. The
//! window is chosen by the likelihood ratio of the prospective scan statistic (M. Kulldorff, Journal of the Royal
//! Statistical Society A 164, 2001). Its p-value is the least of the exact ones, ten windows in two directions, times
//! twenty (G. Boole's inequality): too large rather than too small, and computed without simulation. People act in bursts;
//! counts are therefore divided by the dispersion that was seen in quiet times (J. Rao, A. Scott, Biometrics 48, 1992).

use super::tails::{at_least, at_most};
use crate::interactions::coded;

/// Days before all windows.
pub const BASE: usize = 84;
/// Longest window, in days.
pub const LONGEST: usize = 28;
/// Lengths of the windows, in days: each about four tenths longer than the one before, so that every change is met well by one
/// of them and few questions are asked.
const LENGTHS: [usize; 10] = [1, 2, 3, 4, 5, 7, 10, 14, 20, LONGEST];
/// Days a scan looks at.
pub const DAYS: usize = BASE + LONGEST;
/// With fewer events in all days no change could ever be significant among many people; they are not tested. Independent of
/// the p-value, as it has to be (R. Bourgon, R. Gentleman, W. Huber, PNAS 107, 2010).
pub const FEWEST: u32 = 8;

coded! {
    /// Which way something changed.
    Direction, "alert-direction" {
        Rise = "rise",
        Fall = "fall",
    }
}

/// The most telling window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub direction: Direction,
    /// The last so many days.
    pub days: usize,
    pub expected: f64,
    pub observed: f64,
    pub p: f64,
}

/// Weights of the days of the week with mean 1; the first one is that of the first day of the counts. Each day has a little
/// of the mean, so that a day on which nothing ever happens does not forbid it.
pub fn season<'a>(people: impl Iterator<Item = &'a [u16]>) -> [f64; 7] {
    let mut sums = [0.0; 7];
    for counts in people {
        for (day, count) in counts.iter().enumerate().take(BASE) {
            sums[day % 7] += f64::from(*count);
        }
    }
    let all: f64 = sums.iter().sum();
    sums.map(|sum| (sum * 7.0 + 7.0) / (all + 7.0))
}

/// Variance over mean in quiet times, at least 1: Pearson's statistic over its degrees of freedom. Answers it for one person;
/// the mean over people is what everybody has at least.
pub fn dispersion(counts: &[u16], season: &[f64; 7]) -> f64 {
    let base: f64 = counts.iter().take(BASE).map(|n| f64::from(*n)).sum();
    let weight: f64 = (0..BASE).map(|day| season[day % 7]).sum();
    if base <= 0.0 {
        return 1.0;
    }
    let expected = |day: usize| base * season[day % 7] / weight;
    let square = |(day, n): (usize, &u16)| (f64::from(*n) - expected(day)).powi(2) / expected(day);
    let pearson: f64 = counts.iter().enumerate().take(BASE).map(square).sum();
    (pearson / (BASE as f64 - 1.0)).max(1.0)
}

/// Scans the last [`DAYS`] days, oldest first. Nothing where too little happened to say anything.
pub fn scan(counts: &[u16], season: &[f64; 7], dispersion: f64) -> Option<Change> {
    let all: u32 = counts.iter().map(|n| u32::from(*n)).sum();
    if counts.len() != DAYS || all < FEWEST {
        return None;
    }
    let base: f64 = counts[..BASE].iter().map(|n| f64::from(*n)).sum();
    let base_weight: f64 = (0..BASE).map(|day| season[day % 7]).sum();
    let (mut observed, mut weight) = (0.0, 0.0);
    let mut best: Option<(f64, Change)> = None;
    let mut least: f64 = 1.0;
    for days in 1..=LONGEST {
        let day = DAYS - days;
        observed += f64::from(counts[day]);
        weight += season[day % 7];
        if !LENGTHS.contains(&days) {
            continue;
        }
        let chance = weight / (weight + base_weight);
        let (k, n) = (observed / dispersion, (observed + base) / dispersion);
        let expected = base * weight / base_weight;
        let direction = if observed > expected { Direction::Rise } else { Direction::Fall };
        let p = match direction {
            Direction::Rise => at_least(k, n, chance),
            Direction::Fall => at_most(k, n, chance),
        };
        least = least.min(p);
        let ratio = likelihood_ratio(k, n, chance);
        if best.is_none_or(|(found, _)| ratio > found) {
            best = Some((ratio, Change { direction, days, expected, observed, p }));
        }
    }
    let (_, change) = best?;
    Some(Change { p: (least * 2.0 * LENGTHS.len() as f64).min(1.0), ..change })
}

/// Logarithm of how much better the window's own rate explains what happened than the common one.
fn likelihood_ratio(k: f64, n: f64, chance: f64) -> f64 {
    let part = |seen: f64, expected: f64| if seen > 0.0 { seen * (seen / expected).ln() } else { 0.0 };
    part(k, n * chance) + part(n - k, n * (1.0 - chance))
}
