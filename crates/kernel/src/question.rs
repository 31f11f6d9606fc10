//! A `Question` is data: a select with bound values, compiled from a segment, a metric or a report.
//!
//! `store` answers it from rows on both databases; any other engine behind [`Lens`] must give the same [`Table`].

use crate::{Column, Fault, Seq, Table};
use sea_query::SelectStatement;

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

/// Whoever can answer questions.
#[async_trait::async_trait]
pub trait Lens: Send + Sync {
    /// Answers from a state that contains at least everything committed up to `seq`.
    async fn ask(&self, question: &Question, seq: Seq) -> Result<Table, Fault>;
}
