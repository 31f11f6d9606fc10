//! What is wrong with the data: a catalogue of rules that look at every record, what they found, and whom it was told. A finding
//! closes by itself when its record is mended.

mod findings;
mod keep;
mod report;
mod rules;

pub use findings::{Finding, Standing, Touched, exempt, listed, standings, touching, touching_campaign, unexempt};
pub use keep::{KeepQuality, look, wanted};
pub use report::{Report, reports, take_on, tell};
pub use rules::{RULES, Rule, Subject, rule};
