//! Whatever two contacts have: merging and taking it back leaves nothing changed.

use super::world::{Belongings, TODAY, contents, furnish, give, made};
use crm::customers::{
    ContactDraft,
    merge::{FIELDS, Wish, merge, preview, undo},
};
use kernel::time::MINUTE;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use std::collections::BTreeSet;
use testkit::House;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-ZÄÖÜ][a-zäöüß]{2,8}"]
}

fn draft() -> impl Strategy<Value = ContactDraft> {
    let name = (text(), "[A-Z][a-z]{2,8}", text(), text(), text());
    let rest = (
        prop_oneof![Just(""), Just("1980-04-03")],
        prop_oneof![Just("lead"), Just("prospect"), Just("customer")],
        prop_oneof![Just(""), Just("ms"), Just("mr")],
        proptest::option::of(0_i64..1_000_000),
    );
    (name, rest).prop_map(|((first, last, city, company, street), (born, kind, salutation, budget))| ContactDraft {
        first_name: first,
        last_name: last.clone(),
        email: if city.is_empty() { String::new() } else { format!("{}@example.org", last.to_lowercase()) },
        city,
        company,
        street,
        birth_date: born.into(),
        kind: kind.into(),
        salutation: salutation.into(),
        budget_minor: budget,
        ..ContactDraft::default()
    })
}

fn belongings() -> impl Strategy<Value = Belongings> {
    let consent = (prop_oneof![Just("email"), Just("phone")], any::<bool>());
    let campaigns = proptest::collection::btree_set(1_i64..4, 0..3);
    (0_i64..5, 0_i64..3, 0_i64..2, proptest::collection::vec(consent, 0..4), campaigns).prop_map(
        |(interactions, purchases, visitors, consents, campaigns)| Belongings {
            interactions,
            purchases,
            visitors,
            consents,
            campaigns: campaigns.into_iter().collect(),
        },
    )
}

#[test]
fn merging_and_taking_it_back_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let houses = runtime.block_on(async {
        let houses = House::both().await;
        for house in &houses {
            furnish(house).await;
        }
        houses
    });
    let chosen = proptest::collection::btree_set(0..FIELDS.len(), 0..FIELDS.len());
    let cases = ((draft(), belongings()), (draft(), belongings()), chosen);
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm));
    let outcome = runner.run(&cases, |((one, has), (other, had), chosen)| {
        let chosen: BTreeSet<String> = chosen.into_iter().map(|at| FIELDS[at].name.to_owned()).collect();
        for house in &houses {
            runtime.block_on(async {
                let (survivor, gone) = (made(house, one.clone()).await, made(house, other.clone()).await);
                give(house, survivor, &has).await;
                give(house, gone, &had).await;
                let before = contents(house, &[survivor, gone]).await;
                house.clock.forward(MINUTE);
                let unit = house.db.write().await.unwrap();
                let looked = preview(&unit, &house.jana(), survivor, gone).await.unwrap();
                let wish = Wish { from_merged: chosen.clone(), ..Wish::suggested(&looked) };
                let id = merge(&unit, &house.jana(), &wish, house.now()).await.unwrap();
                unit.save().await.unwrap();
                let between = contents(house, &[survivor, gone]).await;
                prop_assert!(before != between, "a merge changes something");
                house.clock.forward(MINUTE);
                let unit = house.db.write().await.unwrap();
                undo(&unit, &house.jana(), id, house.now()).await.unwrap();
                unit.save().await.unwrap();
                let after = contents(house, &[survivor, gone]).await;
                prop_assert_eq!(&before, &after);
                Ok(())
            })?;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure} ({TODAY})"));
}
