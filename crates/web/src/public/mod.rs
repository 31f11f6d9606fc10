//! What strangers may ask for without signing in: tracking, consenting, unsubscribing, their own data. No cookie is read here.

mod body;
mod calendar;
mod cross_origin;
mod opting_in;
mod preferences;
mod script;
mod trackers;
mod tracking;
mod unsubscribing;

use crate::door::House;
use axum::{
    Router,
    routing::{get, post},
};

/// Public endpoints. One line per topic.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/o/{token}", get(tracking::pixel))
        .route("/c/{token}", get(tracking::click))
        .route("/e/{token}", get(opting_in::page).post(opting_in::confirm))
        .route("/kalender/{file}", get(calendar::serve))
        .route("/p/{token}", get(preferences::page).post(preferences::act))
        .route("/u/{token}", get(unsubscribing::page).post(unsubscribing::act))
}

/// What trackers of websites and servers speak to; they have limits of their own.
pub fn trackers() -> Router<House> {
    Router::new()
        .route("/v1/{call}", post(trackers::take).options(cross_origin::preflight))
        .route("/v1/projects/{key}/settings", get(trackers::settings).options(cross_origin::preflight))
        .route("/sourceConfig", get(trackers::source_config).options(cross_origin::preflight))
        .route("/sourceConfig/", get(trackers::source_config).options(cross_origin::preflight))
        .route("/k.js", get(script::serve))
}
