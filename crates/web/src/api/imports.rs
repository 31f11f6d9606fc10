//! Imports: a file comes in, is looked at, tried and run; what was rejected comes back.

use super::{
    Document, Program,
    listing::{Params, instant, misfit},
};
use crate::{
    api::problem,
    door::{Answer, Path, Trouble, uploads},
};
use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use crm::{
    Refusal,
    intake::{Dialect, ImportKind, Mapping, Rejection, runs},
    staff::Right,
};
use futures::StreamExt;
use kernel::{ImportId, Locale, Sentence};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use utoipa::ToSchema;

/// An import as it stands.
#[derive(Serialize, ToSchema)]
pub struct ImportView {
    pub id: i64,
    /// `contacts` or `orders`.
    #[schema(value_type = String)]
    pub kind: ImportKind,
    pub file_name: String,
    pub file_bytes: i64,
    /// `prepared`, `checking`, `checked`, `running`, `done`, `cancelled`, `failed`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// How the file writes its table.
    #[schema(value_type = Object)]
    pub dialect: Dialect,
    /// One entry per column: the key of the field it fills, or nothing.
    #[schema(value_type = Vec<Option<String>>)]
    pub mapping: Mapping,
    pub lines: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    /// Further counts, or the sentence of a failure.
    #[schema(value_type = Option<Object>)]
    pub outcome: Option<Value>,
    pub created_at: String,
    pub finished_at: Option<String>,
}

impl From<runs::ImportRun> for ImportView {
    fn from(run: runs::ImportRun) -> Self {
        Self {
            id: run.id.0,
            kind: run.kind,
            file_name: run.file_name,
            file_bytes: run.file_bytes,
            state: run.state.code(),
            dialect: run.dialect,
            mapping: run.mapping,
            lines: run.lines,
            created: run.created,
            updated: run.updated,
            unchanged: run.unchanged,
            rejected: run.rejected,
            outcome: run.outcome,
            created_at: instant(run.created_at),
            finished_at: run.finished_at.map(instant),
        }
    }
}

/// The parts of an upload.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; it is read part by part")]
pub struct Upload {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// `contacts` or `orders`; may stand in the address instead.
    pub kind: Option<String>,
    /// JSON; guessed when it is missing.
    pub dialect: Option<String>,
    /// JSON list; guessed when it is missing.
    pub mapping: Option<String>,
}

/// What came in.
#[derive(Default)]
struct Arrived {
    file: Option<(String, PathBuf)>,
    kind: Option<String>,
    dialect: Option<Dialect>,
    mapping: Option<Mapping>,
}

/// Upload a file
///
/// As `multipart/form-data` with a part `file`, or as the whole body of the request with `kind` and `name` in the
/// address. Encoding, delimiter, header and mapping are guessed unless they are given. Nothing is imported yet: run it
/// dry, then run it.
#[utoipa::path(
    post, path = "/api/v1/imports", tag = "imports",
    params(
        ("kind" = Option<String>, Query, description = "`contacts` or `orders`"),
        ("name" = Option<String>, Query, description = "Name of the file, for a plain body"),
    ),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn upload(program: Program, params: Params, request: Request) -> Answer<(StatusCode, Json<ImportView>)> {
    program.actor.must(Right::ImportData)?;
    let params = params.only(&["kind", "name"])?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let arrived = if kind.starts_with("multipart/form-data") {
        parts(&program, Multipart::from_request(request, &()).await.map_err(|_| unreadable())?).await?
    } else {
        let name = uploads::file_name(params.text("name"));
        let path = uploads::keep(&program, request.into_body().into_data_stream()).await?;
        Arrived { file: Some((name, path)), ..Arrived::default() }
    };
    let Some((name, path)) = arrived.file.clone() else {
        return Err(Refusal::field("file", "required", Sentence::new("api-file-missing")).into());
    };
    match prepare(&program, &params, arrived, &name, &path).await {
        Ok(run) => Ok((StatusCode::CREATED, Json(run.into()))),
        Err(trouble) => {
            uploads::discard(&path).await;
            Err(trouble)
        }
    }
}

