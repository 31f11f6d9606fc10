//! The port: questions in, tables out, by the way that is cheapest for each.

use crate::{
    answers::{Answers, Given},
    copy::Knowledge,
    engine::{ANSWER, Answer},
    moved::Reading,
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
        match self.batches(question).await? {
            Some(batches) => table(&question.columns, &batches).map_err(trouble::engine),
            None => self.rows().ask(question, seq).await,
        }
    }

    async fn people(&self, question: &Question, seq: Seq) -> Result<People, Fault> {
        let Some(snapshot) = self.fresh().await? else { return self.rows().people(question, seq).await };
        let sql = question.select.to_string(PostgresQueryBuilder);
        let name = format!("people: {sql}");
        match self.known(&name, &snapshot) {
            Some(Given::People(people)) => return Ok(people),
            Some(_) => return self.rows().people(question, seq).await,
            None => {}
        }
        match self.answer(&snapshot, sql).await? {
            Some((batches, readings)) => {
                let people = people(&batches).map_err(trouble::engine)?;
                self.remember(name, Given::People(people.clone()), readings, &snapshot);
                Ok(people)
            }
            None => {
                self.remember(name, Given::Elsewhere, Vec::new(), &snapshot);
                self.rows().people(question, seq).await
            }
        }
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        match self.fresh().await? {
            Some(snapshot) => Ok(snapshot.number),
            None => self.rows().stamp().await,
        }
    }
}

impl Knowledge {
    /// The answer of the columns alone; nothing when they do not hold what the question asks for.
    pub async fn columns(&self, question: &Question) -> Result<Option<Table>, Fault> {
        let batches = self.batches(question).await?;
        batches.map(|batches| table(&question.columns, &batches)).transpose().map_err(trouble::engine)
    }

    fn rows(&self) -> RowLens {
        RowLens(self.0.db.clone())
    }

    /// The answer from the columns; nothing when the rows have to answer: the copy is still being made, or the question
    /// asks for something that is not copied.
    async fn batches(&self, question: &Question) -> Result<Option<Vec<RecordBatch>>, Fault> {
        let Some(snapshot) = self.fresh().await? else { return Ok(None) };
        let sql = question.select.to_string(PostgresQueryBuilder);
        match self.known(&sql, &snapshot) {
            Some(Given::Batches(batches)) => return Ok(Some(batches)),
            Some(_) => return Ok(None),
            None => {}
        }
        let answer = self.answer(&snapshot, sql.clone()).await?;
        let (given, readings) = match answer {
            Some((batches, readings)) => (Given::Batches(batches), readings),
            None => (Given::Elsewhere, Vec::new()),
        };
        self.remember(sql, given.clone(), readings, &snapshot);
        Ok(match given {
            Given::Batches(batches) => Some(batches),
            _ => None,
        })
    }

    async fn answer(
        &self,
        snapshot: &Arc<Snapshot>,
        sql: String,
    ) -> Result<Option<(Vec<RecordBatch>, Vec<Reading>)>, Fault> {
        match self.0.engine.answer(snapshot, sql).await? {
            Answer::Batches(batches, _) if batches.iter().map(RecordBatch::num_rows).sum::<usize>() > ANSWER => {
                Err(Fault::Busy("the answer is too long".to_owned()))
            }
            Answer::Batches(batches, readings) => Ok(Some((batches, readings))),
            Answer::Elsewhere => Ok(None),
        }
    }

    fn known(&self, question: &str, now: &Snapshot) -> Option<Given> {
        self.0.answers.lock().ok().and_then(|mut answers| answers.get(question, now))
    }

    fn remember(&self, question: String, given: Given, readings: Vec<Reading>, of: &Snapshot) {
        if let Ok(mut answers) = self.0.answers.lock() {
            answers.keep(question, given, readings, of);
        }
    }

    /// Forgets answers that were given before, so that the next one is worked out.
    pub fn forget_answers(&self) {
        if let Ok(mut answers) = self.0.answers.lock() {
            *answers = Answers::default();
        }
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
