//! Reads a definition against the catalogue. Everything unknown or of the wrong kind is refused with the path of its leaf
//! and what would fit; nothing is guessed and nothing is ignored.

mod value;

use super::{
    Attribute, Definition, Did, Field, Measured, Metric, Moment, Names, Node, Op, Shape, Value, Where, WhereField,
    catalogue,
};
use crate::{
    Refusal,
    interactions::{Channel, Kind},
    refusal::Complaint,
};
use kernel::{Sentence, Timestamp};
use serde_json::{Map, Value as Json};

/// Deepest nesting, and most leaves and most lines (groups and the conditions of a behaviour count) a definition may have.
const DEPTH: usize = 16;
const LEAVES: usize = 200;
const LINES: usize = 280;
/// Longest count, and longest period in days, that can be asked for.
const TIMES: i64 = 1_000_000;
const DAYS: i64 = 36_500;

impl Definition {
    /// Reads a definition; all complaints come back at once.
    pub fn parse(json: &Json, names: &Names) -> Result<Self, Refusal> {
        let mut reader = Reader { names, complaints: Vec::new(), leaves: 0, lines: 0 };
        let root = reader.node(json, "", 1);
        if reader.leaves > LEAVES || reader.lines > LINES {
            reader.complain(
                "",
                "too_many_leaves",
                Sentence::new("segments-fields-too-many-leaves").with("most", LEAVES),
            );
        }
        match root {
            Some(root) if reader.complaints.is_empty() => Ok(Self { root }),
            _ => Err(Refusal::Invalid(reader.complaints)),
        }
    }
}

struct Reader<'a> {
    names: &'a Names,
    complaints: Vec<Complaint>,
    leaves: usize,
    lines: usize,
}

fn below(path: &str, step: &str) -> String {
    if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") }
}

