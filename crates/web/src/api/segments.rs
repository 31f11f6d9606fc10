//! Segments: saved conditions over contacts, counted and listed without ever keeping a list.

use super::{
    Document, Program,
    contacts::{self, ContactList},
    listing::{Params, misfit},
};
use crate::door::{Answer, Path, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    selection::{self, Definition, Draft, Names, Segment},
    staff::Right,
};
use kernel::SegmentId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A segment.
#[derive(Serialize, ToSchema)]
pub struct SegmentView {
    pub id: i64,
    pub name: String,
    pub description: String,
    /// With ids in place of names.
    #[schema(value_type = Object)]
    pub definition: Value,
    pub version: i64,
    pub created_at: String,
    pub updated_at: String,
    pub archived_at: Option<String>,
}

impl From<Segment> for SegmentView {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id.0,
            name: segment.name,
            description: segment.description,
            definition: segment.definition.to_json(),
            version: segment.version,
            created_at: segment.created_at.rfc3339(),
            updated_at: segment.updated_at.rfc3339(),
            archived_at: segment.archived_at.map(|at| at.rfc3339()),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct SegmentList {
    pub items: Vec<SegmentView>,
}

/// A segment as it is saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Griechenland, lange nicht da",
    "definition": { "all": [
        { "field": "country", "op": "in", "value": ["DE", "AT"] },
        { "field": "consent.email.marketing", "op": "eq", "value": true },
        { "did": { "kind": "order_placed", "at_least": 1, "where": [{ "field": "category", "op": "eq", "value": "Griechenland" }] } }
    ] }
}))]
pub struct SegmentWish {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// A tree of `all`, `any`, `not` over attributes, behaviour and metrics; names of products and categories are kept as
    /// ids.
    #[schema(value_type = Object)]
    pub definition: Value,
    /// The version a change begins from; only for changes.
    pub version: Option<i64>,
}

impl SegmentWish {
    fn draft(self) -> Draft {
        Draft { name: self.name, description: self.description, definition: self.definition }
    }
}

pub async fn find(program: &Program, id: i64) -> Answer<Segment> {
    selection::find(&program.db.read().await?, SegmentId(id)).await?.ok_or(Trouble::MISSING)
}

/// List segments by name
#[utoipa::path(
    get, path = "/api/v1/segments", tag = "segments",
    params(("archived" = Option<bool>, Query, description = "`true`: those that were put away")),
    responses((status = 200, body = SegmentList)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<SegmentList>> {
    program.actor.must(Right::SeeSegments)?;
    let params = params.only(&["archived"])?;
    let found = selection::list(&program.db.read().await?, params.text("archived") == Some("true")).await?;
    Ok(Json(SegmentList { items: found.into_iter().map(SegmentView::from).collect() }))
}

/// Create a segment
#[utoipa::path(
    post, path = "/api/v1/segments", tag = "segments", request_body = SegmentWish,
    responses((status = 201, body = SegmentView)),
    extensions(("x-right" = json!("edit_segments")))
)]
pub async fn create(program: Program, body: Document) -> Answer<(StatusCode, Json<SegmentView>)> {
    program.actor.must(Right::EditSegments)?;
    let draft = body.read::<SegmentWish>()?.draft();
    let unit = program.db.write().await?;
    let id = selection::create(&unit, &program.actor, &draft, program.now()).await?;
    unit.save().await?;
    Ok((StatusCode::CREATED, Json(find(&program, id.0).await?.into())))
}

/// Get a segment
#[utoipa::path(
    get, path = "/api/v1/segments/{id}", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = SegmentView)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<SegmentView>> {
    program.actor.must(Right::SeeSegments)?;
    Ok(Json(find(&program, id).await?.into()))
}

/// Change a segment
#[utoipa::path(
    put, path = "/api/v1/segments/{id}", tag = "segments", request_body = SegmentWish,
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = SegmentView)),
    extensions(("x-right" = json!("edit_segments")))
)]
pub async fn change(program: Program, Path(id): Path<i64>, body: Document) -> Answer<Json<SegmentView>> {
    program.actor.must(Right::EditSegments)?;
    let wish: SegmentWish = body.read()?;
    let version = wish.version.ok_or_else(|| misfit("version", "1, 2, 3 …"))?;
    let unit = program.db.write().await?;
    selection::change(&unit, &program.actor, SegmentId(id), version, &wish.draft(), program.now()).await?;
    unit.save().await?;
    Ok(Json(find(&program, id).await?.into()))
}

/// Put a segment away
#[utoipa::path(
    delete, path = "/api/v1/segments/{id}", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 204)),
    extensions(("x-right" = json!("edit_segments")))
)]
pub async fn archive(program: Program, Path(id): Path<i64>) -> Answer<StatusCode> {
    program.actor.must(Right::EditSegments)?;
    let unit = program.db.write().await?;
    selection::archive(&unit, &program.actor, SegmentId(id), program.now()).await?;
    unit.save().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A definition to be counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    #[schema(value_type = Object, example = json!({ "field": "country", "op": "eq", "value": "DE" }))]
    pub definition: Value,
}

#[derive(Serialize, ToSchema)]
pub struct Count {
    pub count: i64,
}

/// Count a definition without saving it
#[utoipa::path(
    post, path = "/api/v1/segments/count", tag = "segments", request_body = Counted,
    responses((status = 200, body = Count)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn count_definition(program: Program, body: Document) -> Answer<Json<Count>> {
    program.actor.must(Right::SeeSegments)?;
    let wish: Counted = body.read()?;
    let rows = program.db.read().await?;
    let names = Names::look_up(&rows, &wish.definition).await?;
    let definition = Definition::parse(&wish.definition, &names)?;
    drop(rows);
    let count = program.workbench.count(&program.db, &definition, program.now(), &program.zone).await?;
    Ok(Json(Count { count }))
}

/// Count a segment
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/count", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = Count)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn count(program: Program, Path(id): Path<i64>) -> Answer<Json<Count>> {
    program.actor.must(Right::SeeSegments)?;
    let segment = find(&program, id).await?;
    let count = program.workbench.count(&program.db, &segment.definition, program.now(), &program.zone).await?;
    Ok(Json(Count { count }))
}

/// List the members of a segment
///
/// As they are right now. Needs the right to see segments as well.
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/members", tag = "segments",
    params(
        ("id" = i64, Path, description = "Id of the segment"),
        ("search" = Option<String>, Query, description = "Beginning of a name, number, e-mail address, city or company"),
        ("sort" = Option<String>, Query, description = "`name` (default), `number`, `created`, `last_interaction`"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = ContactList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn members(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<ContactList>> {
    program.actor.must(Right::SeeContacts)?;
    program.actor.must(Right::SeeSegments)?;
    let params = params.only(&["search", "sort", "cursor", "limit"])?;
    let segment = find(&program, id).await?;
    let rows = program.db.read().await?;
    let circle = selection::condition(&rows, &segment.definition, program.now(), &program.zone).await?;
    drop(rows);
    Ok(Json(contacts::page(&program, &params, Some(circle)).await?))
}
