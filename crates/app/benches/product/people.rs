//! Invented customers, as many as wanted, the same on every run.

use std::{
    path::Path,
    time::{Duration, Instant},
};
use testkit::process::Product;

const FIRST: [&str; 13] =
    ["Anna", "Jürgen", "Käthe", "Mehmet", "Sophie", "Björn", "Ines", "Günter", "Lea", "Paweł", "Renate", "Tom", "Ute"];
const LAST: [&str; 12] = [
    "Müller",
    "Groß",
    "Yılmaz",
    "Weiß",
    "Schröder",
    "Hoffmann",
    "Öztürk",
    "Vogel",
    "Kaiser",
    "Nowak",
    "Brandt",
    "Jäger",
];
const TOWNS: [(&str, &str); 8] = [
    ("10115", "Berlin"),
    ("20095", "Hamburg"),
    ("80331", "München"),
    ("50667", "Köln"),
    ("01067", "Dresden"),
    ("60311", "Frankfurt am Main"),
    ("70173", "Stuttgart"),
    ("18055", "Rostock"),
];

const HEADER: &str = "Kundennr;Anrede;Titel;Vorname;Nachname;Geburtsdatum;Straße;PLZ;Ort;Land;E-Mail;Telefon;Firma;\
                          Branche;Quelle;Einwilligung E-Mail;Budget";

/// A CSV file as a company's own system writes it, all 17 columns filled as they usually are: one in ten with a company.
pub fn file(count: usize) -> String {
    let mut text = String::with_capacity(count * 190);
    text += HEADER;
    text.push('\n');
    for n in 0..count {
        // Large odd factors scatter people over names and towns without a generator of chance; 13 names, so that nothing
        // depends on them that depends on every fourth person.
        let (first, last) = (FIRST[n * 7_919 % 13], LAST[n * 104_729 / 12 % 12]);
        let (code, town) = TOWNS[n * 1_299_709 % 8];
        let salutation = if n % 2 == 0 { "Frau" } else { "Herr" };
        let company =
            if n % 10 == 0 { format!("{last} Reisebüro {} GmbH;Touristik", n % 5_000) } else { ";".to_owned() };
        text += &format!(
            "K{n:07};{salutation};;{first};{last};{:02}.{:02}.{};Lindenstraße {};{code};{town};Deutschland;\
             p{n}@kunde-{}.example;+49 30 {:07};{company};Katalog;{};{}.{:03},50\n",
            n % 28 + 1,
            n % 12 + 1,
            1940 + n % 65,
            n % 190 + 1,
            n % 97,
            n % 10_000_000,
            if n % 4 == 3 { "nein" } else { "ja" },
            n % 9 + 1,
            n % 1000,
        );
    }
    text
}

/// A data folder with so many of them, imported from the shell; how long the import took.
pub async fn imported(data: &Path, count: usize) -> Duration {
    let file = data.with_extension("csv");
    std::fs::write(&file, self::file(count)).expect("the file");
    import(data, &file).await
}

/// Imports a file from the shell, from starting the command to its end.
pub async fn import(data: &Path, file: &Path) -> Duration {
    let since = Instant::now();
    let arguments = ["import", "contacts", file.to_str().expect("a path of ours")];
    let done = Product::command_on(data, &[], &arguments).output().await.expect("the program");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    since.elapsed()
}
