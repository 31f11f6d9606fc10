//! Every rule of the trade and its SQL, as rooms. A room may use the rooms below it, never above:
//!
//! privacy · documents · evaluation · execution · selection · planning · sales · mining · interactions · customers · intake ·
//! history · staff
//!
//! The machines (mail, render worker) are reached through the ports of `kernel` only.

pub mod agenda;
pub mod customers;
pub mod documents;
pub mod evaluation;
pub mod execution;
pub mod history;
pub mod intake;
pub mod interactions;
pub mod mining;
pub mod planning;
pub mod privacy;
pub mod quality;
mod refusal;
pub mod sales;
pub mod selection;
pub mod staff;

pub use refusal::{Complaint, Refusal, Trouble};
