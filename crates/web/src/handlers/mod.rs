//! The pages' handlers, one file per topic; each topic names its own paths.

mod access;
mod agenda;
mod attributes;
pub mod campaigns;
pub mod changes;
mod companies;
pub mod contacts;
pub mod dashboard;
mod documents;
mod duplicates;
mod finding;
mod guide;
mod imports;
mod login;
mod notifications;
mod postbox;
mod privacy;
pub mod quality;
mod record;
mod record_detail;
mod segments;
mod tracking;
mod users;

use crate::door::House;
use axum::Router;

/// Pages and forms. One line per topic.
pub fn routes() -> Router<House> {
    Router::new()
        .merge(access::routes())
        .merge(agenda::routes())
        .merge(attributes::routes())
        .merge(campaigns::routes())
        .merge(changes::routes())
        .merge(companies::routes())
        .merge(contacts::routes())
        .merge(dashboard::routes())
        .merge(documents::routes())
        .merge(duplicates::routes())
        .merge(finding::routes())
        .merge(guide::routes())
        .merge(imports::routes())
        .merge(login::routes())
        .merge(notifications::routes())
        .merge(postbox::routes())
        .merge(privacy::routes())
        .merge(quality::routes())
        .merge(record::routes())
        .merge(segments::routes())
        .merge(tracking::routes())
        .merge(users::routes())
}

/// Forms that carry files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new().merge(contacts::uploads()).merge(documents::uploads()).merge(imports::uploads())
}
