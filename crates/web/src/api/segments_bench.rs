//! What the bench tells about a segment: line by line, why somebody is in, overlap, reach, versions, SQL.

use super::{
    Program,
    listing::{Params, misfit},
    problem::Language,
    segments::{SegmentView, find},
};
use crate::door::{Answer, Path, Trouble};
use axum::Json;
use crm::{
    selection::{
        self,
        freeze::Fate,
        workbench::{Overlap, Reader, number},
    },
    staff::Right,
};
use kernel::{ContactId, SegmentId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A group or a leaf of the definition.
#[derive(Serialize, ToSchema)]
pub struct LineView {
    /// Where it stands, `all[2].not`; empty for the whole.
    pub path: String,
    pub depth: usize,
    /// In words.
    pub text: String,
    pub count: i64,
}

#[derive(Serialize, ToSchema)]
pub struct LineList {
    pub items: Vec<LineView>,
}

/// Count a segment line by line
///
/// The words are in the language `Accept-Language` asks for, English otherwise.
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/lines", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = LineList)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn lines(program: Program, language: Language, Path(id): Path<i64>) -> Answer<Json<LineList>> {
    program.actor.must(Right::SeeSegments)?;
    let segment = find(&program, id).await?;
    let solved = program.workbench.solve(&program.db, &segment.definition, program.now(), &program.zone).await?;
    let rows = program.db.read().await?;
    let words = selection::phrases(&rows, &segment.definition, language.0, &program.zone).await?;
    let line = |(line, phrase): (&selection::workbench::Line, selection::Phrase)| LineView {
        path: line.path.clone(),
        depth: phrase.depth,
        text: phrase.text,
        count: number(&line.people),
    };
    Ok(Json(LineList { items: solved.lines.iter().zip(words).map(line).collect() }))
}

