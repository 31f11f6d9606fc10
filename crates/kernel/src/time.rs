//! Time: microseconds in UTC for what happened, days and periods in the organisation's zone for what is counted.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    pub fn micros(self) -> i64 {
        self.0
    }

    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Parses RFC 3339 with offset, e.g. `2026-11-22T10:00:00+01:00`.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }

    /// RFC 3339 in UTC.
    pub fn rfc3339(self) -> String {
        self.instant().to_string()
    }

    fn instant(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// What time it is: an argument everywhere, so that a test says what day it is.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Stands still until it is moved; shared between clones.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    pub fn standing(at: Timestamp) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(at.0)))
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(jiff::Timestamp::now().as_microsecond()),
            Self::Standing(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a standing clock; the system's clock cannot be moved.
    pub fn forward(&self, micros: i64) {
        if let Self::Standing(at) = self {
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}

/// The organisation's time zone: days, weeks and periods are counted in it.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// An IANA name such as `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    pub fn berlin() -> Self {
        Self(TimeZone::get("Europe/Berlin").expect("the time zone database is built in"))
    }

    /// The calendar day of an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        at.instant().to_zoned(self.0.clone()).date()
    }

    /// Date and time of an instant as the clock on the wall shows it.
    pub fn civil(&self, at: Timestamp) -> jiff::civil::DateTime {
        at.instant().to_zoned(self.0.clone()).datetime()
    }

    /// First instant of a day (a day may begin at 01:00 where the clocks change at midnight).
    pub fn start_of(&self, day: Date) -> Timestamp {
        let zoned = day.to_zoned(self.0.clone()).or_else(|_| day.to_zoned(TimeZone::UTC));
        Timestamp(zoned.map_or(0, |z| z.timestamp().as_microsecond()))
    }

    /// The instant of a wall-clock time in this zone; in the hour that does not exist the later offset is taken (RFC 5545).
    pub fn instant(&self, at: jiff::civil::DateTime) -> Timestamp {
        Timestamp(at.to_zoned(self.0.clone()).map_or(0, |z| z.timestamp().as_microsecond()))
    }

    /// First instant of the day `days` before the day of `now`: the half-open period `[from, to)` of "the last n days"
    /// contains today and the `days - 1` days before it when `days - 1` is given.
    pub fn days_before(&self, now: Timestamp, days: i64) -> Timestamp {
        let day = self.day(now).checked_sub(days.days()).unwrap_or(Date::MIN);
        self.start_of(day)
    }

    /// Monday of the week of a day (ISO 8601).
    pub fn week_start(day: Date) -> Date {
        let back = day.weekday().to_monday_zero_offset();
        day.checked_sub(i64::from(back).days()).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_berlin_begins_before_midnight_utc() {
        let zone = Zone::berlin();
        let summer = zone.start_of(jiff::civil::date(2026, 7, 1));
        assert_eq!(summer.rfc3339(), "2026-06-30T22:00:00Z");
        assert_eq!(zone.day(summer), jiff::civil::date(2026, 7, 1));
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(Zone::week_start(jiff::civil::date(2026, 11, 22)), jiff::civil::date(2026, 11, 16));
    }
}
