//! Stories of contacts that are there twice, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    Refusal, Trouble,
    customers::{
        ContactDraft, create_contact,
        duplicates::{self, KeepDuplicates, PairQuery, PairState, candidates, likely_duplicates, said},
        edit_contact, find_contact, merge,
    },
};
use jiff::civil::{Date, date};
use kernel::{ContactId, Locale, time::MINUTE};
use testkit::House;

const TODAY: Date = date(2026, 11, 24);

fn person(first: &str, last: &str, born: &str, phone: &str, street: &str) -> ContactDraft {
    ContactDraft {
        first_name: first.into(),
        last_name: last.into(),
        birth_date: born.into(),
        phone: phone.into(),
        street: street.into(),
        postal_code: if street.is_empty() { String::new() } else { "50667".into() },
        city: if street.is_empty() { String::new() } else { "Köln".into() },
        ..ContactDraft::default()
    }
}

async fn made(house: &House, draft: ContactDraft) -> ContactId {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
    contact.contact_id()
}

async fn edited(house: &House, id: ContactId, change: impl FnOnce(&mut ContactDraft)) {
    let unit = house.db.write().await.unwrap();
    let contact = find_contact(&unit, id).await.unwrap().unwrap();
    let mut draft = ContactDraft::from(&contact);
    change(&mut draft);
    house.clock.forward(MINUTE);
    edit_contact(&unit, &house.jana(), id, contact.version, draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
}

/// Anna twice, a couple, and people who have nothing to do with each other.
async fn furnished(house: &House) -> [ContactId; 4] {
    let anna = made(house, person("Anna", "Müller", "1980-04-03", "0221 998877", "Am Markt 3")).await;
    let again = made(house, person("Ana", "Mueller", "1980-03-04", "+49 221 998877", "Am Markt 3")).await;
    let peter = made(house, person("Peter", "Schmidt", "1961-07-19", "0221 445566", "Hauptstraße 12")).await;
    let maria = made(house, person("Maria", "Schmidt", "1964-11-30", "0221 445566", "Hauptstr. 12")).await;
    for (first, last, born) in [
        ("Emil", "Vogel", "1990-01-02"),
        ("Ida", "Brandt", "1975-08-21"),
        ("Jonas", "Keller", "1983-12-12"),
        ("Lena", "Fuchs", "1999-05-05"),
        ("Otto", "Winter", "1949-02-14"),
        ("Ruth", "Sommer", "1958-10-08"),
    ] {
        made(house, person(first, last, born, "", "")).await;
    }
    [anna, again, peter, maria]
}

async fn look(house: &House) {
    let task = KeepDuplicates { db: house.db.clone(), clock: house.clock.clone() };
    while task.look(None).await.unwrap() {}
}

async fn pairs(house: &House, state: PairState) -> Vec<(ContactId, ContactId)> {
    let rows = house.db.read().await.unwrap();
    let query = PairQuery { state, limit: 50, ..PairQuery::default() };
    let found = candidates(&rows, &house.jana(), &query).await.unwrap();
    assert!(found.windows(2).all(|two| two[0].probability >= two[1].probability), "the likeliest first");
    found.into_iter().map(|pair| (pair.one, pair.other)).collect()
}

#[tokio::test]
async fn whoever_is_there_twice_is_found_with_the_reason_and_a_couple_is_not() {
    for house in House::both().await {
        let [anna, again, ..] = furnished(&house).await;
        look(&house).await;
        assert_eq!(pairs(&house, PairState::Open).await, [(anna, again)]);
        let rows = house.db.read().await.unwrap();
        let pair = duplicates::candidate(&rows, again, anna).await.unwrap().unwrap();
        assert!(pair.probability > 0.9, "{pair:?}");
        let (reasons, against) = said(&pair.reasons);
        let reasons: Vec<String> = reasons.iter().map(|reason| reason.say(Locale::De)).collect();
        for reason in ["Telefon gleich", "Tag und Monat der Geburt vertauscht", "Vorname klingt gleich"] {
            assert!(reasons.iter().any(|said| said == reason), "{reason}: {reasons:?}");
        }
        assert!(against.is_empty(), "{against:?}");
        assert!(matches!(
            candidates(&rows, &house.sabine(), &PairQuery::default()).await,
            Err(Trouble::Refusal(Refusal::Right(_)))
        ));
    }
}

#[tokio::test]
async fn what_changes_is_followed_and_what_was_dismissed_stays_away() {
    for house in House::both().await {
        let [anna, again, peter, _] = furnished(&house).await;
        look(&house).await;
        let unit = house.db.write().await.unwrap();
        duplicates::dismiss(&unit, &house.jana(), again, anna, house.now()).await.unwrap();
        let refused = duplicates::dismiss(&unit, &house.jana(), anna, peter, house.now()).await;
        assert!(matches!(refused, Err(Trouble::Refusal(Refusal::Missing))), "{refused:?}");
        unit.save().await.unwrap();
        edited(&house, again, |draft| draft.birth_date = "1980-04-03".into()).await;
        look(&house).await;
        assert_eq!(pairs(&house, PairState::Open).await, []);
        assert_eq!(pairs(&house, PairState::Dismissed).await, [(anna, again)]);

        let third = made(&house, person("Peter", "Schmitt", "1961-07-19", "", "Hauptstraße 12")).await;
        look(&house).await;
        assert_eq!(pairs(&house, PairState::Open).await, [(peter, third)]);
        edited(&house, third, |draft| *draft = person("Paul", "Oster", "1999-01-01", "", "")).await;
        look(&house).await;
        assert_eq!(pairs(&house, PairState::Open).await, []);

        let unit = house.db.write().await.unwrap();
        duplicates::reopen(&unit, &house.jana(), anna, again, house.now()).await.unwrap();
        unit.save().await.unwrap();
        look(&house).await;
        assert_eq!(pairs(&house, PairState::Open).await, [(anna, again)]);
    }
}

#[tokio::test]
async fn a_draft_is_told_who_it_may_be_before_it_is_saved() {
    for house in House::both().await {
        let [anna, again, peter, maria] = furnished(&house).await;
        let ask = async |draft: ContactDraft, except| {
            let rows = house.db.read().await.unwrap();
            let found = likely_duplicates(&rows, &house.aylin(), &draft, except).await.unwrap();
            found.into_iter().map(|likely| likely.contact).collect::<Vec<_>>()
        };
        // Before the first comparison name and mailbox are asked directly.
        let draft = person("anna", "mueller", "", "0221 99 88 77", "");
        assert_eq!(ask(draft.clone(), None).await, [anna]);
        look(&house).await;
        assert_eq!(ask(draft.clone(), None).await, [anna, again]);
        assert_eq!(ask(draft, Some(anna)).await, [again]);
        assert_eq!(ask(person("Peter", "Schmidt", "1961-07-19", "", ""), None).await, [peter]);
        assert!(!ask(person("Karl", "Schmidt", "2001-01-01", "", "Hauptstr. 12"), None).await.contains(&maria));
        assert_eq!(ask(person("Niemand", "Hier", "", "", ""), None).await, []);
        assert_eq!(ask(ContactDraft::default(), None).await, []);
    }
}

#[tokio::test]
async fn nothing_is_merged_by_itself_until_somebody_says_from_where_on() {
    for house in House::both().await {
        let [anna, again, ..] = furnished(&house).await;
        look(&house).await;
        let merged_into = async || {
            let rows = house.db.read().await.unwrap();
            merge::survivor_of(&rows, again).await.unwrap()
        };
        assert_eq!(merged_into().await, None);
        let set = async |thousandths| {
            let unit = house.db.write().await.unwrap();
            let outcome = duplicates::set_automatic(&unit, &house.jana(), thousandths, house.now()).await;
            unit.save().await.unwrap();
            outcome
        };
        assert!(matches!(set(Some(500)).await, Err(Trouble::Refusal(Refusal::Invalid(_)))));
        let unit = house.db.write().await.unwrap();
        let by_agent = duplicates::set_automatic(&unit, &house.aylin(), Some(990), house.now()).await;
        assert!(matches!(by_agent, Err(Trouble::Refusal(Refusal::Right(_)))));
        drop(unit);
        set(Some(900)).await.unwrap();
        look(&house).await;
        assert_eq!(merged_into().await, Some(anna));
        assert_eq!(pairs(&house, PairState::Merged).await, [(anna, again)]);

        // What somebody took back is not done again.
        let unit = house.db.write().await.unwrap();
        let made = merge::merges_of(&unit, again).await.unwrap();
        assert!(made[0].automatic);
        merge::undo(&unit, &house.jana(), made[0].id, house.now()).await.unwrap();
        unit.save().await.unwrap();
        look(&house).await;
        assert_eq!(merged_into().await, None);
        assert_eq!(pairs(&house, PairState::Open).await, [(anna, again)]);
        set(None).await.unwrap();
    }
}
