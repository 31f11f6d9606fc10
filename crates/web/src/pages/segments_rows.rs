//! The rows and groups of the segment builder, drawn from the tree; a group draws its children first.

use super::{
    Frame,
    segments::{Mark, MarkView},
    segments_catalogue::{Catalogue, FieldDescriptor, ValueKind},
    segments_tree::{Draft, Is, Node},
};
use askama::Template;
use kernel::Sentence;

/// Everything a row needs to draw itself.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub frame: &'a Frame,
    pub draft: &'a Draft,
    pub catalogue: &'a Catalogue,
    pub errors: &'a [(u32, Sentence)],
    pub marks: &'a [Mark],
}

impl Rows<'_> {
    /// The whole tree as HTML.
    pub fn draw(self) -> Result<String, askama::Error> {
        self.node(&self.draft.nodes[0])
    }

    fn node(self, node: &Node) -> Result<String, askama::Error> {
        let inner: Result<Vec<String>, _> = self.draft.children(node.id).map(|child| self.node(child)).collect();
        let inside = self.draft.inside_behaviour(node);
        let fields = match node.is {
            Is::Metric => &self.catalogue.metrics,
            _ if inside => &self.catalogue.behaviour_fields,
            _ => &self.catalogue.fields,
        };
        let error = self.errors.iter().find(|(id, _)| *id == node.id).map(|(_, s)| self.frame.tell(s));
        let none = Mark { node: node.id, ..Mark::default() };
        let mark = self.marks.iter().find(|mark| mark.node == node.id).unwrap_or(&none);
        RowView {
            frame: self.frame,
            node,
            inside,
            mark: MarkView { frame: self.frame, mark }.render()?,
            fields,
            behaviours: &self.catalogue.behaviours,
            channels: &self.catalogue.channels,
            inner: inner?.concat(),
            error: error.unwrap_or_default(),
            has_where: !self.catalogue.behaviour_fields.is_empty(),
        }
        .render()
    }
}

/// One row or group.
#[derive(Template)]
#[template(path = "segments_row.html")]
struct RowView<'a> {
    frame: &'a Frame,
    node: &'a Node,
    /// Whether it is a row of a behaviour's `where`.
    inside: bool,
    /// The count below it, already drawn.
    mark: String,
    fields: &'a [FieldDescriptor],
    behaviours: &'a [(String, String)],
    channels: &'a [(String, String)],
    /// Rows below, already drawn.
    inner: String,
    error: String,
    has_where: bool,
}

/// What a line's menu offers: action, key of the words, icon, key to press.
type Tool = (&'static str, &'static str, &'static str, &'static str);

/// Fields under one heading of the select.
struct FieldGroup<'a> {
    label: &'a str,
    fields: Vec<&'a FieldDescriptor>,
}

