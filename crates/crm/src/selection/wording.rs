//! A definition in words, line by line, for pages and the audit.

use super::{
    Definition, Did, Field, Moment, Node, Op, Plain, Shape, Value, WhereField,
    field::{Target, choice_label},
};
use crate::{
    customers::{Attribute, attributes},
    intake::country,
};
use kernel::{Currency, Fault, Locale, Sentence, Zone};
use std::collections::{BTreeMap, BTreeSet};
use store::{FromQueryResult, Rows, values};

/// One line of a definition: how deep it stands and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    pub depth: usize,
    pub text: String,
}

/// Says a definition in the reader's language, with the names records have now.
pub async fn phrases(rows: &Rows, definition: &Definition, locale: Locale, zone: &Zone) -> Result<Vec<Phrase>, Fault> {
    let mut speaker = Speaker::new(locale, zone, labels(rows, definition).await?);
    speaker.node(&definition.root, 0);
    Ok(speaker.lines)
}

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// A table and the id of a record in it.
type Key = (&'static str, i64);

/// The names of what a definition refers to.
#[derive(Default)]
pub(super) struct Labels {
    records: BTreeMap<Key, String>,
    /// Attributes of the house, by their keys.
    own: BTreeMap<String, Attribute>,
}

/// The names of all records and attributes a definition refers to.
pub(super) async fn labels(rows: &Rows, definition: &Definition) -> Result<Labels, Fault> {
    let mut own = false;
    let mut wanted: BTreeSet<Key> = BTreeSet::new();
    definition.root.visit(&mut |node| {
        let mut want = |shape: Shape, value: &Value| {
            let Some(table) = table(shape) else { return };
            match value {
                Value::Int(id) => drop(wanted.insert((table, *id))),
                Value::Ints(ids) => wanted.extend(ids.iter().map(|id| (table, *id))),
                _ => {}
            }
        };
        match node {
            Node::Attribute(leaf) => {
                own |= matches!(leaf.field, Field::Own { .. });
                want(leaf.field.shape(), &leaf.value);
            }
            Node::Did(did) => did.wheres.iter().for_each(|w| want(w.field.shape(), &w.value)),
            _ => {}
        }
    });
    let mut labels = Labels::default();
    if own {
        labels.own = attributes(rows, true).await?.into_iter().map(|own| (own.key.clone(), own)).collect();
    }
    for (table, id) in wanted {
        let named: Option<Named> = rows.one(&format!("SELECT name FROM {table} WHERE id = $1"), values![id]).await?;
        if let Some(named) = named {
            labels.records.insert((table, id), named.name);
        }
    }
    Ok(labels)
}

fn table(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Reference(Target::User) => Some("staff_user"),
        Shape::Reference(Target::Segment) => Some("segment"),
        Shape::Reference(Target::Campaign) => Some("campaign"),
        Shape::Reference(Target::Product) => Some("product"),
        Shape::Reference(Target::Category) => Some("category"),
        Shape::Reference(Target::Tag) => Some("tag"),
        _ => None,
    }
}

