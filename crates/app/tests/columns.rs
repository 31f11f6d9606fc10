//! Columns and rows give the same people for every definition, on both databases.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "../../crm/tests/selection/drawn.rs"]
mod drawn;
#[path = "../../crm/tests/selection/world.rs"]
mod world;

use crm::selection::{Definition, Draft, Names, create, question};
use drawn::{every_leaf, tree};
use kernel::{Column, Lens, People, Question, Seq, Table, Unit};
use knowledge::{Knowledge, Limits, Shelf};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value as Json, json};
use store::sea_query::{Expr, Query};
use testkit::{House, house::NOON};
use world::World;

fn opened(house: &House, limits: Limits) -> Knowledge {
    let shelf = Shelf::folder(&house.folder().join("knowledge")).unwrap();
    Knowledge::new(house.db.clone(), house.clock.clone(), shelf, limits).unwrap()
}

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
    let knowledge = opened(house, Limits::default());
    knowledge.prepare().await.unwrap();
    knowledge
}

async fn run(house: &House, sql: &str) {
    let unit = house.db.write().await.unwrap();
    unit.run(sql, Vec::new()).await.unwrap();
    unit.save().await.unwrap();
}

async fn is_equal(knowledge: &Knowledge, when: &str) {
    let compared = knowledge.verify().await.unwrap();
    let different: Vec<_> = compared.iter().filter(|one| !one.is_equal()).collect();
    assert!(different.is_empty(), "{when}: {different:?}");
}

/// Whoever viewed a page, asked of the columns.
async fn viewers(house: &House, world: &World, knowledge: &Knowledge) -> Vec<i64> {
    let json = json!({ "did": { "kind": "page_viewed" } });
    let definition = Definition::parse(&json, &Names::default()).unwrap();
    let question = question(&house.db.read().await.unwrap(), &definition, world.now, &world.zone).await.unwrap();
    let table = knowledge.columns(&question).await.unwrap().expect("columns answer this");
    let mut found: Vec<i64> = (0..table.rows.len()).map(|row| table.int(row, "contact")).collect();
    found.sort_unstable();
    let people = house.lens().people(&question, Seq(0)).await.unwrap();
    assert_eq!(found, people.iter().map(|contact| contact.0).collect::<Vec<_>>(), "on {:?}", house.engine());
    found
}

/// What columns and rows answer.
async fn both_asked(
    house: &House,
    knowledge: &Knowledge,
    select: &str,
    columns: impl Into<Vec<Column>>,
) -> (Table, Table) {
    let select = Query::select().expr(Expr::cust(select.to_owned())).to_owned();
    let question = Question::new(select, columns.into());
    let table = knowledge.columns(&question).await.unwrap().expect("columns answer this");
    (table, house.lens().ask(&question, Seq(0)).await.unwrap())
}

