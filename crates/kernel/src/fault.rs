//! What went wrong that the user cannot mend: a machine, a disk, a database.

use std::io::ErrorKind;

/// A technical fault. A room passes it up unchanged; the one boundary turns it into a page or a problem document.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The disk of the database and the uploads is full: reads go on, writes do not.
    #[error("no space left on the disk")]
    DiskFull(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database did not do what was asked.
    #[error("the database failed: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A value that must be unique is taken already.
    #[error("already there: {0}")]
    Duplicate(String),
    /// Another writer was faster; the unit may be repeated.
    #[error("the unit of work collided with another one")]
    Collision(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Input or output outside the database.
    #[error("{what}: {source}")]
    Io {
        what: String,
        #[source]
        source: std::io::Error,
    },
    /// A value in storage that this version cannot read.
    #[error("stored value cannot be read: {0}")]
    Unreadable(String),
    /// A queue is full or a machine does not answer in time; trying again later may help.
    #[error("{0}")]
    Busy(String),
}

impl Fault {
    /// An input/output fault with the sentence that says what was tried; a full disk is told apart.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Fault {
        let what = what.into();
        move |source| match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Fault::DiskFull(format!("{what}: {source}").into()),
            _ => Fault::Io { what, source },
        }
    }
}
