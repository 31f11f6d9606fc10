//! Pages of other origins speak to trackers' addresses (Fetch, CORS protocol): a browser asks beforehand, and reads an answer
//! only where the origin is named in it.

use crate::door::House;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The origin of the page that asks; servers name none.
pub fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or("?"))
}

/// Lets this origin read the answer.
pub fn allow(response: &mut Response, origin: &str) {
    if let Ok(origin) = HeaderValue::from_str(origin) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
    }
}

/// The question beforehand names no write key: an origin that some source admits may ask.
pub async fn preflight(State(house): State<House>, headers: HeaderMap) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    let Some(origin) = origin(&headers) else { return answer };
    match house.tracking.admits(origin).await {
        Ok(true) => {}
        Ok(false) => return StatusCode::FORBIDDEN.into_response(),
        Err(fault) => {
            tracing::warn!(error = %fault, "A browser's question beforehand could not be answered");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    allow(&mut answer, origin);
    let head = answer.headers_mut();
    head.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, GET, OPTIONS"));
    let asked = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let usual = HeaderValue::from_static("authorization, content-type, content-encoding, anonymousid, x-retry-count");
    head.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(usual));
    head.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}
