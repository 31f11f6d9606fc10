//! What the buttons and keys of the builder do to the tree: add, remove, move, wrap, take apart.

use super::segments_tree::{Draft, Is, MOST_NODES, Node};
use std::collections::BTreeMap;

impl Draft {
    /// Does what a button says and answers the node to look at next; anything unknown, and whatever does not fit, changes
    /// nothing.
    ///
    /// `add:<parent>:<sort>` at the end of a group, `after:<id>:<sort>` below a line, `remove:<id>`, `up:<id>` and
    /// `down:<id>` (out of the group at its ends), `in:<id>` (into the group above, or into a new one), `out:<id>`,
    /// `wrap:<id>` (into a new group), `unwrap:<id>` (its lines take its place).
    pub fn act(&mut self, what: &str) -> Option<u32> {
        let parts: Vec<&str> = what.split(':').collect();
        let id: u32 = parts.get(1)?.parse().ok()?;
        match (parts[0], parts.get(2).copied().and_then(Is::parse)) {
            ("add", Some(is)) => self.add(id, is, usize::MAX),
            ("after", Some(is)) => self.after(id, is),
            ("remove", None) if id != 0 => self.remove(id),
            ("up", None) => self.step(id, true),
            ("down", None) => self.step(id, false),
            ("in", None) => self.indent(id),
            ("out", None) => self.outdent(id, false),
            ("wrap", None) => self.wrap(id),
            ("unwrap", None) => self.unwrap(id),
            _ => None,
        }
    }

    /// The children of a node in their order.
    fn below(&self, id: u32) -> Vec<u32> {
        self.children(id).map(|node| node.id).collect()
    }

    fn parent(&self, id: u32) -> Option<u32> {
        self.node(id)?.parent
    }

    fn place_of(&self, id: u32) -> Option<(u32, usize)> {
        let parent = self.parent(id)?;
        Some((parent, self.below(parent).iter().position(|child| *child == id)?))
    }

    fn is_group(&self, id: u32) -> bool {
        self.node(id).is_some_and(|node| node.is.is_group())
    }

    /// Hangs a node below a parent at a place; everything below it comes along.
    fn place(&mut self, id: u32, parent: u32, at: usize) {
        let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for node in self.nodes.iter().filter(|node| node.id != id) {
            if let Some(parent) = node.parent {
                lists.entry(parent).or_default().push(node.id);
            }
        }
        let list = lists.entry(parent).or_default();
        list.insert(at.min(list.len()), id);
        if let Some(node) = self.nodes.iter_mut().find(|node| node.id == id) {
            node.parent = Some(parent);
        }
        // Shown and posted in the order of reading.
        let mut ahead = vec![0];
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(id) = ahead.pop() {
            order.push(id);
            ahead.extend(lists.get(&id).into_iter().flatten().rev());
        }
        let rank: BTreeMap<u32, usize> = order.into_iter().enumerate().map(|(rank, id)| (id, rank)).collect();
        self.nodes.sort_by_key(|node| rank.get(&node.id).copied().unwrap_or(usize::MAX));
    }

    fn add(&mut self, parent: u32, is: Is, at: usize) -> Option<u32> {
        let fits = self.node(parent).is_some_and(|node| node.is.holds(is));
        if !fits || self.nodes.len() + 1 >= MOST_NODES {
            return None;
        }
        let id = self.nodes.iter().map(|node| node.id).max()?.checked_add(1)?;
        self.nodes.push(Node::new(id, Some(parent), is));
        self.place(id, parent, at);
        if is.is_group() {
            return self.add(id, Is::Attribute, 0);
        }
        Some(id)
    }

    /// Below a line; in a group where it is asked for there.
    fn after(&mut self, id: u32, is: Is) -> Option<u32> {
        match self.place_of(id) {
            Some((parent, at)) if !self.is_group(id) => self.add(parent, is, at + 1),
            _ => self.add(id, is, usize::MAX),
        }
    }

    fn remove(&mut self, id: u32) -> Option<u32> {
        let (parent, at) = self.place_of(id)?;
        let mut gone = vec![id];
        while let Some(id) = gone.pop() {
            gone.extend(self.below(id));
            self.nodes.retain(|node| node.id != id);
        }
        let left = self.below(parent);
        left.get(at).or(left.last()).copied().or(Some(parent))
    }

    /// One place up or down; at the end of a group out of it.
    fn step(&mut self, id: u32, up: bool) -> Option<u32> {
        let (parent, at) = self.place_of(id)?;
        match up {
            true if at > 0 => self.place(id, parent, at - 1),
            false if at + 1 < self.below(parent).len() => self.place(id, parent, at + 1),
            _ => return self.outdent(id, up),
        }
        Some(id)
    }

    /// Into the group right above; where there is none, into a new one.
    fn indent(&mut self, id: u32) -> Option<u32> {
        let (parent, at) = self.place_of(id)?;
        let above = at.checked_sub(1).and_then(|above| self.below(parent).get(above).copied());
        match above.filter(|above| self.is_group(*above)) {
            Some(above) => {
                self.place(id, above, usize::MAX);
                Some(id)
            }
            None => self.wrap(id),
        }
    }

    /// Out of its group, behind it or before it. A group that is empty afterwards goes: it would mean everybody or nobody.
    fn outdent(&mut self, id: u32, before: bool) -> Option<u32> {
        let group = self.parent(id).filter(|group| self.is_group(*group))?;
        let (parent, at) = self.place_of(group)?;
        self.place(id, parent, if before { at } else { at + 1 });
        if self.below(group).is_empty() {
            self.remove(group);
        }
        Some(id)
    }

    /// Into a group of its own that says the other thing: an *any* among *all*, an *all* elsewhere.
    fn wrap(&mut self, id: u32) -> Option<u32> {
        let (parent, at) = self.place_of(id)?;
        let is = if self.node(parent)?.is == Is::All { Is::Any } else { Is::All };
        if !self.node(parent)?.is.is_group() || self.nodes.len() >= MOST_NODES {
            return None;
        }
        let group = self.nodes.iter().map(|node| node.id).max()?.checked_add(1)?;
        self.nodes.push(Node::new(group, Some(parent), is));
        self.place(group, parent, at);
        self.place(id, group, 0);
        Some(id)
    }

    fn unwrap(&mut self, id: u32) -> Option<u32> {
        let (parent, at) = self.place_of(id).filter(|_| self.is_group(id))?;
        let inner = self.below(id);
        for (n, child) in inner.iter().enumerate() {
            self.place(*child, parent, at + n);
        }
        self.remove(id);
        inner.first().copied().or(Some(parent))
    }
}
