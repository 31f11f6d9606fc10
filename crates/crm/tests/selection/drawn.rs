//! Definitions drawn by chance from everything the catalogue knows, and every leaf of it alone.

use super::world::OWN;
use crm::selection::{Field, Metric, Op, Shape, Target, WhereField, catalogue};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

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
        Shape::Choice([]) => json!(draws.of(&["vegan", "alles", "nichts"])),
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

/// The fields every house has, and the own attributes of this one.
fn fields() -> Vec<Field> {
    let own = OWN.iter().map(|(kind, key)| Field::parse(&format!("attribute.{kind}.{key}")).unwrap());
    catalogue().into_iter().chain(own).collect()
}

fn leaf(draws: &mut Draws) -> Json {
    let mut json = match draws.of(&[0, 0, 1, 1, 2]) {
        0 => {
            let field = draws.of(&fields());
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
pub fn every_leaf() -> Vec<Json> {
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
        for field in fields() {
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

pub fn tree() -> impl Strategy<Value = Json> {
    let leaf = proptest::collection::vec(any::<u16>(), 24).prop_map(|draws| leaf(&mut Draws(draws.iter())));
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|nodes| json!({ "all": nodes })),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|nodes| json!({ "any": nodes })),
            inner.prop_map(|node| json!({ "not": node })),
        ]
    })
}
