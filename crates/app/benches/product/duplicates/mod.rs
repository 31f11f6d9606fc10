//! Who is there twice, beside Splink on DuckDB: on the data sets of the literature, and on a million contacts.

mod contacts;
mod febrl;
mod names;

use crate::table::Row;
use contacts::Contact;
use crm::customers::duplicates::scheme;
use linkage::{Found, Records, cologne, find};
use std::{
    collections::HashMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
use testkit::python::interpreter;

const CONTACTS: usize = 1_000_000;
const SEED: u64 = 7;
/// Turns of both.
const ROUNDS: usize = 3;
/// Two cores, as Splink is given.
const THREADS: usize = 2;
/// From here on a pair counts as found; Splink is given the best threshold of ten.
const LEAST: f64 = 0.5;

pub fn measure() -> Vec<Row> {
    let mut rows = febrl::measure();
    let folder = tempfile::tempdir().expect("a folder");
    let contacts = contacts::contacts(CONTACTS, SEED);
    let (raw, clean) = (folder.path().join("raw.tsv"), folder.path().join("clean.tsv"));
    write(&contacts, &raw, &clean);
    let truth = pairs_of_people(&contacts);
    let (mut ours, mut theirs, mut mine, mut best) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let since = Instant::now();
        let found = searched(&raw);
        ours.push(since.elapsed().as_secs_f64());
        let likely = found.pairs.iter().filter(|pair| pair.probability >= LEAST);
        let of = |record: u32| contacts[record as usize].person;
        let (count, right) = likely.fold((0_usize, 0_usize), |(count, right), pair| {
            (count + 1, right + usize::from(of(pair.one) == of(pair.other)))
        });
        mine.push(f1(right, count, truth));
        let (seconds, score) = splink(&clean);
        theirs.push(seconds);
        best.push(score);
    }
    rows.push(Row::ours("contacts", contacts.len() as f64, "records"));
    rows.push(Row::ours("pairs that are one person", truth as f64, "pairs"));
    rows.push(Row::beside("a million contacts, from the file to the pairs", ours, theirs, "s"));
    rows.push(Row::beside("the same: F1", mine, best, "F1"));
    rows
}

/// The harmonic mean of precision and recall.
fn f1(right: usize, found: usize, truth: usize) -> f64 {
    2.0 * right as f64 / (found + truth) as f64
}

fn pairs_of_people(contacts: &[Contact]) -> usize {
    let mut people: HashMap<u32, usize> = HashMap::new();
    contacts.iter().for_each(|contact| *people.entry(contact.person).or_default() += 1);
    people.values().map(|n| n * (n - 1) / 2).sum()
}

/// The contacts as they are, and as Splink is given them: spelt one way, with their phonetic codes.
fn write(contacts: &[Contact], raw: &Path, clean: &Path) {
    let scheme = scheme();
    let records =
        Records::read(&scheme, contacts.len(), None, THREADS, |record, field| &contacts[record].fields[field]);
    let mut text = String::new();
    let mut tidy =
        "id\tperson\tfirst_name\tlast_name\tbirth_date\temail\tphone\tstreet\tnumber\tpostal_code\tcity\tcompany\t\
                    first_sound\tlast_sound\n"
            .to_owned();
    for (at, contact) in contacts.iter().enumerate() {
        text += &contact.fields.join("\t");
        text.push('\n');
        let value = |field| records.value(at as u32, field);
        let (street, number) = value(5).split_once('|').unwrap_or_default();
        let born = match value(2) {
            day if day.len() == 8 => format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]),
            _ => String::new(),
        };
        let first = value(0).split(' ').next().unwrap_or_default();
        writeln!(
            tidy,
            "{at}\t{}\t{}\t{}\t{born}\t{}\t{}\t{street}\t{number}\t{}\t{}\t{}\t{}\t{}",
            contact.person,
            value(0),
            value(1),
            value(3),
            value(4),
            value(6),
            value(7),
            value(8),
            cologne(first),
            cologne(value(1))
        )
        .expect("a line");
    }
    fs::write(raw, text).expect("the contacts");
    fs::write(clean, tidy).expect("the contacts for Splink");
}

fn searched(raw: &Path) -> Found {
    let text = fs::read_to_string(raw).expect("the contacts");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let scheme = scheme();
    let records = Records::read(&scheme, lines.len(), None, THREADS, |record, field| lines[record][field]);
    find(&records, &scheme, LEAST, THREADS)
}

/// Seconds, and the best F1 of all thresholds.
fn splink(clean: &Path) -> (f64, f64) {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/product/duplicates/beside.py");
    let output = Command::new(interpreter()).arg(script).arg(clean).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = said.lines().last().unwrap_or_default().split(' ').map(|text| text.parse().expect("a number"));
    (numbers.next().expect("seconds"), numbers.next().expect("an F1"))
}
