//! Opening the database, embedded or not, and handing out units of work.

use crate::{Rows, Write, changes, fault, migrations};
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

const READERS: u32 = 6;
const ASKERS: u32 = 4;

impl Db {
    /// Opens the database and brings its tables up to date.
    pub async fn open(config: &StoreConfig) -> Result<Self, Fault> {
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
