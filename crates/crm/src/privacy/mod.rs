//! The rights of the people whose data is kept (GDPR chapter III): access, portability, restriction, objection, erasure, and
//! what the house owes: deadlines, retention, the record of processing activities.

pub mod accuracy;
mod asking_mail;
pub mod catalogue;
pub mod erasure;
mod files;
mod needles;
pub mod opt_in;
pub mod overview;
pub mod package;
pub mod preferences;
mod protocol;
pub mod register;
pub mod requests;
pub mod restriction;
pub mod retention;
mod sweep;

pub use asking_mail::Asking;
pub use protocol::{Protocol, protocol, protocols};
