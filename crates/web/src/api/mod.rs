//! The JSON API for programs: Bearer tokens, problem documents, one description in OpenAPI 3.1.

mod document;
pub mod problem;
mod program;
pub mod repeat;

pub use document::Document;
pub use program::Program;

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
