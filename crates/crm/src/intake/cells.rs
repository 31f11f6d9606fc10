//! Cells as people fill them, read into values the trade works with. Blank cells never come here: the caller asks first.

use super::{country, dialect::Dialect, refusal::Reason};
use jiff::civil::Date;
use kernel::{Currency, EmailAddress, Money, text::fold};
use serde::{Deserialize, Serialize};

/// Minor units an amount may have, so that sums of many stay far from the end of 64 bits.
pub const MOST_MONEY: i64 = 1_000_000_000_000;

/// Nobody we write to is older.
const OLDEST: i16 = 120;

/// How a person is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Salutation {
    Mr,
    Ms,
    /// Neither: addressed by the full name.
    Diverse,
}

impl Salutation {
    pub const ALL: [Salutation; 3] = [Self::Mr, Self::Ms, Self::Diverse];

    pub fn code(self) -> &'static str {
        match self {
            Self::Mr => "mr",
            Self::Ms => "ms",
            Self::Diverse => "mx",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// `None` inside stands for an address that is not personal, such as "Firma".
    pub(super) fn read(text: &str) -> Result<Option<Self>, Reason> {
        match text {
            "Herr" => return Ok(Some(Self::Mr)),
            "Frau" => return Ok(Some(Self::Ms)),
            _ => {}
        }
        match fold(text).trim_end_matches('.') {
            "herr" | "herrn" | "hr" | "mr" | "mister" | "m" | "monsieur" | "signor" | "male" | "maennlich" | "sir" => {
                Ok(Some(Self::Mr))
            }
            "frau" | "fr" | "frl" | "mrs" | "ms" | "miss" | "mme" | "madame" | "signora" | "f" | "w" | "female"
            | "weiblich" => Ok(Some(Self::Ms)),
            "divers" | "diverse" | "d" | "x" | "mx" | "neutral" | "keine angabe" => Ok(Some(Self::Diverse)),
            "-" | "firma" | "familie" | "eheleute" | "company" | "family" | "keine" | "none" => Ok(None),
            _ => Err(Reason::Salutation),
        }
    }
}

/// Whether a purchase stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    #[default]
    Booked,
    Cancelled,
}

impl OrderStatus {
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        [Self::Booked, Self::Cancelled].into_iter().find(|s| s.code() == code)
    }

    pub(super) fn read(text: &str) -> Result<Self, Reason> {
        match fold(text).as_str() {
            "gebucht" | "booked" | "bestaetigt" | "confirmed" | "bestellt" | "ordered" | "offen" | "open"
            | "placed" | "bezahlt" | "paid" | "geliefert" | "delivered" | "versendet" | "shipped" | "abgeschlossen"
            | "completed" | "erledigt" | "ok" | "aktiv" | "active" | "fakturiert" | "invoiced" => Ok(Self::Booked),
            "storniert" | "storno" | "cancelled" | "canceled" | "abgesagt" | "widerrufen" | "annulliert" | "void" => {
                Ok(Self::Cancelled)
            }
            _ => Err(Reason::Status),
        }
    }
}

/// One line of text: trimmed, no control characters, at most `most` characters.
pub(super) fn text(cell: &str, most: usize) -> Result<String, Reason> {
    let control =
        if cell.is_ascii() { cell.bytes().any(|b| b.is_ascii_control()) } else { cell.chars().any(char::is_control) };
    if control {
        return Err(Reason::ControlCharacters);
    }
    let seen = kernel::text::visible(cell);
    if seen.len() > most && seen.chars().count() > most {
        return Err(Reason::TooLong);
    }
    Ok(seen)
}

pub(super) fn email(cell: &str) -> Result<EmailAddress, Reason> {
    EmailAddress::parse(cell).ok_or(Reason::Email)
}

pub(super) fn date(cell: &str, dialect: &Dialect, today: Date) -> Result<Date, Reason> {
    dialect.dates.read(cell, today).filter(|day| (1900..=2200).contains(&day.year())).ok_or(Reason::Date)
}

