//! Every rule of the trade and its SQL, as rooms. A room may use the rooms below it, never above:
//!
//! evaluation · execution · selection · planning · sales · mining · interactions · customers · intake · staff
//!
//! The machines (mail, render worker) are reached through the ports of `kernel` only.

pub mod customers;
pub mod evaluation;
pub mod execution;
pub mod intake;
pub mod interactions;
pub mod mining;
pub mod planning;
mod refusal;
pub mod sales;
pub mod selection;
pub mod staff;

pub use refusal::{Complaint, Refusal, Trouble};
