//! The append-only log of everything that happened between a person and us: the one way in ([`append`], or the
//! [`Recorder`] where many senders share a commit), who reads it on ([`follower`]), and the timeline people look at.
//!
//! Nothing here is ever changed or deleted, with three exceptions: a verdict may be mended when later events or better rules
//! show that a machine was at work ([`rejudge`]), a visitor's entries come to the contact it turned out to be
//! ([`visitors`]), and those of a contact that was merged go to the one that took its place, and back
//! ([`crate::customers::merge`]).

mod append;
pub mod baskets;
mod calls;
mod check;
pub mod follower;
mod incoming;
mod kind;
mod recorder;
mod retention;
mod timeline;
pub mod tracking;
pub mod verdict;
pub mod visitors;

pub use append::{Appended, NewInteraction, append, hold, rejudge};
pub use calls::{CALLS, note_call};
pub use check::check;
pub use follower::Follower;
pub use incoming::{Incoming, resolve};
pub(crate) use kind::coded;
pub use kind::{Channel, Kind};
pub use recorder::{Errand, Recorder, RecorderConfig};
pub use retention::ForgetKeys;
pub use timeline::{
    Interaction, Latest, TimelineAt, campaign_feed, channels_of, count_of, feed, latest, newest, timeline,
};
pub use verdict::{Reason, Verdict};
