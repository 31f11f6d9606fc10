//! A definition after it was read: a tree in which everything is already true of the catalogue.

use super::{Field, Metric, Op, WhereField, field::Plain};
use crate::interactions::{Channel, Kind};
use jiff::civil::Date;
use kernel::{Timestamp, Zone};
use serde_json::{Map, json};
use std::collections::BTreeSet;

/// A condition over contacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub root: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Everybody when it is empty.
    All(Vec<Node>),
    /// Nobody when it is empty.
    Any(Vec<Node>),
    Not(Box<Node>),
    Attribute(Attribute),
    Did(Did),
    Measured(Measured),
}

/// `{"field": …, "op": …, "value": …}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub field: Field,
    pub op: Op,
    pub value: Value,
}

/// `{"did": {…}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Did {
    pub kind: Kind,
    pub channel: Option<Channel>,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
    pub within_days: Option<i64>,
    pub from: Option<Moment>,
    pub before: Option<Moment>,
    pub wheres: Vec<Where>,
}

/// One condition on what was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Where {
    pub field: WhereField,
    pub op: Op,
    pub value: Value,
}

/// `{"metric": …, "op": …, "value": …, "within_days": …}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub metric: Metric,
    pub op: Op,
    pub value: Value,
    pub within_days: Option<i64>,
}

/// A value that fits its field and operator.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// For `is_empty` and `is_set`.
    Nothing,
    Text(String),
    Texts(Vec<String>),
    /// Numbers, money in minor units, days to count, ids.
    Int(i64),
    Ints(Vec<i64>),
    /// Both ends belong to it.
    IntRange(i64, i64),
    Share(f64),
    ShareRange(f64, f64),
    Day(Date),
    DayRange(Date, Date),
    Flag(bool),
}

/// The end of a period: a day's first instant in the organisation's zone, or an exact time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    Day(Date),
    At(Timestamp),
}

impl Moment {
    pub fn at(self, zone: &Zone) -> Timestamp {
        match self {
            Self::Day(day) => zone.start_of(day),
            Self::At(at) => at,
        }
    }

    fn json(self) -> serde_json::Value {
        match self {
            Self::Day(day) => json!(day.to_string()),
            Self::At(at) => json!(at.rfc3339()),
        }
    }
}

impl Did {
    /// How often at least and, where there is a limit, at most. "Did it" alone means once or more.
    pub fn times(&self) -> (i64, Option<i64>) {
        let least = self.at_least.unwrap_or(if self.at_most.is_none() { 1 } else { 0 });
        (least, self.at_most)
    }
}

impl Definition {
    /// Everybody.
    pub fn everybody() -> Self {
        Self { root: Node::All(Vec::new()) }
    }

    /// The form it is stored in: ids, never labels.
    pub fn to_json(&self) -> serde_json::Value {
        self.root.json()
    }

    /// The segments it asks for directly.
    pub fn segments(&self) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        self.root.visit(&mut |node| {
            if let Node::Attribute(Attribute { field: Field::Plain(Plain::Segment), value, .. }) = node {
                match value {
                    Value::Int(id) => drop(found.insert(*id)),
                    Value::Ints(ids) => found.extend(ids),
                    _ => {}
                }
            }
        });
        found
    }
}

impl Node {
    /// Calls `see` for this node and all below it.
    pub fn visit(&self, see: &mut impl FnMut(&Node)) {
        see(self);
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.visit(see)),
            Self::Not(node) => node.visit(see),
            Self::Attribute(_) | Self::Did(_) | Self::Measured(_) => {}
        }
    }

    fn json(&self) -> serde_json::Value {
        let list = |nodes: &[Node]| nodes.iter().map(Node::json).collect::<Vec<_>>();
        match self {
            Self::All(nodes) => json!({ "all": list(nodes) }),
            Self::Any(nodes) => json!({ "any": list(nodes) }),
            Self::Not(node) => json!({ "not": node.json() }),
            Self::Attribute(leaf) => leaf_json("field", &leaf.field.key(), leaf.op, &leaf.value),
            Self::Measured(leaf) => {
                let mut json = leaf_json("metric", leaf.metric.code(), leaf.op, &leaf.value);
                if let Some(days) = leaf.within_days {
                    json["within_days"] = json!(days);
                }
                json
            }
            Self::Did(did) => json!({ "did": did.json() }),
        }
    }
}

impl Did {
    fn json(&self) -> serde_json::Value {
        let mut map = Map::new();
        map.insert("kind".into(), json!(self.kind.code()));
        if let Some(channel) = self.channel {
            map.insert("channel".into(), json!(channel.code()));
        }
        for (key, number) in [("at_least", self.at_least), ("at_most", self.at_most), ("within_days", self.within_days)]
        {
            if let Some(number) = number {
                map.insert(key.into(), json!(number));
            }
        }
        for (key, moment) in [("from", self.from), ("before", self.before)] {
            if let Some(moment) = moment {
                map.insert(key.into(), moment.json());
            }
        }
        if !self.wheres.is_empty() {
            let wheres = self.wheres.iter().map(|w| leaf_json("field", w.field.code(), w.op, &w.value));
            map.insert("where".into(), wheres.collect());
        }
        map.into()
    }
}

fn leaf_json(name: &str, code: &str, op: Op, value: &Value) -> serde_json::Value {
    let mut map = Map::new();
    map.insert(name.into(), json!(code));
    map.insert("op".into(), json!(op.code()));
    if let Some(value) = value.json() {
        map.insert("value".into(), value);
    }
    map.into()
}

impl Value {
    fn json(&self) -> Option<serde_json::Value> {
        Some(match self {
            Self::Nothing => return None,
            Self::Text(text) => json!(text),
            Self::Texts(texts) => json!(texts),
            Self::Int(n) => json!(n),
            Self::Ints(list) => json!(list),
            Self::IntRange(a, b) => json!([a, b]),
            Self::Share(x) => json!(x),
            Self::ShareRange(a, b) => json!([a, b]),
            Self::Day(day) => json!(day.to_string()),
            Self::DayRange(a, b) => json!([a.to_string(), b.to_string()]),
            Self::Flag(flag) => json!(flag),
        })
    }
}
