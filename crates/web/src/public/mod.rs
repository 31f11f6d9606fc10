//! What strangers may ask for without signing in: tracking, unsubscribing. No cookie is read here.

use crate::door::House;
use axum::Router;

/// Public endpoints. One line per topic.
pub fn routes() -> Router<House> {
    Router::new()
}
