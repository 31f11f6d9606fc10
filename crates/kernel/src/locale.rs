//! Languages of the interface and how each writes figures, money, days and times.

use crate::{Currency, Timestamp, Zone};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// German is the first language, English stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    De,
    En,
}

const NBSP: char = '\u{a0}';

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::De, Locale::En];

    pub fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text.get(..2)?.to_ascii_lowercase().as_str() {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The sign before the decimals of a number.
    pub fn decimal(self) -> char {
        if self == Self::De { ',' } else { '.' }
    }

    fn group(self) -> char {
        if self == Self::De { '.' } else { ',' }
    }

    /// `48.216` / `48,216`.
    pub fn count(self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if n < 0 {
            out.push('−');
        }
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(self.group());
            }
            out.push(c);
        }
        out
    }

    /// A decimal number with a fixed number of places: `3,4` / `3.4`.
    pub fn number(self, value: f64, places: usize) -> String {
        let text = format!("{:.*}", places, value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            out.push('−');
        }
        out += &self.count(whole.parse().unwrap_or(0));
        if places > 0 {
            out.push(self.decimal());
            out += fraction;
        }
        out
    }

    /// A share as percentage with a no-break space in German: `41,2 %` / `41.2%`.
    pub fn percent(self, share: f64, places: usize) -> String {
        let number = self.number(share * 100.0, places);
        if self == Self::De { format!("{number}{NBSP}%") } else { format!("{number}%") }
    }

    /// `1.234,56 €` / `€1,234.56`.
    pub fn money(self, minor: i64, currency: Currency) -> String {
        let places = currency.places() as usize;
        let scale = 10_i64.pow(currency.places());
        self.amount(minor, &self.split(minor, scale, places), currency)
    }

    /// Whole units, rounded half away from zero: `487.300 €` / `€487,300`.
    pub fn money_round(self, minor: i64, currency: Currency) -> String {
        let scale = 10_i64.pow(currency.places());
        let units = (minor.abs() + scale / 2) / scale * minor.signum();
        self.amount(units, &self.count(units.abs()), currency)
    }

    fn split(self, minor: i64, scale: i64, places: usize) -> String {
        let whole = self.count((minor / scale).abs());
        if places == 0 {
            return whole;
        }
        format!("{whole}{}{:0places$}", self.decimal(), (minor % scale).abs())
    }

    fn amount(self, signed: i64, digits: &str, currency: Currency) -> String {
        let sign = if signed < 0 { "−" } else { "" };
        match self {
            Self::De => format!("{sign}{digits}{NBSP}{}", currency.symbol()),
            Self::En => format!("{sign}{}{digits}", currency.symbol()),
        }
    }

    /// `24.12.2026` / `24/12/2026`.
    pub fn day(self, day: Date) -> String {
        match self {
            Self::De => format!("{:02}.{:02}.{:04}", day.day(), day.month(), day.year()),
            Self::En => format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
        }
    }

    /// `24. Dezember 2026` / `24 December 2026`.
    pub fn long_day(self, day: Date) -> String {
        let month = self.month(day.month());
        match self {
            Self::De => format!("{}. {month} {}", day.day(), day.year()),
            Self::En => format!("{} {month} {}", day.day(), day.year()),
        }
    }

    /// Month name, 1 to 12.
    pub fn month(self, month: i8) -> &'static str {
        const DE: [&str; 12] = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let index = (month.clamp(1, 12) - 1) as usize;
        if self == Self::De { DE[index] } else { EN[index] }
    }

    /// Name of a weekday.
    pub fn weekday(self, day: Date) -> &'static str {
        const DE: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
        const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let index = day.weekday().to_monday_zero_offset() as usize;
        if self == Self::De { DE[index] } else { EN[index] }
    }

    /// `09:42`.
    pub fn time(self, at: Timestamp, zone: &Zone) -> String {
        let t = zone.civil(at);
        format!("{:02}:{:02}", t.hour(), t.minute())
    }

    /// `24.12.2026, 09:42`.
    pub fn moment(self, at: Timestamp, zone: &Zone) -> String {
        format!("{}, {}", self.day(zone.day(at)), self.time(at, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_language() {
        assert_eq!(Locale::De.count(48_216), "48.216");
        assert_eq!(Locale::En.count(-1_000), "−1,000");
        assert_eq!(Locale::De.percent(0.4124, 1), "41,2\u{a0}%");
        assert_eq!(Locale::En.percent(0.4124, 1), "41.2%");
        assert_eq!(Locale::De.money(123_456, Currency::EUR), "1.234,56\u{a0}€");
        assert_eq!(Locale::De.money(-5, Currency::EUR), "−0,05\u{a0}€");
        assert_eq!(Locale::En.money_round(48_730_049, Currency::EUR), "€487,300");
        assert_eq!(Locale::De.day(jiff::civil::date(2026, 12, 24)), "24.12.2026");
    }
}
