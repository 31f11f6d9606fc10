//! Postal codes and their countries, checked against each other. Sources: the address formats of the Universal Postal Union
//! for each country.

/// Shapes of postal codes: `9` a digit, `1` a digit that is not zero, `A` a letter, `X` either; everything else stands for
/// itself and may be left out where people write.
const SHAPES: [(&str, &[&str]); 35] = [
    ("AT", &["1999"]),
    ("BE", &["1999"]),
    ("BG", &["1999"]),
    ("CH", &["1999"]),
    ("CY", &["1999"]),
    ("CZ", &["199 99"]),
    ("DE", &["99999"]),
    ("DK", &["9999"]),
    ("EE", &["99999"]),
    ("ES", &["99999"]),
    ("FI", &["99999"]),
    ("FR", &["99999"]),
    ("GB", &["A9 9AA", "A99 9AA", "A9A 9AA", "AA9 9AA", "AA99 9AA", "AA9A 9AA"]),
    ("GR", &["199 99"]),
    ("HR", &["99999"]),
    ("HU", &["1999"]),
    ("IE", &["A9X XXXX"]),
    ("IS", &["999"]),
    ("IT", &["99999"]),
    ("LI", &["1999"]),
    ("LT", &["LT-99999"]),
    ("LU", &["1999"]),
    ("LV", &["LV-9999"]),
    ("MC", &["99999"]),
    ("MT", &["AAA 9999"]),
    ("NL", &["1999 AA"]),
    ("NO", &["9999"]),
    ("PL", &["99-999"]),
    ("PT", &["1999-999"]),
    ("RO", &["999999"]),
    ("SE", &["199 99"]),
    ("SI", &["1999"]),
    ("SK", &["999 99"]),
    ("SM", &["99999"]),
    ("US", &["99999", "99999-9999"]),
];

/// The code as the country writes it, without the sign of the country in front (`D-10115`); what does not fit stays as typed.
pub fn tidy(typed: &str, country: &str) -> String {
    let Some(shapes) = shapes(country) else { return typed.to_owned() };
    let bare =
        typed.split_once('-').filter(|(sign, _)| matches!(*sign, "D" | "A" | "CH" | "L" | "F" | "I" | "FL" | "B"));
    let spellings = [Some(typed), bare.map(|(_, code)| code)];
    let fitting = spellings.into_iter().flatten().find_map(|code| shapes.iter().find_map(|shape| written(shape, code)));
    fitting.unwrap_or_else(|| typed.to_owned())
}

/// Whether the code can be one of the country; nothing where one of them is missing or the country's codes are unknown.
pub fn fits(code: &str, country: &str) -> Option<bool> {
    let shapes = shapes(country).filter(|_| !code.is_empty())?;
    let zero = country == "DE" && code.starts_with("00");
    Some(!zero && shapes.iter().any(|shape| written(shape, code).as_deref() == Some(code)))
}

/// A code the country has, to show what one looks like.
pub fn example(country: &str) -> String {
    let shape = shapes(country).and_then(|shapes| shapes.last()).copied().unwrap_or_default();
    let mut digits = "123456789".chars().cycle();
    let mut letters = "ABCDEFGH".chars().cycle();
    let sign = |c| match c {
        '9' | '1' => digits.next().unwrap_or(c),
        'A' | 'X' => letters.next().unwrap_or(c),
        own => own,
    };
    if shape.contains("L") {
        shape.replace("99999", "12345").replace("9999", "1234")
    } else {
        shape.chars().map(sign).collect()
    }
}

fn shapes(country: &str) -> Option<&'static [&'static str]> {
    SHAPES.binary_search_by_key(&country, |(code, _)| code).ok().map(|at| SHAPES[at].1)
}

/// The code in the shape, if it has it.
fn written(shape: &str, code: &str) -> Option<String> {
    let mut rest = code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).peekable();
    let mut out = String::with_capacity(shape.len());
    for sign in shape.chars() {
        match sign {
            '9' => out.push(rest.next().filter(char::is_ascii_digit)?),
            '1' => out.push(rest.next().filter(|c| c.is_ascii_digit() && *c != '0')?),
            'A' => out.push(rest.next().filter(char::is_ascii_uppercase)?),
            'X' => out.push(rest.next().filter(char::is_ascii_alphanumeric)?),
            own => {
                rest.next_if_eq(&own);
                out.push(own);
            }
        }
    }
    rest.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_their_countries_do() {
        for (typed, country, kept) in [
            ("D-10115", "DE", "10115"),
            ("A-1010", "AT", "1010"),
            ("1234ab", "NL", "1234 AB"),
            ("00950", "PL", "00-950"),
            ("sw1a1aa", "GB", "SW1A 1AA"),
            ("11000", "CZ", "110 00"),
            ("LV 1010", "LV", "LV-1010"),
            ("1010", "LV", "LV-1010"),
            ("8010", "DE", "8010"),
            ("irgendwas", "ZA", "irgendwas"),
        ] {
            assert_eq!(tidy(typed, country), kept, "{typed}");
        }
    }

    #[test]
    fn a_code_of_another_country_is_noticed() {
        assert_eq!(fits("8010", "DE"), Some(false));
        assert_eq!(fits("10115", "AT"), Some(false));
        assert_eq!(fits("00123", "DE"), Some(false));
        assert_eq!(fits("0123", "CH"), Some(false));
        assert_eq!(fits("04109", "DE"), Some(true));
        assert_eq!(fits("04109", ""), None);
        assert_eq!(fits("", "DE"), None);
        assert_eq!(fits("x", "ZA"), None);
    }

    #[test]
    fn the_table_is_sorted_and_every_example_fits() {
        assert!(SHAPES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (country, _) in SHAPES {
            let example = example(country);
            assert_eq!(fits(&example, country), Some(true), "{country}: {example}");
        }
    }
}
