//! What people of the house have to do: tasks, follow-ups and appointments, about a contact or about nobody, with a reminder
//! and as a calendar other programs read.

mod calendar;
mod draft;
mod feed;
mod item;
mod reminder;

pub use calendar::calendar;
pub use draft::{AgendaDraft, REMINDERS};
pub use feed::{Feed, close_feed, feed, feed_of, renew_feed};
pub use item::{AgendaItem, AgendaKind, Whose, add, change, complete, find, of_contact, open, recently_done, remove};
pub use reminder::Remind;
