//! Documents that belong to contacts, companies and campaigns: laid into a repository or linked from one, kept in versions, shown,
//! removed and brought back.
//!
//! Bytes come first, then the row: what is laid there without a row is noted as loose before, and the task [`Sweep`] takes it
//! away. Nothing a person wrote is part of a path, and the audit log names documents by number, so that who erases a person's
//! documents has erased their names, too.

mod attach;
mod cabinet;
mod change;
mod content;
mod erase;
mod link;
mod name;
mod open;
mod record;
mod subject;
mod sweep;

pub use attach::{Upload, attach, renew};
pub use cabinet::{Cabinet, Linked};
pub use change::{remove, rename, restore};
pub use content::{View, label, view};
pub use erase::{erase_all, everything};
pub use link::{browse, link, open_linked};
pub use name::shown;
pub use open::{Opened, Purpose, open};
pub use record::{Document, Version, find, of, versions};
pub use subject::{Subject, SubjectKind, title};
pub use sweep::{KEPT_DAYS, Sweep};
