//! `/k.js`: the website's own tracker, in one small file. It may be kept for an hour, so that a new version reaches every page
//! the same day.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::LazyLock;

pub const SCRIPT: &str = include_str!("../../assets/k.js");

static ETAG: LazyLock<String> = LazyLock::new(|| format!("\"{}\"", &kernel::seal::fingerprint(SCRIPT)[..16]));

/// `GET /k.js`
pub async fn serve(headers: HeaderMap) -> Response {
    let has_it = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == ETAG.as_bytes());
    let mut answer = match has_it {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Bytes::from_static(SCRIPT.as_bytes()).into_response(),
    };
    let head = answer.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    head.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(etag) = HeaderValue::from_str(&ETAG) {
        head.insert(header::ETAG, etag);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_sets_no_cookie() {
        assert!(SCRIPT.len() < 5 * 1024, "{} bytes", SCRIPT.len());
        assert!(!SCRIPT.contains("document.cookie") && !SCRIPT.contains("eval("));
    }
}
