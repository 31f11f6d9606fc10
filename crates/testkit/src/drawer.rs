//! A repository in memory that can be shut, so that a story sees what happens when the document store is away.

use kernel::repository::{Listed, Listing, Reading, Repository, RepositoryTrouble};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Bytes by path.
#[derive(Default)]
pub struct Drawer {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    shut: AtomicBool,
}

impl Drawer {
    /// From now on it does not answer.
    pub fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
    }

    pub fn reopen(&self) {
        self.shut.store(false, Ordering::SeqCst);
    }

    /// Lays something there, as somebody beside us might.
    pub fn lay(&self, path: &str, bytes: &[u8]) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
    }

    /// The paths of everything that lies there.
    pub fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }

    fn open_for(&self) -> Result<(), RepositoryTrouble> {
        match self.shut.load(Ordering::SeqCst) {
            true => Err(RepositoryTrouble::Away("the drawer is shut".to_owned())),
            false => Ok(()),
        }
    }
}

struct Pages {
    size: u64,
    left: Vec<u8>,
}

#[async_trait::async_trait]
impl Reading for Pages {
    fn size(&self) -> u64 {
        self.size
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, RepositoryTrouble> {
        let rest = self.left.split_off(self.left.len().min(1000));
        let piece = std::mem::replace(&mut self.left, rest);
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

#[async_trait::async_trait]
impl Repository for Drawer {
    async fn put(&self, path: &str, file: &Path) -> Result<(), RepositoryTrouble> {
        self.open_for()?;
        self.lay(path, &std::fs::read(file).expect("an upload"));
        Ok(())
    }

    async fn open(&self, path: &str) -> Result<Box<dyn Reading>, RepositoryTrouble> {
        self.open_for()?;
        let left = self.files.lock().unwrap().get(path).cloned().ok_or(RepositoryTrouble::Missing)?;
        Ok(Box::new(Pages { size: left.len() as u64, left }))
    }

    async fn list(&self, folder: &str) -> Result<Listing, RepositoryTrouble> {
        self.open_for()?;
        let above = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries: BTreeMap<(bool, String), u64> = BTreeMap::new();
        for (path, bytes) in &*self.files.lock().unwrap() {
            let Some(inside) = path.strip_prefix(&above) else { continue };
            match inside.split_once('/') {
                Some((folder, _)) => entries.insert((false, folder.to_owned()), 0),
                None => entries.insert((true, inside.to_owned()), bytes.len() as u64),
            };
        }
        let listed = |((file, name), size): ((bool, String), u64)| Listed { name, folder: !file, size };
        Ok(Listing { entries: entries.into_iter().map(listed).collect(), more: false })
    }

    async fn delete(&self, path: &str) -> Result<(), RepositoryTrouble> {
        self.open_for()?;
        self.files.lock().unwrap().remove(path);
        Ok(())
    }

    async fn answers(&self, _: Duration) -> Result<(), RepositoryTrouble> {
        self.open_for()
    }
}