async fn prepare(
    program: &Program,
    params: &Params,
    arrived: Arrived,
    name: &str,
    path: &std::path::Path,
) -> Answer<runs::ImportRun> {
    let code = arrived.kind.as_deref().or(params.text("kind")).unwrap_or("");
    let kind = ImportKind::of(code).ok_or_else(|| misfit("kind", "contacts, orders"))?;
    let run = runs::prepare(&program.db, &program.actor, kind, name, path, &program.clock).await?;
    if arrived.dialect.is_none() && arrived.mapping.is_none() {
        return Ok(run);
    }
    let told = arrived.dialect.is_some();
    let dialect = arrived.dialect.unwrap_or_else(|| run.dialect.clone());
    let mapping = arrived.mapping.or((!told).then(|| run.mapping.clone()));
    Ok(runs::adjust(&program.db, &program.actor, run.id, dialect, mapping).await?)
}

async fn parts(program: &Program, mut form: Multipart) -> Answer<Arrived> {
    let mut arrived = Arrived::default();
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name().unwrap_or("") {
            "file" => {
                let name = uploads::file_name(part.file_name());
                let bytes = part.map(|chunk| chunk.map_err(axum::Error::new));
                arrived.file = Some((name, uploads::keep(program, bytes).await?));
            }
            "kind" => arrived.kind = Some(part.text().await.map_err(|_| unreadable())?),
            "dialect" => arrived.dialect = Some(json_part(&part.text().await.map_err(|_| unreadable())?)?),
            "mapping" => arrived.mapping = Some(json_part(&part.text().await.map_err(|_| unreadable())?)?),
            other => {
                let sentence = Sentence::new("api-unknown-field")
                    .with("field", other)
                    .with("fitting", "file, kind, dialect, mapping");
                return Err(Refusal::field(other, "unknown_field", sentence).into());
            }
        }
    }
    Ok(arrived)
}

fn json_part<T: serde::de::DeserializeOwned>(text: &str) -> Answer<T> {
    let value: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
    Document::value(value)
}

fn unreadable() -> Trouble {
    Trouble::Unreadable(Sentence::new("door-unreadable"))
}

#[derive(Serialize, ToSchema)]
pub struct ImportList {
    pub items: Vec<ImportView>,
    pub next: Option<String>,
}

/// List imports, newest first
#[utoipa::path(
    get, path = "/api/v1/imports", tag = "imports",
    params(
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = ImportList)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<ImportList>> {
    program.actor.must(Right::ImportData)?;
    let params = params.only(&["cursor", "limit"])?;
    let (limit, before) = (params.limit()?, params.cursor::<ImportId>()?);
    let found = runs::list(&program.db.read().await?, before, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|run| super::listing::cursor(&run.id));
    Ok(Json(ImportList { items: found.into_iter().map(ImportView::from).collect(), next }))
}

async fn find(program: &Program, id: i64) -> Answer<runs::ImportRun> {
    runs::find(&program.db.read().await?, ImportId(id)).await?.ok_or(Trouble::MISSING)
}

/// Get an import
#[utoipa::path(
    get, path = "/api/v1/imports/{id}", tag = "imports",
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 200, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<ImportView>> {
    program.actor.must(Right::ImportData)?;
    Ok(Json(find(&program, id).await?.into()))
}

/// Corrections of the guesses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    #[schema(value_type = Option<Object>)]
    pub dialect: Option<Dialect>,
    /// One entry per column; guessed again when only the dialect is given.
    #[schema(value_type = Option<Vec<Option<String>>>)]
    pub mapping: Option<Mapping>,
}

/// Correct dialect and mapping
#[utoipa::path(
    patch, path = "/api/v1/imports/{id}", tag = "imports", request_body = Corrections,
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 200, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn correct(program: Program, Path(id): Path<i64>, body: Document) -> Answer<Json<ImportView>> {
    program.actor.must(Right::ImportData)?;
    let told: Corrections = body.read()?;
    let run = find(&program, id).await?;
    let dialect = told.dialect.unwrap_or(run.dialect);
    let run = runs::adjust(&program.db, &program.actor, run.id, dialect, told.mapping).await?;
    Ok(Json(run.into()))
}

