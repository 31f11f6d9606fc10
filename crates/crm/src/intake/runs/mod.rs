//! Imports as they stand: prepared, checked, running, done, with their counts and their rejected rows.
//!
//! What becomes of a row is decided by the [`Importer`] of its room; reading, grouping, batches, progress, cancel and
//! the list of rejected rows are the same for all and live here.

mod ledger;
mod reading;
mod record;
mod remembered;
mod reverting;
mod worker;

pub use record::{
    ImportRun, ImportState, adjust, begin, cancel, choose_sheet, error_file_of, find, is_importing, list, prepare,
    preview_of, rejections,
};
pub use reverting::{KeptContact, REVERT, Reverted, begin_revert, end_revert};
pub use worker::{ImportWorker, Progress};

use super::{Flaw, ImportKind, Record, Rejection, Shape};
use kernel::{Currency, Fault, Timestamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Rows, Write};

/// One row of the file that could be read.
#[derive(Clone, Debug)]
pub struct Line<T> {
    pub line: u64,
    pub raw: String,
    pub row: T,
}

/// All rows of the file with the same number, in the order of the file; never empty.
pub type Group<T> = Vec<Line<T>>;

/// What an import knows about itself while it runs.
#[derive(Clone, Debug)]
pub struct Context {
    pub run: ImportRun,
    pub shape: Shape,
    pub zone: Zone,
    pub currency: Currency,
    pub now: Timestamp,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows of the file that are not blank, the header apart.
    pub lines: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    /// Rows that were rejected.
    pub rejected: i64,
    /// Further counts by name, such as `items` or `consents`.
    pub further: BTreeMap<String, i64>,
}

impl Tally {
    pub fn count(&mut self, name: &str, number: usize) {
        if number > 0 {
            *self.further.entry(name.to_owned()).or_default() += number as i64;
        }
    }

    fn add(&mut self, other: Tally) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        for (name, number) in other.further {
            *self.further.entry(name).or_default() += number;
        }
    }
}

/// What a batch changes, before anything is written.
pub struct Weighed<P> {
    pub tally: Tally,
    pub rejections: Vec<Rejection>,
    pub plan: P,
}

/// Decides what becomes of the rows of one kind. Contacts and orders each have one.
#[async_trait::async_trait]
pub trait Importer: Send + Sync + 'static {
    const KIND: ImportKind;
    /// Name of the job that runs it.
    const JOB: &'static str;
    type Row: Send + Sync + 'static;
    type Plan: Send;

    fn read(shape: &Shape, record: &Record) -> Result<Self::Row, Flaw>;

    /// The number rows are brought together by.
    fn number(row: &Self::Row) -> &str;

    /// Compares whole groups with what is stored; a dry run ends here.
    async fn weigh(
        &self,
        rows: &Rows,
        context: &Context,
        groups: Vec<Group<Self::Row>>,
    ) -> Result<Weighed<Self::Plan>, Fault>;

    /// Writes the plan; a plan without changes writes nothing.
    async fn write(&self, unit: &Write, context: &Context, plan: Self::Plan) -> Result<(), Fault>;
}
