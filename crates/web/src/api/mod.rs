//! The JSON API for programs: Bearer tokens, problem documents, one description in OpenAPI 3.1.

pub mod problem;

use crate::door::House;
use axum::Router;

/// Everything under `/api`.
pub fn routes() -> Router<House> {
    Router::new()
}

/// Routes that take files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new()
}
