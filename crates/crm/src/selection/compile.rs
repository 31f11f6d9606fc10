//! A definition becomes one condition over `contact`, the same on both engines.
//!
//! Every leaf is true or false and never unknown: an empty value is simply not equal, so that `not` is a true opposite and
//! SQL's three-valued logic cannot leave anybody out. What people did is asked as `contact.id IN (SELECT contact_id …)`,
//! which both engines answer once for all contacts.

mod attribute;
mod comparison;
mod did;
mod measured;

pub(super) use did::deeds;
pub(super) use measured::parts;

use super::{Definition, Node};
use jiff::civil::Date;
use kernel::{Fault, Timestamp, Zone};
use sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use std::collections::{BTreeMap, BTreeSet};
use store::Rows;

/// What a definition needs to be asked: the time, the zone of its days, and the segments it refers to.
#[derive(Clone, Debug)]
pub struct Context {
    pub now: Timestamp,
    pub zone: Zone,
    segments: BTreeMap<i64, Definition>,
}

impl Context {
    pub fn new(now: Timestamp, zone: &Zone) -> Self {
        Self { now, zone: zone.clone(), segments: BTreeMap::new() }
    }

    pub fn with_segment(mut self, id: i64, definition: Definition) -> Self {
        self.segments.insert(id, definition);
        self
    }

    /// Loads the segments a definition refers to, and those they refer to.
    pub async fn load(rows: &Rows, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<Self, Fault> {
        let mut context = Self::new(now, zone);
        let mut wanted: BTreeSet<i64> = definition.segments();
        while let Some(id) = wanted.pop_first() {
            if context.segments.contains_key(&id) {
                continue;
            }
            if let Some(found) = super::segments::definition_of(rows, id).await? {
                wanted.extend(found.segments());
                context.segments.insert(id, found);
            }
        }
        Ok(context)
    }

    pub(super) fn segment(&self, id: i64) -> Option<&Definition> {
        self.segments.get(&id)
    }

    fn today(&self) -> Date {
        self.zone.day(self.now)
    }
}

impl Definition {
    /// The condition over the table `contact`, without the rule that archived contacts never match.
    pub fn condition(&self, context: &Context) -> Condition {
        node(&self.root, context, &mut Vec::new())
    }
}

/// `trail` holds the segments this node stands in: one that leads back to itself matches nobody.
fn node(node: &Node, context: &Context, trail: &mut Vec<i64>) -> Condition {
    match node {
        Node::All(nodes) => {
            let all = nodes.iter().fold(Condition::all(), |all, n| all.add(self::node(n, context, trail)));
            if nodes.is_empty() { all.add(always(true)) } else { all }
        }
        Node::Any(nodes) => {
            let any = nodes.iter().fold(Condition::any(), |any, n| any.add(self::node(n, context, trail)));
            if nodes.is_empty() { any.add(always(false)) } else { any }
        }
        Node::Not(inner) => Condition::all().add(self::node(inner, context, trail).not()),
        Node::Attribute(leaf) => attribute::compile(leaf, context, trail),
        Node::Did(did) => Condition::all().add(did::compile(did, context)),
        Node::Measured(leaf) => Condition::all().add(measured::compile(leaf, context)),
    }
}

/// Contacts by one select of their ids: those it finds, or everybody but those.
pub(super) enum Circle {
    Everybody,
    Those(SelectStatement),
    Others(SelectStatement),
}

impl Circle {
    fn condition(self) -> Expr {
        let contact = Expr::cust("contact.id");
        match self {
            Self::Everybody => always(true),
            Self::Those(select) => contact.in_subquery(select),
            Self::Others(select) => contact.not_in_subquery(select),
        }
    }
}

/// Whom one leaf means, asked for itself: each person once, archived ones perhaps among them. `None` for a leaf that means
/// other segments, and for groups.
pub(super) fn circle(leaf: &Node, context: &Context) -> Option<Circle> {
    match leaf {
        Node::Attribute(leaf) => attribute::circle(leaf, context),
        Node::Did(leaf) => Some(did::circle(leaf, context, true)),
        Node::Measured(leaf) => Some(measured::circle(leaf, context)),
        Node::All(_) | Node::Any(_) | Node::Not(_) => None,
    }
}

/// Everybody who is not in the archive.
pub(super) fn living() -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust("contact.id"), "contact")
        .from("contact")
        .and_where(Expr::cust("contact.archived_at").is_null())
        .to_owned()
}

/// A constant both engines know.
fn always(holds: bool) -> Expr {
    Expr::cust(if holds { "1 = 1" } else { "1 = 0" })
}
