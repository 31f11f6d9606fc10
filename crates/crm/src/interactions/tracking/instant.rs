//! When an event happened by our clock, whatever the sender's clock says.

use kernel::{
    Timestamp,
    time::{DAY, MINUTE, SECOND},
};

/// An event may be this much ahead of us, and this old.
const AHEAD: i64 = 5 * MINUTE;
const BACK: i64 = 5 * 365 * DAY;

/// The event's age by the sender's own clock (sent − happened), counted back from when we received it. Without both times
/// the sender's word holds. What is more than five years old or five minutes ahead is brought to that.
pub fn corrected(happened: Option<&str>, sent: Option<&str>, received: Timestamp) -> Timestamp {
    let Some(happened) = happened.and_then(read) else { return received };
    let at = match sent.and_then(read) {
        Some(sent) => received.plus(happened.0.saturating_sub(sent.0)),
        None => happened,
    };
    Timestamp(at.0.clamp(received.0 - BACK, received.0 + AHEAD))
}

/// RFC 3339, the same without an offset as UTC, or milliseconds since 1970.
fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        // Seconds where milliseconds would lie before 1973.
        let micros =
            if number.abs() < 100_000_000_000 { number.checked_mul(SECOND)? } else { number.checked_mul(1_000)? };
        return Some(Timestamp(micros));
    }
    Timestamp::parse_rfc3339(text).or_else(|| Timestamp::parse_rfc3339(&format!("{text}Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2026-11-24T12:00:00Z";

    fn at(text: &str) -> Timestamp {
        read(text).expect("a time")
    }

    #[test]
    fn a_clock_that_is_years_off_does_not_matter() {
        let noon = at(NOON);
        let ten_seconds_before = noon.plus(-10 * SECOND);
        for (happened, sent) in [
            ("2026-11-24T11:59:50Z", NOON),
            ("2019-01-01T00:00:00.000Z", "2019-01-01T00:00:10.000Z"),
            ("2044-01-01T00:00:00+01:00", "2043-12-31T23:00:10Z"),
        ] {
            assert_eq!(corrected(Some(happened), Some(sent), noon), ten_seconds_before, "{happened}");
        }
    }

    #[test]
    fn what_cannot_be_is_brought_to_what_can() {
        let noon = at(NOON);
        assert_eq!(corrected(Some("1970-01-01T00:00:00Z"), None, noon), noon.plus(-BACK));
        assert_eq!(corrected(Some("2099-01-01T00:00:00Z"), None, noon), noon.plus(AHEAD));
        assert_eq!(corrected(Some("2027-01-01T00:00:00Z"), Some("1999-01-01T00:00:00Z"), noon), noon.plus(AHEAD));
        assert_eq!(corrected(Some("soon"), Some(NOON), noon), noon);
        assert_eq!(corrected(None, None, noon), noon);
        assert_eq!(corrected(Some("9223372036854775807"), Some("-9223372036854775808"), noon), noon);
    }

    #[test]
    fn times_as_clients_write_them() {
        assert_eq!(at("2026-11-24T12:00:00.000Z"), at(NOON));
        assert_eq!(at("2026-11-24T13:00:00+01:00"), at(NOON));
        assert_eq!(at("2026-11-24T12:00:00.000000"), at(NOON));
        assert_eq!(at("1795521600000"), at(NOON));
        assert_eq!(at("1795521600"), at(NOON));
    }
}
