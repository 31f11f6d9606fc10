//! `Idempotency-Key`: a creating call that is delivered twice is done once and answered twice alike.
//!
//! The same key with the same request gives the stored answer, with another request 422, while the first is running 409.
//! Answers are kept for 24 hours; failures of the house are not, so that a call may be tried again.

use super::{problem, program::Program};
use crate::door::{House, Trouble, seat};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use crm::{
    Refusal,
    staff::{
        ActorKind,
        repeats::{self, Turn},
    },
};
use kernel::{Locale, Sentence};
use ring::digest::{Context, SHA256};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST: usize = 200;

/// Stands around all routes of the API; calls without a key pass untouched.
pub async fn guard(State(house): State<House>, request: Request, next: Next) -> Response {
    let language = seat::accepted(request.headers()).unwrap_or(Locale::En);
    if request.method() != Method::POST || !request.headers().contains_key(&KEY) {
        return next.run(request).await;
    }
    match once(&house, request, next).await {
        Ok(response) => response,
        Err(trouble) => problem::document(&trouble, language),
    }
}

async fn once(house: &House, request: Request, next: Next) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let program = Program::from_request_parts(&mut parts, house).await?;
    let key = parts.headers.get(&KEY).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    if key.is_empty() || key.len() > LONGEST {
        let sentence = Sentence::new("api-key-invalid").with("longest", LONGEST);
        return Err(Refusal::field("Idempotency-Key", "invalid", sentence).into());
    }
    let caller = match program.actor.kind {
        ActorKind::Token(id) => format!("token {id}"),
        ActorKind::User(id) => format!("user {id}"),
        ActorKind::System => "system".to_owned(),
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
    let length = parts.headers.get(header::CONTENT_LENGTH).cloned();
    let mut digest = Context::new(&SHA256);
    digest.update(parts.method.as_str().as_bytes());
    digest.update(b" ");
    digest.update(parts.uri.path_and_query().map_or("", |p| p.as_str()).as_bytes());
    let is_json = kind.as_ref().is_none_or(|kind| kind.as_bytes().starts_with(b"application/json"));
    let body = if is_json {
        let bytes = to_bytes(body, crate::DOCUMENT).await.map_err(|_| Trouble::TooLarge)?;
        digest.update(&bytes);
        Body::from(bytes)
    } else {
        // A file may be larger than memory: its kind and length stand for it.
        digest.update(kind.as_ref().map_or(b"" as &[u8], HeaderValue::as_bytes));
        digest.update(length.as_ref().map_or(b"" as &[u8], HeaderValue::as_bytes));
        body
    };
    let fingerprint: String = digest.finish().as_ref().iter().map(|b| format!("{b:02x}")).collect();
    match repeats::take(&house.db, &caller, &key, &fingerprint, house.now()).await? {
        Turn::First => {}
        Turn::Again { status, body } => return Ok(again(status, body)),
        Turn::Running => return Err(Refusal::state("api-key-running").into()),
        Turn::Unknown => return Err(Refusal::state("api-key-interrupted").into()),
        Turn::Other => {
            return Err(Refusal::field("Idempotency-Key", "reused", Sentence::new("api-key-reused")).into());
        }
    }
    let house = house.clone();
    // On its own, so that the answer is kept even when the program has hung up.
    let work = tokio::spawn(async move {
        let response = next.run(Request::from_parts(parts, body)).await;
        settle(&house, &caller, &key, response).await
    });
    work.await.map_err(|_| Trouble::Status(StatusCode::INTERNAL_SERVER_ERROR))?
}

async fn settle(house: &House, caller: &str, key: &str, response: Response) -> Result<Response, Trouble> {
    let status = response.status();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, crate::DOCUMENT).await.map_err(|_| Trouble::TooLarge)?;
    let try_again = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if try_again {
        repeats::forget(&house.db, caller, key).await?;
    } else {
        repeats::keep(&house.db, caller, key, status.as_u16(), &String::from_utf8_lossy(&bytes)).await?;
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn again(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let headers = [(header::CONTENT_TYPE, kind), (REPLAYED, "true")];
    (status, headers, body).into_response()
}
