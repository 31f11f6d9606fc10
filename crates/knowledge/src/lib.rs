//! The knowledgebase: a columnar copy of the truth that answers every analytic question.
//!
//! It follows the log by its positions and everything else by the changes the database notes, keeps what it knows in
//! immutable snapshots (Arrow in memory, Parquet on the shelf), and is asked through [`kernel::Lens`]. It is never written
//! by a rule, holds nothing that names a person, and can be thrown away and made anew at any time.

mod answers;
mod bridge;
mod bucket;
mod by_id;
mod catalogue;
mod copy;
mod counting;
mod cuts;
mod engine;
mod filing;
mod incoming;
mod ledger;
mod lens;
mod log;
mod lookups;
mod members;
mod moved;
mod narrowing;
mod packing;
mod prepared;
mod provider;
mod records;
mod shelf;
mod snapshot;
mod tallying;
mod trouble;
mod verify;
mod words;

pub use bucket::Bucket;
pub use copy::{Knowledge, Limits};
pub use shelf::Shelf;
pub use verify::{Compared, Status};
