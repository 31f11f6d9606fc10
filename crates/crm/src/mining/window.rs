//! A run of whole days of the organisation's zone, and how a statement counts by day in it.

use jiff::{ToSpan, civil::Date};
use kernel::{Timestamp, Zone, time::DAY};

/// So many days from the first one on.
#[derive(Clone, Debug)]
pub struct Window {
    pub first: Date,
    pub days: usize,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Where each day begins, and the end of the last one.
    starts: Vec<i64>,
}

impl Window {
    /// The `days` days up to and with `last`.
    pub fn until(last: Date, days: usize, zone: &Zone) -> Self {
        let back = i64::try_from(days).unwrap_or(i64::MAX).saturating_sub(1);
        let first = last.checked_sub(back.days()).unwrap_or(last);
        let after = last.checked_add(1.day()).unwrap_or(last);
        let starts: Vec<i64> =
            first.series(1.day()).take_while(|day| *day <= after).map(|day| zone.start_of(day).0).collect();
        let (from, to) = (starts[0], starts[starts.len() - 1]);
        Self { first, days, from: Timestamp(from), to: Timestamp(to), starts }
    }

    /// The day before today: the last one that is complete.
    pub fn yesterday(now: Timestamp, zone: &Zone) -> Date {
        let today = zone.day(now);
        today.checked_sub(1.day()).unwrap_or(today)
    }

    pub fn day(&self, index: usize) -> Date {
        let ahead = i64::try_from(index).unwrap_or(i64::MAX);
        self.first.checked_add(ahead.days()).unwrap_or(self.first)
    }

    /// The number of the day, from 0, of a column of microseconds inside the window: one division for each run of days of 24
    /// hours, and a constant for the days on which the clocks change. Only numbers of our own stand in it.
    pub fn index_sql(&self, column: &str) -> String {
        let regular = |day: usize| self.starts[day + 1] - self.starts[day] == DAY;
        let mut parts = Vec::new();
        let mut day = 0;
        while day < self.days {
            let mut end = day + 1;
            while regular(day) && end < self.days && regular(end) {
                end += 1;
            }
            let index = if regular(day) {
                format!("({column} - {}) / {DAY} + {day}", self.starts[day])
            } else {
                day.to_string()
            };
            parts.push((self.starts[end], index));
            day = end;
        }
        let whens: Vec<String> =
            parts.iter().map(|(end, index)| format!("WHEN {column} < {end} THEN {index}")).collect();
        format!("CASE {} ELSE {} END", whens.join(" "), self.days - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_days_on_which_the_clocks_change_stand_by_themselves() {
        let window = Window::until(date(2026, 10, 27), 4, &Zone::berlin());
        assert_eq!((window.first, window.to.0 - window.from.0), (date(2026, 10, 24), 4 * DAY + DAY / 24));
        let sql = window.index_sql("t");
        assert_eq!(sql.matches("WHEN").count(), 3, "{sql}");
        assert!(sql.contains("THEN 1 "), "{sql}");
        assert_eq!(window.day(3), date(2026, 10, 27));
    }
}
