//! What the world sees: pages, forms, the JSON API and the public endpoints. Thin: a handler is door, room, page.

pub mod api;
pub mod assets;
pub mod door;
pub mod handlers;
pub mod pages;
pub mod public;

use axum::{Router, middleware::from_fn_with_state as with_house};
use door::{House, caller, csrf, headers, limits, log, seat, trouble, wellbeing};
use std::time::Duration;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

/// Largest body of a page's form, in bytes.
const FORM: usize = 2 * 1024 * 1024;
/// Largest JSON document of the API, in bytes.
const DOCUMENT: usize = 4 * 1024 * 1024;
/// Largest body of a tracker before its own door looks at it, which answers in a tracker's words.
const TRACKED: usize = 64 * 1024 * 1024;
/// Largest file somebody uploads, in bytes.
const UPLOAD: usize = 2 * 1024 * 1024 * 1024;
/// Longest time until an answer begins; uploads have longer.
const ANSWER: Duration = Duration::from_secs(30);
const UPLOADED: Duration = Duration::from_secs(30 * 60);

/// Everything that answers, with the door around it.
pub fn router(house: House) -> Router {
    let forms = bounded(handlers::routes().fallback(trouble::nothing_here), FORM, ANSWER);
    let uploads = bounded(handlers::uploads(), UPLOAD, UPLOADED);
    let pages = forms
        .merge(uploads)
        .layer(with_house(house.clone(), csrf::guard))
        .layer(with_house(house.clone(), trouble::boundary))
        .layer(with_house(house.clone(), seat::take));
    let programs = bounded(api::routes(), DOCUMENT, ANSWER)
        .merge(bounded(api::uploads(), UPLOAD, UPLOADED))
        .layer(with_house(house.clone(), trouble::boundary))
        .layer(with_house(house.clone(), api::repeat::guard));
    let strangers = bounded(public::routes(), FORM, ANSWER)
        .layer(with_house(house.clone(), limits::strangers))
        .merge(bounded(public::trackers(), TRACKED, ANSWER))
        .layer(with_house(house.clone(), trouble::boundary));
    pages
        .merge(programs)
        .merge(strangers)
        .layer(with_house(house.clone(), headers::protect))
        .merge(assets::routes())
        .merge(wellbeing::routes())
        .layer(CompressionLayer::new())
        .layer(with_house(house.clone(), log::request))
        .layer(with_house(house.clone(), caller::find))
        .with_state(house)
}

fn bounded(router: Router<House>, bytes: usize, time: Duration) -> Router<House> {
    router
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(bytes))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, time))
        .layer(CatchPanicLayer::custom(trouble::panicked))
}
