//! The door: who comes in, from where, in which language, and what happens when something is refused or breaks.

pub mod caller;
pub mod csrf;
mod desk;
pub mod downloads;
mod fields;
pub mod framing;
pub mod headers;
mod house;
pub mod limits;
pub mod log;
pub mod notice;
mod place;
pub mod seat;
pub mod trouble;
pub mod uploads;
pub mod wellbeing;

pub use caller::Address;
pub use desk::Desk;
pub use fields::Fields;
pub use house::{Foundation, House};
pub use place::Path;
pub use seat::Seat;
pub use trouble::Trouble;

/// What an extractor or handler answers when it does not do what was asked.
pub type Answer<T> = Result<T, Trouble>;
