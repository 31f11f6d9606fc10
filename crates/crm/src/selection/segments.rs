//! Saved definitions with a name. Every change is audited; a save of a stale version is refused; archiving can be undone.

use super::{Context, Definition, Names, Node, versions};
use crate::{
    Refusal, Trouble,
    refusal::Complaint,
    staff::{
        Actor, Right,
        audit::{Deed, note},
    },
};
use kernel::{CampaignId, Fault, SegmentId, Sentence, Timestamp, Zone};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Write, values};

/// A saved segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub id: SegmentId,
    pub name: String,
    pub description: String,
    pub definition: Definition,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub archived_at: Option<Timestamp>,
}

/// What somebody wants to save.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Draft {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// The definition as the domain writes it; names of products and categories become ids.
    pub definition: serde_json::Value,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    description: String,
    definition: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    archived_at: Option<i64>,
}

const COLUMNS: &str = "id, name, description, definition, version, created_at, updated_at, archived_at";

impl Row {
    fn read(self) -> Result<Segment, Fault> {
        let unreadable = || Fault::Unreadable(format!("segment {}", self.id));
        let json = serde_json::from_str(&self.definition).map_err(|_| unreadable())?;
        let definition = Definition::parse(&json, &Names::default()).map_err(|_| unreadable())?;
        Ok(Segment {
            id: SegmentId(self.id),
            name: self.name,
            description: self.description,
            definition,
            version: self.version,
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
            archived_at: self.archived_at.map(Timestamp),
        })
    }
}

/// All segments by name; the archived ones only where asked for.
pub async fn list(rows: &Rows, archived: bool) -> Result<Vec<Segment>, Fault> {
    let which = if archived { "IS NOT NULL" } else { "IS NULL" };
    let sql = format!("SELECT {COLUMNS} FROM segment WHERE archived_at {which} ORDER BY name, id");
    let found: Vec<Row> = rows.all(&sql, values![]).await?;
    found.into_iter().map(Row::read).collect()
}

pub async fn find(rows: &Rows, id: SegmentId) -> Result<Option<Segment>, Fault> {
    let found: Option<Row> = rows.one(&format!("SELECT {COLUMNS} FROM segment WHERE id = $1"), values![id.0]).await?;
    found.map(Row::read).transpose()
}

pub(super) async fn definition_of(rows: &Rows, id: i64) -> Result<Option<Definition>, Fault> {
    Ok(find(rows, SegmentId(id)).await?.map(|segment| segment.definition))
}

pub async fn create(unit: &Write, actor: &Actor, draft: &Draft, now: Timestamp) -> Result<SegmentId, Trouble> {
    actor.must(Right::EditSegments)?;
    let (name, definition) = check(unit, draft, None).await?;
    const SQL: &str = "INSERT INTO segment (name, description, definition, created_by, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $5) RETURNING id";
    let json = definition.to_json();
    let values = values![name, draft.description.trim(), json.to_string(), actor.user().map(i64::from), now.0];
    let id = unit.insert(SQL, values).await?;
    versions::keep(unit, actor, SegmentId(id), 1, now).await?;
    note(unit, actor, now, Deed::new("segment.created", "segment", id).with(json)).await?;
    Ok(SegmentId(id))
}

/// Saves over a version somebody has seen; answers the new version.
pub async fn change(
    unit: &Write,
    actor: &Actor,
    id: SegmentId,
    version: i64,
    draft: &Draft,
    now: Timestamp,
) -> Result<i64, Trouble> {
    actor.must(Right::EditSegments)?;
    let before = find(unit, id).await?.ok_or(Refusal::Missing)?;
    let (name, definition) = check(unit, draft, Some(id)).await?;
    const SQL: &str = "UPDATE segment SET name = $1, description = $2, definition = $3, updated_at = $4, version = version + 1 \
         WHERE id = $5 AND version = $6";
    let json = definition.to_json();
    let values = values![name.clone(), draft.description.trim(), json.to_string(), now.0, id.0, version];
    if unit.run(SQL, values).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    versions::keep(unit, actor, id, version + 1, now).await?;
    let detail = serde_json::json!({
        "before": { "name": before.name, "definition": before.definition.to_json() },
        "after": { "name": name, "definition": json },
    });
    note(unit, actor, now, Deed::new("segment.changed", "segment", id.0).with(detail)).await?;
    Ok(version + 1)
}

/// Puts a segment away. Whoever refers to it goes on; [`restore`] brings it back.
pub async fn archive(unit: &Write, actor: &Actor, id: SegmentId, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::EditSegments)?;
    const SQL: &str =
        "UPDATE segment SET archived_at = $1, version = version + 1 WHERE id = $2 AND archived_at IS NULL";
    if unit.run(SQL, values![now.0, id.0]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    note(unit, actor, now, Deed::new("segment.archived", "segment", id.0)).await?;
    Ok(())
}

