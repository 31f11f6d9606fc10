//! One spelling for all ways a word is written: Müller, Mueller and Muller are one name.

use kernel::text::fold;

/// Folded as names are, and `ae`, `oe`, `ue` written as `a`, `o`, `u` where they stand for an umlaut: not after a vowel or
/// q, so that Bauer and Quelle stay (the rule of the German2 stemmer, <https://snowballstem.org/algorithms/german2/stemmer.html>).
pub fn spelling(text: &str) -> String {
    let folded = fold(text);
    let mut spelt = String::with_capacity(folded.len());
    let (mut last, mut before) = (' ', ' ');
    for c in folded.chars() {
        let umlaut =
            c == 'e' && matches!(last, 'a' | 'o' | 'u') && !matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'q');
        if !umlaut {
            spelt.push(c);
        }
        (before, last) = (last, c);
    }
    spelt
}

/// The words of a text in that spelling. An apostrophe joins (O'Brien is `obrien`), everything else that is no letter and no
/// digit parts.
pub fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|c| !matches!(c, '\'' | '’' | '`')).collect();
    let spelt = spelling(&text);
    spelt.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The digits of a phone number as they are kept and compared: without what only says that a number begins (`+`, `00`, the
/// trunk's `0`).
pub fn phone(text: &str) -> String {
    // „+49 (0)40“: the zero in brackets is left out by whoever dials the country.
    let text = text.replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_ways_to_write_a_name_are_one() {
        for name in ["Müller", "Mueller", "MULLER", "mu\u{308}ller"] {
            assert_eq!(spelling(name), "muller", "{name}");
        }
        assert_eq!(spelling("Bauer"), "bauer");
        assert_eq!(spelling("Quelle"), "quelle");
        assert_eq!(spelling("Groß"), spelling("GROSS"));
        assert_eq!(words("Dr. Anna O'Brien-Öztürk"), ["dr", "anna", "obrien", "ozturk"]);
    }

    #[test]
    fn a_number_is_the_same_in_any_notation() {
        for number in ["+49 (0)40 123-45", "0049 40 12345", "494012345"] {
            assert_eq!(phone(number), "494012345", "{number}");
        }
        assert_eq!(phone("040/123 45"), "4012345");
    }
}
