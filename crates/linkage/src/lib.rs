//! Which records are about the same person: probabilistic record linkage after I. P. Fellegi and A. B. Sunter, "A Theory for
//! Record Linkage", JASA 64, 1969.
//!
//! Records stand in columns. Rules name what two records must share to be looked at ([`Rule`], [`Blocks`]). Each field of
//! such a pair is compared and reaches a [`Level`]; how much a level says for or against comes out of the records themselves,
//! without examples ([`estimate`]). The answer is a list of pairs with their probability, and for each the [`Evidence`] field by
//! field, so that a page can say why. Nothing here knows a database, a page or a clock.

mod blocking;
mod canonical;
mod cologne;
mod compare;
mod estimate;
mod field;
mod groups;
mod model;
mod records;
mod scoring;

pub use blocking::{Blocks, Skipped, record_keys};
pub use canonical::canonical;
pub use cologne::cologne;
pub use compare::compare;
pub use estimate::estimate;
pub use field::{Field, Kind, Level, Part, Rule, Scheme};
pub use groups::{groups, one_to_one};
pub use model::{Evidence, Model};
pub use records::{Reading, Records};
pub use scoring::{Found, Pair, find, judge};
