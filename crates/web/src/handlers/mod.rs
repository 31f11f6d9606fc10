//! The pages' handlers, one file per topic; each topic names its own paths.

mod access;
mod login;
mod record;
mod users;

use crate::door::House;
use axum::Router;

/// Pages and forms. One line per topic.
pub fn routes() -> Router<House> {
    Router::new().merge(login::routes()).merge(users::routes()).merge(access::routes()).merge(record::routes())
}

/// Forms that carry files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new()
}
