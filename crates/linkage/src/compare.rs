//! How close two values of a kind are. Names after W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in
//! the Fellegi-Sunter Model of Record Linkage" (1990): Jaro's similarity, raised for a common beginning.

use crate::{Kind, Level};
use rapidfuzz::distance::{jaro_winkler, osa};

/// Jaro-Winkler from here on is a slip of the keys.
const NEAR: f64 = 0.92;
/// From here on two values are rather alike.
const SIMILAR: f64 = 0.82;

/// The level two canonical values reach; `sounds_same` says whether their phonetic codes are equal. Empty values are absent.
pub fn compare(kind: Kind, one: &str, other: &str, sounds_same: bool) -> Level {
    if one.is_empty() || other.is_empty() {
        return Level::Absent;
    }
    if one == other {
        return Level::Same;
    }
    match kind {
        Kind::GivenName => name(one, other, sounds_same, begins(one, other)),
        Kind::FamilyName => name(one, other, sounds_same, shares_a_word(one, other)),
        Kind::City => name(one, other, sounds_same, shares_a_word(one, other)),
        Kind::Text => alike(one, other),
        Kind::Date => date(one.as_bytes(), other.as_bytes()),
        Kind::Email => email(one, other),
        Kind::Phone => phone(one, other),
        Kind::PostalCode => match slips(one, other) {
            0 | 1 => Level::Near,
            _ if one.get(..2).is_some_and(|region| other.starts_with(region)) => Level::Part,
            2 => Level::Similar,
            _ => Level::Different,
        },
        Kind::Code => {
            if slips(one, other) <= 1 && one.len().max(other.len()) > 1 {
                Level::Near
            } else {
                Level::Different
            }
        }
        Kind::Street => street(one, other),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours between two values.
fn slips(one: &str, other: &str) -> usize {
    osa::distance(one.bytes(), other.bytes())
}

pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    let arguments = jaro_winkler::Args::default().score_cutoff(SIMILAR);
    jaro_winkler::normalized_similarity_with_args(one.bytes(), other.bytes(), &arguments).unwrap_or(0.0)
}

/// Whether two values would at least be near each other.
pub(crate) fn near(one: &str, other: &str) -> bool {
    one == other || likeness(one, other) >= NEAR
}

fn alike(one: &str, other: &str) -> Level {
    match likeness(one, other) {
        likeness if likeness >= NEAR => Level::Near,
        _ if shares_a_word(one, other) => Level::Part,
        likeness if likeness >= SIMILAR => Level::Similar,
        _ => Level::Different,
    }
}

fn name(one: &str, other: &str, sounds_same: bool, part: bool) -> Level {
    if sounds_same && one.len().min(other.len()) > 2 {
        return Level::Sounds;
    }
    match likeness(one, other) {
        likeness if likeness >= NEAR => Level::Near,
        _ if part => Level::Part,
        likeness if likeness >= SIMILAR => Level::Similar,
        _ => Level::Different,
    }
}

/// One is how the other begins: an initial, a short form, the first of two names.
fn begins(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.starts_with(short) || shares_a_word(one, other)
}

/// They share a word of at least three letters: one of two family names, "Frankfurt" and "Frankfurt am Main".
fn shares_a_word(one: &str, other: &str) -> bool {
    (one.contains(' ') || other.contains(' '))
        && one.split(' ').any(|word| word.len() > 2 && other.split(' ').any(|theirs| theirs == word))
}

/// Digits `YYYYMMDD`.
fn date(one: &[u8], other: &[u8]) -> Level {
    if one.len() != 8 || other.len() != 8 {
        return Level::Different;
    }
    let (year, month, day) = (0..4, 4..6, 6..8);
    let same = |range: &std::ops::Range<usize>| one[range.clone()] == other[range.clone()];
    if same(&year) && one[month.clone()] == other[day.clone()] && one[day.clone()] == other[month.clone()] {
        return Level::Swapped;
    }
    let wrong: Vec<usize> = (0..8).filter(|at| one[*at] != other[*at]).collect();
    match wrong[..] {
        [_] => Level::Near,
        [at, next] if next == at + 1 && one[at] == other[next] && one[next] == other[at] => Level::Near,
        _ if [year, month, day].iter().filter(|range| same(range)).count() == 2 => Level::Part,
        [_, _] => Level::Similar,
        _ => Level::Different,
    }
}

/// People of one name have mailboxes of one name: that two are called `anna.mueller` at different providers says nothing the
/// names do not say, and other digits behind the name are another person's. Digits in common do say something.
fn email(one: &str, other: &str) -> Level {
    let local = |text: &str| text.rsplit_once('@').map_or(text.len(), |(local, _)| local.len());
    let (mine, theirs) = (&one[..local(one)], &other[..local(other)]);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let (numbered, theirs_numbered) = (digits(mine), digits(theirs));
    if mine == theirs {
        return if numbered.len() > 1 { Level::Part } else { Level::Absent };
    }
    if numbered == theirs_numbered && slips(one, other) <= 1 { Level::Near } else { Level::Different }
}

fn phone(one: &str, other: &str) -> Level {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() >= 6 && (long.ends_with(short) || (long.starts_with(short) && long.len() - short.len() <= 3)) {
        return Level::Part;
    }
    if long.len() - short.len() <= 1 && slips(one, other) <= 1 { Level::Near } else { Level::Different }
}

fn street(one: &str, other: &str) -> Level {
    let split = |text| str::split_once(text, '|').unwrap_or((text, ""));
    let ((mine, number), (theirs, their_number)) = (split(one), split(other));
    let numbered = number == their_number;
    if mine == theirs {
        return Level::Part;
    }
    match likeness(mine, theirs) {
        likeness if likeness >= NEAR && numbered => Level::Near,
        likeness if likeness >= SIMILAR && (numbered || likeness >= NEAR) => Level::Similar,
        _ => Level::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{canonical, cologne};

    fn level(kind: Kind, one: &str, other: &str) -> Level {
        let (one, other) = (canonical(kind, one), canonical(kind, other));
        let level = compare(kind, &one, &other, cologne(&one) == cologne(&other));
        let turned = compare(kind, &other, &one, cologne(&one) == cologne(&other));
        assert_eq!(level, turned, "{one} and {other} the other way round");
        level
    }

    #[test]
    fn names_are_heard_and_read() {
        assert_eq!(level(Kind::FamilyName, "Müller", "Mueller"), Level::Same);
        assert_eq!(level(Kind::FamilyName, "Meier", "Mayr"), Level::Sounds);
        assert_eq!(level(Kind::FamilyName, "Schneider", "Schnedier"), Level::Sounds);
        assert_eq!(level(Kind::FamilyName, "Hoffmann", "Hoffnann"), Level::Sounds);
        assert_eq!(level(Kind::FamilyName, "Ebert", "Eberl"), Level::Near);
        assert_eq!(level(Kind::FamilyName, "Müller-Lüdenscheidt", "Lüdenscheidt"), Level::Part);
        assert_eq!(level(Kind::FamilyName, "Schulz", "Ober"), Level::Different);
        assert_eq!(level(Kind::GivenName, "A.", "Anna"), Level::Part);
        assert_eq!(level(Kind::GivenName, "Anna Maria", "Maria"), Level::Part);
        assert_eq!(level(Kind::GivenName, "", "Maria"), Level::Absent);
    }

    #[test]
    fn birth_dates_are_mistyped_in_known_ways() {
        for (other, expected) in [
            ("1980-04-03", Level::Same),
            ("1980-03-04", Level::Swapped),
            ("1980-04-08", Level::Near),
            ("1908-04-03", Level::Near),
            ("1979-04-03", Level::Part),
            ("1971-05-12", Level::Different),
            ("", Level::Absent),
        ] {
            assert_eq!(level(Kind::Date, "1980-04-03", other), expected, "{other}");
        }
    }

    #[test]
    fn addresses_numbers_and_mailboxes() {
        for (kind, one, other, expected) in [
            (Kind::Street, "Hauptstr. 5", "Hauptstraße 5", Level::Same),
            (Kind::Street, "Hauptstr. 5", "Hauptstraße 7", Level::Part),
            (Kind::Street, "Hauptstr. 5", "Haupstraße 5", Level::Near),
            (Kind::Street, "Hauptstr. 5", "Am Markt 5", Level::Different),
            (Kind::Phone, "0711 123456", "+49 711 123457", Level::Near),
            (Kind::Phone, "0711 123456", "0711 123456-10", Level::Part),
            (Kind::Phone, "0711 123456", "123456", Level::Part),
            (Kind::Phone, "0711 123456", "030 998877", Level::Different),
            (Kind::Email, "ada.love77@web.de", "ada.love77@gmx.de", Level::Part),
            (Kind::Email, "ada.love@web.de", "ada.love@gmx.de", Level::Absent),
            (Kind::Email, "ada.love1@web.de", "ada.love2@web.de", Level::Different),
            (Kind::Email, "ada.love@web.de", "ada.lov@web.de", Level::Near),
            (Kind::Email, "ada.love@web.de", "bo@web.de", Level::Different),
            (Kind::PostalCode, "70173", "70137", Level::Near),
            (Kind::PostalCode, "70173", "70599", Level::Part),
            (Kind::PostalCode, "70173", "10115", Level::Different),
            (Kind::City, "Frankfurt", "Frankfurt am Main", Level::Part),
        ] {
            assert_eq!(level(kind, one, other), expected, "{one} {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn comparing_knows_no_order_and_is_never_the_same_for_different_values(one in "[a-z0-9 |@.]{0,12}", other in "[a-z0-9 |@.]{0,12}") {
            use Kind::*;
            for kind in [GivenName, FamilyName, Date, Email, Phone, PostalCode, Street, City, Text, Code] {
                let level = compare(kind, &one, &other, false);
                proptest::prop_assert_eq!(level, compare(kind, &other, &one, false), "{:?}", kind);
                proptest::prop_assert_eq!(level == Level::Same, one == other && !one.is_empty(), "{:?}", kind);
            }
        }
    }
}
