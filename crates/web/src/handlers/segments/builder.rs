//! One segment in the making: everything that is typed comes back, with the count beside it and every complaint beside its
//! row.

use super::{catalogue, find, sentence};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Place, Toast, draw,
        segments::{CountFragment, SegmentPage, TreeFragment, Use},
        segments_catalogue::Catalogue,
        segments_tree::{Draft, Is},
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Complaint, Refusal,
    selection::{self, Definition, Names, Segment},
    staff::Right,
};
use kernel::{Fault, SegmentId, Sentence, sentence::say};
use serde_json::json;
use std::collections::HashMap;
use store::Rows;

pub async fn blank(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let rows = desk.db.read().await?;
    let catalogue = catalogue::load(&desk, &rows).await?;
    let form = Form { id: None, version: String::new(), name: String::new(), draft: Draft::default() };
    page(&desk, &rows, form, catalogue, Remarks::fresh(), StatusCode::OK).await
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let rows = desk.db.read().await?;
    let catalogue = catalogue::load(&desk, &rows).await?;
    let form = Form {
        id: Some(segment.id),
        version: segment.version.to_string(),
        draft: Draft::from_json(&segment.definition.to_json(), &catalogue),
        name: segment.name,
    };
    let saved = if query.contains_key("da") { "segment-restored" } else { "segment-saved" };
    let toast = (!query.is_empty()).then(|| Toast { text: say(desk.locale, saved, None), undo: None });
    page(&desk, &rows, form, catalogue, Remarks { toast, ..Remarks::default() }, StatusCode::OK).await
}

pub async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    submit(&desk, None, &fields).await
}

pub async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let segment = find(&desk, id).await?;
    submit(&desk, Some(segment), &fields).await
}

