//! The people of a believable tour operator, as its customer file: drawn, never real.
//!
//! Names are common in the German-speaking countries, towns and postal codes fit each other, streets are invented, mail
//! addresses end in the domains reserved for examples (RFC 2606).

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

const WOMEN: &[&str] = &[
    "Anna",
    "Aylin",
    "Barbara",
    "Beate",
    "Birgit",
    "Brigitte",
    "Charlotte",
    "Christa",
    "Claudia",
    "Elif",
    "Elisabeth",
    "Emilia",
    "Franziska",
    "Gabriele",
    "Greta",
    "Hannelore",
    "Helga",
    "Ingrid",
    "Jana",
    "Johanna",
    "Jutta",
    "Karin",
    "Katharina",
    "Kerstin",
    "Laura",
    "Lena",
    "Luisa",
    "Manuela",
    "Margarete",
    "Maria",
    "Marlene",
    "Martina",
    "Monika",
    "Nicole",
    "Petra",
    "Renate",
    "Sabine",
    "Silke",
    "Simone",
    "Sophie",
    "Stefanie",
    "Susanne",
    "Sylvia",
    "Tanja",
    "Ulrike",
    "Ursula",
    "Ute",
    "Vera",
    "Waltraud",
    "Zeynep",
];
const MEN: &[&str] = &[
    "Achim",
    "Alexander",
    "Andreas",
    "Bernd",
    "Björn",
    "Christian",
    "Daniel",
    "Dieter",
    "Dirk",
    "Emre",
    "Felix",
    "Florian",
    "Frank",
    "Friedrich",
    "Georg",
    "Gerhard",
    "Günther",
    "Hans",
    "Heinz",
    "Helmut",
    "Horst",
    "Jan",
    "Jens",
    "Jörg",
    "Jürgen",
    "Karl",
    "Klaus",
    "Lars",
    "Lukas",
    "Manfred",
    "Markus",
    "Martin",
    "Matthias",
    "Mehmet",
    "Michael",
    "Norbert",
    "Oliver",
    "Peter",
    "Rainer",
    "Ralf",
    "Sebastian",
    "Stefan",
    "Sven",
    "Thomas",
    "Thorsten",
    "Tobias",
    "Uwe",
    "Volker",
    "Walter",
    "Yusuf",
];
const FAMILIES: &[&str] = &[
    "Albrecht",
    "Arnold",
    "Bauer",
    "Baumann",
    "Becker",
    "Berger",
    "Böhm",
    "Brandt",
    "Braun",
    "Brenner",
    "Busch",
    "Demir",
    "Dietrich",
    "Engel",
    "Fischer",
    "Frank",
    "Friedrich",
    "Fuchs",
    "Graf",
    "Groß",
    "Günther",
    "Haas",
    "Hahn",
    "Hartmann",
    "Heinrich",
    "Herrmann",
    "Hoffmann",
    "Hofmann",
    "Horn",
    "Huber",
    "Jäger",
    "Jung",
    "Kaiser",
    "Kaya",
    "Keller",
    "Kessler",
    "Klein",
    "Koch",
    "Köhler",
    "König",
    "Krämer",
    "Kraus",
    "Krüger",
    "Kühn",
    "Kuhn",
    "Lang",
    "Lange",
    "Lehmann",
    "Lindner",
    "Lorenz",
    "Ludwig",
    "Maier",
    "Martin",
    "Mayer",
    "Meier",
    "Meyer",
    "Möller",
    "Müller",
    "Neumann",
    "Öztürk",
    "Otto",
    "Peters",
    "Pfeiffer",
    "Pohl",
    "Richter",
    "Roth",
    "Sander",
    "Sauer",
    "Schäfer",
    "Schmid",
    "Schmidt",
    "Schmitt",
    "Schneider",
    "Scholz",
    "Schröder",
    "Schubert",
    "Schulz",
    "Schulze",
    "Schumacher",
    "Schuster",
    "Schwarz",
    "Seidel",
    "Simon",
    "Sommer",
    "Stein",
    "Steiner",
    "Thomas",
    "Vogel",
    "Vogt",
    "Wagner",
    "Walter",
    "Weber",
    "Weiß",
    "Werner",
    "Winkler",
    "Winter",
    "Wolf",
    "Wolff",
    "Yılmaz",
    "Ziegler",
    "Zimmermann",
];
/// Town, first three digits of its postal codes, country as the file says it.
const TOWNS: &[(&str, &str, &str)] = &[
    ("Hamburg", "203", "Deutschland"),
    ("Hamburg", "222", "Deutschland"),
    ("Berlin", "101", "Deutschland"),
    ("Berlin", "124", "Deutschland"),
    ("München", "803", "Deutschland"),
    ("München", "816", "Deutschland"),
    ("Köln", "506", "Deutschland"),
    ("Frankfurt am Main", "603", "Deutschland"),
    ("Stuttgart", "701", "Deutschland"),
    ("Düsseldorf", "402", "Deutschland"),
    ("Leipzig", "041", "Deutschland"),
    ("Dresden", "010", "Deutschland"),
    ("Hannover", "301", "Deutschland"),
    ("Bremen", "281", "Deutschland"),
    ("Nürnberg", "904", "Deutschland"),
    ("Freiburg", "790", "Deutschland"),
    ("Kiel", "241", "Deutschland"),
    ("Lübeck", "235", "Deutschland"),
    ("Münster", "481", "Deutschland"),
    ("Augsburg", "861", "Deutschland"),
    ("Wien", "10", "Österreich"),
    ("Graz", "80", "Österreich"),
    ("Innsbruck", "60", "Österreich"),
    ("Salzburg", "50", "Österreich"),
    ("Zürich", "80", "Schweiz"),
    ("Bern", "30", "Schweiz"),
    ("Basel", "40", "Schweiz"),
];
const STREETS: &[&str] = &[
    "Lindenhof",
    "Am Mühlbach",
    "Rosenweg",
    "Kastanienallee",
    "Sonnenhang",
    "Alte Gärtnerei",
    "Am Weinberg",
    "Uferstraße",
    "Schulgasse",
    "Marktplatz",
];
const INDUSTRIES: &[(&str, &str)] = &[
    ("Architekturbüro", "Architekten"),
    ("Kanzlei", "Rechtsanwälte"),
    ("Praxis", "Ärzte"),
    ("Apotheke", "Apotheker"),
    ("Tischlerei", "Handwerk"),
    ("Steuerbüro", "Steuerberater"),
    ("Schule am Park,", "Bildung"),
    ("Ingenieurbüro", "Ingenieure"),
];
const SOURCES: &[&str] = &["Katalog", "Webshop", "Messe", "Empfehlung", "Newsletter", "Gewinnspiel"];

