//! The tree of the builder as the stored definition and back, and which row a refusal of the definition speaks of.

use super::{
    segments_catalogue::{Catalogue, ValueKind},
    segments_tree::{Draft, Is, MOST_NODES, Node},
};
use serde_json::{Map, Value, json};

impl Catalogue {
    fn kind(&self, node: &Node, inside: bool) -> ValueKind {
        let list = match node.is {
            Is::Metric => &self.metrics,
            _ if inside => &self.behaviour_fields,
            _ => &self.fields,
        };
        list.iter().find(|f| f.key == node.field).map_or(ValueKind::Text, |f| f.kind)
    }
}

impl Draft {
    /// The definition this tree means. Several nodes under `not` are those of whom none may fit.
    pub fn to_json(&self, catalogue: &Catalogue) -> Value {
        self.group(&self.nodes[0], catalogue)
    }

    fn group(&self, node: &Node, catalogue: &Catalogue) -> Value {
        let mut inner: Vec<Value> = self.children(node.id).map(|n| self.leaf(n, catalogue)).collect();
        match node.is {
            Is::Any => json!({ "any": inner }),
            Is::Not if inner.len() == 1 => json!({ "not": inner.remove(0) }),
            Is::Not => json!({ "not": { "any": inner } }),
            _ => json!({ "all": inner }),
        }
    }

    fn leaf(&self, node: &Node, catalogue: &Catalogue) -> Value {
        let kind = catalogue.kind(node, self.inside_behaviour(node));
        match node.is {
            Is::Attribute => {
                let mut leaf = json!({ "field": node.field, "op": node.op });
                put(&mut leaf, "value", value(node, kind));
                leaf
            }
            Is::Metric => {
                let mut leaf = json!({ "metric": node.field, "op": node.op });
                put(&mut leaf, "value", value(node, kind));
                put(&mut leaf, "within_days", number(&node.within_days));
                leaf
            }
            Is::Behaviour => {
                let mut did = json!({ "kind": node.field });
                put(&mut did, "channel", text(&node.channel));
                put(&mut did, "at_least", number(&node.at_least));
                put(&mut did, "at_most", number(&node.at_most));
                put(&mut did, "within_days", number(&node.within_days));
                put(&mut did, "from", text(&node.from));
                put(&mut did, "before", text(&node.before));
                let rows: Vec<Value> = self.children(node.id).map(|n| self.leaf(n, catalogue)).collect();
                put(&mut did, "where", (!rows.is_empty()).then_some(Value::Array(rows)));
                json!({ "did": did })
            }
            Is::All | Is::Any | Is::Not => self.group(node, catalogue),
        }
    }

    /// The tree of a stored definition. A single line at the top is put into an `all`; what cannot be read is left out.
    pub fn from_json(definition: &Value, catalogue: &Catalogue) -> Self {
        let mut draft = Self { nodes: Vec::new() };
        if definition.get("all").or(definition.get("any")).or(definition.get("not")).is_some() {
            draft.read(definition, None, catalogue);
        } else {
            draft.nodes.push(Node::new(0, None, Is::All));
            draft.read(definition, Some(0), catalogue);
        }
        draft
    }

    fn read(&mut self, from: &Value, parent: Option<u32>, catalogue: &Catalogue) {
        if self.nodes.len() >= MOST_NODES {
            return;
        }
        let id = self.nodes.len() as u32;
        let mut node = Node::new(id, parent, Is::All);
        let mut below: Vec<&Value> = Vec::new();
        if let Some(list) = from.get("all").and_then(Value::as_array) {
            below.extend(list);
        } else if let Some(list) = from.get("any").and_then(Value::as_array) {
            node.is = Is::Any;
            below.extend(list);
        } else if let Some(inner) = from.get("not") {
            node.is = Is::Not;
            match inner.get("any").and_then(Value::as_array) {
                Some(list) => below.extend(list),
                None => below.push(inner),
            }
        } else if let Some(did) = from.get("did") {
            node.is = Is::Behaviour;
            node.field = said(did, "kind");
            node.channel = said(did, "channel");
            node.at_least = said(did, "at_least");
            node.at_most = said(did, "at_most");
            node.within_days = said(did, "within_days");
            node.from = said(did, "from");
            node.before = said(did, "before");
            below.extend(did.get("where").and_then(Value::as_array).into_iter().flatten());
        } else if from.get("field").is_some() || from.get("metric").is_some() {
            let metric = from.get("metric").is_some();
            node.is = if metric { Is::Metric } else { Is::Attribute };
            node.field = said(from, if metric { "metric" } else { "field" });
            node.op = said(from, "op");
            node.within_days = said(from, "within_days");
            let inside = parent.and_then(|p| self.node(p)).is_some_and(|p| p.is == Is::Behaviour);
            node.values = typed(from.get("value"), catalogue.kind(&node, inside), &node.op);
        } else {
            return;
        }
        self.nodes.push(node);
        for child in below {
            self.read(child, Some(id), catalogue);
        }
    }

