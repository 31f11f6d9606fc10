//! Who is meant: definitions over contacts, parsed against a catalogue of fields, compiled to one question, and the saved
//! segments made of them.
//!
//! A definition is always computed, never a kept list. Time and zone are arguments: the same definition asked on another
//! day may have other members.

mod ask;
mod compile;
pub mod daily;
mod days;
mod definition;
mod field;
pub mod freeze;
mod names;
mod op;
mod parse;
mod segments;
mod sql;
mod versions;
mod wording;
pub mod workbench;

pub use ask::{condition, count, members, question};
pub use compile::Context;
pub use definition::{Attribute, Definition, Did, Measured, Moment, Node, Value, Where};
pub use field::{Field, Metric, Plain, Shape, Target, WhereField, catalogue};
pub use names::Names;
pub use op::Op;
pub use segments::{
    Draft, Segment, Standing, Use, archive, change, create, find, list, references, restore, standings, where_used,
};
pub use sql::sql;
pub use versions::{Change, Version, Words, compare, restore_version, version, versions};
pub use wording::{Phrase, choices, phrases};
pub use workbench::Workbench;
