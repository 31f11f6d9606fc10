//! Units of work: every one says whether it reads or writes, and a write ends with `save`.

use crate::{Engine, fault};
use kernel::{Fault, Seq};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Statement, StatementBuilder, Value};
use std::sync::Mutex;
use tokio::sync::watch;

/// What both kinds of unit can do: ask.
#[async_trait::async_trait]
pub trait Rows: Sync {
    fn engine(&self) -> Engine;

    /// The transaction, for entities and built statements of SeaORM.
    fn tx(&self) -> &DatabaseTransaction;

    /// All rows of a statement with `$1` binds.
    async fn all<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<T>, Fault>
    where
        Self: Sized,
    {
        let rows = self.tx().query_all_raw(self.statement(sql, values)).await.map_err(fault)?;
        rows.iter().map(|row| T::from_query_result(row, "").map_err(fault)).collect()
    }

    /// The first row, if there is one.
    async fn one<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Result<Option<T>, Fault>
    where
        Self: Sized,
    {
        let row = self.tx().query_one_raw(self.statement(sql, values)).await.map_err(fault)?;
        row.map(|row| T::from_query_result(&row, "").map_err(fault)).transpose()
    }

    /// The single integer of a statement; 0 where there is no row or the cell is empty.
    async fn number(&self, sql: &str, values: Vec<Value>) -> Result<i64, Fault> {
        let row = self.tx().query_one_raw(self.statement(sql, values)).await.map_err(fault)?;
        let Some(row) = row else { return Ok(0) };
        Ok(row.try_get_by_index::<Option<i64>>(0).map_err(fault)?.unwrap_or(0))
    }

    /// The first column of all rows as integers.
    async fn numbers(&self, sql: &str, values: Vec<Value>) -> Result<Vec<i64>, Fault> {
        let rows = self.tx().query_all_raw(self.statement(sql, values)).await.map_err(fault)?;
        rows.iter().map(|row| row.try_get_by_index::<i64>(0).map_err(fault)).collect()
    }

    /// All rows of a built statement (sea-query select).
    async fn select<T: FromQueryResult, S: StatementBuilder>(&self, statement: &S) -> Result<Vec<T>, Fault>
    where
        Self: Sized,
    {
        let rows = self.tx().query_all(statement).await.map_err(fault)?;
        rows.iter().map(|row| T::from_query_result(row, "").map_err(fault)).collect()
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.tx().get_database_backend(), sql, values)
    }
}

/// A unit that reads.
pub struct Read {
    tx: DatabaseTransaction,
    engine: Engine,
}

impl Read {
    pub(crate) fn new(tx: DatabaseTransaction, engine: Engine) -> Self {
        Self { tx, engine }
    }
}

#[async_trait::async_trait]
impl Rows for Read {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

/// A unit that writes. Dropped without `save`, it leaves no trace.
pub struct Write {
    tx: DatabaseTransaction,
    engine: Engine,
    committed: watch::Sender<Seq>,
    appended: Mutex<Option<Seq>>,
}

#[async_trait::async_trait]
impl Rows for Write {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

impl Write {
    pub(crate) fn new(tx: DatabaseTransaction, engine: Engine, committed: watch::Sender<Seq>) -> Self {
        Self { tx, engine, committed, appended: Mutex::new(None) }
    }

    /// Runs a statement with `$1` binds; answers how many rows it touched.
    pub async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, Fault> {
        Ok(self.tx.execute_raw(self.statement(sql, values)).await.map_err(fault)?.rows_affected())
    }

    /// Runs a built statement (sea-query insert, update, delete).
    pub async fn execute<S: StatementBuilder>(&self, statement: &S) -> Result<u64, Fault> {
        Ok(self.tx.execute(statement).await.map_err(fault)?.rows_affected())
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
        self.tx.commit().await.map_err(fault)?;
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
