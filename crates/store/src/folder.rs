//! The data folder: where the embedded database, uploads and caught mails live, and the lock that keeps a second server out.

use kernel::Fault;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// An open data folder. The lock goes when it is dropped, or with the process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: Option<File>,
}

impl DataFolder {
    /// Opens the folder for a server and refuses at once when another one runs on it.
    pub fn occupy(path: &Path) -> Result<Self, Fault> {
        let mut folder = Self::visit(path)?;
        let file = path.join("server.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .map_err(Fault::io(format!("{} cannot be opened", file.display())))?;
        lock.try_lock().map_err(|_| {
            Fault::Busy(format!("another Kundenkreis server is running on the data folder {}", path.display()))
        })?;
        folder._lock = Some(lock);
        Ok(folder)
    }

    /// Opens the folder beside a server that may be running: for commands that only use the database.
    pub fn visit(path: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(path).map_err(Fault::io(format!("the data folder {} cannot be made", path.display())))?;
        Ok(Self { path: path.to_owned(), _lock: None })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn database(&self) -> PathBuf {
        self.path.join("kundenkreis.sqlite")
    }

    /// A folder inside the data folder, made when it is missing.
    pub fn inside(&self, name: &str) -> Result<PathBuf, Fault> {
        let path = self.path.join(name);
        fs::create_dir_all(&path).map_err(Fault::io(format!("{} cannot be made", path.display())))?;
        Ok(path)
    }
}
