//! Columns and rows give the same people for every definition, on both databases.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "../../crm/tests/selection/drawn.rs"]
mod drawn;
#[path = "../../crm/tests/selection/world.rs"]
mod world;

use crm::selection::{Definition, Draft, Names, create, question};
use drawn::{every_leaf, tree};
use kernel::{Lens, People, Seq};
use knowledge::{Knowledge, Limits, Shelf};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value as Json, json};
use testkit::{House, house::NOON};
use world::World;

async fn furnished(house: &House, world: &World) -> Knowledge {
    world.furnish(house).await;
    let unit = house.db.write().await.unwrap();
    for definition in [
        json!({ "all": [{ "field": "country", "op": "in", "value": ["DE", "AT"] }] }),
        json!({ "any": [{ "field": "segment", "op": "ne", "value": 1 }, { "metric": "orders", "op": "gte", "value": 2 }] }),
    ] {
        let draft = Draft { name: "S".into(), description: String::new(), definition };
        create(&unit, &house.jana(), &draft, house.now()).await.unwrap();
    }
    unit.save().await.unwrap();
    let shelf = Shelf::folder(&house.folder().join("knowledge")).unwrap();
    let knowledge = Knowledge::new(house.db.clone(), house.clock.clone(), shelf, Limits::default()).unwrap();
    knowledge.prepare().await.unwrap();
    knowledge
}

#[test]
fn columns_and_rows_agree_on_every_definition() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = World::new(NOON);
    let names = Names::default().with_category("Griechenland", 1).with_category("Spanien", 2).with_product("SKU-2", 2);
    let houses: Vec<(House, Knowledge)> = runtime.block_on(async {
        let mut houses = Vec::new();
        for house in House::both().await {
            let knowledge = furnished(&house, &world).await;
            houses.push((house, knowledge));
        }
        houses
    });
    let by_columns = std::cell::Cell::new(0);
    let agree = |json: &Json| {
        let definition =
            Definition::parse(json, &names).map_err(|refusal| TestCaseError::fail(format!("{json}: {refusal:?}")))?;
        for (house, knowledge) in &houses {
            let (rows, columns, chosen) = runtime.block_on(async {
                let unit = house.db.read().await.unwrap();
                let question = question(&unit, &definition, world.now, &world.zone).await.unwrap();
                drop(unit);
                let rows = house.lens().people(&question, Seq(0)).await.unwrap();
                let columns = knowledge.columns(&question).await.unwrap_or_else(|fault| panic!("{json}: {fault}"));
                let chosen = knowledge.people(&question, Seq(0)).await.unwrap();
                (rows, columns, chosen)
            });
            prop_assert_eq!(&chosen, &rows, "{:?} on {:?}", json, house.engine());
            if let Some(table) = columns {
                by_columns.set(by_columns.get() + 1);
                let found: People =
                    (0..table.rows.len()).map(|row| kernel::ContactId(table.int(row, "contact"))).collect();
                prop_assert_eq!(&found, &rows, "the columns of {:?} on {:?}", json, house.engine());
            }
        }
        Ok(())
    };
    let leaves = every_leaf();
    // Each kind of leaf with some of its values: the rows were asked about all of them in their own room.
    for json in leaves.iter().step_by(5) {
        if let Err(failure) = agree(json) {
            panic!("{failure}");
        }
    }
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&tree(), |json| agree(&json)) {
        panic!("{failure}");
    }
    let asked = houses.len() * (leaves.len() / 5 + 500);
    assert!(by_columns.get() * 2 > asked, "of {asked} questions the columns answered only {}", by_columns.get());
}
