//! Where the bytes are: our own repository, and one of others that is only read.

use crate::{Refusal, Trouble};
use kernel::{
    Fault, Sentence,
    repository::{Listing, Reading, Repository, RepositoryTrouble},
};
use std::{path::Path, sync::Arc, time::Duration};

/// A repository of others: its files are listed, linked and opened where they lie, never changed.
#[derive(Clone)]
pub struct Linked {
    /// What people call it.
    pub name: Arc<str>,
    pub repository: Arc<dyn Repository>,
}

/// The repositories and the rule for what goes in.
#[derive(Clone)]
pub struct Cabinet {
    pub own: Arc<dyn Repository>,
    pub linked: Option<Linked>,
    /// Largest file in bytes.
    pub largest: u64,
}

/// Largest file where nobody has set another limit, in bytes.
pub const LARGEST: u64 = 25 * 1024 * 1024;

impl Default for Cabinet {
    /// No repository is set up: documents are listed, and nothing can be laid away or opened.
    fn default() -> Self {
        Self { own: Arc::new(Nowhere), linked: None, largest: LARGEST }
    }
}

/// Where a version lies, as its row says it.
pub(super) const OWN: &str = "own";
pub(super) const LINKED: &str = "linked";

impl Cabinet {
    /// The repository a version lies in.
    pub(super) fn repository(&self, place: &str) -> Result<&dyn Repository, Refusal> {
        match (place, &self.linked) {
            (LINKED, Some(linked)) => Ok(&*linked.repository),
            (LINKED, None) => Err(Refusal::Away(Sentence::new("documents-linked-gone"))),
            _ => Ok(&*self.own),
        }
    }
}

/// What a repository's trouble is to a person.
pub(super) fn trouble(trouble: RepositoryTrouble) -> Trouble {
    match trouble {
        RepositoryTrouble::Missing => Refusal::state("documents-bytes-missing").into(),
        RepositoryTrouble::Full(why) => Fault::DiskFull(why.into()).into(),
        RepositoryTrouble::Away(why) => {
            tracing::warn!(error = %why, "The document store does not answer as it should");
            Refusal::Away(Sentence::new("documents-store-away")).into()
        }
    }
}

/// Stands where no repository is set up.
struct Nowhere;

fn nowhere<T>() -> Result<T, RepositoryTrouble> {
    Err(RepositoryTrouble::Away("no document store is set up".to_owned()))
}

#[async_trait::async_trait]
impl Repository for Nowhere {
    async fn put(&self, _: &str, _: &Path) -> Result<(), RepositoryTrouble> {
        nowhere()
    }

    async fn open(&self, _: &str) -> Result<Box<dyn Reading>, RepositoryTrouble> {
        nowhere()
    }

    async fn list(&self, _: &str) -> Result<Listing, RepositoryTrouble> {
        nowhere()
    }

    async fn delete(&self, _: &str) -> Result<(), RepositoryTrouble> {
        nowhere()
    }

    async fn answers(&self, _: Duration) -> Result<(), RepositoryTrouble> {
        nowhere()
    }
}
