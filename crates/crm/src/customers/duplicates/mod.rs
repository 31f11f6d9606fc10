//! Records that are likely about one person: kept current in the background, ranked, with the reason in words. What somebody
//! said are two people never returns by itself.

mod incremental;
mod keeper;
mod likely;
mod pairs;
mod reasons;
mod scheme;
mod state;
mod whole;

pub use keeper::KeepDuplicates;
pub use likely::{Likely, likely_duplicates};
pub use pairs::{Candidate, PairQuery, PairState, candidate, candidates, count_open, dismiss, reopen};
pub use reasons::{Reason, said};
pub use scheme::scheme;
pub use state::{Overview, automatic_from, overview, set_automatic};

pub(super) use pairs::{decide_merged, decide_open};
