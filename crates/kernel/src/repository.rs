//! The port to where the bytes of documents lie: a folder, a WebDAV server, a bucket.

use std::{path::Path, time::Duration};

/// Why a repository does not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepositoryTrouble {
    /// Nothing lies there (any more).
    #[error("nothing lies there")]
    Missing,
    /// There is no room left.
    #[error("no room is left: {0}")]
    Full(String),
    /// It does not answer, or not as it should; trying again later may help. The text is for the log and holds no secret.
    #[error("{0}")]
    Away(String),
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Last part of the path, without a slash.
    pub name: String,
    pub folder: bool,
    /// Bytes of a file; 0 for a folder.
    pub size: u64,
}

/// What of a folder was listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Folders first, then files, each by name.
    pub entries: Vec<Listed>,
    /// Whether the folder holds more than is listed.
    pub more: bool,
}

/// A file that is being read, piece by piece.
#[async_trait::async_trait]
pub trait Reading: Send {
    /// Bytes of the whole file.
    fn size(&self) -> u64;

    /// The next piece; nothing at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, RepositoryTrouble>;
}

/// Where documents lie. Paths are relative, with `/` between their parts, never `.` or `..`. Every call ends by itself in bounded
/// time.
#[async_trait::async_trait]
pub trait Repository: Send + Sync {
    /// Lays a local file there. Once this has answered it lies there for good, and never half before.
    async fn put(&self, path: &str, file: &Path) -> Result<(), RepositoryTrouble>;

    async fn open(&self, path: &str) -> Result<Box<dyn Reading>, RepositoryTrouble>;

    /// The entries of a folder, itself named by the empty path at the top.
    async fn list(&self, folder: &str) -> Result<Listing, RepositoryTrouble>;

    /// Takes a file away; where none lies there is nothing to do.
    async fn delete(&self, path: &str) -> Result<(), RepositoryTrouble>;

    /// Whether it answers, waiting no longer than this.
    async fn answers(&self, patience: Duration) -> Result<(), RepositoryTrouble>;
}
