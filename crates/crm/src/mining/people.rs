//! What people did day by day, and whose behaviour changed.

use super::{
    Change, Subject, Suspicion, Window, acts,
    scan::{self, DAYS, FEWEST},
};
use jiff::civil::Date;
use kernel::{ContactId, Fault, Zone};
use std::collections::BTreeMap;
use store::{FromQueryResult, Rows, values};

/// People asked for in one go, by their ids.
const PAGE: i64 = 100_000;
/// A change less sure than this is not looked at further, only counted.
const SURE: f64 = 0.05;

#[derive(FromQueryResult)]
struct Row {
    contact_id: i64,
    day: i64,
    n: i64,
}

/// Whose behaviour changed up to a day, and how many people were looked at. One statement for each hundred thousand ids,
/// served by `interaction_kind_at` alone.
pub async fn changed(rows: &Rows, last: Date, zone: &Zone) -> Result<(Vec<Suspicion>, usize), Fault> {
    let window = Window::until(last, DAYS, zone);
    let day = window.index_sql("occurred_at");
    let sql = format!(
        "SELECT contact_id, {day} AS day, COUNT(*) AS n FROM interaction WHERE kind IN ({}) \
         AND occurred_at >= $1 AND occurred_at < $2 AND verdict = 'human' AND contact_id > $3 AND contact_id <= $4 \
         GROUP BY contact_id, {day}",
        acts()
    );
    let highest = crate::customers::highest_id(rows).await?;
    let mut people: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
    let mut after = 0;
    while after < highest {
        let values = values![window.from.0, window.to.0, after, after + PAGE];
        let mut page: BTreeMap<i64, Vec<u16>> = BTreeMap::new();
        for row in rows.all::<Row>(&sql, values).await? {
            let counts = page.entry(row.contact_id).or_insert_with(|| vec![0; DAYS]);
            if let Some(count) = usize::try_from(row.day).ok().and_then(|day| counts.get_mut(day)) {
                *count = u16::try_from(row.n).unwrap_or(u16::MAX);
            }
        }
        page.retain(|_, counts| counts.iter().map(|n| u32::from(*n)).sum::<u32>() >= FEWEST);
        people.append(&mut page);
        after += PAGE;
    }
    let tests = people.len();
    Ok((suspicions(&people, last), tests))
}

fn suspicions(people: &BTreeMap<i64, Vec<u16>>, last: Date) -> Vec<Suspicion> {
    let found = changes(people.values().map(Vec::as_slice));
    let suspicion = |(id, change): (&i64, Option<Change>)| {
        let change = change.filter(|change| change.p <= SURE)?;
        Some(Suspicion { subject: Subject::Contact, key: id.to_string(), change, last })
    };
    people.keys().zip(found).filter_map(suspicion).collect()
}

/// The change of each person, in their order: the week's season and the least dispersion come from all of them.
pub fn changes<'a>(people: impl Iterator<Item = &'a [u16]> + Clone) -> Vec<Option<Change>> {
    let season = scan::season(people.clone());
    let spread: Vec<f64> = people.clone().map(|counts| scan::dispersion(counts, &season)).collect();
    let common = if spread.is_empty() { 1.0 } else { spread.iter().sum::<f64>() / spread.len() as f64 };
    people.zip(spread).map(|(counts, own)| scan::scan(counts, &season, own.max(common))).collect()
}

