//! The JSON API for programs: Bearer tokens, problem documents, one description in OpenAPI 3.1.

mod campaign_views;
mod campaigns;
mod companies;
mod contacts;
mod dispatch;
mod document;
mod documents;
mod imports;
mod interactions;
mod listing;
mod me;
pub mod openapi;
mod orders;
pub mod problem;
mod program;
pub mod repeat;
mod segments;
mod segments_bench;

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
        .route("/api/v1/contacts", get(contacts::list).post(contacts::create))
        .route("/api/v1/contacts/{id}", get(contacts::get).patch(contacts::change))
        .route("/api/v1/contacts/by-number/{key}", get(contacts::get_by_number))
        .route("/api/v1/contacts/{id}/consents", get(contacts::consents).post(contacts::consent))
        .route("/api/v1/contacts/{id}/interactions", get(contacts::timeline))
        .route("/api/v1/companies", get(companies::list))
        .route("/api/v1/contacts/{id}/documents", get(documents::of_contact))
        .route("/api/v1/companies/{id}/documents", get(documents::of_company))
        .route("/api/v1/campaigns/{id}/documents", get(documents::of_campaign))
        .route("/api/v1/documents/{id}", get(documents::get).delete(documents::remove))
        .route("/api/v1/documents/{id}/content", get(documents::content))
        .route("/api/v1/products", get(orders::products))
        .route("/api/v1/orders", get(orders::list).post(orders::place))
        .route("/api/v1/orders/{id}", get(orders::get))
        .route("/api/v1/orders/{id}/cancel", post(orders::cancel))
        .route("/api/v1/imports", get(imports::list))
        .route("/api/v1/imports/{id}", get(imports::get).patch(imports::correct))
        .route("/api/v1/imports/{id}/dry-run", post(imports::dry_run))
        .route("/api/v1/imports/{id}/run", post(imports::run))
        .route("/api/v1/imports/{id}/cancel", post(imports::cancel))
        .route("/api/v1/imports/{id}/rejections", get(imports::rejections))
        .route("/api/v1/imports/{id}/rejections.csv", get(imports::rejections_file))
        .route("/api/v1/segments", get(segments::list).post(segments::create))
        .route("/api/v1/segments/count", post(segments::count_definition))
        .route("/api/v1/segments/{id}", get(segments::get).put(segments::change).delete(segments::archive))
        .route("/api/v1/segments/{id}/count", get(segments::count))
        .route("/api/v1/segments/{id}/members", get(segments::members))
        .route("/api/v1/segments/{id}/lines", get(segments_bench::lines))
        .route("/api/v1/segments/{id}/why", get(segments_bench::why))
        .route("/api/v1/segments/{id}/overlap", get(segments_bench::overlap))
        .route("/api/v1/segments/{id}/reach", get(segments_bench::reach))
        .route("/api/v1/segments/{id}/versions", get(segments_bench::versions))
        .route("/api/v1/segments/{id}/versions/{version}/restore", post(segments_bench::restore_version))
        .route("/api/v1/segments/{id}/sql", get(segments_bench::sql))
        .route("/api/v1/campaigns", get(campaigns::list).post(campaigns::create))
        .route("/api/v1/campaigns/{id}", get(campaigns::get).put(campaigns::change))
        .route("/api/v1/campaigns/{id}/pre-flight", get(dispatch::pre_flight))
        .route("/api/v1/campaigns/{id}/test-send", post(dispatch::test_send))
        .route("/api/v1/campaigns/{id}/approve", post(campaigns::approve))
        .route("/api/v1/campaigns/{id}/draft", post(campaigns::back_to_draft))
        .route("/api/v1/campaigns/{id}/launch", post(campaigns::launch))
        .route("/api/v1/campaigns/{id}/pause", post(campaigns::pause))
        .route("/api/v1/campaigns/{id}/resume", post(campaigns::resume))
        .route("/api/v1/campaigns/{id}/cancel", post(campaigns::cancel))
        .route("/api/v1/campaigns/{id}/evaluated", post(campaigns::evaluated))
        .route("/api/v1/campaigns/{id}/messages", get(dispatch::messages))
        .route("/api/v1/campaigns/{id}/evaluation", get(dispatch::figures))
        .route("/api/v1/messages/{id}/resolve", post(dispatch::resolve))
        .route("/api/v1/interactions", post(interactions::record))
}

/// Routes that take files: larger bodies, more time.
pub fn uploads() -> Router<House> {
    Router::new()
        .route("/api/v1/imports", post(imports::upload))
        .route("/api/v1/contacts/{id}/documents", post(documents::add_to_contact))
        .route("/api/v1/companies/{id}/documents", post(documents::add_to_company))
        .route("/api/v1/campaigns/{id}/documents", post(documents::add_to_campaign))
}
