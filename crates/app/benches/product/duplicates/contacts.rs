//! Contacts as a company has them after some years: households, several spellings, people who moved or married, and of one in
//! seven a second or third record. The same for the same seed.

use super::names::{CITIES, ENDS, FAMILIES, MEN, PROVIDERS, STEMS, STREETS, WOMEN};
use std::collections::HashSet;

/// What a record says, in the order of the fields of the search: first name, last name, birthday, e-mail, telephone, street,
/// postal code, city, company.
pub type Fields = [String; 9];

/// A record and the person it is about.
pub struct Contact {
    pub person: u32,
    pub fields: Fields,
}

/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// Few are frequent: the place of a value whose frequency falls with its rank (G. K. Zipf).
    fn ranked(&mut self, count: usize) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (((count as f64 + 1.0).powf(uniform) - 1.0) as usize).min(count - 1)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const WAYS: [&str; 6] = ["straße", "weg", "straße", "allee", "gasse", "platz"];

/// About `count` contacts.
pub fn contacts(count: usize, seed: u64) -> Vec<Contact> {
    let (mut dice, mut given) = (Dice(seed), HashSet::new());
    let mut all: Vec<Contact> = Vec::with_capacity(count + 8);
    let mut person = 0;
    while all.len() < count {
        let first = one(&mut dice, &mut given);
        let mut people = vec![first];
        // Three in ten live with somebody of the same name, on one line.
        if dice.percent(30) {
            people.push(partner(&mut dice, &people[0], &mut given));
        }
        for fields in people {
            let again = match dice.below(100) {
                0..12 => 1,
                12..15 => 2,
                _ => 0,
            };
            for _ in 0..again {
                all.push(Contact { person, fields: another(&mut dice, &fields, &mut given) });
            }
            all.push(Contact { person, fields });
            person += 1;
        }
    }
    // Fisher and Yates: a person's records do not stand beside each other.
    for at in (1..all.len()).rev() {
        let other = dice.below(at + 1);
        all.swap(at, other);
    }
    all
}

fn family(dice: &mut Dice) -> String {
    if dice.percent(45) {
        return FAMILIES[dice.ranked(FAMILIES.len())].to_owned();
    }
    format!("{}{}", dice.pick(&STEMS), dice.pick(&ENDS))
}

fn one(dice: &mut Dice, given: &mut HashSet<String>) -> Fields {
    let women = dice.percent(50);
    let first = if women { WOMEN[dice.ranked(WOMEN.len())] } else { MEN[dice.ranked(MEN.len())] }.to_owned();
    let last = family(dice);
    let mut fields = [
        first,
        last,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ];
    if dice.percent(75) {
        fields[2] = born(dice);
    }
    settle(dice, &mut fields);
    if dice.percent(70) {
        fields[3] = mailbox(dice, &fields[0], &fields[1], given);
    }
    if dice.percent(8) {
        fields[8] =
            format!("{} {}", family(dice), dice.pick(&["GmbH", "KG", "& Söhne", "Bau", "Elektro", "Architekten"]));
    }
    fields
}

fn born(dice: &mut Dice) -> String {
    let (year, month, day) = (1935 + dice.below(70), 1 + dice.below(12), 1 + dice.below(28));
    format!("{year}-{month:02}-{day:02}")
}

/// Gives an address and mostly a telephone.
fn settle(dice: &mut Dice, fields: &mut Fields) {
    let city = dice.ranked(CITIES.len());
    let area = 200 + city * 13;
    if dice.percent(88) {
        fields[5] = format!("{}{} {}", dice.pick(&STREETS), dice.pick(&WAYS), 1 + dice.below(120));
        fields[6] = format!("{:02}{:03}", 1 + city, dice.below(60) * 7);
        fields[7] = CITIES[city].to_owned();
    }
    fields[4] = match dice.below(100) {
        0..30 => format!("0{area} {}", 10_000 + dice.below(9_900_000)),
        30..65 => format!(
            "01{} {}",
            dice.pick(&["51", "60", "70", "71", "72", "75", "76", "79"]),
            1_000_000 + dice.below(9_000_000)
        ),
        _ => String::new(),
    };
}