pub async fn restore(unit: &Write, actor: &Actor, id: SegmentId, now: Timestamp) -> Result<(), Trouble> {
    actor.must(Right::EditSegments)?;
    const SQL: &str =
        "UPDATE segment SET archived_at = NULL, version = version + 1 WHERE id = $1 AND archived_at IS NOT NULL";
    if unit.run(SQL, values![id.0]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    note(unit, actor, now, Deed::new("segment.restored", "segment", id.0)).await?;
    Ok(())
}

/// Where a segment is used.
#[derive(Clone, Debug, PartialEq)]
pub enum Use {
    Campaign { id: CampaignId, name: String },
    Segment { id: SegmentId, name: String },
}

#[derive(FromQueryResult)]
struct Named {
    id: i64,
    name: String,
}

pub async fn where_used(rows: &Rows, id: SegmentId) -> Result<Vec<Use>, Fault> {
    const SQL: &str = "SELECT id, name FROM campaign WHERE segment_id = $1 ORDER BY id DESC";
    let campaigns: Vec<Named> = rows.all(SQL, values![id.0]).await?;
    let campaigns = campaigns.into_iter().map(|row| Use::Campaign { id: CampaignId(row.id), name: row.name });
    let others = list(rows, false).await?.into_iter().filter(|other| other.definition.segments().contains(&id.0));
    Ok(campaigns.chain(others.map(|other| Use::Segment { id: other.id, name: other.name })).collect())
}

/// What a list says beside a segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// How many campaigns are meant for it.
    pub campaigns: i64,
    /// Who changed it last; empty where nobody did.
    pub changed_by: String,
}

#[derive(FromQueryResult)]
struct Counted {
    id: i64,
    n: i64,
}

/// The standings of all segments; the names come from the audit log through `audit_entry_subject`.
pub async fn standings(rows: &Rows) -> Result<HashMap<SegmentId, Standing>, Fault> {
    const CAMPAIGNS: &str =
        "SELECT segment_id AS id, COUNT(*) AS n FROM campaign WHERE segment_id IS NOT NULL GROUP BY segment_id";
    const CHANGED: &str = "SELECT subject_id AS id, actor_name AS name FROM audit_entry WHERE id IN \
         (SELECT MAX(id) FROM audit_entry WHERE subject_kind = 'segment' AND subject_id IS NOT NULL GROUP BY subject_id)";
    let mut standings: HashMap<SegmentId, Standing> = HashMap::new();
    let counted: Vec<Counted> = rows.all(CAMPAIGNS, values![]).await?;
    for row in counted {
        standings.entry(SegmentId(row.id)).or_default().campaigns = row.n;
    }
    let named: Vec<Named> = rows.all(CHANGED, values![]).await?;
    for row in named {
        standings.entry(SegmentId(row.id)).or_default().changed_by = row.name;
    }
    Ok(standings)
}

/// Reads a draft; `own` is the segment it will be, which must not lead back to itself.
async fn check(rows: &Rows, draft: &Draft, own: Option<SegmentId>) -> Result<(String, Definition), Trouble> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, code: &'static str, sentence: Sentence| {
        complaints.push(Complaint { field: field.to_owned(), code, sentence });
    };
    let name = kernel::text::one_line(&draft.name);
    if name.is_empty() {
        complain("name", "required", "segments-fields-required".into());
    }
    if name.chars().count() > 120 {
        complain("name", "too_long", Sentence::new("segments-fields-text-too-long").with("most", 120));
    }
    if draft.description.len() > 2_000 || draft.description.contains('\0') {
        complain("description", "too_long", Sentence::new("segments-fields-text-too-long").with("most", 2_000));
    }
    let names = Names::look_up(rows, &draft.definition).await?;
    let definition = match Definition::parse(&draft.definition, &names) {
        Ok(definition) => definition,
        Err(Refusal::Invalid(more)) => {
            complaints.extend(more);
            return Err(Refusal::Invalid(complaints).into());
        }
        Err(refusal) => return Err(refusal.into()),
    };
    complaints.extend(references(rows, &definition, own).await?);
    if complaints.is_empty() { Ok((name, definition)) } else { Err(Refusal::Invalid(complaints).into()) }
}

/// What is wrong with the segments a definition refers to: those that do not exist, and those that lead back to `own`, the
/// segment it is or will be.
pub async fn references(rows: &Rows, definition: &Definition, own: Option<SegmentId>) -> Result<Vec<Complaint>, Fault> {
    let mut complaints = Vec::new();
    if definition.segments().is_empty() {
        return Ok(complaints);
    }
    let context = Context::load(rows, definition, Timestamp(0), &Zone::berlin()).await?;
    for id in definition.segments() {
        let field = path_of(&definition.root, id, "").unwrap_or_default();
        let mut complain =
            |code, sentence: Sentence| complaints.push(Complaint { field: field.clone(), code, sentence });
        if context.segment(id).is_none() {
            complain("unknown_segment", Sentence::new("segments-fields-unknown-segment").with("id", id));
        } else if own.is_some_and(|own| leads_to(id, own.0, &context, &mut Vec::new())) {
            let name = find(rows, SegmentId(id)).await?.map_or_else(String::new, |segment| segment.name);
            complain("circle", Sentence::new("segments-fields-circle").with("id", id).with("name", name));
        }
    }
    Ok(complaints)
}

/// The path of the first leaf that names a segment.
fn path_of(node: &Node, id: i64, path: &str) -> Option<String> {
    let below = |step: String| if path.is_empty() { step } else { format!("{path}.{step}") };
    let list = |name: &str, nodes: &[Node]| {
        nodes.iter().enumerate().find_map(|(n, node)| path_of(node, id, &below(format!("{name}[{n}]"))))
    };
    match node {
        Node::All(nodes) => list("all", nodes),
        Node::Any(nodes) => list("any", nodes),
        Node::Not(inner) => path_of(inner, id, &below("not".to_owned())),
        leaf => Definition { root: leaf.clone() }.segments().contains(&id).then(|| below("value".to_owned())),
    }
}

fn leads_to(id: i64, goal: i64, context: &Context, seen: &mut Vec<i64>) -> bool {
    if id == goal {
        return true;
    }
    if seen.contains(&id) {
        return false;
    }
    seen.push(id);
    let next = context.segment(id).map(Definition::segments).unwrap_or_default();
    next.into_iter().any(|next| leads_to(next, goal, context, seen))
}
