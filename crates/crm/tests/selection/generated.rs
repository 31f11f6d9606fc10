//! Definitions nobody would think of, answered by both engines as a plain reading answers them.

use super::{
    drawn::{every_leaf, tree},
    plain::Plainly,
    world::World,
};
use crm::selection::{Definition, Draft, Names, Workbench, count, create, freeze, members, question, sql};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value as Json, json};
use std::{collections::HashMap, sync::Arc};
use testkit::{House, house::NOON};

#[test]
fn both_engines_answer_every_definition_as_a_plain_reading_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = World::new(NOON);
    let names = Names::default().with_category("Griechenland", 1).with_category("Spanien", 2).with_product("SKU-2", 2);
    let saved = [
        json!({ "all": [{ "field": "country", "op": "in", "value": ["DE", "AT"] }] }),
        json!({ "any": [{ "field": "segment", "op": "ne", "value": 1 }, { "metric": "orders", "op": "gte", "value": 2 }] }),
    ];
    let houses = runtime.block_on(async {
        let houses = House::both().await;
        for house in &houses {
            world.furnish(house).await;
            let unit = house.db.write().await.unwrap();
            for definition in &saved {
                let draft = Draft { name: "S".into(), description: String::new(), definition: definition.clone() };
                create(&unit, &house.jana(), &draft, house.now()).await.unwrap();
            }
            unit.save().await.unwrap();
        }
        houses
    });
    let segments: HashMap<i64, Definition> =
        (1..).zip(saved.iter().map(|json| Definition::parse(json, &names).unwrap())).collect();
    let plainly = Plainly { world: &world, segments };
    let benches: Vec<Workbench> = houses.iter().map(|house| Workbench::new(Arc::new(house.lens()))).collect();
    let mut sizes = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let agree = |json: &Json| {
        let definition =
            Definition::parse(json, &names).map_err(|refusal| TestCaseError::fail(format!("{json}: {refusal:?}")))?;
        let stored = Definition::parse(&definition.to_json(), &Names::default()).unwrap();
        prop_assert_eq!(&stored, &definition, "what is stored reads back the same");
        let expected = plainly.members(&definition);
        sizes.borrow_mut().insert(expected.len());
        for (house, bench) in houses.iter().zip(&benches) {
            let (found, counted, solved, preview, reach, read) = runtime.block_on(async {
                let (now, zone) = (world.now, &world.zone);
                let rows = house.db.read().await.unwrap();
                let found = members(&rows, &definition, None, 1_000, now, zone).await.unwrap();
                let counted = count(&rows, &definition, now, zone).await.unwrap();
                let people = question(&rows, &definition, now, zone).await.unwrap().select;
                let preview = freeze::preview(&rows, people, 0).await.unwrap();
                let text = sql(&rows, &definition, now, zone).await.unwrap();
                let read = rows.numbers(&text, vec![]).await.unwrap_or_else(|fault| panic!("{fault}: {text}"));
                drop(rows);
                let solved = bench.solve(&house.db, &definition, now, zone).await.unwrap();
                let reach = bench.reach(&house.db, &solved.people, now, zone).await.unwrap();
                (found, counted, solved, preview, reach, read)
            });
            let found: Vec<i64> = found.into_iter().map(|id| id.0).collect();
            prop_assert_eq!(&found, &expected, "{:?} on {:?}", json, house.engine());
            prop_assert_eq!(counted, expected.len() as i64);
            let people: Vec<i64> = solved.people.iter().map(|id| id.0).collect();
            prop_assert_eq!(&people, &expected, "the sets of {:?} on {:?}", json, house.engine());
            prop_assert_eq!(&solved.lines[0].people, &solved.people);
            prop_assert_eq!(reach, preview, "whom a mail to {:?} reaches on {:?}", json, house.engine());
            let read: std::collections::BTreeSet<i64> = read.into_iter().collect();
            prop_assert_eq!(read.into_iter().collect::<Vec<_>>(), expected.clone(), "the SQL of {:?}", json);
        }
        Ok(())
    };
    for json in every_leaf() {
        if let Err(failure) = agree(&json) {
            panic!("{failure}");
        }
    }
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&tree(), |json| agree(&json)) {
        panic!("{failure}");
    }
    assert!(sizes.get_mut().len() > 20, "the world is too plain to tell definitions apart: {sizes:?}");
}
