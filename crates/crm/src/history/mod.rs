//! The ledger of changes. Every change of a record belongs to a set that knows who made it, when and why, and keeps each
//! field's value before and after. Undoing reads it: a field gets its earlier value back where it still has the one the set
//! gave it. The writers themselves live with their records, in the rooms above.

mod ledger;
mod past;
mod resumed;

pub use ledger::{Cause, Change, RECORD, Subject, begin, note, taken_back};
pub use past::{ChangeSet, Origin, Past, changes, find, of_record, origins};
pub use resumed::{forget, of_cause, resume};
