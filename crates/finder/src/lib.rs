//! Finding people, companies and campaigns by whatever somebody remembers of them.
//!
//! An index in memory, derived from the truth and made anew at every start. It follows the changes the database notes, so
//! that whoever was saved before a question is in its answer, and whoever was archived or erased is not. It knows ids and
//! words only; the rooms read the records behind the ids.

mod bits;
mod build;
mod copy;
mod fragments;
mod reading;
mod search;
mod segment;
mod shelf;
mod signature;
mod spelling;
mod typo;
mod wish;

pub use build::{Builder, Entry};
pub use copy::{Finder, Subject};
pub use search::{Hit, Rank};
pub use segment::Segment;
pub use shelf::Shelf;
pub use spelling::spelling;
