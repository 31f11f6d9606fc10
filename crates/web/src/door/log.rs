//! One line per request: a sentence and fields. It names the route, never the address line: that may hold secrets.

use super::{Address, House};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use std::time::Instant;

/// Logs and counts a request when its answer begins.
pub async fn request(State(_): State<House>, address: Address, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(took.as_secs_f64());
    let milliseconds = took.as_secs_f64() * 1000.0;
    if method.is_safe() && status < 400 {
        tracing::debug!(%method, route, status, milliseconds, address = %address.0, "Answered a request");
    } else {
        tracing::info!(%method, route, status, milliseconds, address = %address.0, "Answered a request");
    }
    response
}
