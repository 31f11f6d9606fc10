//! A fresh PostgreSQL database for one test.

use sqlx::{Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Db, StoreConfig};

/// The server tests may make databases on: a superuser's URL, set by `cargo xtask test`.
pub const VARIABLE: &str = "KUNDENKREIS_TEST_POSTGRES";

/// The URL of a new, empty database, where a server is given.
pub async fn fresh_url() -> Option<String> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    #[allow(clippy::disallowed_methods, reason = "tests are configured by their runner")]
    let server = std::env::var(VARIABLE).ok()?;
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("the PostgreSQL of the tests answers");
    let sql = format!("CREATE DATABASE {name}");
    connection.execute(sqlx::AssertSqlSafe(sql)).await.expect("a database can be made");
    let mut url = server.parse::<url::Url>().expect("a URL");
    url.set_path(&name);
    Some(url.to_string())
}

/// A new database with all tables, where a server is given.
pub async fn fresh() -> Option<Db> {
    let url = fresh_url().await?;
    Some(Db::open(&StoreConfig::Postgres { url, connections: 8 }).await.expect("the tables can be made"))
}