    /// The node a path of a refusal speaks of, e.g. `all[2].did.where[0].field`; the longest path that fits wins.
    pub fn node_at(&self, path: &str) -> u32 {
        let mut found = (0, 0);
        self.walk(&self.nodes[0], String::new(), &mut |node, at| {
            let fits = path.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            if fits && at.len() > found.0 {
                found = (at.len(), node.id);
            }
        });
        found.1
    }

    fn walk(&self, node: &Node, at: String, tell: &mut impl FnMut(&Node, &str)) {
        tell(node, &at);
        let dot = if at.is_empty() { "" } else { "." };
        let children: Vec<&Node> = self.children(node.id).collect();
        for (i, child) in children.iter().enumerate() {
            let step = match node.is {
                Is::All => format!("all[{i}]"),
                Is::Any => format!("any[{i}]"),
                Is::Not if children.len() == 1 => "not".to_owned(),
                Is::Not => format!("not.any[{i}]"),
                _ => format!("did.where[{i}]"),
            };
            self.walk(child, format!("{at}{dot}{step}"), tell);
        }
    }
}

fn put(object: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut() as Option<&mut Map<String, Value>>, value) {
        object.insert(key.to_owned(), value);
    }
}

fn text(typed: &str) -> Option<Value> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| json!(typed))
}

/// A whole number where it is one, a decimal number where it is one, otherwise the text as it was typed.
fn number(typed: &str) -> Option<Value> {
    let text = text(typed)?;
    let typed = typed.trim();
    if let Ok(whole) = typed.parse::<i64>() {
        return Some(json!(whole));
    }
    match typed.replace(',', ".").parse::<f64>() {
        Ok(real) if real.is_finite() => Some(json!(real)),
        _ => Some(text),
    }
}

fn minor(typed: &str) -> Option<Value> {
    let value = number(typed)?;
    let cents = value.as_f64().map(|major| (major * 100.0).round()).filter(|cents| cents.abs() < 9e15);
    Some(cents.map_or(value, |cents| json!(cents as i64)))
}

fn one(typed: &str, kind: ValueKind) -> Option<Value> {
    match kind {
        ValueKind::Text | ValueKind::Date | ValueKind::Choice => text(typed),
        ValueKind::Number | ValueKind::Reference => number(typed),
        ValueKind::Money => minor(typed),
        ValueKind::Boolean => match typed.trim() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            other => text(other),
        },
    }
}

/// What the values of a line are counted in: days for the operators that ask for days, else as the field says.
fn counted_in(op: &str, kind: ValueKind) -> ValueKind {
    match op {
        "within_days" | "older_than_days" | "anniversary_within_days" => ValueKind::Number,
        _ => kind,
    }
}

fn value(node: &Node, kind: ValueKind) -> Option<Value> {
    let kind = counted_in(&node.op, kind);
    match node.op.as_str() {
        "is_empty" | "is_set" => None,
        "between" => Some(json!([one(node.value(0), kind), one(node.value(1), kind)])),
        "in" | "not_in" => {
            let parts = node
                .values
                .iter()
                .flat_map(|v| if kind == ValueKind::Money { vec![v.as_str()] } else { v.split(',').collect() });
            Some(Value::Array(parts.filter_map(|v| one(v, kind)).collect()))
        }
        _ => one(node.value(0), kind),
    }
}

/// A member of an object as it would be typed; empty where it is missing.
fn said(object: &Value, key: &str) -> String {
    object.get(key).map(|v| typed_one(v, ValueKind::Text)).unwrap_or_default()
}

fn typed_one(value: &Value, kind: ValueKind) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(n) => match n.as_i64() {
            Some(cents) if kind == ValueKind::Money => {
                let sign = if cents < 0 { "-" } else { "" };
                format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
            }
            _ => n.to_string(),
        },
        other => other.to_string(),
    }
}

fn typed(value: Option<&Value>, kind: ValueKind, op: &str) -> Vec<String> {
    let kind = counted_in(op, kind);
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().map(|v| typed_one(v, kind)).collect(),
        Some(one) => vec![typed_one(one, kind)],
    }
}
