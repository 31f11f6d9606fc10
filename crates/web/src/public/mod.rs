//! What strangers may ask for without signing in: tracking, unsubscribing. No cookie is read here.

mod tracking;
mod unsubscribing;

use crate::door::House;
use axum::{Router, routing::get};

/// Public endpoints. One line per topic.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/o/{token}", get(tracking::pixel))
        .route("/c/{token}", get(tracking::click))
        .route("/u/{token}", get(unsubscribing::page).post(unsubscribing::act))
}
