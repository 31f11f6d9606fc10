//! Database errors sorted into the faults the house distinguishes.

use kernel::Fault;
use sea_orm::{DbErr, SqlErr};

/// Sorts a database error. Disk full: SQLITE_FULL (13), PostgreSQL class 53; collision: SQLITE_BUSY (5), SQLSTATE 40001,
/// 40P01.
pub fn fault(error: DbErr) -> Fault {
    if let Some(SqlErr::UniqueConstraintViolation(what)) = error.sql_err() {
        return Fault::Duplicate(what);
    }
    let text = error.to_string();
    let source = Box::new(error);
    let says = |needles: &[&str]| needles.iter().any(|n| text.contains(n));
    if says(&["database or disk is full", "No space left on device", "could not extend file", "disk full"]) {
        Fault::DiskFull(source)
    } else if says(&["database is locked", "could not serialize", "deadlock detected", "database table is locked"]) {
        Fault::Collision(source)
    } else if says(&["pool timed out", "PoolTimedOut", "ConnectionAcquire"]) {
        Fault::Busy(text)
    } else {
        Fault::Database(source)
    }
}
