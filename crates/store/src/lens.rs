//! Answers questions from rows.

use crate::{Db, Rows, changes, fault};
use kernel::{Cell, ContactId, Fault, Lens, People, Question, Seq, Table, Unit};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};

/// The relational store as a [`Lens`]: always as fresh as the last commit.
#[derive(Clone)]
pub struct RowLens(pub Db);

#[async_trait::async_trait]
impl Lens for RowLens {
    async fn ask(&self, question: &Question, _seq: Seq) -> Result<Table, Fault> {
        let unit = self.0.read_beside().await?;
        ask(&unit, question).await
    }

    async fn people(&self, question: &Question, _seq: Seq) -> Result<People, Fault> {
        let unit = self.0.read_beside().await?;
        let rows = found(&unit, question).await?;
        rows.iter().map(|row| row.try_get_by_index(0).map(ContactId).map_err(fault)).collect()
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        changes::stamp(&self.0.read_beside().await?).await
    }
}

/// Answers a question inside a unit that is already open.
pub async fn ask(rows: &Rows, question: &Question) -> Result<Table, Fault> {
    let found = found(rows, question).await?;
    let mut table = Table::new(question.columns.clone());
    for row in &found {
        let cells = question.columns.iter().enumerate().map(|(i, column)| cell(row, i, column.unit));
        table.rows.push(cells.collect::<Result<_, _>>()?);
    }
    Ok(table)
}

async fn found(rows: &Rows, question: &Question) -> Result<Vec<QueryResult>, Fault> {
    let (sql, values) = match rows.engine() {
        crate::Engine::Sqlite => question.select.build(SqliteQueryBuilder),
        crate::Engine::Postgres => question.select.build(PostgresQueryBuilder),
    };
    let statement = Statement { sql, values: Some(values), db_backend: rows.tx().get_database_backend() };
    rows.tx().query_all_raw(statement).await.map_err(fault)
}

fn cell(row: &QueryResult, index: usize, unit: Unit) -> Result<Cell, Fault> {
    let cell = match unit {
        Unit::Text => row.try_get_by_index::<Option<String>>(index).map_err(fault)?.map(Cell::Text),
        Unit::Share | Unit::Number => row.try_get_by_index::<Option<f64>>(index).map_err(fault)?.map(Cell::Real),
        Unit::Id | Unit::Count | Unit::Money(_) | Unit::Instant => {
            row.try_get_by_index::<Option<i64>>(index).map_err(fault)?.map(Cell::Int)
        }
    };
    Ok(cell.unwrap_or(Cell::Empty))
}
