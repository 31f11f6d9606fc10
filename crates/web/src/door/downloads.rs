//! Files that go out: piece by piece, never as a page of ours, whatever is in them.

use super::{Answer, Trouble, headers::attachment};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use crm::documents::{Opened, View, view};
use futures::stream;

/// What may happen inside a stranger's file: nothing.
const CLOSED: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'";
/// A browser's viewer for PDF is a program of its own, which no browser starts inside a sandbox; scripts of a PDF run in that
/// viewer and reach no page.
const PDF: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'self'";

/// As a file to keep.
pub fn download(opened: Opened) -> Answer<Response> {
    let disposition = HeaderValue::from_str(&attachment(&opened.name)).map_err(|_| Trouble::MISSING)?;
    // A kind a browser could run is no kind at all on its way to the disk.
    let kind = match view(opened.content_type) {
        View::None if active(opened.content_type) => "application/octet-stream",
        _ => opened.content_type,
    };
    let mut response = respond(opened, kind, CLOSED);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// To be looked at in a frame or as a picture of our own pages.
pub fn look(opened: Opened) -> Response {
    let (kind, policy) = match view(opened.content_type) {
        View::Pdf => (opened.content_type, PDF),
        View::Image | View::Text => (opened.content_type, CLOSED),
        View::None => ("application/octet-stream", CLOSED),
    };
    let mut response = respond(opened, kind, policy);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    response
}

fn active(kind: &str) -> bool {
    ["xml", "html", "svg", "json"].iter().any(|part| kind.contains(part)) && !kind.contains("officedocument")
}

fn respond(opened: Opened, kind: &'static str, policy: &'static str) -> Response {
    let size = HeaderValue::from(opened.size);
    let pieces = stream::unfold((Some(opened.head), Some(opened.rest)), |(head, rest)| async move {
        let mut rest = rest?;
        if let Some(head) = head {
            return Some((Ok(Bytes::from(head)), (None, Some(rest))));
        }
        match rest.next().await {
            Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), (None, Some(rest)))),
            Ok(None) => None,
            Err(trouble) => {
                tracing::warn!(error = %trouble, "A document broke off on its way");
                Some((Err(trouble), (None, None)))
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_LENGTH, size),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_could_run_has_no_kind_on_its_way_to_the_disk() {
        for kind in ["image/svg+xml", "text/html", "application/xml", "application/json"] {
            assert!(active(kind), "{kind}");
        }
        assert!(!active("application/vnd.openxmlformats-officedocument.wordprocessingml.document"));
        assert!(!active("application/pdf"));
    }
}
