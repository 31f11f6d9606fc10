//! A `Question` is data: a select with bound values, compiled from a segment, a metric or a report.
//!
//! `store` answers it from rows on both databases; any other engine behind [`Lens`] must give the same [`Table`].

use crate::{Column, Fault, People, Seq, Table};
use sea_query::SelectStatement;
use std::sync::Arc;

/// A select and the meaning of its columns, in the order of the select.
#[derive(Clone, Debug)]
pub struct Question {
    pub select: SelectStatement,
    pub columns: Vec<Column>,
}

impl Question {
    pub fn new(select: SelectStatement, columns: Vec<Column>) -> Self {
        Self { select, columns }
    }
}

/// The alias of a subquery that takes long and that other questions are built around, too: whoever answers may keep its rows
/// for as long as what they were read from stays the same.
pub const KEPT: &str = "kept";

/// Whoever can answer questions.
#[async_trait::async_trait]
pub trait Lens: Send + Sync {
    /// Answers from a state that contains at least everything committed up to `seq`.
    async fn ask(&self, question: &Question, seq: Seq) -> Result<Table, Fault>;

    /// Answers a question whose only column is the id of a contact.
    async fn people(&self, question: &Question, seq: Seq) -> Result<People, Fault>;

    /// Whether a question over everything costs little more than one over a part of it.
    fn scans_freely(&self) -> bool {
        false
    }

    /// The same at one moment, with everything committed until now: what is asked of it fits together, and nobody looks for
    /// news again in between. Nothing where every answer is of a moment of its own.
    async fn moment(&self) -> Result<Option<Arc<dyn Lens>>, Fault> {
        Ok(None)
    }

    /// A number that is another one as soon as an answer could be another one: the same stamp, the same answers.
    async fn stamp(&self) -> Result<u64, Fault>;
}
