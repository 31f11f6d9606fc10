//! For the machines that watch over us: alive, ready, figures.

use super::House;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::time::Duration;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes() -> Router<House> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).route("/metrics", get(figures))
}

/// Ready when the database answers within two seconds.
async fn ready(State(house): State<House>) -> Response {
    match tokio::time::timeout(Duration::from_secs(2), house.db.ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn figures(State(house): State<House>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (house.metrics)()).into_response()
}
