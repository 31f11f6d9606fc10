//! The people who work here: users, roles, rights, sessions, API tokens, the audit log of what they did, and what they
//! should look at.

mod actor;
pub mod audit;
pub mod layout;
pub mod links;
pub mod notifications;
pub mod password;
pub mod repeats;
mod right;
pub mod seen;
pub mod sessions;
pub mod signing_in;
pub mod tokens;
pub mod users;

pub use actor::{Actor, ActorKind};
pub use right::{Right, Role};
pub use users::User;
