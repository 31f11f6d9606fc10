//! The port: questions in, tables out, by the way that is cheapest for each.

use crate::{
    answers::Given,
    copy::Knowledge,
    engine::{ANSWER, Answer},
    snapshot::Snapshot,
    trouble,
};
use async_trait::async_trait;
use datafusion::{
    arrow::{
        array::{AsArray, RecordBatch},
        compute::cast,
        datatypes::{DataType, Float64Type, Int64Type},
    },
    error::DataFusionError,
};
use kernel::{Cell, Column, ContactId, Fault, Lens, People, Question, Seq, Table, Unit};
use sea_query::PostgresQueryBuilder;
use std::sync::Arc;
use store::RowLens;

#[async_trait]
impl Lens for Knowledge {
    async fn ask(&self, question: &Question, seq: Seq) -> Result<Table, Fault> {
        self.at(self.fresh().await?).ask(question, seq).await
    }

    async fn people(&self, question: &Question, seq: Seq) -> Result<People, Fault> {
        self.at(self.fresh().await?).people(question, seq).await
    }

    fn scans_freely(&self) -> bool {
        self.snapshot().is_some()
    }

    async fn moment(&self) -> Result<Option<Arc<dyn Lens>>, Fault> {
        Ok(Some(Arc::new(self.at(self.fresh().await?))))
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        self.at(self.fresh().await?).stamp().await
    }
}

/// What the copy knew at one moment; nothing while it is being made, when the rows answer.
struct Moment {
    knowledge: Knowledge,
    snapshot: Option<Arc<Snapshot>>,
}

#[async_trait]
impl Lens for Moment {
    async fn ask(&self, question: &Question, seq: Seq) -> Result<Table, Fault> {
        match self.columns(question).await? {
            Some(table) => Ok(table),
            None => self.knowledge.rows().ask(question, seq).await,
        }
    }

    async fn people(&self, question: &Question, seq: Seq) -> Result<People, Fault> {
        match self.given(question, "people", |batches| people(&batches).map(Given::People)).await? {
            Given::People(people) => Ok(people),
            _ => self.knowledge.rows().people(question, seq).await,
        }
    }

    fn scans_freely(&self) -> bool {
        self.snapshot.is_some()
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        match &self.snapshot {
            Some(snapshot) => Ok(snapshot.number),
            None => self.knowledge.rows().stamp().await,
        }
    }
}

impl Moment {
    /// The answer of the columns alone; nothing when they do not hold what the question asks for.
    async fn columns(&self, question: &Question) -> Result<Option<Table>, Fault> {
        match self.given(question, "table", |batches| Ok(Given::Batches(batches))).await? {
            Given::Batches(batches) => table(&question.columns, &batches).map(Some).map_err(trouble::engine),
            _ => Ok(None),
        }
    }

    /// The answer in a shape, remembered or worked out; elsewhere when the rows have to answer: the copy is still being made,
    /// or the question asks for something that is not copied.
    async fn given(
        &self,
        question: &Question,
        shape: &str,
        read: impl Fn(Vec<RecordBatch>) -> Result<Given, DataFusionError> + Send,
    ) -> Result<Given, Fault> {
        let Some(snapshot) = &self.snapshot else { return Ok(Given::Elsewhere) };
        let inner = &self.knowledge.0;
        let sql = question.select.to_string(PostgresQueryBuilder);
        let name = format!("{shape}: {sql}");
        let known = inner.desk.answers.lock().ok().and_then(|mut answers| answers.get(&name, snapshot));
        if let Some((known, _)) = known {
            return Ok(known);
        }
        let (given, readings) = match inner.engine.answer(snapshot, &inner.desk, sql).await? {
            Answer::Batches(batches, _) if batches.iter().map(RecordBatch::num_rows).sum::<usize>() > ANSWER => {
                return Err(Fault::Busy("the answer is too long".to_owned()));
            }
            Answer::Batches(batches, readings) => (read(batches).map_err(trouble::engine)?, readings),
            Answer::Elsewhere => (Given::Elsewhere, Vec::new()),
            Answer::Unreadable => return Ok(Given::Elsewhere),
        };
        if let Ok(mut answers) = inner.desk.answers.lock() {
            answers.keep(name, given.clone(), readings, snapshot);
        }
        Ok(given)
    }
}

impl Knowledge {
    /// The answer of the columns alone; nothing when they do not hold what the question asks for.
    pub async fn columns(&self, question: &Question) -> Result<Option<Table>, Fault> {
        self.at(self.fresh().await?).columns(question).await
    }

    fn at(&self, snapshot: Option<Arc<Snapshot>>) -> Moment {
        Moment { knowledge: self.clone(), snapshot }
    }

    fn rows(&self) -> RowLens {
        RowLens(self.0.db.clone())
    }

    /// Forgets answers that were given before, so that the next one is worked out.
    pub fn forget_answers(&self) {
        self.0.forget_answers();
    }
}

/// Batches as the one small answer, with cells as the units of the columns ask for.
fn table(columns: &[Column], batches: &[RecordBatch]) -> Result<Table, DataFusionError> {
    let mut table = Table::new(columns.to_vec());
    for batch in batches {
        let begun = table.rows.len();
        table.rows.extend((0..batch.num_rows()).map(|_| Vec::with_capacity(columns.len())));
        for (column, array) in columns.iter().zip(batch.columns()) {
            let rows = table.rows[begun..].iter_mut();
            match column.unit {
                Unit::Text => {
                    let words = cast(array, &DataType::Utf8)?;
                    let words = words.as_string::<i32>().iter();
                    rows.zip(words)
                        .for_each(|(row, word)| row.push(word.map_or(Cell::Empty, |w| Cell::Text(w.to_owned()))));
                }
                Unit::Share | Unit::Number => {
                    let numbers = cast(array, &DataType::Float64)?;
                    let numbers = numbers.as_primitive::<Float64Type>().iter();
                    rows.zip(numbers).for_each(|(row, number)| row.push(number.map_or(Cell::Empty, Cell::Real)));
                }
                Unit::Id | Unit::Count | Unit::Money(_) | Unit::Instant => {
                    let numbers = cast(array, &DataType::Int64)?;
                    let numbers = numbers.as_primitive::<Int64Type>().iter();
                    rows.zip(numbers).for_each(|(row, number)| row.push(number.map_or(Cell::Empty, Cell::Int)));
                }
            }
        }
    }
    Ok(table)
}

fn people(batches: &[RecordBatch]) -> Result<People, DataFusionError> {
    let mut ids = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let contacts = cast(batch.column(0), &DataType::Int64)?;
        ids.extend(contacts.as_primitive::<Int64Type>().iter().flatten().map(ContactId));
    }
    Ok(ids.into_iter().collect())
}