const VIEWED: &str = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict) VALUES";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_knows_everything_that_was_committed_before_the_question() {
    let world = World::new(NOON);
    for house in House::both().await {
        let knowledge = furnished(&house, &world).await;
        let before = viewers(&house, &world, &knowledge).await;
        let new = world.people.iter().find(|p| !p.archived && !before.contains(&p.id)).unwrap().id;
        run(&house, &format!("{VIEWED} ({0}, {0}, {new}, 'web', 'page_viewed', 'human')", world.now.0)).await;
        assert!(viewers(&house, &world, &knowledge).await.contains(&new));
        run(&house, &format!("UPDATE interaction SET verdict = 'machine' WHERE contact_id = {new}")).await;
        assert!(!viewers(&house, &world, &knowledge).await.contains(&new));
        run(&house, &format!("UPDATE contact SET archived_at = 1 WHERE id = {}", before[0])).await;
        assert!(!viewers(&house, &world, &knowledge).await.contains(&before[0]));
        is_equal(&knowledge, "after all this").await;
        // A copy made anew does not answer with what it said before.
        let left = viewers(&house, &world, &knowledge).await;
        run(&house, &format!("UPDATE contact SET archived_at = 1 WHERE id = {}", left[0])).await;
        knowledge.rebuild().await.unwrap();
        assert!(!viewers(&house, &world, &knowledge).await.contains(&left[0]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_or_is_not_among_others_is_the_same_with_gaps_on_either_side() {
    let world = World::new(NOON);
    for house in House::both().await {
        let knowledge = furnished(&house, &world).await;
        run(&house, &format!("{VIEWED} ({0}, {0}, NULL, 'web', 'searched', 'human')", NOON.0)).await;
        let none = "SELECT id FROM contact WHERE id < 0";
        let gaps = "SELECT contact_id FROM interaction WHERE kind IN ('searched', 'page_viewed')";
        let clear = format!("{gaps} AND contact_id IS NOT NULL");
        let known = "i.contact_id IS NOT NULL AND i.contact_id";
        let mut counts = Vec::new();
        for condition in [
            format!("i.contact_id IN ({gaps})"),
            format!("i.contact_id NOT IN ({gaps})"),
            format!("i.contact_id NOT IN ({clear})"),
            format!("i.contact_id NOT IN ({none})"),
            format!("{known} NOT IN ({clear})"),
            format!("{known} NOT IN (SELECT contact_id FROM purchase WHERE contact_id IN ({clear}))"),
            "NOT EXISTS (SELECT 1 FROM purchase p WHERE p.contact_id = i.contact_id)".to_owned(),
            "EXISTS (SELECT 1 FROM purchase p WHERE p.contact_id = i.contact_id AND p.total_minor > 100)".to_owned(),
        ] {
            let select =
                format!("COUNT(*) AS n, COUNT(DISTINCT i.contact_id) AS people FROM interaction i WHERE {condition}");
            let columns = ["n", "people"].map(|name| Column::new(name, Unit::Count));
            let (table, rows) = both_asked(&house, &knowledge, &select, columns).await;
            assert_eq!(table, rows, "{condition} on {:?}", house.engine());
            counts.push(table.int(0, "n"));
        }
        assert_eq!(
            (counts[1], counts[3] > counts[2]),
            (0, true),
            "nobody is known not to be among unknown ones: {counts:?}"
        );
        assert!(counts.iter().enumerate().all(|(place, count)| place == 1 || *count > 0), "{counts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_record_says_is_the_same_whether_it_is_joined_or_looked_up() {
    let world = World::new(NOON);
    for house in House::both().await {
        let knowledge = furnished(&house, &world).await;
        run(&house, &format!("{VIEWED} ({0}, {0}, NULL, 'web', 'searched', 'human')", NOON.0)).await;
        run(&house, &format!("UPDATE purchase SET cancelled_at = {} WHERE id % 3 = 0", NOON.0)).await;
        let mut counts = Vec::new();
        for round in ["numbers follow each other", "a far number among them"] {
            for select in [
                "c.country AS word, COUNT(*) AS n, CAST(SUM(p.total_minor) AS BIGINT) AS amount FROM purchase p \
                 JOIN contact c ON c.id = p.contact_id WHERE p.cancelled_at IS NULL GROUP BY c.country ORDER BY c.country",
                "CASE WHEN c.birth_date >= '1980' THEN 'young' ELSE c.salutation END AS word, COUNT(*) AS n, \
                 CAST(SUM(i.quantity) AS BIGINT) AS amount FROM purchase_item i JOIN purchase p ON p.id = i.purchase_id \
                 JOIN contact c ON p.contact_id = c.id WHERE p.cancelled_at IS NULL AND (c.country = 'DE' OR c.archived_at IS NULL) \
                 GROUP BY 1 ORDER BY 1",
                "p.source AS word, COUNT(*) AS n, MAX(p.cancelled_at) AS amount FROM (SELECT id AS number, source, cancelled_at \
                 FROM purchase WHERE total_minor > 100) p JOIN purchase_item i ON i.purchase_id = p.number GROUP BY p.source \
                 ORDER BY p.source",
                "c.country AS word, COUNT(*) AS n, MAX(c.budget_minor) AS amount FROM interaction i \
                 JOIN contact c ON c.id = i.contact_id WHERE i.kind IN ('searched', 'page_viewed') AND c.archived_at IS NULL \
                 GROUP BY c.country ORDER BY c.country",
                "r.name AS word, COUNT(*) AS n, CAST(SUM(i.quantity) AS BIGINT) AS amount FROM purchase_item i \
                 JOIN product r ON r.id = i.product_id GROUP BY r.name ORDER BY r.name",
            ] {
                let columns =
                    [("word", Unit::Text), ("n", Unit::Count), ("amount", Unit::Count)].map(|(n, u)| Column::new(n, u));
                let (mut table, mut rows) = both_asked(&house, &knowledge, select, columns).await;
                // The databases put words in different orders, and empty ones first or last.
                table.rows.sort_by_key(|row| format!("{row:?}"));
                rows.rows.sort_by_key(|row| format!("{row:?}"));
                assert_eq!(table, rows, "{select} on {:?}, {round}", house.engine());
                counts.push(table.rows.len());
            }
            let far = "INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, country, created_at, \
                 updated_at) VALUES (9000000, 'far', 'lead', 'F', 'F', 'f', 'f', 'NO', 1, 1)";
            if round.starts_with("numbers") {
                run(&house, far).await;
                run(&house, "UPDATE purchase SET contact_id = 9000000 WHERE id = (SELECT MIN(id) FROM purchase)").await;
            }
        }
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn months_that_are_not_in_memory_answer_from_their_files() {
    let world = World::new(NOON);
    for house in House::both().await {
        let warm = furnished(&house, &world).await;
        let expected = viewers(&house, &world, &warm).await;
        let cold = opened(&house, Limits { rows_in_memory: 0, ..Limits::default() });
        cold.prepare().await.unwrap();
        assert_eq!(cold.snapshot().unwrap().in_files(), cold.snapshot().unwrap().log_rows());
        assert_eq!(viewers(&house, &world, &cold).await, expected);
        // A row of a month that lies in a file is judged anew, and one is new.
        run(&house, &format!("UPDATE interaction SET verdict = 'machine' WHERE contact_id = {}", expected[0])).await;
        run(&house, &format!("{VIEWED} ({0}, {0}, {1}, 'web', 'page_viewed', 'human')", NOON.0, expected[1])).await;
        assert!(!viewers(&house, &world, &cold).await.contains(&expected[0]));
        cold.write_down().await.unwrap();
        assert!(!viewers(&house, &world, &cold).await.contains(&expected[0]));
        is_equal(&cold, "with cold months").await;
        // Without its files the rows answer.
        std::fs::remove_dir_all(house.folder().join("knowledge/interaction")).unwrap();
        let json = json!({ "did": { "kind": "page_viewed" } });
        let definition = Definition::parse(&json, &Names::default()).unwrap();
        let asked = question(&house.db.read().await.unwrap(), &definition, world.now, &world.zone).await.unwrap();
        cold.forget_answers();
        assert_eq!(cold.columns(&asked).await.unwrap(), None);
        let people = cold.people(&asked, Seq(0)).await.unwrap();
        assert_eq!(people, house.lens().people(&asked, Seq(0)).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_gone_from_answers_at_once_and_from_the_files_with_the_next_writing() {
    let world = World::new(NOON);
    for house in House::both().await {
        let knowledge = furnished(&house, &world).await;
        let person = viewers(&house, &world, &knowledge).await[0];
        run(&house, &format!("DELETE FROM interaction WHERE contact_id = {person}")).await;
        assert!(!viewers(&house, &world, &knowledge).await.contains(&person));
        knowledge.write_down().await.unwrap();
        let truth =
            house.db.read().await.unwrap().number("SELECT COUNT(*) FROM interaction", Vec::new()).await.unwrap();
        let status = knowledge.status().await.unwrap().unwrap();
        let filed = status.tables.iter().find(|(table, ..)| table == "interaction").unwrap().1;
        assert_eq!(filed as i64, truth);
        is_equal(&knowledge, "after an erasure").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_noticed_and_the_copy_made_anew() {
    let world = World::new(NOON);
    let house = House::sqlite().await;
    drop(furnished(&house, &world).await);
    let folder = house.folder().join("knowledge/contact");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, b"PAR1 is not all there is to a file PAR1").unwrap();
    let knowledge = opened(&house, Limits::default());
    knowledge.prepare().await.unwrap();
    is_equal(&knowledge, "after the damage").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_takes_too_long_is_stopped_and_says_so() {
    let world = World::new(NOON);
    let house = House::sqlite().await;
    world.furnish(&house).await;
    let knowledge = opened(&house, Limits { patience: std::time::Duration::ZERO, ..Limits::default() });
    knowledge.prepare().await.unwrap();
    let pairs = "COUNT(*) AS contact FROM contact a, contact b, contact c, contact d, contact e, contact f";
    let select = store::sea_query::Query::select().expr(store::sea_query::Expr::cust(pairs)).to_owned();
    let question = kernel::Question::new(select, vec![kernel::Column::new("contact", kernel::Unit::Id)]);
    let fault = knowledge.people(&question, Seq(0)).await.unwrap_err();
    assert!(matches!(&fault, kernel::Fault::Busy(text) if text.contains("longer than")), "{fault}");
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
