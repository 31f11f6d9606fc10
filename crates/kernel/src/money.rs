//! Money: an integer number of minor units with an ISO 4217 currency, never a float.

use serde::{Deserialize, Serialize};

/// ISO 4217 code, three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Currency = Currency(*b"EUR");

    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.trim().to_ascii_uppercase().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("EUR")
    }

    /// Number of decimal places of the minor unit.
    pub fn places(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"ISK" | b"CLP" | b"HUF" => 0,
            b"BHD" | b"KWD" | b"TND" | b"JOD" | b"OMR" => 3,
            _ => 2,
        }
    }

    pub fn symbol(&self) -> &str {
        match &self.0 {
            b"EUR" => "€",
            b"USD" => "$",
            b"GBP" => "£",
            _ => self.code(),
        }
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::EUR
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Currency::parse(&text).ok_or_else(|| serde::de::Error::custom("not an ISO 4217 currency code"))
    }
}

/// An amount in minor units (cents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub fn eur(minor: i64) -> Self {
        Self::new(minor, Currency::EUR)
    }

    /// Reads an amount as people write it, German or English: `1.234,56`, `1234,5`, `1,234.56`, `1234.56`, `899`, `12 €`.
    ///
    /// With one separator only, a group of exactly three digits behind it is ambiguous; `decimal` says which sign is
    /// the decimal separator then. More decimal places than the currency has are refused rather than rounded.
    pub fn parse(text: &str, decimal: char, currency: Currency) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '€' | '\u{a0}' | '\u{202f}' | '\'' | '’'))
            .collect();
        let text = text.strip_suffix(currency.code()).unwrap_or(&text);
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let group = if decimal == ',' { '.' } else { ',' };
        let decimal = match (digits.rfind(decimal), digits.rfind(group)) {
            (Some(_), None) => decimal,
            (None, Some(at)) if digits.matches(group).count() == 1 && digits.len() - at - 1 != 3 => group,
            (Some(d), Some(g)) if g > d => group,
            _ => decimal,
        };
        let (whole, fraction) = digits.split_once(decimal).unwrap_or((digits, ""));
        let group = if decimal == ',' { '.' } else { ',' };
        if whole.contains(group) && !whole.split(group).skip(1).all(|part| part.len() == 3) {
            return None;
        }
        let whole: String = whole.chars().filter(|c| *c != group).collect();
        let places = currency.places() as usize;
        let fraction = fraction.trim_end_matches('0');
        let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty())
            || !numeric(&whole)
            || !numeric(fraction)
            || fraction.len() > places
        {
            return None;
        }
        let minor: i64 = format!("{whole}{fraction:0<places$}").parse().ok()?;
        Some(Self::new(if negative { -minor } else { minor }, currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(text: &str) -> Option<i64> {
        Money::parse(text, ',', Currency::EUR).map(|m| m.minor)
    }

    #[test]
    fn amounts_as_people_write_them() {
        assert_eq!(cents("1.599,00"), Some(159_900));
        assert_eq!(cents("49,99"), Some(4_999));
        assert_eq!(cents("1,234.56"), Some(123_456));
        assert_eq!(cents("1.500"), Some(150_000));
        assert_eq!(cents("12.5"), Some(1_250));
        assert_eq!(cents("-7 €"), Some(-700));
        assert_eq!(cents("1.23.4"), None);
        assert_eq!(cents("abc"), None);
        assert_eq!(cents(""), None);
        assert_eq!(cents("1,234"), None);
        assert_eq!(Money::parse("1,234", '.', Currency::EUR).map(|m| m.minor), Some(123_400));
    }
}