fn plain(text: &str) -> String {
    kernel::text::fold(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A new mailbox: no provider gives one name to two people.
fn mailbox(dice: &mut Dice, first: &str, last: &str, given: &mut HashSet<String>) -> String {
    loop {
        let wanted = wanted(dice, first, last);
        if given.insert(wanted.clone()) {
            return wanted;
        }
    }
}

fn wanted(dice: &mut Dice, first: &str, last: &str) -> String {
    let (first, last) = (plain(first), plain(last));
    let local = match dice.below(5) {
        0 => format!("{first}.{last}"),
        1 => format!("{}.{last}{}", &first[..1], 10 + dice.below(90)),
        2 => format!("{first}{}", 1_000 + dice.below(9_000)),
        3 => format!("{first}.{last}{}", dice.below(100)),
        _ => format!("{last}{first}{}", dice.below(1_000)),
    };
    format!("{local}@{}", PROVIDERS[dice.ranked(PROVIDERS.len())])
}

/// Somebody of the same household: name, address and line are shared, sometimes the mailbox.
fn partner(dice: &mut Dice, of: &Fields, given: &mut HashSet<String>) -> Fields {
    let mut fields = of.clone();
    fields[0] =
        if WOMEN.contains(&of[0].as_str()) { MEN[dice.ranked(MEN.len())] } else { WOMEN[dice.ranked(WOMEN.len())] }
            .to_owned();
    if !of[2].is_empty() {
        fields[2] = born(dice);
    }
    if of[4].starts_with("01") {
        fields[4] = String::new();
    }
    if !dice.percent(6) {
        fields[3] = if dice.percent(65) { mailbox(dice, &fields[0], &fields[1], given) } else { String::new() };
    }
    fields[8] = String::new();
    fields
}

/// A slip of the keys: a letter left out, doubled, replaced or exchanged with its neighbour.
fn slip(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = (b'a' + dice.below(26) as u8) as char,
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// A digit that is wrong, or two that changed places.
fn misread(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let digits: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_digit()).collect();
    let Some(last) = digits.len().checked_sub(2) else { return text.to_owned() };
    let at = dice.below(last + 1);
    if dice.percent(50) {
        letters[digits[at]] = (b'0' + dice.below(10) as u8) as char;
    } else {
        letters.swap(digits[at], digits[at + 1]);
    }
    letters.into_iter().collect()
}

/// The same name as somebody else hears it.
fn misheard(name: &str) -> String {
    for (from, to) in [
        ("ei", "ai"),
        ("ai", "ay"),
        ("ay", "ei"),
        ("ey", "ei"),
        ("dt", "tt"),
        ("tz", "z"),
        ("ck", "k"),
        ("ph", "f"),
        ("ff", "f"),
        ("th", "t"),
        ("mm", "m"),
        ("nn", "n"),
        ("ß", "ss"),
        ("ä", "e"),
        ("k", "c"),
        ("ü", "ue"),
        ("ö", "oe"),
        ("v", "w"),
    ] {
        if name.contains(from) {
            return name.replacen(from, to, 1);
        }
    }
    name.to_owned()
}

/// A second record of somebody: typed by another person, years later, or by a shop.
fn another(dice: &mut Dice, of: &Fields, given: &mut HashSet<String>) -> Fields {
    let mut fields = of.clone();
    // How it is written says nothing about who it is.
    if dice.percent(40) {
        fields[5] = fields[5].replace("straße", dice.pick(&["str.", "strasse", "-Straße"]));
    }
    if dice.percent(50) && !fields[4].is_empty() {
        fields[4] = format!("+49 {}", &fields[4][1..]);
    }
    if dice.percent(25) {
        fields[0] = plain_umlauts(&fields[0]);
        fields[1] = plain_umlauts(&fields[1]);
    }
    if dice.percent(9) {
        let line = fields[4].clone();
        settle(dice, &mut fields);
        if line.trim_start_matches("+49 ").starts_with('1') || line.starts_with("01") {
            fields[4] = line;
        }
    }
    if dice.percent(3) {
        fields[1] = if dice.percent(50) { family(dice) } else { format!("{}-{}", fields[1], family(dice)) };
    }
    for _ in 0..[0, 0, 1, 1, 1, 2, 2, 3][dice.below(8)] {
        match dice.below(16) {
            0 | 1 => fields[0] = slip(dice, &fields[0]),
            2 | 3 => fields[1] = slip(dice, &fields[1]),
            4 => fields[1] = misheard(&fields[1]),
            5 => fields[0] = misheard(&fields[0]),
            6 => fields[0] = format!("{}.", fields[0].chars().next().unwrap_or('X')),
            7 => fields.swap(0, 1),
            8 => fields[2] = misread(dice, &fields[2]),
            9 if fields[2].len() == 10 => fields[2] = format!("{}-{}-{}", &of[2][..4], &of[2][8..], &of[2][5..7]),
            10 => {
                fields[3] = if dice.percent(50) { mailbox(dice, &fields[0], &fields[1], given) } else { String::new() }
            }
            11 => fields[3] = slip(dice, &fields[3]),
            12 => fields[4] = misread(dice, &fields[4]),
            13 => fields[5] = slip(dice, &fields[5]),
            14 => fields[6] = misread(dice, &fields[6]),
            _ => {
                let at = 2 + dice.below(6);
                fields[at] = String::new();
            }
        }
    }
    fields
}

fn plain_umlauts(text: &str) -> String {
    ["ä", "ö", "ü", "ß"]
        .into_iter()
        .zip(["ae", "oe", "ue", "ss"])
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