/// Saves, or only redraws the rows where scripts are off.
async fn submit(desk: &Desk, before: Option<Segment>, fields: &Fields) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let catalogue = catalogue::load(desk, &rows).await?;
    let mut form = Form {
        id: before.as_ref().map(|segment| segment.id),
        version: fields.get("version").to_owned(),
        name: fields.get("name").to_owned(),
        draft: draft(fields, &catalogue),
    };
    if !fields.has("save") {
        return page(desk, &rows, form, catalogue, Remarks::fresh(), StatusCode::OK).await;
    }
    let wish = selection::Draft {
        name: form.name.clone(),
        description: before.as_ref().map(|segment| segment.description.clone()).unwrap_or_default(),
        definition: form.draft.to_json(&catalogue),
    };
    match write(desk, &form, &wish).await {
        Ok(id) => Ok(Redirect::to(&format!("/segmente/{id}?gespeichert=1")).into_response()),
        Err(Trouble::Refusal(Refusal::Invalid(complaints))) => {
            let remarks = Remarks { complaints, ..Remarks::default() };
            page(desk, &rows, form, catalogue, remarks, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let Some(theirs) = before else { return Err(Trouble::MISSING) };
            let words = sentence::of(&rows, &theirs.definition, desk).await?;
            let text = Sentence::new("segment-conflict-theirs").with("name", &theirs.name).with("words", words);
            let head = say(desk.locale, "segment-conflict", None);
            form.version = theirs.version.to_string();
            let remarks = Remarks { notice: Some(Banner::warn(head, text.say(desk.locale))), ..Remarks::default() };
            page(desk, &rows, form, catalogue, remarks, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

async fn write(desk: &Desk, form: &Form, wish: &selection::Draft) -> Answer<SegmentId> {
    let unit = desk.db.write().await?;
    let id = match form.id {
        Some(id) => {
            let version = form.version.parse().map_err(|_| Refusal::Stale)?;
            selection::change(&unit, &desk.actor, id, version, wish, desk.now()).await?;
            id
        }
        None => selection::create(&unit, &desk.actor, wish, desk.now()).await?,
    };
    unit.save().await?;
    Ok(id)
}

/// The rows after a button or a select of the builder.
pub async fn build(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let catalogue = catalogue::load(&desk, &desk.db.read().await?).await?;
    let draft = draft(&fields, &catalogue);
    Ok(draw(StatusCode::OK, &TreeFragment { frame: desk.frame(), draft, catalogue, errors: Vec::new() }))
}

/// How many fit what stands in the form now.
pub async fn count(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let rows = desk.db.read().await?;
    let catalogue = catalogue::load(&desk, &rows).await?;
    let draft = draft(&fields, &catalogue);
    Ok(draw(StatusCode::OK, &reckon(&desk, &rows, &draft, &catalogue, true).await?))
}

/// What was posted, after the button that was pressed; a line whose field was changed gets an operator that fits.
fn draft(fields: &Fields, catalogue: &Catalogue) -> Draft {
    let mut draft = Draft::from_form(&fields.0);
    draft.act(fields.get("do"));
    let operators = catalogue::operators(catalogue);
    for node in draft.nodes.iter_mut().filter(|node| matches!(node.is, Is::Attribute | Is::Metric)) {
        if let Some(ops) = operators.get(node.field.as_str())
            && !ops.contains(&node.op.as_str())
        {
            node.op = ops.first().map_or_else(String::new, |op| (*op).to_owned());
        }
    }
    draft
}

/// Counts, or says what is in the way.
async fn reckon(
    desk: &Desk,
    rows: &Rows,
    draft: &Draft,
    catalogue: &Catalogue,
    alone: bool,
) -> Result<CountFragment, Fault> {
    let json = draft.to_json(catalogue);
    let names = Names::look_up(rows, &json).await?;
    let mut fragment = CountFragment {
        frame: desk.frame(),
        count: None,
        of: 0,
        sentence: String::new(),
        nodes: draft.nodes.iter().map(|node| node.id).collect(),
        errors: Vec::new(),
        alone,
    };
    match Definition::parse(&json, &names) {
        Ok(definition) => {
            let (now, zone) = (desk.now(), &desk.zone);
            fragment.count = Some(selection::count(rows, &definition, now, zone).await?);
            if let Ok(everybody) = Definition::parse(&json!({ "all": [] }), &names) {
                fragment.of = selection::count(rows, &everybody, now, zone).await?;
            }
            fragment.sentence = sentence::of(rows, &definition, desk).await?;
        }
        // While somebody is at it, a row that waits for its field or value is no mistake.
        Err(Refusal::Invalid(complaints)) => {
            fragment.errors = beside(draft, &complaints);
            fragment.errors.retain(|(node, _)| draft.waits_for(*node).is_none());
        }
        Err(_) => {}
    }
    Ok(fragment)
}

/// Each complaint with the node it speaks of.
fn beside(draft: &Draft, complaints: &[Complaint]) -> Vec<(u32, Sentence)> {
    let rows = complaints.iter().filter(|complaint| !is_of_form(&complaint.field));
    let said = |complaint: &Complaint| {
        let node = draft.node_at(&complaint.field);
        (node, draft.waits_for(node).map_or_else(|| complaint.sentence.clone(), Sentence::new))
    };
    rows.map(said).collect()
}

fn is_of_form(field: &str) -> bool {
    matches!(field, "name" | "description")
}

/// What stands in the form.
struct Form {
    id: Option<SegmentId>,
    version: String,
    name: String,
    draft: Draft,
}

/// What is said around the form.
#[derive(Default)]
struct Remarks {
    complaints: Vec<Complaint>,
    notice: Option<Banner>,
    toast: Option<Toast>,
    /// Nobody has finished a line yet, so nothing is wrong yet.
    fresh: bool,
}

impl Remarks {
    fn fresh() -> Self {
        Self { fresh: true, ..Self::default() }
    }
}

async fn page(
    desk: &Desk,
    rows: &Rows,
    form: Form,
    catalogue: Catalogue,
    remarks: Remarks,
    status: StatusCode,
) -> Answer<Response> {
    let mut count = reckon(desk, rows, &form.draft, &catalogue, false).await?;
    let errors = if remarks.fresh { Vec::new() } else { beside(&form.draft, &remarks.complaints) };
    count.errors.clone_from(&errors);
    let uses = match form.id {
        Some(id) => selection::where_used(rows, id).await?,
        None => Vec::new(),
    };
    let used = |one: selection::Use| match one {
        selection::Use::Campaign { id, name } => Use { label: name, href: format!("/kampagnen/{id}") },
        selection::Use::Segment { id, name } => Use { label: name, href: format!("/segmente/{id}") },
    };
    let title = match form.id {
        Some(_) if !form.name.trim().is_empty() => form.name.clone(),
        _ => say(desk.locale, "segments-new", None),
    };
    let name_error = remarks.complaints.iter().find(|complaint| is_of_form(&complaint.field));
    let page = SegmentPage {
        frame: desk.frame().at(Place::Segments, title).with_toast(remarks.toast),
        id: form.id,
        version: form.version,
        name: form.name,
        name_error: name_error.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default(),
        notice: remarks.notice,
        tree: TreeFragment { frame: desk.frame(), draft: form.draft, catalogue, errors },
        count,
        uses: uses.into_iter().map(used).collect(),
        may_edit: desk.actor.may(Right::EditSegments),
    };
    Ok(draw(status, &page))
}