/// One line and one person.
#[derive(Serialize, ToSchema)]
pub struct ReasonView {
    /// Where the line stands; empty for the whole.
    pub path: String,
    pub depth: usize,
    pub text: String,
    pub holds: bool,
    /// What is true of the person; only for leaves.
    pub actual: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct WhyView {
    pub holds: bool,
    /// Archived contacts belong to no segment.
    pub archived: bool,
    pub lines: Vec<ReasonView>,
}

/// Say why a contact belongs to a segment or does not
///
/// Needs the right to see segments as well. The words are in the language `Accept-Language` asks for, English otherwise.
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/why", tag = "segments",
    params(
        ("id" = i64, Path, description = "Id of the segment"),
        ("contact" = i64, Query, description = "Id of the contact"),
    ),
    responses((status = 200, body = WhyView)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn why(program: Program, language: Language, Path(id): Path<i64>, params: Params) -> Answer<Json<WhyView>> {
    program.actor.must(Right::SeeContacts)?;
    program.actor.must(Right::SeeSegments)?;
    let params = params.only(&["contact"])?;
    let contact = params.id("contact")?.map(ContactId).ok_or_else(|| misfit("contact", "1, 2, 3 …"))?;
    let reader = Reader { locale: language.0, zone: &program.zone, now: program.now() };
    let segment = find(&program, id).await?;
    let found = program.workbench.why(&program.db, &segment.definition, contact, reader).await?;
    let why = found.ok_or(Trouble::MISSING)?;
    let line = |reason: selection::workbench::Reason| ReasonView {
        path: reason.path,
        depth: reason.depth,
        text: reason.text,
        holds: reason.holds,
        actual: reason.actual,
    };
    Ok(Json(WhyView { holds: why.holds, archived: why.archived, lines: why.reasons.into_iter().map(line).collect() }))
}

#[derive(Serialize, ToSchema)]
pub struct OverlapResult {
    pub both: i64,
    pub only_first: i64,
    pub only_second: i64,
}

/// Count what two segments have in common
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/overlap", tag = "segments",
    params(
        ("id" = i64, Path, description = "Id of the first segment"),
        ("with" = i64, Query, description = "Id of the second segment"),
    ),
    responses((status = 200, body = OverlapResult)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn overlap(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<OverlapResult>> {
    program.actor.must(Right::SeeSegments)?;
    let params = params.only(&["with"])?;
    let with = params.id("with")?.ok_or_else(|| misfit("with", "1, 2, 3 …"))?;
    let (one, other) = (find(&program, id).await?, find(&program, with).await?);
    let (db, now, zone) = (&program.db, program.now(), &program.zone);
    let first = program.workbench.solve(db, &one.definition, now, zone).await?;
    let second = program.workbench.solve(db, &other.definition, now, zone).await?;
    let Overlap { both, only_first, only_second } = Overlap::of(&first.people, &second.people);
    Ok(Json(OverlapResult { both, only_first, only_second }))
}

/// From everybody in the segment to those an e-mail would reach; the parts add up to `matched`.
#[derive(Serialize, ToSchema)]
pub struct ReachView {
    pub matched: i64,
    pub no_consent: i64,
    pub no_address: i64,
    pub suppressed: i64,
    pub duplicate_address: i64,
    pub reachable: i64,
}

/// Count whom an e-mail to the segment would reach
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/reach", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = ReachView)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn reach(program: Program, Path(id): Path<i64>) -> Answer<Json<ReachView>> {
    program.actor.must(Right::SeeSegments)?;
    let segment = find(&program, id).await?;
    let (db, now, zone) = (&program.db, program.now(), &program.zone);
    let solved = program.workbench.solve(db, &segment.definition, now, zone).await?;
    let found = program.workbench.reach(db, &solved.people, now, zone).await?;
    Ok(Json(ReachView {
        matched: found.matched,
        no_consent: found.of(Fate::NoConsent),
        no_address: found.of(Fate::NoAddress),
        suppressed: found.of(Fate::Suppressed),
        duplicate_address: found.of(Fate::DuplicateAddress),
        reachable: found.treated,
    }))
}

/// A segment as it was saved once.
#[derive(Serialize, ToSchema)]
pub struct VersionView {
    pub version: i64,
    pub name: String,
    pub description: String,
    #[schema(value_type = Object)]
    pub definition: Value,
    /// Name of who saved it.
    pub saved_by: String,
    pub saved_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct VersionList {
    pub items: Vec<VersionView>,
}

/// List the versions of a segment, newest first
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/versions", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = VersionList)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn versions(program: Program, Path(id): Path<i64>) -> Answer<Json<VersionList>> {
    program.actor.must(Right::SeeSegments)?;
    let segment = find(&program, id).await?;
    let found = selection::versions(&program.db.read().await?, segment.id).await?;
    let view = |version: selection::Version| VersionView {
        version: version.version,
        name: version.name,
        description: version.description,
        definition: version.definition.to_json(),
        saved_by: version.saved_by,
        saved_at: version.saved_at.rfc3339(),
    };
    Ok(Json(VersionList { items: found.into_iter().map(view).collect() }))
}

/// The version a change begins from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub version: i64,
}

/// Bring an old version back as the newest one
#[utoipa::path(
    post, path = "/api/v1/segments/{id}/versions/{version}/restore", tag = "segments", request_body = Seen,
    params(
        ("id" = i64, Path, description = "Id of the segment"),
        ("version" = i64, Path, description = "The version to bring back"),
    ),
    responses((status = 200, body = SegmentView)),
    extensions(("x-right" = json!("edit_segments")))
)]
pub async fn restore_version(
    program: Program,
    Path((id, version)): Path<(i64, i64)>,
    body: super::Document,
) -> Answer<Json<SegmentView>> {
    program.actor.must(Right::EditSegments)?;
    let seen: Seen = body.read()?;
    let unit = program.db.write().await?;
    selection::restore_version(&unit, &program.actor, SegmentId(id), seen.version, version, program.now()).await?;
    unit.save().await?;
    Ok(Json(find(&program, id).await?.into()))
}

#[derive(Serialize, ToSchema)]
pub struct Sql {
    /// In the dialect of the database behind this house, values written in.
    pub sql: String,
}

/// Get a segment as SQL, for reading
#[utoipa::path(
    get, path = "/api/v1/segments/{id}/sql", tag = "segments",
    params(("id" = i64, Path, description = "Id of the segment")),
    responses((status = 200, body = Sql)),
    extensions(("x-right" = json!("see_segments")))
)]
pub async fn sql(program: Program, Path(id): Path<i64>) -> Answer<Json<Sql>> {
    program.actor.must(Right::SeeSegments)?;
    let segment = find(&program, id).await?;
    let rows = program.db.read().await?;
    Ok(Json(Sql { sql: selection::sql(&rows, &segment.definition, program.now(), &program.zone).await? }))
}
