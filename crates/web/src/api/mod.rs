//! The JSON API for programs: Bearer tokens, problem documents, one description in OpenAPI 3.1.

mod document;
mod interactions;
mod me;
pub mod openapi;
pub mod problem;
mod program;
pub mod repeat;

pub use document::Document;
pub use program::Program;

use crate::door::House;
use axum::{
    Router,
    routing::{get, post},
};

/// Everything under `/api`.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/openapi.json", get(openapi::serve))
        .route("/api/v1/me", get(me::whoami))
        .route("/api/v1/interactions", post(interactions::record))
}

/// Routes that take files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new()
}
