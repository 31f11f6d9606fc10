//! Contacts that are there twice: the list of candidates, two side by side, what was merged.

mod history;
mod list;
mod merging;

pub use history::toast;
pub use list::waiting;

use crate::door::House;
use axum::{
    Router,
    routing::{get, post},
};

pub fn routes() -> Router<House> {
    Router::new()
        .route("/kontakte/dubletten", get(list::show))
        .route("/kontakte/dubletten/verschieden", post(list::dismiss))
        .route("/kontakte/dubletten/oeffnen", post(list::reopen))
        .route("/kontakte/dubletten/automatik", post(list::automatic))
        .route("/kontakte/dubletten/verlauf", get(history::show))
        .route("/kontakte/zusammenfuehren", get(merging::show).post(merging::merge))
        .route("/kontakte/zusammenfuehrung/{id}/zurueck", post(history::undo))
}
