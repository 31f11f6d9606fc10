//! One spelling for what is written in many ways.

use crate::Kind;
use kernel::text::fold;

/// A value in the spelling it is compared in; empty where nothing is left of it.
pub fn canonical(kind: Kind, text: &str) -> String {
    match kind {
        Kind::GivenName | Kind::FamilyName | Kind::City | Kind::Text => words(&fold(text)),
        Kind::Date => text.chars().filter(char::is_ascii_digit).collect(),
        Kind::Email => email(text),
        Kind::Phone => phone(text),
        Kind::PostalCode | Kind::Code => fold(text).chars().filter(|c| c.is_alphanumeric()).collect(),
        Kind::Street => street(text),
    }
}

/// Words with one space between them, everything else gone.
fn words(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| *c != '\''));
    }
    out
}

fn email(text: &str) -> String {
    let text = text.trim().to_lowercase();
    match text.strip_suffix("@googlemail.com") {
        Some(local) => format!("{local}@gmail.com"),
        None => text,
    }
}

/// The digits of a number without what every German number begins with; others keep their country.
fn phone(text: &str) -> String {
    let text = text.replace("(0)", "");
    let international = text.trim_start().starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("00") {
        Some(rest) => rest.strip_prefix("49").unwrap_or(rest),
        None if international => digits.strip_prefix("49").unwrap_or(&digits),
        None => &digits,
    };
    national.trim_start_matches('0').to_owned()
}

/// `name|number`, the name without spaces, its ending spelt out. A text without a number has an empty one.
fn street(text: &str) -> String {
    let folded = fold(text);
    let at = folded.char_indices().skip(1).find(|(_, c)| c.is_ascii_digit()).map_or(folded.len(), |(at, _)| at);
    let (name, number) = folded.split_at(at);
    let mut name: String = words(name).split(' ').collect();
    if name.ends_with("str") {
        name.push_str("asse");
    }
    let number: String = number.chars().filter(|c| c.is_alphanumeric()).collect();
    if name.is_empty() && number.is_empty() { String::new() } else { format!("{name}|{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_one_spelling() {
        for (kind, spellings) in [
            (Kind::FamilyName, ["Müller-Lüdenscheidt", "MUELLER LUEDENSCHEIDT", " mueller - luedenscheidt"]),
            (Kind::Phone, ["+49 (0)711 / 12 34-5", "0711 12345", "0049711-12345"]),
            (Kind::Street, ["Hauptstraße 12 a", "Haupt-Str. 12a", "HAUPTSTR 12A"]),
            (Kind::Date, ["1980-02-29", "1980 02 29", "19800229"]),
            (Kind::Email, ["Ada@gmail.com", "ada@googlemail.com ", "ADA@GMAIL.COM"]),
            (Kind::PostalCode, ["10 115", "10115", "10115 "]),
        ] {
            let all: Vec<String> = spellings.iter().map(|text| canonical(kind, text)).collect();
            assert!(!all[0].is_empty() && all.iter().all(|text| *text == all[0]), "{all:?}");
        }
        assert_ne!(canonical(Kind::Phone, "+43 1 12345"), canonical(Kind::Phone, "01 12345"));
        assert_eq!(canonical(Kind::Street, "Straße des 17. Juni 135"), "strassedes|17juni135");
        for kind in [Kind::Street, Kind::Phone, Kind::GivenName, Kind::Date] {
            assert_eq!(canonical(kind, " – "), "", "{kind:?}");
        }
    }
}
