//! Rows on SQLite (embedded, the default) or PostgreSQL: read and write units, migrations, tasks, jobs.
//!
//! The same statements run on both engines: `$1` binds, 64-bit integers, text; see ARCHITECTURE.md for the rules of
//! portable SQL. This crate knows tables of the house itself (settings, leases, jobs) and none of the trade.

mod batch;
pub mod changes;
pub mod copying;
mod db;
mod fault;
mod folder;
pub mod jobs;
pub mod lens;
mod migrations;
pub mod schema;
pub mod settings;
pub mod tasks;
mod unit;

pub use batch::{Batch, listed, marks};
pub use db::{Db, Engine, StoreConfig};
pub use fault::fault;
pub use folder::DataFolder;
pub use lens::RowLens;
pub use sea_orm::{self, FromQueryResult, Value};
pub use sea_query;
pub use unit::{Rows, Write};

/// Bound values of a statement, in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
