//! Finding what nobody asked for: changes that chance does not explain, in what single people do and in series of days.
//!
//! The statistics are pure functions on plain columns ([`scan`], [`series`], [`discovery`]), each with its source; [`people`]
//! brings the columns from the log, [`alert`] writes down what was found, once.

pub mod alert;
pub mod discovery;
pub mod people;
pub mod scan;
pub mod series;
mod tails;
mod window;

pub use alert::{Alert, Subject, Suspicion};
pub use scan::{Change, Direction};
pub use window::Window;

use crate::interactions::Kind;

/// What people do by themselves. Not what the house sends, and not opens: these follow the calendar of campaigns.
pub const ACTS: [Kind; 17] = [
    Kind::Clicked,
    Kind::Replied,
    Kind::PageViewed,
    Kind::Searched,
    Kind::FormSubmitted,
    Kind::BannerClicked,
    Kind::ProductViewed,
    Kind::BasketChanged,
    Kind::OrderPlaced,
    Kind::CallIn,
    Kind::Liked,
    Kind::Shared,
    Kind::Commented,
    Kind::Mentioned,
    Kind::Messaged,
    Kind::TicketOpened,
    Kind::FeedbackGiven,
];

/// The acts as text for `kind IN (…)`.
pub fn acts() -> String {
    ACTS.map(|kind| format!("'{}'", kind.code())).join(", ")
}
