//! Days of the organisation's zone as half-open periods of instants, and birthdays.

use jiff::{ToSpan, civil::Date};
use kernel::{Timestamp, Zone};

/// `[from, to)`; an end that is missing is open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Period {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Period {
    /// The last `days` days: today and the `days - 1` days before it.
    pub fn last(days: i64, now: Timestamp, zone: &Zone) -> Self {
        Self { from: Some(zone.days_before(now, days - 1)), to: Some(zone.days_before(now, -1)) }
    }

    /// What both periods have in common.
    pub fn and(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { from, to }
    }
}

/// `days` days after a day; before it when negative.
pub fn plus(day: Date, days: i64) -> Date {
    let clamped = days.clamp(-3_000_000, 3_000_000);
    day.checked_add(clamped.days()).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

/// The last birth date of somebody who is `age` years old on `today`. Who was born on 29 February becomes a year older on
/// 1 March (BGB §§ 187, 188).
pub fn born_by(today: Date, age: i64) -> Date {
    today.checked_sub(age.clamp(0, 9_000).years()).unwrap_or(Date::MIN)
}

/// How old somebody is on `today`; negative before the birth.
pub fn age(born: Date, today: Date) -> i64 {
    let years = i64::from(today.year()) - i64::from(born.year());
    if born > born_by(today, years) { years - 1 } else { years }
}

/// Days from one day to a later one.
pub fn between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The month-days (`MM-DD`) that have their anniversary on one of the `days` days beginning with `today`: closed ranges,
/// which go over the end of the year in two parts. 29 February is kept on 1 March in other years.
pub fn anniversaries(today: Date, days: i64) -> Vec<(String, String)> {
    let text = |day: Date| format!("{:02}-{:02}", day.month(), day.day());
    if days >= 366 {
        return vec![("01-01".to_owned(), "12-31".to_owned())];
    }
    let last = plus(today, days - 1);
    let mut ranges = if today.year() == last.year() {
        vec![(text(today), text(last))]
    } else {
        vec![(text(today), "12-31".to_owned()), ("01-01".to_owned(), text(last))]
    };
    if today.month() == 3 && today.day() == 1 && !today.in_leap_year() {
        ranges.push(("02-29".to_owned(), "02-29".to_owned()));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn celebrate(today: Date, days: i64, born: &str) -> bool {
        anniversaries(today, days).iter().any(|(a, b)| (a.as_str()..=b.as_str()).contains(&born))
    }

    #[test]
    fn birthdays_over_the_end_of_the_year() {
        let today = date(2026, 12, 30);
        assert!(celebrate(today, 3, "12-30") && celebrate(today, 3, "12-31") && celebrate(today, 3, "01-01"));
        assert!(!celebrate(today, 3, "01-02") && !celebrate(today, 3, "12-29"));
    }

    #[test]
    fn a_leap_days_birthday_is_kept_on_the_first_of_march() {
        assert!(!celebrate(date(2026, 2, 28), 1, "02-29"));
        assert!(celebrate(date(2026, 3, 1), 1, "02-29"));
        assert!(celebrate(date(2028, 2, 29), 1, "02-29"));
        assert!(!celebrate(date(2028, 3, 1), 1, "02-29"));
        assert!(celebrate(date(2026, 2, 20), 20, "02-29"));
        assert_eq!(born_by(date(2026, 2, 28), 18), date(2008, 2, 28));
        assert_eq!(born_by(date(2026, 3, 1), 18), date(2008, 3, 1));
        let leap = date(2008, 2, 29);
        assert_eq!((age(leap, date(2026, 2, 28)), age(leap, date(2026, 3, 1))), (17, 18));
        assert_eq!((age(leap, date(2028, 2, 28)), age(leap, date(2028, 2, 29))), (19, 20));
        assert_eq!(between(leap, date(2009, 3, 1)), 366);
    }

    #[test]
    fn the_last_days_begin_and_end_at_midnight_of_the_zone() {
        let zone = Zone::berlin();
        let noon = zone.instant(date(2026, 3, 30).at(12, 0, 0, 0));
        let period = Period::last(2, noon, &zone);
        assert_eq!(period.from.map(Timestamp::rfc3339).as_deref(), Some("2026-03-28T23:00:00Z"));
        assert_eq!(period.to.map(Timestamp::rfc3339).as_deref(), Some("2026-03-30T22:00:00Z"));
    }
}
