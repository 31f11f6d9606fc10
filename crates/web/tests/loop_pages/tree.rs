//! The segment tree survives the way through the form and through the definition.

use proptest::prelude::*;
use serde_json::{Value, json};
use web::pages::{segments_catalogue::*, segments_tree::*};

fn field(key: &str, kind: ValueKind, ops: &[&'static str], choices: &[(&str, &str)]) -> FieldDescriptor {
    FieldDescriptor {
        key: key.into(),
        label: key.to_uppercase(),
        group: "Person".into(),
        kind,
        ops: ops.to_vec(),
        choices: choices.iter().map(|(v, l)| ((*v).into(), (*l).into())).collect(),
    }
}

pub fn catalogue() -> Catalogue {
    Catalogue {
        fields: vec![
            field("country", ValueKind::Choice, &["in", "not_in"], &[("DE", "Deutschland"), ("AT", "Österreich")]),
            field("age", ValueKind::Number, &["between", "gte"], &[]),
            field("city", ValueKind::Text, &["eq", "in", "is_empty"], &[]),
            field("budget", ValueKind::Money, &["gte"], &[]),
            field("vip", ValueKind::Boolean, &["eq"], &[]),
            field("born", ValueKind::Date, &["lt", "within_days"], &[]),
        ],
        behaviours: vec![("opened".into(), "E-Mail geöffnet".into())],
        channels: vec![("email".into(), "E-Mail".into())],
        behaviour_fields: vec![field("campaign", ValueKind::Reference, &["eq"], &[("12", "Toskana")])],
        metrics: vec![field("revenue", ValueKind::Money, &["gte"], &[])],
    }
}

pub fn example() -> Value {
    json!({"all": [
        {"field": "country", "op": "in", "value": ["DE", "AT"]},
        {"field": "age", "op": "between", "value": [45, 70]},
        {"any": [
            {"did": {"kind": "opened", "channel": "email", "at_least": 3, "within_days": 30,
                     "where": [{"field": "campaign", "op": "eq", "value": 12}]}},
            {"metric": "revenue", "op": "gte", "value": 100_000, "within_days": 365}]},
        {"not": {"any": [{"field": "city", "op": "is_empty"}, {"field": "vip", "op": "eq", "value": true}]}},
        {"not": {"field": "born", "op": "within_days", "value": 14}},
    ]})
}

#[test]
fn a_definition_comes_back_as_it_was() {
    let draft = Draft::from_json(&example(), &catalogue());
    let posted = Draft::from_form(&draft.to_form());
    assert_eq!(posted, draft);
    assert_eq!(posted.to_json(&catalogue()), example());
}

#[test]
fn a_refusal_finds_its_row() {
    let draft = Draft::from_json(&example(), &catalogue());
    let at = |path: &str| draft.node(draft.node_at(path)).map(|n| (n.is, n.field.clone())).unwrap();
    assert_eq!(at("all[1].value"), (Is::Attribute, "age".into()));
    assert_eq!(at("all[2].any[0].did.where[0].field"), (Is::Attribute, "campaign".into()));
    assert_eq!(at("all[2].any[0].did.kind"), (Is::Behaviour, "opened".into()));
    assert_eq!(at("all[3].not.any[1].op"), (Is::Attribute, "vip".into()));
    assert_eq!(at("all[4].not.value"), (Is::Attribute, "born".into()));
    assert_eq!(draft.node_at("something else"), 0);
}

#[test]
fn amounts_are_typed_in_euros_and_kept_in_cents() {
    let draft = Draft::from_json(&json!({"field": "budget", "op": "gte", "value": 123_456}), &catalogue());
    assert_eq!(draft.nodes[1].value(0), "1234.56");
    assert_eq!(draft.to_json(&catalogue())["all"][0]["value"], 123_456);
}

#[test]
fn what_is_no_number_stays_text_for_the_refusal() {
    let form = [("n1.is", "attribute"), ("n1.field", "age"), ("n1.op", "gte"), ("n1.v", "viele")];
    let form: Vec<_> = form.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    assert_eq!(Draft::from_form(&form).to_json(&catalogue())["all"][0]["value"], "viele");
}

#[test]
fn buttons_grow_and_prune_the_tree() {
    let mut draft = Draft::default();
    draft.act("add:0:any");
    draft.act("add:2:behaviour");
    draft.act("add:4:attribute");
    draft.act("add:4:any");
    draft.act("add:1:metric");
    let sorts: Vec<&str> = draft.nodes.iter().map(|n| n.is.key()).collect();
    assert_eq!(sorts, ["all", "attribute", "any", "attribute", "behaviour", "attribute"]);
    draft.act("remove:2");
    draft.act("remove:0");
    assert_eq!(draft.nodes.len(), 2);
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..90i64).prop_map(|n| json!({"field": "age", "op": "gte", "value": n})),
        (0..90i64, 0..90i64).prop_map(|(a, b)| json!({"field": "age", "op": "between", "value": [a, b]})),
        "[a-zäöü]{1,8}".prop_map(|t| json!({"field": "city", "op": "eq", "value": t})),
        any::<bool>().prop_map(|b| json!({"field": "vip", "op": "eq", "value": b})),
        (0..10_000_000i64).prop_map(|n| json!({"metric": "revenue", "op": "gte", "value": n, "within_days": 30})),
        (1..9i64).prop_map(|n| json!({"did": {"kind": "opened", "at_least": n,
            "where": [{"field": "campaign", "op": "eq", "value": n}]}})),
    ]
}

