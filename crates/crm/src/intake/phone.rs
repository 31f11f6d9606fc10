//! Telephone numbers: kept as E.164 (ITU-T E.164, `+` and at most 15 digits), shown the way people write them.
//!
//! The numbering plans are those of libphonenumber. A number without `+` or `00` is read as one of the contact's country; one
//! that no plan knows stays as it was typed, because a wrong guess calls a stranger.

use phonenumber::{Mode, PhoneNumber, country::Id};

/// Where a number is from whose contact has no country.
pub const HOME: &str = "DE";
/// Signs a telephone number is written with, digits apart.
const SIGNS: [char; 10] = ['+', ' ', '\u{a0}', '(', ')', '/', '-', '.', '\u{2013}', '\u{2011}'];

/// E.164 where a numbering plan knows the number, otherwise the text as it was typed. `country` is ISO 3166-1 alpha-2 or
/// empty.
pub fn tidy(typed: &str, country: &str) -> String {
    read(typed, country).map_or_else(|| typed.to_owned(), |number| number.format().mode(Mode::E164).to_string())
}

/// Whether what is stored is a number somebody can be called at from anywhere.
pub fn is_known(stored: &str) -> bool {
    stored.starts_with('+') && read(stored, HOME).is_some()
}

/// As people write it: without the country's code at home, with it elsewhere; what no plan knows as it was typed.
pub fn shown(stored: &str, home: &str) -> String {
    let Some(number) = read(stored, home).filter(|_| stored.starts_with('+')) else { return stored.to_owned() };
    let at_home = number.country().id().is_some_and(|id| id.as_ref() == home);
    number.format().mode(if at_home { Mode::National } else { Mode::International }).to_string()
}

/// Always with the country's code, so that it means the same whatever country stands beside it.
pub fn international(stored: &str) -> String {
    let number = read(stored, HOME).filter(|_| stored.starts_with('+'));
    number.map_or_else(|| stored.to_owned(), |number| number.format().mode(Mode::International).to_string())
}

fn read(typed: &str, country: &str) -> Option<PhoneNumber> {
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    if !(4..=17).contains(&digits) || !typed.chars().all(|c| c.is_ascii_digit() || SIGNS.contains(&c)) {
        return None;
    }
    let mut plain: String = typed.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if plain.rfind('+').is_some_and(|at| at > 0) {
        return None;
    }
    let abroad = plain.starts_with('+') || plain.starts_with("00");
    if let Some(rest) = plain.strip_prefix("00") {
        plain = format!("+{rest}");
    }
    // The „(0)“ of +49 (0)30 is dialled at home only.
    if abroad && let Some((before, after)) = typed.split_once("(0)") {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        plain = format!("+{}{}", digits(before).trim_start_matches("00"), digits(after));
    }
    // A number with its country's code is never read by the rules of another country.
    let home = if country.is_empty() { HOME } else { country };
    let home: Id = home.parse().or_else(|_| HOME.parse()).ok()?;
    let number = phonenumber::parse((!plain.starts_with('+')).then_some(home), plain).ok()?;
    (number.extension().is_none() && number.is_valid()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_kept_one_way() {
        for (typed, country, kept) in [
            ("030 650138", "DE", "+4930650138"),
            ("030 650138", "", "+4930650138"),
            ("+49 (0)30 65 01 38", "DE", "+4930650138"),
            ("0049 30 / 650138", "AT", "+4930650138"),
            ("+43 664 5211189", "DE", "+436645211189"),
            ("0664 5211189", "AT", "+436645211189"),
            ("044 668 18 00", "CH", "+41446681800"),
            ("0171-1234567", "DE", "+491711234567"),
            ("06 698 12345", "IT", "+390669812345"),
        ] {
            assert_eq!(tidy(typed, country), kept, "{typed}");
            assert!(is_known(kept));
        }
    }

    #[test]
    fn what_no_plan_knows_stays_as_typed() {
        for typed in ["", "+49 731 1", "siehe Notiz", "030 650138 (abends)", "12", "+49+30650138", "+999 12345678"] {
            assert_eq!(tidy(typed, "DE"), typed);
            assert!(!is_known(typed), "{typed}");
            assert_eq!(shown(typed, "DE"), typed);
        }
        assert_eq!(tidy("030 650138", "XX"), "+4930650138");
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!(shown("+4930650138", "DE"), "030 650138");
        assert_eq!(shown("+436645211189", "DE"), "+43 664 5211189");
        assert_eq!(international("+4930650138"), "+49 30 650138");
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(typed in "[+0-9 ()/.-]{0,24}", country in "(DE|AT|CH|IT|US|)") {
            let once = tidy(&typed, &country);
            prop_assert_eq!(tidy(&once, &country), once.clone());
            prop_assert_eq!(tidy(&once, "FR"), if once.starts_with('+') { once.clone() } else { tidy(&once, "FR") });
            prop_assert_eq!(tidy(&international(&once), &country), once);
        }

        #[test]
        fn any_text_is_survived(typed in "\\PC{0,60}") {
            let kept = tidy(&typed, "DE");
            prop_assert!(kept == typed || is_known(&kept));
        }
    }
}
