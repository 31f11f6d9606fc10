//! A change in a series of days: robust residuals by the day of the week.
//!
//! Counts are made even by Anscombe's root (F. Anscombe, Biometrika 35, 1948), each day is compared with the median of the
//! same weekday in the twelve weeks before, and the distance is measured in median absolute deviations (F. Hampel, Journal
//! of the American Statistical Association 69, 1974), so that one odd week neither hides nor makes an alarm. The tails are
//! Student's: few weeks have heavy tails.

use super::{Change, Direction, tails::student};

/// Days a series needs: twelve weeks, and one that is judged.
pub const DAYS: usize = 91;
const WEEK: usize = 7;
/// Median absolute deviation of a normal variable with deviation 1, inverted.
const MAD: f64 = 1.4826;

/// Judges the last day and the last week of a series of counts, oldest first; nothing where it is too short or empty.
pub fn unusual(counts: &[f64]) -> Option<Change> {
    let counts = counts.get(counts.len().checked_sub(DAYS)?..)?;
    if counts.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let even: Vec<f64> = counts.iter().map(|n| root(*n)).collect();
    let past = DAYS - WEEK;
    let middles: Vec<f64> =
        (0..WEEK).map(|day| median((0..past / WEEK).map(|week| even[week * WEEK + day]).collect())).collect();
    let scale = deviation((0..past).map(|day| even[day] - middles[day % WEEK]).collect());
    let last = DAYS - 1;
    let of_day = judged(even[last], middles[last % WEEK], scale, past / WEEK, 20.0);

    let sums: Vec<f64> = counts.chunks(WEEK).map(|week| week.iter().sum()).collect();
    let weeks: Vec<f64> = sums.iter().map(|sum| root(*sum)).collect();
    let (this, before) = weeks.split_last()?;
    let middle = median(before.to_vec());
    let scale = deviation(before.iter().map(|week| week - middle).collect());
    let of_week = judged(*this, middle, scale, before.len(), 8.0);

    let (days, middle, observed, p) = if of_day <= of_week {
        (1, middles[last % WEEK], counts[last], of_day)
    } else {
        (WEEK, middle, *sums.last()?, of_week)
    };
    let expected = back(middle);
    let direction = if observed >= expected { Direction::Rise } else { Direction::Fall };
    Some(Change { direction, days, expected, observed, p: (2.0 * p).min(1.0) })
}

/// Judges a value beside others of its kind, such as a campaign's open rate beside those of earlier campaigns.
pub fn outlier(others: &[f64], value: f64) -> Option<Change> {
    const FEWEST: usize = 6;
    if others.len() < FEWEST {
        return None;
    }
    // Shares are made even by the arc sine of their root.
    let even = |share: f64| share.clamp(0.0, 1.0).sqrt().asin();
    let all: Vec<f64> = others.iter().map(|share| even(*share)).collect();
    let middle = median(all.clone());
    let spread = MAD * median(all.iter().map(|v| (v - middle).abs()).collect());
    // Rates of campaigns are never alike to less than a point.
    let scale = spread.max(0.01);
    let p = judged(even(value), middle, scale, others.len(), others.len() as f64 - 1.0);
    let expected = middle.sin().powi(2);
    let direction = if value >= expected { Direction::Rise } else { Direction::Fall };
    Some(Change { direction, days: 1, expected, observed: value, p })
}

/// What is usual on each day of a series, and the ends of the band in which 95 of 100 days lie.
pub fn band(counts: &[f64]) -> Vec<[f64; 3]> {
    let even: Vec<f64> = counts.iter().map(|n| root(*n)).collect();
    let days = even.len();
    let of_weekday = |day: usize| median((0..days).filter(|d| d % WEEK == day % WEEK).map(|d| even[d]).collect());
    let middles: Vec<f64> = (0..WEEK.min(days)).map(of_weekday).collect();
    let scale = deviation((0..days).map(|day| even[day] - middles[day % WEEK]).collect());
    let ends = |day: usize| {
        let middle = middles[day % WEEK];
        [back(middle - 2.0 * scale), back(middle), back(middle + 2.0 * scale)]
    };
    (0..days).map(ends).collect()
}

fn judged(value: f64, middle: f64, scale: f64, n: usize, freedom: f64) -> f64 {
    // The median itself is uncertain by √(π / 2n).
    let unsure = (1.0 + std::f64::consts::FRAC_PI_2 / n as f64).sqrt();
    student((value - middle) / (scale * unsure), freedom)
}

fn root(n: f64) -> f64 {
    2.0 * (n.max(0.0) + 0.375).sqrt()
}

fn back(even: f64) -> f64 {
    (even.max(0.0).powi(2) / 4.0 - 0.375).max(0.0)
}

/// Never less than the deviation a Poisson count has behind the root.
fn deviation(residuals: Vec<f64>) -> f64 {
    (MAD * median(residuals.into_iter().map(f64::abs).collect())).max(1.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match (values.len(), values.len() / 2) {
        (0, _) => 0.0,
        (n, half) if n % 2 == 1 => values[half],
        (_, half) => (values[half - 1] + values[half]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weekdays around 100, weekends around 40, with a wobble.
    fn calm() -> Vec<f64> {
        let wobble = |day: usize| ((day * 37 + day * day * 11) % 19) as f64 - 9.0;
        (0..DAYS).map(|day| if day % 7 < 5 { 100.0 + wobble(day) } else { 40.0 + wobble(day) / 2.0 }).collect()
    }

    #[test]
    fn a_quiet_weekend_is_no_alarm_and_a_quiet_tuesday_is() {
        let quiet = calm();
        assert!(unusual(&quiet).unwrap().p > 0.01, "{:?}", unusual(&quiet));
        let mut fallen = calm();
        fallen[DAYS - 1] = 160.0;
        let change = unusual(&fallen).unwrap();
        // The last day is a weekend day: what would be usual on a Tuesday is not on a Sunday.
        assert_eq!((change.direction, change.days), (Direction::Rise, 1));
        assert!(change.p < 1e-4 && (change.expected - 40.0).abs() < 6.0, "{change:?}");
    }

    #[test]
    fn one_odd_week_long_ago_neither_hides_nor_makes_an_alarm() {
        let mut odd = calm();
        for day in &mut odd[14..21] {
            *day *= 6.0;
        }
        assert!(unusual(&odd).unwrap().p > 0.01);
        for day in &mut odd[DAYS - 7..] {
            *day *= 0.4;
        }
        let change = unusual(&odd).unwrap();
        assert_eq!(change.direction, Direction::Fall);
        assert!(change.p < 1e-3, "{change:?}");
    }

    #[test]
    fn nothing_is_said_about_too_little() {
        assert_eq!(unusual(&[1.0; 20]), None);
        assert_eq!(unusual(&[0.0; DAYS]), None);
        assert_eq!(outlier(&[0.4; 3], 0.1), None);
        let change = outlier(&[0.41, 0.39, 0.44, 0.40, 0.42, 0.38, 0.43], 0.12).unwrap();
        assert!(change.direction == Direction::Fall && change.p < 1e-3, "{change:?}");
        assert!(outlier(&[0.41, 0.39, 0.44, 0.40, 0.42, 0.38, 0.43], 0.45).unwrap().p > 0.01);
    }

    #[test]
    fn most_days_lie_in_the_band() {
        let calm = calm();
        let inside = band(&calm).iter().zip(&calm).filter(|([low, _, high], n)| low <= *n && *n <= high).count();
        assert!(inside * 100 >= DAYS * 90, "{inside} of {DAYS}");
    }
}