fn group() -> impl Strategy<Value = Value> {
    let inner = leaf().prop_recursive(4, 40, 4, |inner| {
        let list = proptest::collection::vec(inner.clone(), 1..4);
        let many = proptest::collection::vec(inner, 2..4);
        prop_oneof![
            list.clone().prop_map(|l| json!({ "all": l })),
            list.clone().prop_map(|l| json!({ "any": l })),
            many.prop_map(|l| json!({"not": {"any": l}})),
        ]
    });
    proptest::collection::vec(inner, 1..4).prop_map(|l| json!({ "all": l }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn every_tree_survives_form_and_definition(definition in group()) {
        let draft = Draft::from_json(&definition, &catalogue());
        prop_assert_eq!(&Draft::from_form(&draft.to_form()), &draft);
        prop_assert_eq!(draft.to_json(&catalogue()), definition);
    }

    #[test]
    fn whatever_is_posted_a_tree_comes_out(
        fields in proptest::collection::vec(("n[0-9]{1,2}\\.(is|parent|op|v|field)", "(all|any|not|attribute|behaviour|[0-9]{1,2})"), 0..60)
    ) {
        let draft = Draft::from_form(&fields);
        prop_assert!(draft.nodes.len() >= 2 && draft.nodes[0].parent.is_none());
        draft.to_json(&catalogue());
        prop_assert_eq!(Draft::from_form(&draft.to_form()), draft);
    }
}

/// A tree in one line: groups in brackets, lines by their values.
fn shown(draft: &Draft) -> String {
    fn one(draft: &Draft, id: u32) -> String {
        let node = draft.node(id).unwrap();
        let inner: Vec<String> = draft.children(id).map(|child| one(draft, child.id)).collect();
        match node.is {
            Is::Attribute if node.values.is_empty() => "_".into(),
            Is::Attribute => node.value(0).into(),
            is => format!("{}({})", is.key(), inner.join(" ")),
        }
    }
    one(draft, 0)
}

fn letters() -> Draft {
    let leaf = |v: &str| json!({ "field": "city", "op": "eq", "value": v });
    Draft::from_json(&json!({ "all": [leaf("a"), { "any": [leaf("b"), leaf("c")] }, leaf("d")] }), &catalogue())
}

#[test]
fn every_step_of_the_builder_moves_the_line_where_it_says() {
    let of = |value: &str| letters().nodes.iter().find(|n| n.value(0) == value).map(|n| n.id).unwrap();
    let group = 2;
    let steps = [
        (format!("up:{}", of("d")), "all(a d any(b c))"),
        (format!("down:{}", of("a")), "all(any(b c) a d)"),
        (format!("down:{}", of("c")), "all(a any(b) c d)"),
        (format!("up:{}", of("b")), "all(a b any(c) d)"),
        (format!("up:{}", of("a")), "all(a any(b c) d)"),
        (format!("in:{}", of("d")), "all(a any(b c d))"),
        (format!("in:{}", of("a")), "all(any(a) any(b c) d)"),
        (format!("out:{}", of("b")), "all(a any(c) b d)"),
        (format!("out:{}", of("d")), "all(a any(b c) d)"),
        (format!("wrap:{}", of("b")), "all(a any(all(b) c) d)"),
        (format!("wrap:{group}"), "all(a any(any(b c)) d)"),
        (format!("unwrap:{group}"), "all(a b c d)"),
        (format!("remove:{group}"), "all(a d)"),
        (format!("after:{}:attribute", of("a")), "all(a _ any(b c) d)"),
        (format!("after:{}:any", of("a")), "all(a any(_) any(b c) d)"),
        (format!("after:{group}:attribute"), "all(a any(b c _) d)"),
        (format!("add:{group}:behaviour"), "all(a any(b c behaviour()) d)"),
        ("remove:0".into(), "all(a any(b c) d)"),
        ("up:0".into(), "all(a any(b c) d)"),
        ("in:99".into(), "all(a any(b c) d)"),
        ("wrap".into(), "all(a any(b c) d)"),
    ];
    for (step, expected) in steps {
        let mut draft = letters();
        draft.act(&step);
        assert_eq!(shown(&draft), expected, "{step}");
        assert_eq!(Draft::from_form(&draft.to_form()), draft, "{step} comes back from the form");
    }
}

#[test]
fn the_last_line_that_leaves_a_group_takes_it_along() {
    let mut draft = letters();
    for value in ["b", "c"] {
        let id = draft.nodes.iter().find(|n| n.value(0) == value).unwrap().id;
        draft.act(&format!("out:{id}"));
    }
    assert_eq!(shown(&draft), "all(a c b d)");
}

#[test]
fn a_line_that_waits_for_something_is_left_out_of_the_count_with_the_group_it_leaves_empty() {
    let mut draft = letters();
    draft.act("add:0:any");
    draft.act("add:0:behaviour");
    assert_eq!(shown(&draft.finished()), "all(a any(b c) d)");
    let empty =
        Draft::from_json(&json!({ "all": [{ "any": [] }, { "field": "city", "op": "is_empty" }] }), &catalogue());
    assert_eq!(empty.finished(), empty, "an empty group somebody meant stays");
}

proptest! {
    #[test]
    fn no_step_loses_a_line_or_makes_one(steps in proptest::collection::vec((0_usize..6, 0_u32..9), 0..40)) {
        let mut draft = letters();
        let lines = |draft: &Draft| {
            let mut lines: Vec<String> = draft.nodes.iter().map(|n| n.value(0).to_owned()).filter(|v| !v.is_empty()).collect();
            lines.sort();
            lines
        };
        for (what, id) in steps {
            draft.act(&format!("{}:{id}", ["up", "down", "in", "out", "wrap", "unwrap"][what]));
            prop_assert_eq!(lines(&draft), ["a", "b", "c", "d"]);
            prop_assert_eq!(&Draft::from_form(&draft.to_form()), &draft);
        }
    }
}
