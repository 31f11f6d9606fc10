//! What somebody asked for, taken apart.

use crate::spelling::{phone, words};
use kernel::text::fold;

/// One thing that must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A word in the one spelling.
    pub word: String,
    /// A piece of a mail address or a customer number, in lower case.
    pub needle: String,
    /// Pieces of a phone number: any of them.
    pub digits: Vec<String>,
    /// Looks like an address or a number: fragments are looked for before words that are only similar.
    pub is_key: bool,
}

/// Fewer letters or digits are in too many addresses and numbers to say anything.
const SHORTEST: usize = 3;
/// Countries whose people leave their own prefix out when they write a number.
const AT_HOME: [&str; 3] = ["49", "43", "41"];
/// More words are not looked at.
const MOST: usize = 12;

/// The wishes of a line of words, in any order. Digits that follow each other are one phone number.
pub fn wishes(text: &str) -> Vec<Wish> {
    let mut wishes = Vec::new();
    let mut chunks = text.split_whitespace().peekable();
    while let Some(chunk) = chunks.next() {
        if is_dialled(chunk) {
            let mut number = chunk.to_owned();
            while let Some(more) = chunks.next_if(|more| more.chars().all(is_of_a_number)) {
                number.push_str(more);
            }
            wishes.extend(dialled(&number));
        } else if is_key(chunk) {
            let needle = chunk.to_lowercase();
            let word = if chunk.chars().all(char::is_alphanumeric) { words(chunk).concat() } else { String::new() };
            wishes.push(Wish { word, needle, digits: Vec::new(), is_key: true });
        } else {
            wishes.extend(words(chunk).into_iter().map(|word| {
                let needle = if chunk.chars().count() < SHORTEST { String::new() } else { plain(chunk, &word) };
                Wish { word, needle, ..Wish::default() }
            }));
        }
    }
    wishes.truncate(MOST);
    wishes
}

/// In addresses umlauts are spelt out; of a chunk of several words each is looked for by itself.
fn plain(chunk: &str, word: &str) -> String {
    let folded = fold(chunk);
    if folded.chars().all(char::is_alphanumeric) { folded } else { word.to_owned() }
}

/// A piece of a mail address, or of a number with its usual signs. Digits among other signs are words like any.
fn is_key(chunk: &str) -> bool {
    let numbered = chunk.chars().any(|c| c.is_ascii_digit());
    chunk.contains('@') || numbered && chunk.chars().all(|c| c.is_alphanumeric() || "-_./#:+".contains(c))
}

fn is_dialled(chunk: &str) -> bool {
    chunk.chars().any(|c| c.is_ascii_digit()) && chunk.chars().all(is_of_a_number)
}

fn is_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || "+/-().".contains(c)
}

fn dialled(number: &str) -> Option<Wish> {
    let bare: String = number.chars().filter(char::is_ascii_digit).collect();
    if bare.is_empty() {
        return None;
    }
    let kept = phone(number);
    let mut digits = vec![kept.clone()];
    let abroad = number.starts_with('+') || bare.starts_with("00");
    if let Some(home) = AT_HOME.iter().find_map(|code| kept.strip_prefix(code)).filter(|_| abroad) {
        digits.push(home.trim_start_matches('0').to_owned());
    }
    digits.retain(|part| part.len() >= SHORTEST);
    let needle = if bare.len() >= SHORTEST { bare.clone() } else { String::new() };
    Some(Wish { word: bare, needle, digits, is_key: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart() {
        let found = wishes("Müller  0171 / 23-4 p7@Kunde");
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].word.as_str(), found[0].needle.as_str()), ("muller", "mueller"));
        assert_eq!(found[1].digits, ["171234"]);
        assert_eq!(found[2].needle, "p7@kunde");
        assert_eq!(wishes("+49 171 234")[0].digits, ["49171234", "171234"]);
        assert_eq!(wishes("K0512")[0].needle, "k0512");
        assert!(wishes(" \n ").is_empty());
        let words: Vec<String> = wishes("<Haus(3)>").into_iter().map(|wish| wish.word).collect();
        assert_eq!(words, ["haus", "3"]);
    }

    #[test]
    fn a_slash_between_digits_parts_nothing() {
        assert_eq!(wishes("030/1234567")[0].digits, ["301234567"]);
    }
}
