//! Splits a name into salutation, title, first and last name.

use super::{
    super::Salutation,
    Card,
    given_names::{MEN, WOMEN},
};
use kernel::text::fold;

/// Titles, folded, without their points.
const TITLES: [&str; 22] = [
    "dr",
    "prof",
    "professor",
    "doktor",
    "dipl",
    "ing",
    "dipl-ing",
    "dipl-kfm",
    "dipl-kffr",
    "mag",
    "magistra",
    "magister",
    "pd",
    "univ-prof",
    "priv-doz",
    "med",
    "rer",
    "nat",
    "phil",
    "jur",
    "habil",
    "hc",
];
/// Words that begin a last name of several words.
const PARTICLES: [&str; 21] = [
    "von", "vom", "van", "zu", "zum", "zur", "de", "del", "della", "di", "da", "dos", "der", "den", "ter", "ten", "la",
    "le", "af", "al", "el",
];

/// Fills the name of a card from one line: `Frau Dr. Ada von der Heide`, `Heide, Ada`.
pub(super) fn split(text: &str, card: &mut Card) {
    let text = text.trim().trim_matches(['"', '\'', '„', '“', '”', ',', ';']).trim();
    let (text, behind) = match text.split_once(',') {
        // What stands behind the comma is a degree, or the first name.
        Some((before, after)) if is_degree(after) => (before, ""),
        Some((last, first)) => (last, first.trim()),
        None => (text, ""),
    };
    let mut words: Vec<&str> = text.split_whitespace().take(10).collect();
    while let Some(word) = words.first() {
        match fold(word).trim_end_matches('.') {
            "herr" | "herrn" | "mr" => card.salutation = Some(Salutation::Mr),
            "frau" | "mrs" | "ms" => card.salutation = Some(Salutation::Ms),
            _ => break,
        }
        words.remove(0);
    }
    let titles = words.iter().take_while(|word| is_title(word)).count();
    if titles > 0 && titles < words.len() {
        card.title = words[..titles].join(" ");
        words.drain(..titles);
    }
    if !behind.is_empty() {
        let (titles, given): (Vec<&str>, Vec<&str>) =
            behind.split_whitespace().take(10).partition(|word| is_title(word));
        if card.title.is_empty() {
            card.title = titles.join(" ");
        }
        card.first_name = given.join(" ");
        card.last_name = words.join(" ");
        return;
    }
    let particle = words.iter().skip(1).position(|word| PARTICLES.contains(&fold(word).as_str()));
    let last_from = particle.map_or(words.len().saturating_sub(1), |at| at + 1);
    card.first_name = words[..last_from].join(" ");
    card.last_name = words[last_from..].join(" ");
}

fn is_title(word: &str) -> bool {
    let folded = fold(word);
    folded.ends_with('.') && TITLES.contains(&folded.trim_end_matches('.').replace('.', "").as_str())
        || matches!(folded.as_str(), "dr" | "prof" | "professor")
        || folded.starts_with("dipl.-")
}

/// `MBA`, `M.Sc.`, `LL.M.` behind a name.
fn is_degree(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let known = ["mba", "msc", "bsc", "ma", "ba", "llm", "phd", "cpa", "cfa", "ingd", "jr", "sr"];
    known.contains(&plain.to_lowercase().as_str())
}

/// How somebody is addressed, where the first name leaves no doubt.
pub(super) fn salutation(title: &str, first_name: &str) -> Option<Salutation> {
    if fold(title).contains("magistra") || fold(title).contains("dipl.-kffr") {
        return Some(Salutation::Ms);
    }
    let first = fold(first_name);
    let first = first.split([' ', '-']).next().unwrap_or_default();
    if WOMEN.binary_search(&first).is_ok() {
        Some(Salutation::Ms)
    } else if MEN.binary_search(&first).is_ok() {
        Some(Salutation::Mr)
    } else {
        None
    }
}

/// Whether a line can be the name of a person: two to six words of letters, each but the particles with a capital.
pub(super) fn looks_like_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let capital = |word: &&str| {
        PARTICLES.contains(&fold(word).as_str()) || is_title(word) || word.starts_with(char::is_uppercase)
    };
    let letters = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | ','));
    let own =
        words.iter().filter(|word| !is_title(word) && word.chars().filter(|c| c.is_alphabetic()).count() > 1).count();
    (2..=7).contains(&words.len()) && own >= 2 && words.iter().all(|word| letters(word) && capital(word))
}

/// `ada.lovelace@…` says a name; `info@…` and `alovelace@…` do not.
pub(super) fn from_mailbox(local: &str) -> Option<(String, String)> {
    let (first, last) = local.split_once('.')?;
    let plain = |part: &str| part.chars().count() > 1 && part.chars().all(|c| c.is_alphabetic() || c == '-');
    let capital = |part: &str| {
        part.split('-')
            .map(|word| {
                let mut letters = word.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
            })
            .collect::<Vec<_>>()
            .join("-")
    };
    (plain(first) && plain(last)).then(|| (capital(first), capital(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [String; 3] {
        let mut card = Card::default();
        split(text, &mut card);
        [card.title, card.first_name, card.last_name]
    }

    #[test]
    fn names_come_apart_where_people_would_part_them() {
        for (text, title, first, last) in [
            ("Ada Lovelace", "", "Ada", "Lovelace"),
            ("Frau Prof. Dr. Ada von der Heide", "Prof. Dr.", "Ada", "von der Heide"),
            ("Dipl.-Ing. Hans Peter Maier", "Dipl.-Ing.", "Hans Peter", "Maier"),
            ("Lovelace, Ada", "", "Ada", "Lovelace"),
            ("Ada Lovelace, MBA", "", "Ada", "Lovelace"),
            ("von der Heide, Dr. Ada", "Dr.", "Ada", "von der Heide"),
            ("Lovelace", "", "", "Lovelace"),
            ("", "", "", ""),
        ] {
            assert_eq!(parts(text), [title, first, last].map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn only_a_certain_first_name_says_how_somebody_is_addressed() {
        assert_eq!(salutation("", "Jürgen"), Some(Salutation::Mr));
        assert_eq!(salutation("Dr.", "Sabine-Marie"), Some(Salutation::Ms));
        assert_eq!(salutation("Dr.", "Andrea"), None);
        assert_eq!(salutation("", ""), None);
    }

    #[test]
    fn a_mailbox_says_a_name_or_nothing() {
        assert_eq!(from_mailbox("ada.lovelace"), Some(("Ada".into(), "Lovelace".into())));
        for nothing in ["info", "a.lovelace", "ada.lovelace2", "sales.", "."] {
            assert_eq!(from_mailbox(nothing), None, "{nothing}");
        }
    }
}
