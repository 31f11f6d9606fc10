//! Keeps other sites from acting in the name of somebody signed in.
//!
//! Two locks: the browser says where a request comes from (`Sec-Fetch-Site`, else `Origin`), and every form of a session
//! carries the session's secret in the hidden field `csrf`, every script in the header `X-CSRF-Token`.

use super::{Fields, House, Seat, Trouble, trouble};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt};
use kernel::seal::fingerprint;

/// How far into an upload the secret may stand: it is the form's first field.
const REACH: usize = 16 * 1024;

/// Lets reading through; a change only with both locks open.
pub async fn guard(State(house): State<House>, seat: Seat, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let opened = if from_here(&house, request.headers()) { open(&seat, request).await } else { Err(Trouble::Forged) };
    match opened {
        Ok(request) => next.run(request).await,
        Err(trouble) => trouble::page(&house, &seat, &method, &trouble).await,
    }
}

/// Whether the browser says that the request comes from a page of ours. Programs without a browser say nothing.
fn from_here(house: &House, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let host = text(header::HOST).unwrap_or("");
    let authority = origin.split_once("://").map_or("", |(_, rest)| rest);
    (!host.is_empty() && authority == host) || origin == house.public_url.origin().ascii_serialization()
}

async fn open(seat: &Seat, request: Request) -> Result<Request, Trouble> {
    let Some(session) = &seat.session else { return Ok(request) };
    let right = |secret: &str| fingerprint(secret) == fingerprint(&session.csrf);
    if let Some(secret) = request.headers().get("x-csrf-token") {
        return if secret.to_str().is_ok_and(right) { Ok(request) } else { Err(Trouble::Forged) };
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let kind = kind.to_ascii_lowercase();
    let (parts, body) = request.into_parts();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let body = axum::body::to_bytes(body, crate::FORM).await.map_err(|_| Trouble::TooLarge)?;
        let fields = Fields::parse(&body);
        return if right(fields.get("csrf")) {
            Ok(Request::from_parts(parts, body.into()))
        } else {
            Err(Trouble::Forged)
        };
    }
    if kind.starts_with("multipart/form-data") {
        let (secret, body) = peek(body).await?;
        return if secret.is_some_and(|s| right(&s)) {
            Ok(Request::from_parts(parts, body))
        } else {
            Err(Trouble::Forged)
        };
    }
    Err(Trouble::Forged)
}

/// Reads an upload's first bytes until the secret is there, and puts the body together again.
async fn peek(body: Body) -> Result<(Option<String>, Body), Trouble> {
    let hint = body.size_hint().exact();
    let mut rest = body.into_data_stream();
    let mut seen: Vec<u8> = Vec::new();
    let mut secret = None;
    while secret.is_none() && seen.len() < REACH {
        let Some(chunk) = rest.next().await else { break };
        let chunk = chunk.map_err(|_| Trouble::TooLarge)?;
        seen.extend_from_slice(&chunk);
        secret = field(&seen);
    }
    tracing::trace!(bytes = hint, "Looked into an upload for its secret");
    let first = futures::stream::once(async move { Ok::<_, axum::Error>(Bytes::from(seen)) });
    Ok((secret, chained(first, rest)))
}

fn chained(
    first: impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static,
    rest: impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static,
) -> Body {
    Body::from_stream(first.chain(rest))
}

/// The value of the part named `csrf`, once it is complete.
fn field(seen: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&seen[..seen.len().min(REACH)]);
    let after = text.split_once("name=\"csrf\"")?.1;
    let value = after.split_once("\r\n\r\n")?.1;
    value.split_once("\r\n").map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_upload_is_whole_again_after_the_look_into_it() {
        let text = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x\r\nthe file";
        let chunks: Vec<Result<Bytes, axum::Error>> =
            text.as_bytes().chunks(7).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        let (secret, body) = peek(Body::from_stream(futures::stream::iter(chunks))).await.unwrap();
        assert_eq!(secret.as_deref(), Some("abc"));
        assert_eq!(axum::body::to_bytes(body, 1000).await.unwrap(), text.as_bytes());
    }

    #[tokio::test]
    async fn a_secret_far_into_an_upload_is_not_looked_for() {
        let text = format!("{}name=\"csrf\"\r\n\r\nabc\r\n", "x".repeat(REACH));
        assert_eq!(peek(Body::from(text)).await.unwrap().0, None);
    }
}
