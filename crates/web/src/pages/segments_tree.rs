//! The tree of a segment as a flat form and back: what the builder's rows post, and the definition of the trade.
//!
//! Every node of the tree has a number. Node `7` posts `n7.parent`, `n7.is` and its own fields (`n7.field`, `n7.op`,
//! `n7.v` …); siblings stand in the order in which their `.is` comes. A row of a behaviour's `where` is an attribute whose
//! parent is the behaviour. Nothing here judges: an odd value is kept as text, so that the room below can say what is wrong
//! and the page can say it beside the right row.

/// Most nodes a form may hold; what comes after them is dropped.
pub const MOST_NODES: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    All,
    Any,
    Not,
    Attribute,
    Behaviour,
    Metric,
}

impl Is {
    pub const LINES: [Is; 3] = [Self::Attribute, Self::Behaviour, Self::Metric];

    pub fn key(self) -> &'static str {
        ["all", "any", "not", "attribute", "behaviour", "metric"][self as usize]
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::All, Self::Any, Self::Not, Self::Attribute, Self::Behaviour, Self::Metric]
            .into_iter()
            .find(|is| is.key() == text)
    }

    pub fn is_group(self) -> bool {
        matches!(self, Self::All | Self::Any | Self::Not)
    }

    /// Whether a node of this sort can hold a child of that sort.
    pub(super) fn holds(self, child: Is) -> bool {
        self.is_group() || (self == Self::Behaviour && child == Self::Attribute)
    }
}

/// One row or group of the builder, everything as typed. Which fields mean something depends on `is`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: u32,
    /// `None` only for the root.
    pub parent: Option<u32>,
    pub is: Is,
    /// Key of the field, kind of the behaviour or key of the metric.
    pub field: String,
    pub op: String,
    /// One value, two for `between`, any number for `in` and `not_in`.
    pub values: Vec<String>,
    pub channel: String,
    pub at_least: String,
    pub at_most: String,
    pub within_days: String,
    pub from: String,
    pub before: String,
}

impl Node {
    pub(super) fn new(id: u32, parent: Option<u32>, is: Is) -> Self {
        let empty = String::new;
        Self {
            id,
            parent,
            is,
            field: empty(),
            op: empty(),
            values: Vec::new(),
            channel: empty(),
            at_least: empty(),
            at_most: empty(),
            within_days: empty(),
            from: empty(),
            before: empty(),
        }
    }

    /// The n-th value; empty where there is none.
    pub fn value(&self, n: usize) -> &str {
        self.values.get(n).map_or("", String::as_str)
    }

    fn slot(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "field" => &mut self.field,
            "op" => &mut self.op,
            "channel" => &mut self.channel,
            "least" => &mut self.at_least,
            "most" => &mut self.at_most,
            "days" => &mut self.within_days,
            "from" => &mut self.from,
            "before" => &mut self.before,
            _ => return None,
        })
    }
}

/// A tree in the making: nodes in the order they are shown, the root (always a group) first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub nodes: Vec<Node>,
}

impl Default for Draft {
    /// One empty line that wants to be filled.
    fn default() -> Self {
        Self { nodes: vec![Node::new(0, None, Is::All), Node::new(1, Some(0), Is::Attribute)] }
    }
}

impl Draft {
    pub fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == id)
    }

    pub fn children(&self, id: u32) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |n| n.parent == Some(id))
    }

    /// What a row still waits for, as the key of its words: a field, or a value. Nobody has done anything wrong yet.
    pub fn waits_for(&self, id: u32) -> Option<&'static str> {
        let node = self.node(id).filter(|node| !node.is.is_group())?;
        let blank = node.values.iter().all(|value| value.trim().is_empty());
        match node.is {
            _ if node.field.is_empty() => Some("segment-waits-for-field"),
            Is::Attribute | Is::Metric if blank && !matches!(node.op.as_str(), "is_empty" | "is_set") => {
                Some("segment-waits-for-value")
            }
            _ => None,
        }
    }

    /// The tree without the lines that still wait for something, and without the groups they leave empty.
    pub fn finished(&self) -> Self {
        let mut draft = self.clone();
        draft.nodes.retain(|node| self.waits_for(node.id).is_none());
        loop {
            let held: Vec<u32> = draft.nodes.iter().filter_map(|node| node.parent).collect();
            let left = draft.nodes.len();
            let had = |id: u32| self.children(id).next().is_some();
            draft.nodes.retain(|node| {
                !(node.is.is_group() && node.parent.is_some() && had(node.id) && !held.contains(&node.id))
            });
            let there: Vec<u32> = draft.nodes.iter().map(|node| node.id).collect();
            draft.nodes.retain(|node| node.parent.is_none_or(|parent| there.contains(&parent)));
            if draft.nodes.len() == left {
                return draft;
            }
        }
    }

    /// Whether a node is a row of a behaviour's `where`.
    pub fn inside_behaviour(&self, node: &Node) -> bool {
        node.parent.and_then(|p| self.node(p)).is_some_and(|p| p.is == Is::Behaviour)
    }

    /// Reads posted fields. Whatever is posted, a tree comes out: a node without a fitting parent that stood before it hangs
    /// on the root, unknown names are ignored, a form without nodes is the empty draft.
    pub fn from_form(fields: &[(String, String)]) -> Self {
        let mut draft = Self { nodes: vec![Node::new(0, None, Is::All)] };
        for (name, value) in fields {
            let Some((id, slot)) = name.strip_prefix('n').and_then(|rest| rest.split_once('.')) else { continue };
            let (Ok(id), "is", Some(is)) = (id.parse::<u32>(), slot, Is::parse(value)) else { continue };
            if id == 0 && is.is_group() {
                draft.nodes[0].is = is;
            } else if id != 0 && draft.node(id).is_none() && draft.nodes.len() < MOST_NODES {
                let name = format!("n{id}.parent");
                let wanted = fields.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.parse().ok()).unwrap_or(0);
                let fits = draft.node(wanted).is_some_and(|p| p.is.holds(is));
                draft.nodes.push(Node::new(id, Some(if fits { wanted } else { 0 }), is));
            }
        }
        for (name, value) in fields {
            let Some((id, slot)) = name.strip_prefix('n').and_then(|rest| rest.split_once('.')) else { continue };
            let Ok(id) = id.parse::<u32>() else { continue };
            let Some(node) = draft.nodes.iter_mut().find(|n| n.id == id) else { continue };
            if slot == "v" {
                node.values.push(value.clone());
            } else if let Some(place) = node.slot(slot) {
                *place = value.clone();
            }
        }
        if draft.nodes.len() == 1 {
            Self { nodes: vec![draft.nodes.remove(0), Node::new(1, Some(0), Is::Attribute)] }
        } else {
            draft
        }
    }

    /// The fields a browser would post for this tree.
    pub fn to_form(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for node in &self.nodes {
            let mut put = |slot: &str, value: &str| {
                if !value.is_empty() {
                    out.push((format!("n{}.{slot}", node.id), value.to_owned()));
                }
            };
            put("is", node.is.key());
            put("parent", &node.parent.map(|p| p.to_string()).unwrap_or_default());
            for (slot, value) in [
                ("field", &node.field),
                ("op", &node.op),
                ("channel", &node.channel),
                ("least", &node.at_least),
                ("most", &node.at_most),
                ("days", &node.within_days),
                ("from", &node.from),
                ("before", &node.before),
            ] {
                put(slot, value);
            }
            for value in &node.values {
                out.push((format!("n{}.v", node.id), value.clone()));
            }
        }
        out
    }
}
