//! Documents of contacts, companies and campaigns.

use super::{
    Program,
    listing::{Params, instant},
};
use crate::door::{Answer, Path, Trouble, downloads, uploads};
use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::Response,
};
use crm::{
    documents::{self, Document, Purpose, Subject, SubjectKind, Upload},
    staff::Right,
};
use futures::{StreamExt, stream};
use kernel::DocumentId;
use serde::Serialize;
use utoipa::ToSchema;

/// A document with its newest version.
#[derive(Serialize, ToSchema)]
pub struct DocumentView {
    pub id: i64,
    /// `contact`, `company` or `campaign`.
    pub subject_kind: String,
    pub subject_id: i64,
    #[schema(example = "Angebot Kreta.pdf")]
    pub name: String,
    /// By content.
    #[schema(example = "application/pdf")]
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Number of the newest version.
    pub version: i64,
    /// Lies in a linked store and is opened there.
    pub linked: bool,
    pub created_at: String,
    pub changed_at: String,
    pub added_by: String,
    /// Set for what is removed and can still be brought back.
    pub removed_at: Option<String>,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        Self {
            linked: document.is_linked(),
            id: document.id,
            subject_kind: document.subject_kind,
            subject_id: document.subject_id,
            name: document.name,
            content_type: document.content_type,
            size: document.size,
            version: document.current,
            created_at: instant(document.created_at),
            changed_at: instant(document.changed_at),
            added_by: document.added_by,
            removed_at: document.removed_at.map(instant),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct DocumentList {
    pub items: Vec<DocumentView>,
}

async fn list(program: &Program, subject: Subject) -> Answer<Json<DocumentList>> {
    program.actor.must(subject.kind.seen_with())?;
    let found = documents::of(&program.db.read().await?, &program.actor, subject).await?;
    Ok(Json(DocumentList { items: found.into_iter().map(DocumentView::from).collect() }))
}

async fn add(
    program: &Program,
    subject: Subject,
    params: Params,
    request: Request,
) -> Answer<(StatusCode, Json<DocumentView>)> {
    program.actor.must(subject.kind.changed_with())?;
    let params = params.only(&["name"])?;
    let name = params.text("name").unwrap_or_default();
    let file = keep(program, request).await?;
    let upload = Upload { name, file: &file };
    let now = program.now();
    let done = documents::attach(&program.db, &program.cabinet, &program.actor, subject, upload, now).await;
    uploads::discard(&file).await;
    Ok((StatusCode::CREATED, Json(done?.into())))
}

/// The body as a file; refused by its head, or as soon as it is too long.
async fn keep(program: &Program, request: Request) -> Answer<std::path::PathBuf> {
    let most = program.cabinet.largest;
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > most) {
        return Err(Trouble::TooLarge);
    }
    uploads::keep(program, bounded(request.into_body(), most)).await
}

fn bounded(body: Body, most: u64) -> impl futures::Stream<Item = Result<axum::body::Bytes, axum::Error>> {
    stream::unfold((body.into_data_stream(), most), |(mut body, left)| async move {
        let piece = body.next().await?;
        Some(match piece.map(|piece| (left.checked_sub(piece.len() as u64), piece)) {
            Ok((Some(left), piece)) => (Ok(piece), (body, left)),
            Ok((None, _)) => (Err(axum::Error::new("too large")), (body, 0)),
            Err(error) => (Err(error), (body, 0)),
        })
    })
}

/// List documents of a contact
#[utoipa::path(
    get, path = "/api/v1/contacts/{id}/documents", tag = "documents",
    params(("id" = i64, Path, description = "Id of the contact")),
    responses((status = 200, body = DocumentList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn of_contact(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<DocumentList>> {
    params.only(&[])?;
    list(&program, Subject::new(SubjectKind::Contact, id)).await
}

/// Attach a document to a contact
///
/// The whole body of the request is the file. Its kind is found by its content; programs, scripts and unknown kinds are refused.
#[utoipa::path(
    post, path = "/api/v1/contacts/{id}/documents", tag = "documents",
    params(
        ("id" = i64, Path, description = "Id of the contact"),
        ("name" = Option<String>, Query, description = "Name of the file"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn add_to_contact(
    program: Program,
    Path(id): Path<i64>,
    params: Params,
    request: Request,
) -> Answer<(StatusCode, Json<DocumentView>)> {
    add(&program, Subject::new(SubjectKind::Contact, id), params, request).await
}

/// List documents of a company
#[utoipa::path(
    get, path = "/api/v1/companies/{id}/documents", tag = "documents",
    params(("id" = i64, Path, description = "Id of the company")),
    responses((status = 200, body = DocumentList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn of_company(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<DocumentList>> {
    params.only(&[])?;
    list(&program, Subject::new(SubjectKind::Company, id)).await
}

/// Attach a document to a company
///
/// As for a contact.
#[utoipa::path(
    post, path = "/api/v1/companies/{id}/documents", tag = "documents",
    params(
        ("id" = i64, Path, description = "Id of the company"),
        ("name" = Option<String>, Query, description = "Name of the file"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn add_to_company(
    program: Program,
    Path(id): Path<i64>,
    params: Params,
    request: Request,
) -> Answer<(StatusCode, Json<DocumentView>)> {
    add(&program, Subject::new(SubjectKind::Company, id), params, request).await
}

/// List documents of a campaign
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}/documents", tag = "documents",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = DocumentList)),
    extensions(("x-right" = json!("see_campaigns")))
)]
pub async fn of_campaign(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<DocumentList>> {
    params.only(&[])?;
    list(&program, Subject::new(SubjectKind::Campaign, id)).await
}

/// Attach a document to a campaign
///
/// As for a contact.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/documents", tag = "documents",
    params(
        ("id" = i64, Path, description = "Id of the campaign"),
        ("name" = Option<String>, Query, description = "Name of the file"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn add_to_campaign(
    program: Program,
    Path(id): Path<i64>,
    params: Params,
    request: Request,
) -> Answer<(StatusCode, Json<DocumentView>)> {
    add(&program, Subject::new(SubjectKind::Campaign, id), params, request).await
}

/// Get a document
///
/// A document of a campaign also needs the right to see campaigns.
#[utoipa::path(
    get, path = "/api/v1/documents/{id}", tag = "documents",
    params(("id" = i64, Path, description = "Id of the document")),
    responses((status = 200, body = DocumentView)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<DocumentView>> {
    program.actor.must(Right::SeeContacts)?;
    Ok(Json(documents::find(&program.db.read().await?, &program.actor, DocumentId(id)).await?.into()))
}

/// Download a document
#[utoipa::path(
    get, path = "/api/v1/documents/{id}/content", tag = "documents",
    params(
        ("id" = i64, Path, description = "Id of the document"),
        ("version" = Option<i64>, Query, description = "Number of a version; the newest where it is not said"),
    ),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn content(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Response> {
    program.actor.must(Right::SeeContacts)?;
    let version = params.only(&["version"])?.id("version")?;
    let (db, cabinet, actor) = (&program.db, &program.cabinet, &program.actor);
    let now = program.now();
    let opened = documents::open(db, cabinet, actor, DocumentId(id), version, Purpose::Download, now).await?;
    downloads::download(opened.1)
}

/// Remove a document
///
/// It can be brought back for 30 days, then it is deleted for good. Files of a linked store only lose their link.
#[utoipa::path(
    delete, path = "/api/v1/documents/{id}", tag = "documents",
    params(("id" = i64, Path, description = "Id of the document")),
    responses((status = 200, body = DocumentView)),
    extensions(("x-right" = json!("edit_contacts")))
)]
pub async fn remove(program: Program, Path(id): Path<i64>) -> Answer<Json<DocumentView>> {
    program.actor.must(Right::EditContacts)?;
    let unit = program.db.write().await?;
    let document = documents::remove(&unit, &program.actor, DocumentId(id), program.now()).await?;
    unit.save().await?;
    Ok(Json(document.into()))
}