/// A real day, not in the future, of somebody not older than 120 years.
pub(super) fn birth_date(cell: &str, dialect: &Dialect, today: Date) -> Result<Date, Reason> {
    let day = dialect.dates.read(cell, today).ok_or(Reason::BirthDate)?;
    (is_birth_date(day, today)).then_some(day).ok_or(Reason::BirthDate)
}

/// Whether somebody alive can have been born that day.
pub fn is_birth_date(day: Date, today: Date) -> bool {
    day <= today && day.year() >= today.year() - OLDEST
}

pub(super) fn money(cell: &str, dialect: &Dialect, currency: Currency) -> Result<i64, Reason> {
    let money = Money::parse(cell, dialect.decimal.sign(), currency).filter(|money| money.minor.abs() <= MOST_MONEY);
    money.map(|money| money.minor).ok_or(Reason::Money)
}

/// A whole number; `2,0` and `1.000` are read the way amounts are.
pub(super) fn whole(cell: &str, dialect: &Dialect) -> Result<i64, Reason> {
    if let Ok(number) = cell.parse() {
        return Ok(number);
    }
    let hundredths = money(cell, dialect, Currency::EUR).map_err(|_| Reason::Number)?;
    if hundredths % 100 == 0 { Ok(hundredths / 100) } else { Err(Reason::Number) }
}

pub(super) fn yes_no(cell: &str) -> Result<bool, Reason> {
    match cell {
        "ja" => return Ok(true),
        "nein" => return Ok(false),
        _ => {}
    }
    match fold(cell).as_str() {
        "ja" | "j" | "yes" | "y" | "true" | "wahr" | "1" | "x" | "on" | "erteilt" | "granted" | "opt-in" => Ok(true),
        "nein" | "n" | "no" | "false" | "falsch" | "0" | "-" | "off" | "widerrufen" | "withdrawn" | "opt-out" => {
            Ok(false)
        }
        _ => Err(Reason::YesNo),
    }
}

pub(super) fn country(cell: &str) -> Result<&'static str, Reason> {
    country::read(cell).ok_or(Reason::Country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn nobody_is_born_tomorrow_or_in_the_thirties_of_february() {
        let today = day(2026, 11, 22);
        let read = |text| birth_date(text, &Dialect::default(), today);
        assert_eq!(read("22.11.2026"), Ok(day(2026, 11, 22)));
        for wrong in ["1.1.2199", "31.02.1980", "23.11.2026", "1.1.1900", "gestern"] {
            assert_eq!(read(wrong), Err(Reason::BirthDate), "{wrong}");
        }
    }

    #[test]
    fn yes_is_written_in_many_ways() {
        for yes in ["ja", "J", "Yes", "TRUE", "1", "x", "Wahr"] {
            assert_eq!(yes_no(yes), Ok(true), "{yes}");
        }
        for no in ["nein", "N", "no", "false", "0", "Falsch"] {
            assert_eq!(yes_no(no), Ok(false), "{no}");
        }
        assert_eq!(yes_no("vielleicht"), Err(Reason::YesNo));
    }

    #[test]
    fn control_characters_are_refused_and_umlauts_are_not() {
        assert_eq!(text("Größe", 5), Ok("Größe".to_owned()));
        assert_eq!(text("Größen", 5), Err(Reason::TooLong));
        for wrong in ["a\0b", "ä\u{85}b", "a\nb", "\u{7f}"] {
            assert_eq!(text(wrong, 50), Err(Reason::ControlCharacters), "{wrong:?}");
        }
    }

    #[test]
    fn whole_numbers() {
        let read = |text| whole(text, &Dialect::default());
        assert_eq!(read("4"), Ok(4));
        assert_eq!(read("2,0"), Ok(2));
        assert_eq!(read("1.000"), Ok(1000));
        assert_eq!(read("2,5"), Err(Reason::Number));
    }
}
