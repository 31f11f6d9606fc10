//! What the builder's form says: the tree with the button that was pressed, whose segment it is, whom it is asked about.

use super::catalogue;
use crate::{
    door::Fields,
    pages::{
        segments_catalogue::Catalogue,
        segments_tree::{Draft, Is},
    },
};
use kernel::{ContactId, SegmentId};

/// The form of the builder after its button was pressed.
#[derive(Clone, Debug, Default)]
pub struct Built {
    pub draft: Draft,
    /// The form before the last step, for the way back.
    pub before: String,
    /// The node the step leads to.
    pub focus: Option<u32>,
    pub jump: bool,
    pub removed: bool,
}

impl Built {
    /// A tree nobody has touched yet.
    pub fn fresh(draft: Draft) -> Self {
        Self { draft, ..Self::default() }
    }

    /// Reads the form. A line whose field was changed gets an operator that fits.
    pub fn read(fields: &Fields, catalogue: &Catalogue) -> Self {
        let mut built = Self::fresh(Draft::from_form(&fields.0));
        let what = fields.get("do");
        let now = written(&built.draft);
        fields.get("vorher").clone_into(&mut built.before);
        if what == "undo" && !built.before.is_empty() {
            built.draft = Draft::from_form(&Fields::parse(built.before.as_bytes()).0);
            built.focus = first_changed(&now, &built.draft);
            (built.before, built.jump) = (now, true);
        } else if let Some(focus) = built.draft.act(what) {
            let step = what.split(':').next().unwrap_or_default();
            built.jump = matches!(step, "add" | "after" | "remove" | "unwrap");
            built.removed = step == "remove";
            (built.before, built.focus) = (now, Some(focus));
        }
        let operators = catalogue::operators(catalogue);
        for node in built.draft.nodes.iter_mut().filter(|node| matches!(node.is, Is::Attribute | Is::Metric)) {
            if let Some(ops) = operators.get(node.field.as_str())
                && !ops.contains(&node.op.as_str())
            {
                node.op = ops.first().map_or_else(String::new, |op| (*op).to_owned());
            }
        }
        built
    }
}

fn written(draft: &Draft) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(draft.to_form()).finish()
}

/// The first node the undone step had taken away, else the top.
fn first_changed(undone: &str, draft: &Draft) -> Option<u32> {
    let undone = Draft::from_form(&Fields::parse(undone.as_bytes()).0);
    let back = draft.nodes.iter().find(|node| undone.node(node.id).is_none());
    back.map(|node| node.id).or(Some(0))
}

/// The segment the form belongs to; none for a new one.
pub fn own(fields: &Fields) -> Option<SegmentId> {
    fields.get("id").parse().ok().map(SegmentId)
}

/// The person the form is asked about.
pub fn person(fields: &Fields) -> Option<ContactId> {
    fields.get("warum").parse().ok().map(ContactId)
}
