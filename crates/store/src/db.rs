//! Opening the database, embedded or not, and handing out units of work.

use crate::{Rows, Write, changes, fault, migrations, settings};
use futures::future::BoxFuture;
use kernel::{Fault, Seq};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, IsolationLevel, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::{
    Connection, SqliteConnection,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};
use tokio::sync::watch;

/// Which engine holds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the truth is.
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// A file in the data folder.
    Sqlite { file: PathBuf },
    /// A `postgres://` URL and how many connections may be open.
    Postgres { url: String, connections: u32 },
}

/// The database. Clones share the same pools.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    readers: DatabaseConnection,
    /// For whoever may hold a unit already.
    askers: DatabaseConnection,
    writer: DatabaseConnection,
    committed: watch::Sender<Seq>,
}

/// Setting of an embedded database whose every page was overwritten when something on it was deleted.
const CLEAN: &str = "database.overwritten_since_birth";

const READERS: u32 = 6;
const ASKERS: u32 = 4;

impl Db {
    /// Opens the database and brings its tables up to date.
    pub async fn open(config: &StoreConfig) -> Result<Self, Fault> {
        let new = matches!(config, StoreConfig::Sqlite { file } if !file.exists());
        let (engine, readers, askers, writer) = match config {
            StoreConfig::Sqlite { file } => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
                    .statement_cache_capacity(400)
                    .pragma("temp_store", "MEMORY")
                    .pragma("wal_autocheckpoint", "32000")
                    // What is deleted or replaced is overwritten at once (https://sqlite.org/pragma.html#pragma_secure_delete),
                    // so that erasing a person never needs the whole file rewritten.
                    .pragma("secure_delete", "ON")
                    .row_buffer_size(4_000);
                // One connection writes: units queue here instead of colliding in SQLite.
                let writer = SqlitePoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(Duration::from_secs(60))
                    .after_release(only_if_at_rest)
                    .connect_with(options.clone().pragma("cache_size", "-65536"))
                    .await
                    .map_err(opening)?;
                migrations::sqlite(&writer).await?;
                let options = options.pragma("cache_size", "-8192").pragma("query_only", "ON");
                let reading = |connections| {
                    SqlitePoolOptions::new()
                        .max_connections(connections)
                        .acquire_timeout(Duration::from_secs(20))
                        .after_release(only_if_at_rest)
                        .connect_with(options.clone())
                };
                let readers = reading(READERS).await.map_err(opening)?;
                let askers = reading(ASKERS).await.map_err(opening)?;
                let connect = SqlxSqliteConnector::from_sqlx_sqlite_pool;
                (Engine::Sqlite, connect(readers), connect(askers), connect(writer))
            }
            StoreConfig::Postgres { url, connections } => {
                let options = PgConnectOptions::from_str(url).map_err(opening)?;
                let connecting = |connections| {
                    PgPoolOptions::new()
                        .max_connections(connections)
                        .acquire_timeout(Duration::from_secs(20))
                        .connect_with(options.clone())
                };
                let askers = (*connections / 4).clamp(1, ASKERS);
                let pool = connecting(connections.saturating_sub(askers).max(2)).await.map_err(opening)?;
                let askers = connecting(askers).await.map_err(opening)?;
                migrations::postgres(&pool).await?;
                let connect = SqlxPostgresConnector::from_sqlx_postgres_pool;
                let pool = connect(pool);
                (Engine::Postgres, pool.clone(), connect(askers), pool)
            }
        };
        let db = Self(Arc::new(Inner { engine, readers, askers, writer, committed: watch::channel(Seq(0)).0 }));
        let unit = db.write().await?;
        changes::install(&unit).await?;
        if new {
            settings::set(&unit, CLEAN, "1").await?;
        }
        unit.save().await?;
        Ok(db)
    }

    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// A unit that sees one unchanging state and writes nothing.
    pub async fn read(&self) -> Result<Rows, Fault> {
        self.begin_reading(&self.0.readers).await
    }

    /// The same for answering a question of somebody who may hold a unit already: from connections of their own, so that
    /// nobody ever waits for what he himself holds.
    pub async fn read_beside(&self) -> Result<Rows, Fault> {
        self.begin_reading(&self.0.askers).await
    }

    async fn begin_reading(&self, connections: &DatabaseConnection) -> Result<Rows, Fault> {
        let options = match self.0.engine {
            Engine::Sqlite => TransactionOptions::default(),
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
        };
        let tx = connections.begin_with_options(options).await.map_err(fault)?;
        Ok(Rows::new(tx, self.0.engine))
    }

    /// A unit that writes; without `save` everything it did is undone.
    pub async fn write(&self) -> Result<Write, Fault> {
        let options = match self.0.engine {
            Engine::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..Default::default()
            },
            Engine::Postgres => TransactionOptions::default(),
        };
        let tx = self.0.writer.begin_with_options(options).await.map_err(fault)?;
        Ok(Write::new(tx, self.0.engine, self.0.committed.clone()))
    }

    /// The newest position of the interaction log this process has committed; changes with every commit that appended.
    pub fn committed(&self) -> watch::Receiver<Seq> {
        self.0.committed.subscribe()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        let backend = self.0.readers.get_database_backend();
        self.0.readers.execute_raw(Statement::from_string(backend, "SELECT 1")).await.map_err(fault)?;
        Ok(())
    }

    /// Leaves nothing of what was erased in the files of the database. On SQLite pages were overwritten already, and the
    /// write-ahead log is copied back and cut to nothing; a file that was written before pages were overwritten is made anew
    /// once. On PostgreSQL the dead rows of these tables are given back.
    ///
    /// # Errors
    /// `Busy` where readers kept the log from being cut; whoever asks again later gets through.
    pub async fn scrub(&self, tables: &[&str]) -> Result<(), Fault> {
        match self.0.engine {
            Engine::Sqlite => {
                if self.clean_since_birth().await? {
                    self.cut_log().await
                } else {
                    self.outside(&self.0.writer, "VACUUM").await?;
                    let unit = self.write().await?;
                    settings::set(&unit, CLEAN, "1").await?;
                    unit.save().await?;
                    self.cut_log().await
                }
            }
            Engine::Postgres => {
                for table in tables {
                    self.outside(&self.0.writer, &format!("VACUUM \"{table}\"")).await?;
                }
                Ok(())
            }
        }
    }

    async fn clean_since_birth(&self) -> Result<bool, Fault> {
        Ok(settings::get(&self.read().await?, CLEAN).await?.is_some())
    }

    /// Tried for as long as readers may hold an old state.
    async fn cut_log(&self) -> Result<(), Fault> {
        for _ in 0..100 {
            let backend = self.0.writer.get_database_backend();
            let told = Statement::from_string(backend, "PRAGMA wal_checkpoint(TRUNCATE)");
            let row = self.0.writer.query_one_raw(told).await.map_err(fault)?;
            let busy = row.map(|row| row.try_get_by_index::<i64>(0)).transpose().map_err(fault)?;
            if busy == Some(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Fault::Busy("readers keep the write-ahead log from being cut".to_owned()))
    }

    /// Runs what no transaction may hold.
    async fn outside(&self, connections: &DatabaseConnection, sql: &str) -> Result<(), Fault> {
        connections.execute_unprepared(sql).await.map_err(fault)?;
        Ok(())
    }

    /// Closes all connections; units that are open end first.
    pub async fn close(&self) {
        let _ = self.0.readers.clone().close().await;
        let _ = self.0.askers.clone().close().await;
        let _ = self.0.writer.clone().close().await;
    }
}

/// Whether a connection may be used again: only when it counts no transaction any more.
///
/// SQLite itself takes a transaction back when the disk runs full in the middle of it (<https://sqlite.org/lang_transaction.html>,
/// 3.1). The count then stays at one that is not there, the next units become savepoints, and what they commit is never
/// written. Such a connection is closed, and a new one begins at the last commit.
fn only_if_at_rest(
    connection: &mut SqliteConnection,
    _: PoolConnectionMetadata,
) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    Box::pin(async move {
        // The rollback of a dropped unit waits in a queue; the ping is answered after it.
        connection.ping().await?;
        Ok(!connection.is_in_transaction())
    })
}

fn opening(error: sqlx::Error) -> Fault {
    Fault::Database(Box::new(error))
}
