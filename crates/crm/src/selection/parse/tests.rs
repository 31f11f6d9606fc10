//! What is refused, where, and that every refusal has words.

use super::*;
use kernel::Locale;
use serde_json::json;

fn complaints(json: Json) -> Vec<(String, &'static str)> {
    match Definition::parse(&json, &Names::default()) {
        Ok(definition) => panic!("{definition:?}"),
        Err(Refusal::Invalid(complaints)) => {
            for complaint in &complaints {
                for locale in Locale::ALL {
                    assert!(kernel::sentence::knows(locale, &complaint.sentence.key), "{complaint:?}");
                }
            }
            complaints.into_iter().map(|c| (c.field, c.code)).collect()
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn one(json: Json) -> (String, &'static str) {
    let mut all = complaints(json);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn the_path_leads_to_the_leaf() {
    let definition = json!({ "all": [
        { "field": "country", "op": "eq", "value": "DE" },
        { "not": { "any": [{ "field": "contry", "op": "eq", "value": "DE" }] } },
        { "did": { "kind": "opened", "where": [{ "field": "colour", "op": "eq", "value": 1 }] } },
    ] });
    let expected = [("all[1].not.any[0].field", "unknown_field"), ("all[2].did.where[0].field", "unknown_field")];
    assert_eq!(complaints(definition), expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn what_fits_is_said() {
    let json = json!({ "field": "kind", "op": "contains", "value": "x" });
    let Err(Refusal::Invalid(complaints)) = Definition::parse(&json, &Names::default()) else { panic!() };
    assert_eq!(
        complaints[0].sentence.say(Locale::En),
        "The operator “contains” does not fit here. Possible are: eq, ne, in, not_in, is_empty, is_set."
    );
}

#[test]
fn everything_strange_is_refused() {
    let table = [
        (json!([]), "", "not_an_object"),
        (json!({}), "", "unknown_condition"),
        (json!({ "all": {} }), "all", "not_a_list"),
        (json!({ "all": [], "any": [] }), "any", "unknown_key"),
        (json!({ "field": "age", "op": "gt", "value": "18" }), "value", "number"),
        (json!({ "field": "age", "op": "gt", "value": 1.5 }), "value", "number"),
        (json!({ "field": "age", "op": "between", "value": [3, 1] }), "value", "range"),
        (json!({ "field": "kind", "op": "eq", "value": "friend" }), "value", "choice"),
        (json!({ "field": "city", "op": "in", "value": [] }), "value", "list"),
        (json!({ "field": "city", "op": "eq", "value": "a\u{0}" }), "value", "text"),
        (json!({ "field": "city", "op": "contains", "value": "" }), "value", "required"),
        (json!({ "field": "city", "op": "is_set", "value": "x" }), "value", "no_value"),
        (json!({ "field": "city", "op": "eq" }), "value", "text"),
        (json!({ "field": "city", "op": "eq", "value": "x", "extra": 1 }), "extra", "unknown_key"),
        (json!({ "field": "birth_date", "op": "lt", "value": "31.12.1980" }), "value", "day"),
        (json!({ "field": "created_at", "op": "within_days", "value": 0 }), "value", "number"),
        (json!({ "field": "consent.email.marketing", "op": "eq", "value": "yes" }), "value", "flag"),
        (json!({ "field": "consent.pigeon.marketing", "op": "eq", "value": true }), "field", "unknown_field"),
        (json!({ "field": "segment", "op": "eq", "value": -1 }), "value", "id"),
        (json!({ "did": { "kind": "flew" } }), "did.kind", "unknown_kind"),
        (json!({ "did": { "kind": "opened", "channel": "web" } }), "did.channel", "other_channel"),
        (json!({ "did": { "kind": "opened", "at_least": -1 } }), "did.at_least", "number"),
        (json!({ "did": { "kind": "opened", "at_least": 3, "at_most": 2 } }), "did.at_most", "range"),
        (json!({ "did": { "kind": "opened", "from": "soon" } }), "did.from", "moment"),
        (json!({ "did": { "kind": "opened", "since": "2026-01-01" } }), "did.since", "unknown_key"),
        (
            json!({ "did": { "kind": "order_placed", "where": [{ "field": "url", "op": "eq", "value": "x" }] } }),
            "did.where[0].field",
            "unknown_field",
        ),
        (json!({ "metric": "fame", "op": "gt", "value": 1 }), "metric", "unknown_metric"),
        (json!({ "metric": "open_rate", "op": "gt", "value": 1.5 }), "value", "share"),
        (json!({ "metric": "revenue", "op": "is_set" }), "op", "unknown_op"),
    ];
    for (json, path, code) in table {
        assert_eq!(one(json.clone()), (path.to_owned(), code), "{json}");
    }
}

#[test]
fn depth_and_size_have_an_end() {
    let mut deep = json!({ "all": [] });
    for _ in 0..40 {
        deep = json!({ "not": deep });
    }
    assert_eq!(one(deep).1, "too_deep");
    let leaf = json!({ "field": "age", "op": "gt", "value": 1 });
    let many: Vec<Json> = (0..201).map(|_| leaf.clone()).collect();
    assert_eq!(one(json!({ "all": many })).1, "too_many_leaves");
    let fits: Vec<Json> = (0..200).map(|_| leaf.clone()).collect();
    assert!(Definition::parse(&json!({ "all": fits }), &Names::default()).is_ok());
    let wrong: Vec<Json> = (0..100_000).map(|_| json!(1)).collect();
    assert!(complaints(json!({ "all": wrong })).len() <= 51);
}

#[test]
fn every_field_operator_and_metric_has_a_name() {
    use super::super::choices;
    for locale in Locale::ALL {
        let fields = catalogue();
        let labels = fields.iter().map(|field| field.label());
        let choices = fields.iter().flat_map(choices).map(|(_, label)| label);
        let ops = Op::ALL.iter().map(|op| op.label());
        let wheres = WhereField::ALL.iter().map(|field| field.label());
        let metrics = Metric::ALL.iter().map(|metric| metric.label());
        for label in labels.chain(choices).chain(ops).chain(wheres).chain(metrics) {
            assert!(kernel::sentence::knows(locale, &label.key), "{} lacks {}", locale.code(), label.key);
        }
    }
}