async fn begin(program: &Program, id: i64, dry: bool) -> Answer<(StatusCode, Json<ImportView>)> {
    program.actor.must(Right::ImportData)?;
    let unit = program.db.write().await?;
    runs::begin(&unit, &program.actor, ImportId(id), dry, &program.clock).await?;
    unit.save().await?;
    program.nudge.wake(store::jobs::TASK);
    Ok((StatusCode::ACCEPTED, Json(find(program, id).await?.into())))
}

/// Try an import
///
/// Counts what a run would do and lists what it would reject; writes no record. Ask for the import until its state is
/// `checked`.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/dry-run", tag = "imports",
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 202, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn dry_run(program: Program, Path(id): Path<i64>) -> Answer<(StatusCode, Json<ImportView>)> {
    begin(&program, id, true).await
}

/// Run an import
///
/// All good rows go in, a bad row is rejected alone. Ask for the import until its state is `done`.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/run", tag = "imports",
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 202, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn run(program: Program, Path(id): Path<i64>) -> Answer<(StatusCode, Json<ImportView>)> {
    begin(&program, id, false).await
}

/// Stop an import
///
/// It ends after its current part; what is written stays, and another run goes on from there.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/cancel", tag = "imports",
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 200, body = ImportView)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn cancel(program: Program, Path(id): Path<i64>) -> Answer<Json<ImportView>> {
    program.actor.must(Right::ImportData)?;
    let unit = program.db.write().await?;
    runs::cancel(&unit, &program.actor, ImportId(id), &program.clock).await?;
    unit.save().await?;
    Ok(Json(find(&program, id).await?.into()))
}

/// A row that did not go in.
#[derive(Serialize, ToSchema)]
pub struct RejectionView {
    /// Line of the file; the header is line 1.
    #[schema(example = 35)]
    pub line: i64,
    #[schema(example = "email")]
    pub field: Option<String>,
    /// Stable code.
    #[schema(example = "email")]
    pub reason: String,
    pub detail: String,
    /// The row as it stood in the file.
    pub raw: String,
}

#[derive(Serialize, ToSchema)]
pub struct RejectionList {
    pub items: Vec<RejectionView>,
    pub next: Option<String>,
}

/// List rejected rows
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/rejections", tag = "imports",
    params(
        ("id" = i64, Path, description = "Id of the import"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = RejectionList)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn rejections(
    program: Program,
    Path(id): Path<i64>,
    language: problem::Language,
    params: Params,
) -> Answer<Json<RejectionList>> {
    program.actor.must(Right::ImportData)?;
    let params = params.only(&["cursor", "limit"])?;
    let (limit, after) = (params.limit()?, params.cursor::<i64>()?.unwrap_or(0));
    find(&program, id).await?;
    let found = runs::rejections(&program.db.read().await?, ImportId(id), after, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|last| super::listing::cursor(&last.line));
    let view = |rejection: Rejection| RejectionView {
        line: rejection.line,
        field: rejection.field,
        reason: serde_json::to_value(rejection.reason)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        detail: rejection.sentence.say(language.0),
        raw: rejection.raw,
    };
    Ok(Json(RejectionList { items: found.into_iter().map(view).collect(), next }))
}

/// Download rejected rows
///
/// A file in the encoding and delimiter of the original with three more columns (line, field, reason): correct it and
/// upload it again.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/rejections.csv", tag = "imports",
    params(("id" = i64, Path, description = "Id of the import")),
    responses((status = 200, content_type = "text/csv", body = String)),
    extensions(("x-right" = json!("import_data")))
)]
pub async fn rejections_file(program: Program, Path(id): Path<i64>, language: problem::Language) -> Answer<Response> {
    program.actor.must(Right::ImportData)?;
    let run = find(&program, id).await?;
    let locale: Locale = language.0;
    let bytes = runs::error_file_of(&program.db.read().await?, &run, locale).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"rejections-{id}.csv\"")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
