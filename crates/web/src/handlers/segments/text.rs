//! A segment as text: SQL to read, JSON to change and to paste, and the versions it went through.

use super::{
    builder::{self, Form, Remarks},
    catalogue, find,
    form::Built,
    head,
};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Banner, Place, Toast, draw,
        segments_text::{ComparedLine, JsonPage, SqlPage, VersionRow, VersionsPage},
        segments_tree::Draft,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Complaint, Refusal,
    selection::{self, Change, Definition, Names, Segment},
    staff::Right,
};
use kernel::{SegmentId, Sentence, sentence::say};
use std::collections::HashMap;

pub async fn sql(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let rows = desk.db.read().await?;
    let sql = selection::sql(&rows, &segment.definition, desk.now(), &desk.zone).await?;
    let head = head(&desk, Some(segment.id), &segment.name, "sql");
    let page = SqlPage { frame: desk.frame().at(Place::Segments, head.title.clone()), head, sql };
    Ok(draw(StatusCode::OK, &page))
}

/// What stands in the form of the JSON page.
struct Typed {
    id: Option<SegmentId>,
    version: String,
    name: String,
    json: String,
}

fn json_page(
    desk: &Desk,
    typed: Typed,
    complaints: &[Complaint],
    notice: Option<Banner>,
    status: StatusCode,
) -> Response {
    let head = head(desk, typed.id, &typed.name, "json");
    let name = complaints.iter().find(|complaint| complaint.field == "name");
    let others = complaints.iter().filter(|complaint| complaint.field != "name");
    let page = JsonPage {
        frame: desk.frame().at(Place::Segments, head.title.clone()),
        head,
        version: typed.version,
        name: typed.name,
        name_error: name.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default(),
        json: typed.json,
        errors: others.map(|complaint| (complaint.field.clone(), complaint.sentence.say(desk.locale))).collect(),
        notice,
        may_edit: desk.actor.may(Right::EditSegments),
    };
    draw(status, &page)
}

pub async fn json(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let typed = Typed {
        id: Some(segment.id),
        version: segment.version.to_string(),
        json: pretty(&segment.definition.to_json()),
        name: segment.name,
    };
    Ok(json_page(&desk, typed, &[], None, StatusCode::OK))
}

pub async fn blank(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let json = pretty(&Definition::everybody().to_json());
    let typed = Typed { id: None, version: String::new(), name: String::new(), json };
    Ok(json_page(&desk, typed, &[], None, StatusCode::OK))
}

pub async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    take(&desk, None, &fields).await
}

pub async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditSegments)?;
    let segment = find(&desk, id).await?;
    take(&desk, Some(segment), &fields).await
}

/// Reads what was pasted against the catalogue; then it is saved, or goes on in the builder.
async fn take(desk: &Desk, before: Option<Segment>, fields: &Fields) -> Answer<Response> {
    let mut typed = Typed {
        id: before.as_ref().map(|segment| segment.id),
        version: fields.get("version").to_owned(),
        name: fields.get("name").to_owned(),
        json: fields.get("definition").to_owned(),
    };
    let parsed = match serde_json::from_str(&typed.json) {
        Ok(json) => json,
        Err(error) => {
            let sentence =
                Sentence::new("segment-json-broken").with("line", error.line()).with("column", error.column());
            let complaint = Complaint { field: String::new(), code: "unreadable", sentence };
            return Ok(json_page(desk, typed, &[complaint], None, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    match open_or_save(desk, &typed, before.as_ref(), parsed, fields).await {
        Err(Trouble::Refusal(Refusal::Invalid(complaints))) => {
            Ok(json_page(desk, typed, &complaints, None, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let Some(theirs) = before else { return Err(Trouble::MISSING) };
            let notice = builder::stale(desk, &theirs).await?;
            typed.version = theirs.version.to_string();
            Ok(json_page(desk, typed, &[], Some(notice), StatusCode::CONFLICT))
        }
        answer => answer,
    }
}

async fn open_or_save(
    desk: &Desk,
    typed: &Typed,
    before: Option<&Segment>,
    json: serde_json::Value,
    fields: &Fields,
) -> Answer<Response> {
    if fields.has("save") {
        let description = before.map(|segment| segment.description.clone()).unwrap_or_default();
        let wish = selection::Draft { name: typed.name.clone(), description, definition: json };
        let id = builder::write(desk, typed.id, &typed.version, &wish).await?;
        return Ok(Redirect::to(&format!("/segmente/{id}?gespeichert=1")).into_response());
    }
    let rows = desk.db.read().await?;
    let definition = Definition::parse(&json, &Names::look_up(&rows, &json).await?)?;
    let complaints = selection::references(&rows, &definition, typed.id).await?;
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints).into());
    }
    let catalogue = catalogue::load(desk, &rows).await?;
    drop(rows);
    let form = Form {
        id: typed.id,
        version: typed.version.clone(),
        name: typed.name.clone(),
        built: Built::fresh(Draft::from_json(&definition.to_json(), &catalogue)),
        saved: before.cloned(),
    };
    let notice = Some(Banner::info(say(desk.locale, "segment-json-opened", None), ""));
    builder::page(desk, form, catalogue, Remarks { notice, ..Remarks::fresh() }, StatusCode::OK).await
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

pub async fn versions(
    desk: Desk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Response> {
    desk.actor.must(Right::SeeSegments)?;
    let segment = find(&desk, id).await?;
    let rows = desk.db.read().await?;
    let all = selection::versions(&rows, segment.id).await?;
    let newest = all.first().map(|version| version.version);
    let old = query.get("alt").and_then(|old| old.parse::<i64>().ok());
    let old = all.iter().find(|version| Some(version.version) == old && Some(version.version) != newest);
    let compared = match old {
        Some(old) => {
            let words =
                selection::compare(&rows, &old.definition, &segment.definition, desk.locale, &desk.zone).await?;
            let line = |words: selection::Words| ComparedLine {
                change: match words.change {
                    Change::Same => "same",
                    Change::Gone => "gone",
                    Change::New => "new",
                },
                depth: words.phrase.depth,
                text: words.phrase.text,
            };
            Some((old.version, words.into_iter().map(line).collect()))
        }
        None => None,
    };
    let row = |version: &selection::Version| VersionRow {
        version: version.version,
        name: version.name.clone(),
        at: version.saved_at,
        by: version.saved_by.clone(),
        compare: match Some(version.version) == newest {
            true => String::new(),
            false => format!("/segmente/{id}/versionen?alt={}", version.version),
        },
        chosen: old.is_some_and(|old| old.version == version.version),
    };
    let head = head(&desk, Some(segment.id), &segment.name, "versionen");
    let toast = query.contains_key("zurueck").then(|| say(desk.locale, "segment-version-restored", None));
    let page = VersionsPage {
        frame: desk
            .frame()
            .at(Place::Segments, head.title.clone())
            .with_toast(toast.map(|text| Toast { text, undo: None })),
        head,
        versions: all.iter().map(row).collect(),
        compared,
        current: segment.version,
        may_edit: desk.actor.may(Right::EditSegments),
    };
    Ok(draw(StatusCode::OK, &page))
}

/// An old version becomes the newest one.
pub async fn bring_back(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let number = |name: &str| fields.get(name).parse::<i64>().map_err(|_| Trouble::MISSING);
    let (old, current) = (number("alt")?, number("version")?);
    let unit = desk.db.write().await?;
    selection::restore_version(&unit, &desk.actor, SegmentId(id), current, old, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/segmente/{id}/versionen?zurueck=1")).into_response())
}
