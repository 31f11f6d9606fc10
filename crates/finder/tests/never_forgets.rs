//! However records come, change and go, and whatever was joined in between: the shelf finds what looking at every record
//! finds.

use finder::{Builder, Entry, Rank, Shelf, spelling};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Deed {
    Write(i64, String, String),
    Remove(i64),
    Tidy,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (0_i64..12, "[abü]{1,3}( [abü]{1,3})?", "[0-9]{3,6}").prop_map(|(id, name, phone)| Deed::Write(id, name, phone)),
        2 => (0_i64..12).prop_map(Deed::Remove),
        1 => Just(Deed::Tidy),
    ]
}

fn entry(id: i64, name: &str, phone: &str) -> Entry {
    Entry { id, texts: vec![name.to_owned()], phones: vec![phone.to_owned()], ..Entry::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn nothing_is_missed_and_nothing_is_left(deeds in proptest::collection::vec(deed(), 1..40), asked in "[abü]{1,3}", digits in "[1-9][0-9]{2,3}") {
        let mut records: BTreeMap<i64, (String, String)> = BTreeMap::new();
        let mut shelf = Shelf::of(Builder::default().finish());
        for deed in deeds {
            match deed {
                Deed::Write(id, name, phone) => {
                    shelf = shelf.with(&[id], vec![entry(id, &name, &phone)]);
                    records.insert(id, (name, phone));
                }
                Deed::Remove(id) => {
                    shelf = shelf.with(&[id], Vec::new());
                    records.remove(&id);
                }
                Deed::Tidy => {
                    let before = shelf.clone();
                    let joined = before.joined();
                    // A record that changes while segments are joined.
                    shelf = shelf.with(&[3], vec![entry(3, "bab", "777777")]);
                    records.insert(3, ("bab".to_owned(), "777777".to_owned()));
                    if let Some(next) = shelf.taking_up(&before, joined) {
                        shelf = next;
                    }
                }
            }
            prop_assert_eq!(shelf.len(), records.len());
        }
        let found = |text: &str, rank: Rank| -> BTreeSet<i64> {
            shelf.search(text, 100).into_iter().filter(|hit| hit.rank <= rank).map(|hit| hit.id.0).collect()
        };
        let wanted = spelling(&asked);
        let words = |name: &str| spelling(name).split(' ').map(str::to_owned).collect::<Vec<_>>();
        let exact = records.iter().filter(|(_, (name, _))| words(name).contains(&wanted)).map(|(id, _)| *id).collect();
        prop_assert_eq!(found(&asked, Rank::Exact), exact);
        let beginning = |name: &str| words(name).iter().any(|word| word.starts_with(&wanted));
        let begins = records.iter().filter(|(_, (name, _))| beginning(name)).map(|(id, _)| *id).collect();
        prop_assert_eq!(found(&asked, Rank::Beginning), begins);
        let has = |phone: &str| phone.trim_start_matches('0').contains(&digits);
        let numbers = records.iter().filter(|(_, (_, phone))| has(phone)).map(|(id, _)| *id).collect();
        prop_assert_eq!(found(&digits, Rank::Alike), numbers);
    }
}

#[test]
fn among_equals_who_was_heard_of_last_comes_first() {
    let mut builder = Builder::default();
    for (id, heard) in [(1, 10), (2, 30), (3, 20)] {
        builder.push(&Entry { heard, ..entry(id, "Anna", "") });
    }
    let shelf = Shelf::of(builder.finish());
    let order = |shelf: &Shelf| shelf.search("anna", 2).into_iter().map(|hit| hit.id.0).collect::<Vec<_>>();
    assert_eq!(order(&shelf), [2, 3]);
    shelf.hear(1, 40);
    assert_eq!(order(&shelf), [1, 2]);
    let changed = shelf.with(&[1], vec![entry(1, "Anna Neu", "")]);
    assert_eq!(order(&changed), [1, 2], "a change forgets nothing");
}
