//! When something happened, as people say it.

use jiff::{ToSpan, civil::Date};
use kernel::{Locale, Sentence, Timestamp, Zone, sentence::say, time::MINUTE};

/// „vor 11 Min“, „heute, 09:42“, „gestern“, a day.
pub fn ago(at: Timestamp, now: Timestamp, zone: &Zone, locale: Locale) -> String {
    let (day, today) = (zone.day(at), zone.day(now));
    match (now.0 - at.0) / MINUTE {
        0 if at <= now => say(locale, "contacts-just-now", None),
        minutes @ 1..60 => Sentence::new("contacts-minutes-ago").with("n", minutes).say(locale),
        _ if day == today => Sentence::new("contacts-today-at").with("time", locale.time(at, zone)).say(locale),
        _ if is_day_before(day, today) => say(locale, "contact-yesterday", None).to_lowercase(),
        _ => locale.day(day),
    }
}

/// A day before today in as few words as possible: „gestern“, „21.11.“, with the year where it is another one.
pub fn short(day: Date, today: Date, locale: Locale) -> String {
    if is_day_before(day, today) {
        return say(locale, "contact-yesterday", None).to_lowercase();
    }
    let written = locale.day(day);
    let year = day.year().to_string();
    match written.strip_suffix(&year).filter(|_| day.year() == today.year()) {
        Some(rest) => rest.trim_end_matches('/').to_owned(),
        None => written,
    }
}

fn is_day_before(day: Date, today: Date) -> bool {
    today.checked_sub(1.day()).is_ok_and(|yesterday| yesterday == day)
}

/// The heading of a day: „Heute, 24. November 2026“.
pub fn heading(day: Date, today: Date, locale: Locale) -> String {
    let name = match day {
        _ if day == today => say(locale, "contact-today", None),
        _ if is_day_before(day, today) => say(locale, "contact-yesterday", None),
        _ => locale.weekday(day).to_owned(),
    };
    format!("{name}, {}", locale.long_day(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::{DAY, HOUR};

    #[test]
    fn near_things_are_told_by_the_clock_and_far_ones_by_the_day() {
        let (zone, now) = (Zone::berlin(), Timestamp(1_795_518_000_000_000));
        let told = |back: i64| ago(now.plus(-back), now, &zone, Locale::De);
        assert_eq!(told(MINUTE / 2), "gerade eben");
        assert_eq!(told(11 * MINUTE), "vor 11 Min");
        assert_eq!(told(3 * HOUR), "heute, 09:00");
        assert_eq!(told(DAY), "gestern");
        assert_eq!(told(10 * DAY), "14.11.2026");
        assert_eq!(short(zone.day(now.plus(-DAY)), zone.day(now), Locale::De), "gestern");
        assert_eq!(short(zone.day(now.plus(-10 * DAY)), zone.day(now), Locale::De), "14.11.");
        assert_eq!(heading(zone.day(now), zone.day(now), Locale::De), "Heute, 24. November 2026");
    }
}