impl Reader<'_> {
    fn complain(&mut self, path: impl Into<String>, code: &'static str, sentence: Sentence) {
        // A hostile document does not get a book in answer.
        if self.complaints.len() < 50 {
            self.complaints.push(Complaint { field: path.into(), code, sentence });
        }
    }

    fn object<'j>(&mut self, json: &'j Json, path: &str) -> Option<&'j Map<String, Json>> {
        if json.as_object().is_none() {
            self.complain(path, "not_an_object", "segments-fields-not-an-object".into());
        }
        json.as_object()
    }

    fn list<'j>(&mut self, json: &'j Json, path: &str) -> Option<&'j [Json]> {
        if json.as_array().is_none() {
            self.complain(path, "not_a_list", "segments-fields-not-a-list".into());
        }
        json.as_array().map(Vec::as_slice)
    }

    /// Refuses keys nobody asked for.
    fn only(&mut self, map: &Map<String, Json>, path: &str, known: &[&str]) {
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let sentence = Sentence::new("segments-fields-unknown-key").with("key", key).with("fits", known.join(", "));
            self.complain(below(path, key), "unknown_key", sentence);
        }
    }

    fn text<'j>(&mut self, map: &'j Map<String, Json>, path: &str, key: &str) -> Option<&'j str> {
        let text = map.get(key).and_then(Json::as_str);
        if text.is_none() {
            self.complain(below(path, key), "required", "segments-fields-required".into());
        }
        text
    }

    fn node(&mut self, json: &Json, path: &str, depth: usize) -> Option<Node> {
        if depth > DEPTH {
            self.complain(path, "too_deep", Sentence::new("segments-fields-too-deep").with("most", DEPTH));
            return None;
        }
        self.lines += 1;
        if self.lines > LINES {
            return None;
        }
        let map = self.object(json, path)?;
        if let Some(list) = map.get("all") {
            self.only(map, path, &["all"]);
            self.nodes(list, path, "all", depth).map(Node::All)
        } else if let Some(list) = map.get("any") {
            self.only(map, path, &["any"]);
            self.nodes(list, path, "any", depth).map(Node::Any)
        } else if let Some(inner) = map.get("not") {
            self.only(map, path, &["not"]);
            self.node(inner, &below(path, "not"), depth + 1).map(|node| Node::Not(Box::new(node)))
        } else {
            self.leaves += 1;
            if self.leaves > LEAVES {
                return None;
            }
            if let Some(did) = map.get("did") {
                self.only(map, path, &["did"]);
                self.did(did, &below(path, "did")).map(Node::Did)
            } else if map.contains_key("metric") {
                self.measured(map, path).map(Node::Measured)
            } else if map.contains_key("field") {
                self.attribute(map, path).map(Node::Attribute)
            } else {
                self.complain(path, "unknown_condition", "segments-fields-unknown-condition".into());
                None
            }
        }
    }

    fn nodes(&mut self, json: &Json, path: &str, step: &str, depth: usize) -> Option<Vec<Node>> {
        let list = self.list(json, &below(path, step))?;
        let mut nodes = Vec::with_capacity(list.len().min(LEAVES));
        for (n, item) in list.iter().enumerate().take(LEAVES + 1) {
            nodes.push(self.node(item, &below(path, &format!("{step}[{n}]")), depth + 1));
        }
        if list.len() > LEAVES {
            self.leaves = self.leaves.max(list.len());
        }
        nodes.into_iter().collect()
    }

    fn attribute(&mut self, map: &Map<String, Json>, path: &str) -> Option<Attribute> {
        self.only(map, path, &["field", "op", "value"]);
        let key = self.text(map, path, "field")?;
        let Some(field) = self.names.field(key) else {
            let fits: Vec<String> = catalogue().iter().map(Field::key).collect();
            let sentence =
                Sentence::new("segments-fields-unknown-field").with("field", key).with("fits", fits.join(", "));
            self.complain(below(path, "field"), "unknown_field", sentence);
            return None;
        };
        let op = self.op(map, path, field.shape().ops())?;
        let value = self.value(field.shape(), op, map.get("value"), &below(path, "value"))?;
        self.listed(&field, &value, &below(path, "value"))?;
        Some(Attribute { field, op, value })
    }

    /// A choice of one of the house's attributes stands in its list.
    fn listed(&mut self, field: &Field, value: &Value, path: &str) -> Option<()> {
        let Some(codes) = self.names.choices(field).filter(|_| matches!(field.shape(), Shape::Choice(_))) else {
            return Some(());
        };
        let said = match value {
            Value::Text(text) => std::slice::from_ref(text),
            Value::Texts(texts) => texts,
            _ => &[],
        };
        if said.iter().all(|code| codes.contains(&code.as_str())) {
            return Some(());
        }
        let sentence = Sentence::new("segments-fields-choice").with("fits", codes.join(", "));
        self.complain(path, "choice", sentence);
        None
    }

    fn measured(&mut self, map: &Map<String, Json>, path: &str) -> Option<Measured> {
        self.only(map, path, &["metric", "op", "value", "within_days"]);
        let key = self.text(map, path, "metric")?;
        let Some(metric) = Metric::parse(key) else {
            let fits: Vec<&str> = Metric::ALL.iter().map(|metric| metric.code()).collect();
            let sentence =
                Sentence::new("segments-fields-unknown-metric").with("metric", key).with("fits", fits.join(", "));
            self.complain(below(path, "metric"), "unknown_metric", sentence);
            return None;
        };
        let op = self.op(map, path, Metric::ops())?;
        let value = self.value(metric.shape(), op, map.get("value"), &below(path, "value"));
        let within_days = self.number(map, path, "within_days", 1, DAYS);
        Some(Measured { metric, op, value: value?, within_days })
    }

    fn did(&mut self, json: &Json, path: &str) -> Option<Did> {
        let map = self.object(json, path)?;
        const KEYS: [&str; 8] = ["kind", "channel", "at_least", "at_most", "within_days", "from", "before", "where"];
        self.only(map, path, &KEYS);
        let key = self.text(map, path, "kind")?;
        let Some(kind) = Kind::parse(key) else {
            let fits: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
            let sentence =
                Sentence::new("segments-fields-unknown-kind").with("kind", key).with("fits", fits.join(", "));
            self.complain(below(path, "kind"), "unknown_kind", sentence);
            return None;
        };
        let channel = self.channel(map, path, kind);
        let at_least = self.number(map, path, "at_least", 0, TIMES);
        let at_most = self.number(map, path, "at_most", 0, TIMES);
        if let (Some(least), Some(most)) = (at_least, at_most)
            && least > most
        {
            self.complain(below(path, "at_most"), "range", "segments-fields-range".into());
        }
        let within_days = self.number(map, path, "within_days", 1, DAYS);
        let from = self.moment(map, path, "from");
        let before = self.moment(map, path, "before");
        let wheres = match map.get("where") {
            None | Some(Json::Null) => Vec::new(),
            Some(list) => {
                let here = below(path, "where");
                let list = self.list(list, &here)?;
                let read = |(n, item): (usize, &Json)| self.condition(item, &format!("{here}[{n}]"), kind);
                list.iter().enumerate().take(LEAVES).map(read).collect::<Vec<_>>().into_iter().collect::<Option<_>>()?
            }
        };
        Some(Did { kind, channel, at_least, at_most, within_days, from, before, wheres })
    }

    fn channel(&mut self, map: &Map<String, Json>, path: &str, kind: Kind) -> Option<Channel> {
        let json = map.get("channel").filter(|json| !json.is_null())?;
        let channel = json.as_str().and_then(Channel::parse);
        if channel != Some(kind.channel()) {
            let sentence = Sentence::new("segments-fields-other-channel")
                .with("kind", kind.code())
                .with("fits", kind.channel().code());
            self.complain(below(path, "channel"), "other_channel", sentence);
        }
        channel
    }

    fn condition(&mut self, json: &Json, path: &str, kind: Kind) -> Option<Where> {
        self.leaves += 1;
        self.lines += 1;
        let map = self.object(json, path)?;
        self.only(map, path, &["field", "op", "value"]);
        let key = self.text(map, path, "field")?;
        let known = if kind == Kind::OrderPlaced { WhereField::of_orders() } else { WhereField::ALL };
        let Some(field) = WhereField::parse(key).filter(|field| known.contains(field)) else {
            let fits: Vec<&str> = known.iter().map(|field| field.code()).collect();
            let sentence =
                Sentence::new("segments-fields-unknown-field").with("field", key).with("fits", fits.join(", "));
            self.complain(below(path, "field"), "unknown_field", sentence);
            return None;
        };
        let op = self.op(map, path, field.shape().ops())?;
        let value = self.value(field.shape(), op, map.get("value"), &below(path, "value"))?;
        Some(Where { field, op, value })
    }

    fn op(&mut self, map: &Map<String, Json>, path: &str, ops: &[Op]) -> Option<Op> {
        let key = self.text(map, path, "op")?;
        let op = Op::parse(key).filter(|op| ops.contains(op));
        if op.is_none() {
            let fits: Vec<&str> = ops.iter().map(|op| op.code()).collect();
            let sentence = Sentence::new("segments-fields-unknown-op").with("op", key).with("fits", fits.join(", "));
            self.complain(below(path, "op"), "unknown_op", sentence);
        }
        op
    }

    fn number(&mut self, map: &Map<String, Json>, path: &str, key: &str, least: i64, most: i64) -> Option<i64> {
        let json = map.get(key).filter(|json| !json.is_null())?;
        let number = json.as_i64().filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let sentence = Sentence::new("segments-fields-number-between").with("least", least).with("most", most);
            self.complain(below(path, key), "number", sentence);
        }
        number
    }

    fn moment(&mut self, map: &Map<String, Json>, path: &str, key: &str) -> Option<Moment> {
        let json = map.get(key).filter(|json| !json.is_null())?;
        let text = json.as_str().unwrap_or_default();
        let moment = value::day(text).map(Moment::Day).or_else(|| Timestamp::parse_rfc3339(text).map(Moment::At));
        if moment.is_none() {
            self.complain(below(path, key), "moment", "segments-fields-moment".into());
        }
        moment
    }

    fn value(&mut self, shape: Shape, op: Op, json: Option<&Json>, path: &str) -> Option<Value> {
        match value::read(shape, op, json.unwrap_or(&Json::Null), self.names) {
            Ok(value) => Some(value),
            Err((code, sentence)) => {
                self.complain(path, code, sentence);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
