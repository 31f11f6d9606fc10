//! The pages' handlers, one file per topic; each topic names its own paths.

mod access;
mod dashboard;
mod login;
mod record;
mod users;

use crate::door::House;
use axum::Router;

/// Pages and forms. One line per topic.
pub fn routes() -> Router<House> {
    Router::new()
        .merge(access::routes())
        .merge(dashboard::routes())
        .merge(login::routes())
        .merge(record::routes())
        .merge(users::routes())
}

/// Forms that carry files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new()
}