impl RowView<'_> {
    fn is_group(&self) -> bool {
        self.node.is.is_group()
    }

    fn is_behaviour(&self) -> bool {
        self.node.is == Is::Behaviour
    }

    fn is_metric(&self) -> bool {
        self.node.is == Is::Metric
    }

    fn is_root(&self) -> bool {
        self.node.parent.is_none()
    }

    fn tools(&self) -> Vec<Tool> {
        const UP: Tool = ("up", "segment-do-up", "chevron-up", "Alt ⇧ ↑");
        const DOWN: Tool = ("down", "segment-do-down", "chevron-down", "Alt ⇧ ↓");
        const IN: Tool = ("in", "segment-do-in", "chevron-right", "Alt ⇧ →");
        const OUT: Tool = ("out", "segment-do-out", "chevron-left", "Alt ⇧ ←");
        const WRAP: Tool = ("wrap", "segment-do-wrap", "stack-2", "Alt ⇧ G");
        const UNWRAP: Tool = ("unwrap", "segment-do-unwrap", "arrow-back-up", "");
        match (self.inside, self.is_group()) {
            (true, _) => vec![UP, DOWN],
            (false, true) => vec![UP, DOWN, IN, OUT, WRAP, UNWRAP],
            (false, false) => vec![UP, DOWN, IN, OUT, WRAP],
        }
    }

    fn class(&self) -> &'static str {
        match self.node.is {
            Is::Any => "or",
            Is::Not => "not",
            _ => "",
        }
    }

    fn group_sorts(&self) -> [&'static str; 3] {
        ["all", "any", "not"]
    }

    fn line_sorts(&self) -> [&'static str; 3] {
        Is::LINES.map(Is::key)
    }

    fn is_sort(&self, key: &&str) -> bool {
        self.node.is.key() == *key
    }

    fn field(&self) -> Option<&FieldDescriptor> {
        self.fields.iter().find(|f| f.key == self.node.field)
    }

    fn groups(&self) -> Vec<FieldGroup<'_>> {
        let mut groups: Vec<FieldGroup<'_>> = Vec::new();
        for field in self.fields {
            match groups.iter_mut().find(|g| g.label == field.group) {
                Some(group) => group.fields.push(field),
                None => groups.push(FieldGroup { label: &field.group, fields: vec![field] }),
            }
        }
        groups
    }

    /// A stored field the catalogue no longer knows stays visible, so that it can be seen and replaced.
    fn stranger(&self) -> bool {
        !self.node.field.is_empty() && self.field().is_none()
    }

    /// Operators of the chosen field; the one in use even where it is not allowed.
    fn ops(&self) -> Vec<(String, String, bool)> {
        let mut ops: Vec<&str> = self.field().map(|f| f.ops.clone()).unwrap_or_default();
        if !self.node.op.is_empty() && !ops.contains(&self.node.op.as_str()) {
            ops.push(&self.node.op);
        }
        let label = |op: &str| self.frame.say(&format!("segment-op-{}", op.replace('_', "-")));
        ops.into_iter().map(|op| (op.to_owned(), label(op), op == self.node.op)).collect()
    }

    /// The operator that counts: the chosen one or the first of the field.
    fn op(&self) -> &str {
        match self.node.op.as_str() {
            "" => self.field().and_then(|f| f.ops.first()).copied().unwrap_or(""),
            op => op,
        }
    }

    fn counts_days(&self) -> bool {
        matches!(self.op(), "within_days" | "older_than_days" | "anniversary_within_days")
    }

    fn takes_value(&self) -> bool {
        !matches!(self.op(), "is_empty" | "is_set") && self.field().is_some()
    }

    fn is_between(&self) -> bool {
        self.op() == "between"
    }

    fn is_many(&self) -> bool {
        matches!(self.op(), "in" | "not_in")
    }

    /// Choices of the value as (value, label, chosen); empty where it is typed.
    fn choices(&self) -> Vec<(String, String, bool)> {
        let Some(field) = self.field() else { return Vec::new() };
        let chosen = |value: &str| self.node.values.iter().any(|v| v == value);
        if field.kind == ValueKind::Boolean {
            let one = |value: &str| (value.to_owned(), self.frame.say(&format!("segment-{value}")), chosen(value));
            return vec![one("true"), one("false")];
        }
        if self.counts_days() {
            return Vec::new();
        }
        field.choices.iter().map(|(value, label)| (value.clone(), label.clone(), chosen(value))).collect()
    }

    /// The chosen ones in words.
    fn chosen(&self) -> String {
        let chosen: Vec<String> =
            self.choices().into_iter().filter(|(.., chosen)| *chosen).map(|(_, label, _)| label).collect();
        chosen.join(", ")
    }

    /// Too many to look through: the list gets a field that narrows it.
    fn is_long(&self) -> bool {
        self.choices().len() > 12
    }

    /// `type` of the typed value's input.
    fn input(&self) -> &'static str {
        match self.field().map(|f| f.kind) {
            _ if self.counts_days() => "number",
            Some(ValueKind::Number | ValueKind::Money) if !self.is_many() => "number",
            Some(ValueKind::Date) if !self.is_many() => "date",
            _ => "text",
        }
    }

    fn all_values(&self) -> String {
        self.node.values.join(", ")
    }

    /// Unit behind the value.
    fn unit(&self) -> String {
        match self.field().map(|f| f.kind) {
            _ if self.counts_days() => self.frame.say("segment-days"),
            Some(ValueKind::Money) => "€".into(),
            _ => String::new(),
        }
    }
}