/// A person of the file, with what the history needs to know of them.
pub struct Person {
    pub number: String,
    pub row: String,
    /// 0 to 1: how often this person books and answers; most are near 0.
    pub warmth: f64,
    /// Index into the favourite category of journeys.
    pub taste: usize,
}

pub const HEADER: &str = "Kundennr;Anrede;Titel;Vorname;Nachname;Geburtsdatum;Straße;PLZ;Ort;Land;E-Mail;Telefon;Firma;Branche;Quelle;Einwilligung E-Mail;Budget";

/// Draws the customer file.
pub fn draw(rng: &mut StdRng, count: usize, tastes: usize, year: i16) -> Vec<Person> {
    (0..count).map(|n| person(rng, n, tastes, year)).collect()
}

fn pick<'a, T>(rng: &mut StdRng, from: &'a [T]) -> &'a T {
    from.choose(rng).unwrap_or(&from[0])
}

fn person(rng: &mut StdRng, n: usize, tastes: usize, year: i16) -> Person {
    let woman = rng.random_bool(0.54);
    let first = pick(rng, if woman { WOMEN } else { MEN });
    let family = pick(rng, FAMILIES);
    let (town, zone, country) = pick(rng, TOWNS);
    let digits = if zone.len() == 3 { 100 } else { 90 };
    let postal = format!("{zone}{:02}", rng.random_range(10..digits.min(99)));
    let number = format!("{}", 20_000 + n * 3);
    let title = if rng.random_bool(0.07) { "Dr." } else { "" };
    // Tour operators live on people over forty-five.
    let age = (rng.random_range(22.0..50.0_f64) + rng.random_range(0.0..38.0)) as i16;
    let birth = if rng.random_bool(0.9) {
        format!("{:02}.{:02}.{}", rng.random_range(1..=28), rng.random_range(1..=12), year - age)
    } else {
        String::new()
    };
    let domain = pick(rng, &["example.org", "example.com", "example.net"]);
    let plain = |name: &str| kernel::text::fold(name).replace(' ', "");
    let email = format!("{}.{}{}@{domain}", plain(first), plain(family), n);
    let phone =
        if rng.random_bool(0.6) { format!("+49 30 23125 {:03}", rng.random_range(0..1000)) } else { String::new() };
    let (company, industry) = if rng.random_bool(0.16) {
        let (kind, industry) = pick(rng, INDUSTRIES);
        (format!("{kind} {family}"), (*industry).to_owned())
    } else {
        (String::new(), String::new())
    };
    let consents = rng.random_bool(0.78);
    let budget = pick(rng, &["", "800,00", "1.500,00", "2.500,00", "4.000,00", "6.500,00"]);
    let warmth: f64 = rng.random::<f64>().powi(3);
    let taste = rng.random_range(0..tastes);
    let consent = if consents { "ja" } else { "nein" };
    let salutation = if woman { "Frau" } else { "Herr" };
    let row = format!(
        "{number};{salutation};{title};{first};{family};{birth};{} {};{postal};{town};{country};{email};{phone};{company};{industry};{};{consent};{budget}",
        pick(rng, STREETS),
        rng.random_range(1..90),
        pick(rng, SOURCES),
    );
    Person { number, row, warmth, taste }
}
