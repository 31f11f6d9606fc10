//! One segment in the making: everything that is typed comes back, with the count beside it and every complaint beside its
//! row.

use super::{catalogue, figures, find, form::Built, head, sentence};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Place, Toast, draw,
        segments::{Course, SegmentPage, TreeFragment, Use},
        segments_catalogue::Catalogue,
        segments_tree::Draft,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use charts::{Colour, spark};
use crm::{
    Complaint, Refusal, evaluation,
    selection::{self, Segment, daily},
    staff::Right,
};
use kernel::{ContactId, Fault, SegmentId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

pub async fn blank(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let catalogue = catalogue::load(&desk, &desk.db.read().await?).await?;
    let form = Form { built: Built::fresh(Draft::default()), ..Form::default() };
    page(&desk, form, catalogue, Remarks { query, ..Remarks::fresh() }, StatusCode::OK).await
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let catalogue = catalogue::load(&desk, &desk.db.read().await?).await?;
    let form = Form {
        id: Some(segment.id),
        version: segment.version.to_string(),
        built: Built::fresh(Draft::from_json(&segment.definition.to_json(), &catalogue)),
        name: segment.name.clone(),
        saved: Some(segment),
    };
    let told = [("da", "segment-restored"), ("kopiert", "segment-copied-done"), ("gespeichert", "segment-saved")];
    let told = told.into_iter().find(|(name, _)| query.contains_key(*name));
    let toast = told.map(|(_, key)| Toast { text: say(desk.locale, key, None), undo: None });
    page(&desk, form, catalogue, Remarks { toast, query, ..Remarks::default() }, StatusCode::OK).await
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
    let catalogue = catalogue::load(desk, &desk.db.read().await?).await?;
    let mut form = Form {
        id: before.as_ref().map(|segment| segment.id),
        version: fields.get("version").to_owned(),
        name: fields.get("name").to_owned(),
        built: Built::read(fields, &catalogue),
        saved: before.clone(),
    };
    let query = [("warum".to_owned(), fields.get("warum").to_owned())].into();
    if !fields.has("save") {
        return page(desk, form, catalogue, Remarks { query, ..Remarks::fresh() }, StatusCode::OK).await;
    }
    let wish = selection::Draft {
        name: form.name.clone(),
        description: before.as_ref().map(|segment| segment.description.clone()).unwrap_or_default(),
        definition: form.built.draft.to_json(&catalogue),
    };
    match write(desk, form.id, &form.version, &wish).await {
        Ok(id) => Ok(Redirect::to(&format!("/segmente/{id}?gespeichert=1")).into_response()),
        Err(Trouble::Refusal(Refusal::Invalid(complaints))) => {
            let remarks = Remarks { complaints, query, ..Remarks::default() };
            page(desk, form, catalogue, remarks, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let Some(theirs) = before else { return Err(Trouble::MISSING) };
            let notice = Some(stale(desk, &theirs).await?);
            form.version = theirs.version.to_string();
            page(desk, form, catalogue, Remarks { notice, query, ..Remarks::default() }, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other),
    }
}

/// Somebody was faster: what they saved, in words.
pub async fn stale(desk: &Desk, theirs: &Segment) -> Result<Banner, Fault> {
    let words = sentence::of(&desk.db.read().await?, &theirs.definition, desk).await?;
    let text = Sentence::new("segment-conflict-theirs").with("name", &theirs.name).with("words", words);
    Ok(Banner::warn(say(desk.locale, "segment-conflict", None), text.say(desk.locale)))
}

/// Saves a new segment or a new version of one.
pub async fn write(desk: &Desk, id: Option<SegmentId>, version: &str, wish: &selection::Draft) -> Answer<SegmentId> {
    let unit = desk.db.write().await?;
    let id = match id {
        Some(id) => {
            let version = version.parse().map_err(|_| Refusal::Stale)?;
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
    let built = Built::read(&fields, &catalogue);
    Ok(draw(StatusCode::OK, &TreeFragment { alone: true, ..tree(&desk, built, catalogue) }))
}

fn tree(desk: &Desk, built: Built, catalogue: Catalogue) -> TreeFragment {
    TreeFragment {
        frame: desk.frame(),
        draft: built.draft,
        catalogue,
        errors: Vec::new(),
        marks: Vec::new(),
        before: built.before,
        focus: built.focus,
        jump: built.jump,
        removed: built.removed,
        alone: false,
    }
}

fn is_of_form(field: &str) -> bool {
    matches!(field, "name" | "description")
}

/// What stands in the form.
#[derive(Default)]
pub struct Form {
    pub id: Option<SegmentId>,
    pub version: String,
    pub name: String,
    pub built: Built,
    /// The segment as it is saved.
    pub saved: Option<Segment>,
}

/// What is said around the form.
#[derive(Default)]
pub struct Remarks {
    pub complaints: Vec<Complaint>,
    pub notice: Option<Banner>,
    pub toast: Option<Toast>,
    /// Nobody has finished a line yet, so nothing is wrong yet.
    pub fresh: bool,
    /// `warum` and `wer` of the address.
    pub query: HashMap<String, String>,
}

impl Remarks {
    pub fn fresh() -> Self {
        Self { fresh: true, ..Self::default() }
    }
}

/// The whole page of the builder.
pub async fn page(
    desk: &Desk,
    form: Form,
    catalogue: Catalogue,
    remarks: Remarks,
    status: StatusCode,
) -> Answer<Response> {
    let person = remarks.query.get("warum").and_then(|id| id.parse().ok()).map(ContactId);
    let mut count = figures::reckon(desk, &form.built.draft, &catalogue, form.id, person, false).await?;
    let of_rows: Vec<Complaint> = remarks.complaints.iter().filter(|c| !is_of_form(&c.field)).cloned().collect();
    let mut errors = figures::beside(&form.built.draft, &of_rows);
    if errors.is_empty() && !remarks.fresh {
        errors.clone_from(&count.errors);
    }
    count.errors.clone_from(&errors);
    let sees_people = desk.actor.may(Right::SeeContacts);
    let who = if sees_people { Some(figures::found(desk, &remarks.query).await?) } else { None };
    let rows = desk.db.read().await?;
    let uses = match form.id {
        Some(id) => uses(desk, &rows, id).await?,
        None => Vec::new(),
    };
    let course = match &form.saved {
        Some(segment) => course(desk, &rows, segment).await?,
        None => Course::default(),
    };
    drop(rows);
    let head = head(desk, form.id, &form.name, "");
    let name_error = remarks.complaints.iter().find(|complaint| is_of_form(&complaint.field));
    let page = SegmentPage {
        frame: desk.frame().at(Place::Segments, head.title.clone()).with_toast(remarks.toast),
        head,
        version: form.version,
        name: form.name,
        name_error: name_error.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default(),
        notice: remarks.notice,
        tree: TreeFragment { errors, marks: count.marks.clone(), ..tree(desk, form.built, catalogue) },
        count,
        course,
        uses,
        who,
        may_edit: desk.actor.may(Right::EditSegments),
    };
    Ok(draw(status, &page))
}

/// The campaigns, segments and targets that are meant for a segment.
async fn uses(desk: &Desk, rows: &Rows, id: SegmentId) -> Answer<Vec<Use>> {
    let used = |one: selection::Use| match one {
        selection::Use::Campaign { id, name } => Use { label: name, href: format!("/kampagnen/{id}") },
        selection::Use::Segment { id, name } => Use { label: name, href: format!("/segmente/{id}") },
    };
    let targets = evaluation::targets(rows).await?.into_iter().filter(|target| target.segment == Some(id));
    let target = |target: evaluation::Target| {
        let label = Sentence::new("segment-target").with("metric", target.metric.label().say(desk.locale));
        Use { label: label.say(desk.locale), href: "/ziele".to_owned() }
    };
    Ok(selection::where_used(rows, id).await?.into_iter().map(used).chain(targets.map(target)).collect())
}

/// What became of the count since yesterday, and its course: the first count of a day is how many there were at its
/// beginning.
async fn course(desk: &Desk, rows: &Rows, segment: &Segment) -> Answer<Course> {
    let days = daily::trend(rows, segment.id, desk.now(), &desk.zone).await?.days;
    let today = desk.zone.day(desk.now());
    let before = days.iter().rev().find(|day| day.version == segment.version);
    let born_today = desk.zone.day(segment.created_at) == today;
    let text = match before.filter(|day| day.day < today || !born_today) {
        Some(day) => {
            let now = desk.workbench.count(&desk.db, &segment.definition, desk.now(), &desk.zone).await?;
            let more = now - day.people;
            let key = match more.signum() {
                1 => "segment-course-more",
                -1 => "segment-course-fewer",
                _ => "segment-course-same",
            };
            let since = if day.day == today {
                say(desk.locale, "segment-since-yesterday", None)
            } else {
                Sentence::new("segment-since-day").with("day", desk.locale.day(day.day)).say(desk.locale)
            };
            Sentence::new(key).with("n", more.abs()).with("since", since).say(desk.locale)
        }
        None if !days.is_empty() && !born_today => say(desk.locale, "segment-other-since", None),
        None => String::new(),
    };
    let (Some(first), Some(last), true) = (days.first(), days.last(), days.len() > 1) else {
        return Ok(Course { text, ..Course::default() });
    };
    let note = Sentence::new("segment-course")
        .with("first", desk.locale.count(first.people))
        .with("from", desk.locale.day(first.day))
        .with("last", desk.locale.count(last.people))
        .with("to", desk.locale.day(last.day))
        .say(desk.locale);
    let values: Vec<f64> = days.iter().map(|day| day.people as f64).collect();
    Ok(Course { text, spark: spark(&values, Colour::C1), note })
}

/// Makes a segment that says the same.
pub async fn copy(desk: Desk, Path(id): Path<i64>, _: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let segment = find(&desk, id).await?;
    let name = Sentence::new("segment-copy-of").with("name", &segment.name).say(desk.locale);
    let wish = selection::Draft {
        name: name.chars().take(120).collect(),
        description: segment.description,
        definition: segment.definition.to_json(),
    };
    let id = write(&desk, None, "", &wish).await?;
    Ok(Redirect::to(&format!("/segmente/{id}?kopiert=1")).into_response())
}
