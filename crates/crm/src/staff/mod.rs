//! The people who work here: users, roles, rights, sessions, API tokens, and the audit log of what they did.

mod actor;
pub mod audit;
mod right;

pub use actor::{Actor, ActorKind};
pub use right::{Right, Role};
