//! Definitions nobody would think of, answered by both engines as a plain reading answers them.

use super::{plain::Plainly, world::World};
use crm::selection::{
    Definition, Draft, Field, Metric, Names, Op, Shape, Target, WhereField, Workbench, catalogue, count, create,
    freeze, members, question, sql,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value as Json, json};
use std::{collections::HashMap, sync::Arc};
use testkit::{House, house::NOON};

const KINDS: [&str; 6] = ["order_placed", "opened", "clicked", "call_in", "page_viewed", "order_cancelled"];
const TEXTS: [&str; 26] = [
    "DE",
    "AT",
    "müller",
    "Mueller",
    "ada",
    "Jür",
    "bad",
    "Bad Tölz",
    "von",
    "graz",
    "80",
    "kunde-7.example",
    "p1",
    "Dr.",
    "%",
    "_",
    "Katalog",
    "Messe 'x'",
    "100% ",
    "Kreta",
    "https://shop.example/",
    "Handwerk",
    "vogel & söhne",
    "030",
    "10001",
    "ß",
];
const DAYS: [&str; 8] =
    ["2026-11-24", "2026-11-23", "2026-11-18", "2026-10-25", "2025-11-24", "1990-11-24", "2000-02-29", "2026-01-01"];
const COUNTS: [i64; 9] = [0, 1, 2, 3, 7, 18, 30, 50, 365];
const MONEY: [i64; 6] = [0, 1, 50_000, 99_999, 100_000, 250_000];
const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Some draws, used one after the other.
struct Draws<'a>(std::slice::Iter<'a, u16>);

impl Draws<'_> {
    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[usize::from(*self.0.next().unwrap_or(&0)) % list.len()].clone()
    }

    fn chance(&mut self) -> bool {
        self.of(&[false, true])
    }
}

fn one(shape: Shape, draws: &mut Draws) -> Json {
    match shape {
        Shape::Text => json!(draws.of(&TEXTS)),
        Shape::Choice(codes) => json!(draws.of(codes)),
        Shape::Number => json!(draws.of(&COUNTS)),
        Shape::Money => json!(draws.of(&MONEY)),
        Shape::Share => json!(draws.of(&SHARES)),
        Shape::Day | Shape::Instant => json!(draws.of(&DAYS)),
        Shape::Flag => json!(draws.chance()),
        Shape::Reference(Target::Product) => draws.of(&[json!(1), json!(3), json!("SKU-2"), json!(4)]),
        Shape::Reference(Target::Category) => draws.of(&[json!(1), json!("Spanien"), json!("griechenland")]),
        Shape::Reference(_) => json!(draws.of(&[1, 2])),
    }
}

fn value(shape: Shape, op: Op, draws: &mut Draws) -> Option<Json> {
    Some(match op {
        Op::IsEmpty | Op::IsSet => return None,
        Op::In | Op::NotIn => json!([one(shape, draws), one(shape, draws)]),
        Op::WithinDays | Op::OlderThanDays | Op::AnniversaryWithinDays => json!(draws.of(&[1, 2, 7, 30, 40, 365, 366])),
        Op::Between => {
            let (a, b) = (one(shape, draws), one(shape, draws));
            let low = match (a.as_f64(), b.as_f64()) {
                (Some(x), Some(y)) => x <= y,
                _ => a.as_str() <= b.as_str(),
            };
            if low { json!([a, b]) } else { json!([b, a]) }
        }
        _ => one(shape, draws),
    })
}

fn leaf(draws: &mut Draws) -> Json {
    let mut json = match draws.of(&[0, 0, 1, 1, 2]) {
        0 => {
            let field = draws.of(&catalogue());
            let op = draws.of(field.shape().ops());
            // A segment may be asked for in the world; it is saved beforehand.
            json!({ "field": Field::key(&field), "op": op.code(), "value": value(field.shape(), op, draws) })
        }
        1 => return json!({ "did": did(draws) }),
        _ => {
            let metric = draws.of(Metric::ALL);
            let op = draws.of(Metric::ops());
            let mut json =
                json!({ "metric": metric.code(), "op": op.code(), "value": value(metric.shape(), op, draws) });
            if draws.chance() {
                json["within_days"] = json!(draws.of(&[1, 7, 30, 365]));
            }
            json
        }
    };
    if json["value"].is_null() {
        json.as_object_mut().unwrap().remove("value");
    }
    json
}

fn did(draws: &mut Draws) -> Json {
    let kind = draws.of(&KINDS);
    let mut did = json!({ "kind": kind });
    let least = draws.of(&[None, Some(0), Some(1), Some(2), Some(3)]);
    let most = draws.of(&[None, None, Some(0), Some(1), Some(4)]);
    if let Some(least) = least {
        did["at_least"] = json!(least);
    }
    if let Some(most) = most
        && least.is_none_or(|least| least <= most)
    {
        did["at_most"] = json!(most);
    }
    if draws.chance() {
        did["within_days"] = json!(draws.of(&[1, 2, 7, 30, 365]));
    }
    if draws.chance() {
        did["from"] = json!(draws.of(&["2026-01-01", "2025-11-24", "2026-11-23T22:59:59Z", "2026-11-18"]));
    }
    if draws.chance() {
        did["before"] = json!(draws.of(&["2026-01-01", "2026-11-24", "2026-11-24T00:00:00+01:00", "2026-11-18"]));
    }
    let fields = if kind == "order_placed" { WhereField::of_orders() } else { WhereField::ALL };
    let wheres: Vec<Json> = (0..draws.of(&[0, 0, 1, 2]))
        .map(|_| {
            let field = draws.of(fields);
            let op = draws.of(field.shape().ops());
            match value(field.shape(), op, draws) {
                Some(value) => json!({ "field": field.code(), "op": op.code(), "value": value }),
                None => json!({ "field": field.code(), "op": op.code() }),
            }
        })
        .collect();
    did["where"] = json!(wheres);
    did
}

/// Every field, operator, figure and condition alone, each with several values: nothing is left to chance.
fn every_leaf() -> Vec<Json> {
    let mut all = Vec::new();
    let leaf = |name: &str, key: &str, shape: Shape, op: Op, n: u16| {
        let draws: Vec<u16> = (0..4).map(|step| n + step).collect();
        let mut json = json!({ name: key, "op": op.code() });
        if let Some(value) = value(shape, op, &mut Draws(draws.iter())) {
            json["value"] = value;
        }
        json
    };
    for n in 0..TEXTS.len() as u16 {
        for field in catalogue() {
            all.extend(field.shape().ops().iter().map(|op| leaf("field", &field.key(), field.shape(), *op, n)));
        }
        if n >= 9 {
            continue;
        }
        for metric in Metric::ALL {
            all.extend(Metric::ops().iter().map(|op| leaf("metric", metric.code(), metric.shape(), *op, n)));
        }
        for (kind, fields) in [("order_placed", WhereField::of_orders()), ("clicked", WhereField::ALL)] {
            for field in fields {
                let wheres = field.shape().ops().iter().map(|op| leaf("field", field.code(), field.shape(), *op, n));
                all.extend(wheres.map(|one| json!({ "did": { "kind": kind, "where": [one] } })));
            }
        }
    }
    all
}

fn tree() -> impl Strategy<Value = Json> {
    let leaf = proptest::collection::vec(any::<u16>(), 24).prop_map(|draws| leaf(&mut Draws(draws.iter())));
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|nodes| json!({ "all": nodes })),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|nodes| json!({ "any": nodes })),
            inner.prop_map(|node| json!({ "not": node })),
        ]
    })
}

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
