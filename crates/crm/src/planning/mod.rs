//! What is planned: campaigns with goal, costs and content, and the life they lead from draft to evaluation.
//!
//! Planning decides and never sends. A campaign that was approved does not change any more; who wants to change it takes it
//! back to draft first.

mod campaign;
mod content;
pub mod link;
mod mail;
pub mod markup;
mod merge;
mod plan;
mod register;
mod state;

pub use campaign::{Campaign, EmailStep};
pub use content::{Content, content_of_links};
pub use mail::{Frame, mail_template};
pub use merge::{FIELDS, Person, missing_field};
pub use plan::Plan;
pub use register::{CampaignLine, Link, Narrowed, links, list};
pub use state::{Goal, State};

#[cfg(test)]
mod tests;
