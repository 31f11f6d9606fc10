//! Tracking: what websites, shops and servers tell about visits, in the words of the trackers they have already (Segment's
//! HTTP tracking API and its dialects). Who may tell is a [`Source`]; what they tell becomes interactions; who it was becomes
//! clear through identity edges (`visitors`).

mod consent;
mod desks;
mod entering;
mod gathering;
mod instant;
mod intake;
mod mapping;
mod pace;
mod people;
mod sights;
pub mod sources;
mod traits;
mod wire;

pub use desks::beside;
pub use intake::{Taken, Tracking};
pub use mapping::kind_of;
pub use sights::{Outcome, Sight, newest, seen};
pub use sources::{Source, SourceDraft, Switches};
pub use wire::{Call, Delivery, EVENT, Unreadable};
