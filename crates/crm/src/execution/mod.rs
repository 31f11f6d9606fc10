//! How messages leave the house and what comes back: the check before a launch, the launch, the sending with its durable
//! ledger, and the reactions of people.
//!
//! The promise of the ledger: nobody gets a message twice. A message is marked `sending`, durably, before it is handed over;
//! when its fate is not known afterwards it is in doubt and is never sent again by itself.

mod doubt;
mod envelope;
mod launch;
mod ledger;
mod mailroom;
mod outcome;
mod preflight;
mod prepare;
mod reactions;
mod send;
mod steps;
mod throttle;
mod tokens;
mod trial;
mod unsubscribe;

pub use doubt::{Resolution, resolve, resolve_sent};
pub use envelope::bounced_message;
pub use ledger::{Line, MessageState, Progress, StateCount, counts, latest_of, lines, progress, reason_label};
pub use mailroom::{MailConfig, Mailroom};
pub use preflight::{Finding, Missing, PreFlight, Weight, pre_flight};
pub use reactions::{Asked, Reactions};
pub use send::{Send, TASK};
pub use steps::{approve, back_to_draft, cancel, evaluate, launch, pause, resume};
pub use tokens::Tokens;
pub use trial::{TestMail, preview, test_send};
pub use unsubscribe::{Unsubscription, hint, withdraw_email};