/// One person's days of a window; served by `interaction_contact_at`.
pub async fn days_of(rows: &Rows, contact: ContactId, window: &Window) -> Result<Vec<f64>, Fault> {
    let day = window.index_sql("occurred_at");
    let sql = format!(
        "SELECT contact_id, {day} AS day, COUNT(*) AS n FROM interaction WHERE contact_id = $1 AND occurred_at >= $2 \
         AND occurred_at < $3 AND kind IN ({}) AND verdict = 'human' GROUP BY contact_id, {day}",
        acts()
    );
    let mut counts = vec![0.0; window.days];
    for row in rows.all::<Row>(&sql, values![contact.0, window.from.0, window.to.0]).await? {
        if let Some(count) = usize::try_from(row.day).ok().and_then(|day| counts.get_mut(day)) {
            *count = row.n as f64;
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mining::{Direction, discovery::q_values, scan::LONGEST};
    use rand::Rng;

    /// What somebody does in a day: nothing at all with a chance, else a Poisson count (D. Knuth's product of chances).
    fn day(rng: &mut impl Rng, rate: f64, idle: f64) -> u16 {
        if rng.random_bool(idle) {
            return 0;
        }
        let (mut n, mut product, end) = (0, rng.random::<f64>(), (-rate).exp());
        while product > end {
            n += 1;
            product *= rng.random::<f64>();
        }
        n
    }

    const WEEK: [f64; 7] = [1.2, 1.1, 1.0, 1.0, 1.1, 0.9, 0.7];

    /// Ten thousand quiet people; some are idle on most days, the rates are skewed like reality.
    fn quiet(rng: &mut impl Rng) -> Vec<Vec<u16>> {
        let person = |_| {
            let rate = 0.05 - rng.random_range(1e-9_f64..1.0).ln() * 0.6;
            let idle = rng.random_range(0.0..0.6);
            (0..DAYS).map(|d| day(rng, rate * WEEK[d % 7], idle)).collect()
        };
        (0..10_000).map(person).collect()
    }

    /// Those who are reported, by their place.
    fn reported(people: &[Vec<u16>]) -> Vec<(usize, Change)> {
        let found = changes(people.iter().map(Vec::as_slice));
        let tested: Vec<(usize, Change)> = found.into_iter().enumerate().filter_map(|(i, c)| Some((i, c?))).collect();
        let p: Vec<f64> = tested.iter().map(|(_, change)| change.p).collect();
        let q = q_values(&p, p.len());
        tested.into_iter().zip(q).filter(|(_, q)| *q <= super::super::alert::FALSE).map(|(found, _)| found).collect()
    }

    #[test]
    fn ten_thousand_quiet_people_give_no_flood() {
        let mut rng = kernel::chance::seeded(7);
        let nights: usize = (0..3).map(|_| reported(&quiet(&mut rng)).len()).sum();
        assert!(nights <= 3, "{nights} false reports in three nights");
    }

    #[test]
    fn a_sudden_rise_and_a_sudden_silence_are_found() {
        let mut rng = kernel::chance::seeded(11);
        let mut people = quiet(&mut rng);
        for (place, counts) in people.iter_mut().enumerate().take(200) {
            let rate = rng.random_range(1.0..2.0);
            let idle = rng.random_range(0.0..0.2);
            for (d, count) in counts.iter_mut().enumerate() {
                let factor = match place {
                    0..100 if d >= DAYS - 10 => 4.0,
                    100.. if d >= DAYS - LONGEST => 0.0,
                    _ => 1.0,
                };
                *count = day(&mut rng, rate * WEEK[d % 7] * factor, idle);
            }
        }
        let found = reported(&people);
        let of = |from: usize, to: usize, direction| {
            found.iter().filter(|(place, c)| (from..to).contains(place) && c.direction == direction).count()
        };
        let (rises, falls) = (of(0, 100, Direction::Rise), of(100, 200, Direction::Fall));
        assert!(rises >= 90, "{rises} of 100 rises");
        assert!(falls >= 90, "{falls} of 100 silences");
        let wrong = found.len() - rises - falls;
        assert!(wrong * 20 <= found.len() * 2, "{wrong} of {} reports are wrong", found.len());
    }

    #[test]
    fn somebody_of_whom_little_is_known_is_not_judged() {
        let mut counts = vec![0_u16; DAYS];
        counts[DAYS - 1] = 7;
        assert_eq!(changes([counts.as_slice()].into_iter()), [None]);
    }
}
