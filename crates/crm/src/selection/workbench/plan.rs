//! A definition as questions to ask and a tree to put their answers together.

use super::{
    super::{
        Attribute, Context, Definition, Field, Node, Value,
        compile::{Circle, circle, living},
        field::Plain,
    },
    Line, Sets, Solved,
};
use kernel::{Column, People, Question, Unit};
use sea_query::{SelectStatement, SqliteQueryBuilder};
use std::{collections::BTreeMap, sync::Arc};

/// A question about contacts, and the text it is kept under: the whole statement with its values.
#[derive(Clone)]
pub struct Asked {
    pub key: Arc<str>,
    pub question: Question,
}

impl Asked {
    pub fn of(select: SelectStatement) -> Self {
        let key = select.to_string(SqliteQueryBuilder).into();
        Self { key, question: Question::new(select, vec![Column::new("contact", Unit::Id)]) }
    }
}

pub struct Plan {
    /// Each question once.
    pub asked: Vec<Asked>,
    root: Step,
    living: Arc<str>,
}

/// `path`: where the line stands; none for what belongs to another segment.
struct Step {
    path: Option<String>,
    what: What,
}

enum What {
    Everybody,
    Those(Arc<str>),
    Others(Arc<str>),
    All(Vec<Step>),
    Any(Vec<Step>),
    Not(Box<Step>),
}

impl Plan {
    pub fn of(definition: &Definition, context: &Context) -> Self {
        let mut drawing = Drawing { context, asked: BTreeMap::new(), trail: Vec::new() };
        let living = drawing.ask(living());
        let root = drawing.step(&definition.root, Some(String::new()));
        Self { asked: drawing.asked.into_values().collect(), root, living }
    }

    /// Puts the answers together; a question without an answer is nobody.
    pub fn solve(&self, sets: &Sets) -> Solved {
        let living = sets.get(&self.living).cloned().unwrap_or_default();
        let mut lines = Vec::new();
        let people = Solving { sets, living: &living }.step(&self.root, &mut lines);
        Solved { people, living, lines }
    }
}

struct Drawing<'a> {
    context: &'a Context,
    asked: BTreeMap<Arc<str>, Asked>,
    /// The segments a step stands in: one that leads back to itself means nobody.
    trail: Vec<i64>,
}

impl Drawing<'_> {
    fn ask(&mut self, select: SelectStatement) -> Arc<str> {
        let asked = Asked::of(select);
        let key = asked.key.clone();
        self.asked.entry(key.clone()).or_insert(asked);
        key
    }

    fn step(&mut self, node: &Node, path: Option<String>) -> Step {
        let below = |name: String| {
            path.as_ref().map(|path| if path.is_empty() { name.clone() } else { format!("{path}.{name}") })
        };
        let what = match node {
            Node::All(nodes) => What::All(
                nodes.iter().enumerate().map(|(n, node)| self.step(node, below(format!("all[{n}]")))).collect(),
            ),
            Node::Any(nodes) => What::Any(
                nodes.iter().enumerate().map(|(n, node)| self.step(node, below(format!("any[{n}]")))).collect(),
            ),
            Node::Not(inner) => What::Not(Box::new(self.step(inner, below("not".to_owned())))),
            leaf => match circle(leaf, self.context) {
                Some(Circle::Everybody) => What::Everybody,
                Some(Circle::Those(select)) => What::Those(self.ask(select)),
                Some(Circle::Others(select)) => What::Others(self.ask(select)),
                None => self.membership(leaf),
            },
        };
        Step { path, what }
    }

    /// Being in any of the segments a leaf names, or in none where it denies.
    fn membership(&mut self, leaf: &Node) -> What {
        let Node::Attribute(Attribute { field: Field::Plain(Plain::Segment), op, value }) = leaf else {
            return What::Any(Vec::new());
        };
        let ids = match value {
            Value::Int(id) => std::slice::from_ref(id),
            Value::Ints(ids) => ids,
            _ => &[],
        };
        let mut any = Vec::new();
        for id in ids {
            let context = self.context;
            if let Some(definition) = context.segment(*id)
                && !self.trail.contains(id)
            {
                self.trail.push(*id);
                any.push(self.step(&definition.root, None));
                self.trail.pop();
            }
        }
        let any = What::Any(any);
        if op.denies().is_some() { What::Not(Box::new(Step { path: None, what: any })) } else { any }
    }
}

struct Solving<'a> {
    sets: &'a Sets,
    living: &'a Arc<People>,
}

impl Solving<'_> {
    fn step(&self, step: &Step, lines: &mut Vec<Line>) -> Arc<People> {
        let place = lines.len();
        if let Some(path) = &step.path {
            lines.push(Line { path: path.clone(), people: Arc::default() });
        }
        let people = match &step.what {
            What::Everybody => self.living.clone(),
            What::Those(key) => Arc::new(&*self.set(key) & self.living),
            What::Others(key) => Arc::new(&**self.living - &self.set(key)),
            What::All(steps) => {
                let all = steps.iter().map(|step| self.step(step, lines));
                all.reduce(|all, one| Arc::new(&*all & &*one)).unwrap_or_else(|| self.living.clone())
            }
            What::Any(steps) => {
                let any = steps.iter().map(|step| self.step(step, lines));
                any.reduce(|any, one| Arc::new(&*any | &*one)).unwrap_or_default()
            }
            What::Not(inner) => Arc::new(&**self.living - &self.step(inner, lines)),
        };
        if step.path.is_some() {
            lines[place].people = people.clone();
        }
        people
    }

    fn set(&self, key: &str) -> Arc<People> {
        self.sets.get(key).cloned().unwrap_or_default()
    }
}