pub(super) struct Speaker<'a> {
    locale: Locale,
    zone: &'a Zone,
    labels: Labels,
    lines: Vec<Phrase>,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(locale: Locale, zone: &'a Zone, labels: Labels) -> Self {
        Self { locale, zone, labels, lines: Vec::new() }
    }

    /// What a field is called here.
    fn label(&self, field: &Field) -> String {
        match field {
            Field::Own { key, .. } if self.labels.own.contains_key(key) => {
                self.labels.own[key].label(self.locale).to_owned()
            }
            field => self.say(field.label()),
        }
    }

    fn say(&self, sentence: impl Into<Sentence>) -> String {
        sentence.into().say(self.locale)
    }

    fn line(&mut self, depth: usize, text: String) {
        self.lines.push(Phrase { depth, text });
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match node {
            Node::All(nodes) if nodes.is_empty() => self.line(depth, self.say("segments-fields-everybody")),
            Node::Any(nodes) if nodes.is_empty() => self.line(depth, self.say("segments-fields-nobody")),
            Node::All(nodes) => self.group("segments-fields-all-of", nodes, depth),
            Node::Any(nodes) => self.group("segments-fields-any-of", nodes, depth),
            Node::Not(inner) => {
                self.line(depth, self.say("segments-fields-not"));
                self.node(inner, depth + 1);
            }
            Node::Attribute(leaf) => {
                let value = self.value(leaf.field.shape(), leaf.op, &leaf.value, Some(&leaf.field));
                let what = self.label(&leaf.field);
                let text = match leaf.value {
                    Value::Flag(_) if leaf.op == Op::Eq => {
                        self.say(Sentence::new("segments-fields-answer").with("what", what).with("answer", value))
                    }
                    _ => self.compared(what, leaf.op, value),
                };
                self.line(depth, text);
            }
            Node::Measured(leaf) => {
                let value = self.value(leaf.metric.shape(), leaf.op, &leaf.value, None);
                let mut text = self.compared(self.say(leaf.metric.label()), leaf.op, value);
                if let Some(days) = leaf.within_days {
                    text = format!("{text}, {}", self.say(Sentence::new("segments-fields-in-days").with("days", days)));
                }
                self.line(depth, text);
            }
            Node::Did(did) => {
                let text = self.did(did);
                self.line(depth, text);
            }
        }
    }

    fn group(&mut self, key: &'static str, nodes: &[Node], depth: usize) {
        self.line(depth, self.say(key));
        nodes.iter().for_each(|node| self.node(node, depth + 1));
    }

    fn compared(&self, what: String, op: Op, value: String) -> String {
        [what, self.say(op.label()), value].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn did(&self, did: &Did) -> String {
        let mut parts = vec![self.say(did.kind.label())];
        let times = match did.times() {
            (least, None) => Sentence::new("segments-fields-at-least").with("n", least),
            (0, Some(0)) => Sentence::new("segments-fields-never"),
            (0, Some(most)) => Sentence::new("segments-fields-at-most").with("n", most),
            (least, Some(most)) => Sentence::new("segments-fields-times").with("least", least).with("most", most),
        };
        parts.push(self.say(times));
        if let Some(days) = did.within_days {
            parts.push(self.say(Sentence::new("segments-fields-in-days").with("days", days)));
        }
        if let Some(from) = did.from {
            parts.push(self.say(Sentence::new("segments-fields-since").with("day", self.moment(from))));
        }
        if let Some(before) = did.before {
            parts.push(self.say(Sentence::new("segments-fields-before").with("day", self.moment(before))));
        }
        for condition in &did.wheres {
            let value = self.value(condition.field.shape(), condition.op, &condition.value, None);
            let label = if condition.field == WhereField::Value {
                "segments-fields-where-value".into()
            } else {
                condition.field.label()
            };
            parts.push(self.compared(self.say(label), condition.op, value));
        }
        parts.join(", ")
    }

    fn moment(&self, moment: Moment) -> String {
        match moment {
            Moment::Day(day) => self.locale.day(day),
            Moment::At(at) => self.locale.moment(at, self.zone),
        }
    }

    /// A value as a definition says it.
    pub(super) fn value(&self, shape: Shape, op: Op, value: &Value, field: Option<&Field>) -> String {
        let one = |n: i64| self.integer(shape, op, n);
        let named = |text: &String| match field {
            Some(Field::Plain(Plain::Country)) => Some(country::name(text, self.locale).to_owned()),
            Some(Field::Own { key, .. }) => {
                self.labels.own.get(key).and_then(|own| own.choice(text, self.locale)).map(str::to_owned)
            }
            Some(field) => choice_label(field, text).map(|label| self.say(label)),
            None => None,
        };
        let text = |text: &String| named(text).unwrap_or_else(|| self.quoted(text));
        match value {
            Value::Nothing => String::new(),
            Value::Text(t) => text(t),
            Value::Texts(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
            Value::Int(n) => one(*n),
            Value::Ints(list) => list.iter().map(|n| one(*n)).collect::<Vec<_>>().join(", "),
            Value::IntRange(a, b) => self.range(one(*a), one(*b)),
            Value::Share(x) => self.locale.percent(*x, 1),
            Value::ShareRange(a, b) => self.range(self.locale.percent(*a, 1), self.locale.percent(*b, 1)),
            Value::Day(day) => self.locale.day(*day),
            Value::DayRange(a, b) => self.range(self.locale.day(*a), self.locale.day(*b)),
            Value::Flag(flag) => self.say(if *flag { "segments-fields-yes" } else { "segments-fields-no" }),
        }
    }

    fn quoted(&self, text: &str) -> String {
        self.say(Sentence::new("segments-fields-quoted").with("text", text))
    }

    fn range(&self, from: String, to: String) -> String {
        self.say(Sentence::new("segments-fields-from-to").with("from", from).with("to", to))
    }

    fn integer(&self, shape: Shape, op: Op, n: i64) -> String {
        if matches!(op, Op::WithinDays | Op::OlderThanDays | Op::AnniversaryWithinDays) {
            return self.say(Sentence::new("segments-fields-days").with("n", n));
        }
        match shape {
            Shape::Money => self.locale.money(n, Currency::EUR),
            Shape::Reference(_) => {
                let label = table(shape).and_then(|table| self.labels.records.get(&(table, n)));
                label.map_or_else(|| format!("№ {n}"), |label| self.quoted(label))
            }
            _ => self.locale.count(n),
        }
    }
}

/// Fields whose values a page can offer as a list of codes with names.
pub fn choices(field: &Field) -> Vec<(&'static str, Sentence)> {
    let Shape::Choice(codes) = field.shape() else { return Vec::new() };
    codes.iter().filter_map(|code| choice_label(field, code).map(|label| (*code, label))).collect()
}
