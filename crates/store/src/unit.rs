//! Units of work: every one says whether it reads or writes, and a write ends with `save`.

use crate::{Engine, fault, listed};
use kernel::{Fault, Seq};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QueryResult, Statement, StatementBuilder, Value};
use sea_query::{PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder};
use serde::de::DeserializeOwned;
use std::{ops::Deref, sync::Mutex};
use tokio::sync::watch;

/// A unit that asks; a unit that writes can do the same. A plain type rather than a trait, so that the rooms' functions are
/// compiled once and not again in every crate that calls them.
pub struct Rows {
    tx: DatabaseTransaction,
    engine: Engine,
}

impl Rows {
    pub(crate) fn new(tx: DatabaseTransaction, engine: Engine) -> Self {
        Self { tx, engine }
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The transaction, for entities and built statements of SeaORM.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// All rows of a statement with `$1` binds.
    pub async fn all<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<T>, Fault> {
        read(&self.rows(self.statement(sql, values)).await?)
    }

    /// The first row, if there is one.
    pub async fn one<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Option<T>, Fault> {
        let row = self.row(self.statement(sql, values)).await?;
        row.map(|row| T::from_query_result(&row, "").map_err(fault)).transpose()
    }

    /// The single integer of a statement; 0 where there is no row or the cell is empty.
    pub async fn number(&self, sql: &str, values: Vec<Value>) -> Result<i64, Fault> {
        let Some(row) = self.row(self.statement(sql, values)).await? else { return Ok(0) };
        Ok(row.try_get_by_index::<Option<i64>>(0).map_err(fault)?.unwrap_or(0))
    }

    /// The first column of all rows as integers.
    pub async fn numbers(&self, sql: &str, values: Vec<Value>) -> Result<Vec<i64>, Fault> {
        let rows = self.rows(self.statement(sql, values)).await?;
        rows.iter().map(|row| row.try_get_by_index::<i64>(0).map_err(fault)).collect()
    }

    /// Rows of text cells, for whoever reads tables whose columns are only known when they are looked at: every selected
    /// expression is text.
    pub async fn texts(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Vec<Option<String>>>, Fault> {
        let rows = self.rows(self.statement(sql, values)).await?;
        let cells = |row: &QueryResult| {
            (0..row.column_names().len()).map(|n| row.try_get_by_index(n).map_err(fault)).collect::<Result<Vec<_>, _>>()
        };
        rows.iter().map(cells).collect()
    }

    /// What a select that ends with the column of a key says of some keys, a tuple of its `columns` for each row.
    pub async fn keyed<T: DeserializeOwned>(
        &self,
        columns: &[&str],
        select: &str,
        keys: &[impl AsRef<str>],
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        for chunk in keys.chunks(512) {
            let (marks, values) = listed(self.engine, chunk.iter().map(|key| Value::from(key.as_ref())).collect());
            found.extend(self.gathered::<T>(columns, &format!("{select} IN ({marks})"), values).await?);
        }
        Ok(found)
    }

    /// All rows of a statement in one cell: from SQLite's thread every row comes by itself, and waking up for it takes longer
    /// than a small row takes to be read.
    async fn gathered<T: DeserializeOwned>(
        &self,
        columns: &[&str],
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<T>, Fault> {
        let columns = columns.join(", ");
        let sql = match self.engine {
            Engine::Sqlite => format!("SELECT json_group_array(json_array({columns})) FROM ({sql}) gathered"),
            Engine::Postgres => {
                format!("SELECT COALESCE(json_agg(json_build_array({columns})), '[]')::text FROM ({sql}) gathered")
            }
        };
        let Some(row) = self.row(self.statement(&sql, values)).await? else { return Ok(Vec::new()) };
        let cell: String = row.try_get_by_index(0).map_err(fault)?;
        serde_json::from_str(&cell).map_err(|error| Fault::Unreadable(format!("rows that were gathered: {error}")))
    }

    /// All rows of a built statement (sea-query select).
    pub async fn select<T: FromQueryResult>(&self, statement: &impl StatementBuilder) -> Result<Vec<T>, Fault> {
        read(&self.rows(self.tx.get_database_backend().build(statement)).await?)
    }

    /// A select as text in this engine's SQL, with its values written and quoted by the query builder.
    pub fn text(&self, select: &SelectStatement) -> String {
        match self.engine {
            Engine::Sqlite => select.to_string(SqliteQueryBuilder),
            Engine::Postgres => select.to_string(PostgresQueryBuilder),
        }
    }

    pub fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values)
    }

    async fn rows(&self, statement: Statement) -> Result<Vec<QueryResult>, Fault> {
        self.tx.query_all_raw(statement).await.map_err(fault)
    }

    async fn row(&self, statement: Statement) -> Result<Option<QueryResult>, Fault> {
        self.tx.query_one_raw(statement).await.map_err(fault)
    }
}

fn read<T: FromQueryResult>(rows: &[QueryResult]) -> Result<Vec<T>, Fault> {
    rows.iter().map(|row| T::from_query_result(row, "").map_err(fault)).collect()
}

/// A unit that writes. Dropped without `save`, it leaves no trace.
pub struct Write {
    rows: Rows,
    committed: watch::Sender<Seq>,
    appended: Mutex<Option<Seq>>,
}

impl Deref for Write {
    type Target = Rows;

    fn deref(&self) -> &Rows {
        &self.rows
    }
}

impl Write {
    pub(crate) fn new(tx: DatabaseTransaction, engine: Engine, committed: watch::Sender<Seq>) -> Self {
        Self { rows: Rows { tx, engine }, committed, appended: Mutex::new(None) }
    }

    /// Runs a statement with `$1` binds; answers how many rows it touched.
    pub async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, Fault> {
        Ok(self.rows.tx.execute_raw(self.statement(sql, values)).await.map_err(fault)?.rows_affected())
    }

    /// Runs a built statement (sea-query insert, update, delete).
    pub async fn execute(&self, statement: &impl StatementBuilder) -> Result<u64, Fault> {
        Ok(self.rows.tx.execute(statement).await.map_err(fault)?.rows_affected())
    }

    /// Runs statements of our own, one after the other, without binds.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Fault> {
        self.rows.tx.execute_unprepared(sql).await.map_err(fault)?;
        Ok(())
    }

    /// Inserts and answers the new id: the statement ends with `RETURNING id`.
    pub async fn insert(&self, sql: &str, values: Vec<Value>) -> Result<i64, Fault> {
        self.number(sql, values).await
    }

    /// Notes that this unit appended to the interaction log up to `seq`, so that followers are woken by the commit.
    pub fn appended(&self, seq: Seq) {
        if let Ok(mut appended) = self.appended.lock() {
            *appended = (*appended).max(Some(seq));
        }
    }

    /// Commits. Only after this the unit's work has happened.
    pub async fn save(self) -> Result<(), Fault> {
        self.rows.tx.commit().await.map_err(fault)?;
        if let Ok(Some(seq)) = self.appended.into_inner() {
            self.committed.send_if_modified(|newest| {
                let newer = seq > *newest;
                if newer {
                    *newest = seq;
                }
                newer
            });
        }
        Ok(())
    }
}
