//! A place as a repository: what OpenDAL does, in bounded time, and what went wrong in the words of the port.

use crate::{
    place::{Place, PlaceTrouble},
    transport,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::repository::{Listed, Listing, Reading, Repository, RepositoryTrouble};
use opendal_core::{EntryMode, Error, ErrorKind, Operator};
use opendal_service_fs::Fs;
use opendal_service_s3::S3;
use opendal_service_webdav::Webdav;
use std::{
    future::Future,
    io,
    path::{Component, Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{io::AsyncReadExt, sync::Semaphore};

/// Longest time a question about one file or folder takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest time between two pieces of a file.
const PIECE: Duration = Duration::from_secs(20);
/// Slowest line a file is laid away over, bytes a second.
const SLOWEST: u64 = 128 * 1024;
/// What is read from a local file at once.
const STRETCH: usize = 1024 * 1024;
/// A bucket takes larger files in parts of this size, in bytes.
const PART: usize = 8 * 1024 * 1024;
/// Entries of a folder that are listed.
const SHOWN: usize = 1_000;
/// Files laid away at the same time: a WebDAV server takes a file in one piece, which is in memory for as long.
const AT_ONCE: usize = 4;
/// Where a file lies in a folder until it is whole.
const UNFINISHED: &str = ".unfinished";

/// How a place takes a file.
#[derive(Clone, Copy)]
enum Pace {
    /// Stretches as they come.
    Stretches,
    /// Parts of one size ([`PART`]).
    Parts,
    /// In one piece: OpenDAL refuses a second write.
    Whole,
}

/// A place that is open.
pub struct Shelf {
    /// A folder of others may come later, when what it lies on is there.
    operator: OnceLock<Operator>,
    /// A local folder: what lies behind a link out of it is not shown.
    folder: Option<PathBuf>,
    pace: Pace,
    laying: Semaphore,
}

/// Opens a place; nothing is asked of a server yet. A folder is made where `make` says so. One of others is only looked for: while
/// it is not there, the shelf says that it does not answer.
pub fn open(place: &Place, make: bool) -> Result<Arc<Shelf>, PlaceTrouble> {
    place.check()?;
    let machine = |error: Error| PlaceTrouble::Machine(error.to_string());
    let opened = match place {
        Place::Folder(_) if !make => None,
        Place::Folder(path) => {
            let (root, unfinished) = (path.to_string_lossy(), path.join(UNFINISHED));
            Some(Operator::new(Fs::default().root(&root).atomic_write_dir(&unfinished.to_string_lossy())))
        }
        Place::WebDav { url, user, password, .. } => {
            let dav = Webdav::default().endpoint(url.as_str().trim_end_matches('/'));
            Some(Operator::new(if user.is_empty() { dav } else { dav.username(user).password(password) }))
        }
        Place::Bucket { name, prefix, endpoint, region, access_key, secret_key } => {
            let s3 = S3::default()
                .bucket(name)
                .root(prefix)
                .region(region)
                .access_key_id(access_key)
                .secret_access_key(secret_key)
                .disable_config_load()
                .disable_ec2_metadata();
            Some(Operator::new(match endpoint {
                Some(endpoint) => s3.endpoint(endpoint.as_str().trim_end_matches('/')),
                None => s3.endpoint(&format!("https://s3.{region}.amazonaws.com")).enable_virtual_host_style(),
            }))
        }
    };
    let operator = OnceLock::new();
    if let Some(opened) = opened {
        let mut opened = opened.map_err(machine)?;
        if let Some(server) = place.server() {
            opened = opened.with_context(transport::context(place, &server)?);
        }
        operator.get_or_init(|| opened);
    }
    let folder = match place {
        Place::Folder(path) => Some(path.clone()),
        _ => None,
    };
    let pace = match place {
        Place::Folder(_) => Pace::Stretches,
        Place::Bucket { .. } => Pace::Parts,
        Place::WebDav { .. } => Pace::Whole,
    };
    Ok(Arc::new(Shelf { operator, folder, pace, laying: Semaphore::new(AT_ONCE) }))
}

impl Shelf {
    /// What asks the place; a folder of others only once it is there.
    async fn operator(&self) -> Result<&Operator, RepositoryTrouble> {
        if let Some(folder) = &self.folder {
            let away = |error: io::Error| RepositoryTrouble::Away(format!("{}: {error}", folder.display()));
            let about = tokio::fs::metadata(folder).await.map_err(away)?;
            if !about.is_dir() {
                return Err(RepositoryTrouble::Away(format!("{} is no folder", folder.display())));
            }
            if self.operator.get().is_none() {
                let opened = Operator::new(Fs::default().root(&folder.to_string_lossy())).map_err(said)?;
                return Ok(self.operator.get_or_init(|| opened));
            }
        }
        self.operator.get().ok_or_else(|| RepositoryTrouble::Away("not open".to_owned()))
    }

    /// Only what lies inside: no step upwards, no way around through a link.
    async fn inside(&self, path: &str) -> Result<(), RepositoryTrouble> {
        let plain = !path.contains(['\0', '\\'])
            && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
            && !path.split('/').any(|part| part == "." || part == UNFINISHED);
        if !plain {
            return Err(RepositoryTrouble::Missing);
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        let top = tokio::fs::canonicalize(folder).await.map_err(|error| RepositoryTrouble::Away(error.to_string()))?;
        match tokio::fs::canonicalize(top.join(path)).await {
            Ok(real) if real.starts_with(&top) => Ok(()),
            Ok(_) => Err(RepositoryTrouble::Missing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(RepositoryTrouble::Missing),
            Err(error) => Err(RepositoryTrouble::Away(error.to_string())),
        }
    }

    async fn lay(&self, path: &str, file: &Path) -> Result<(), RepositoryTrouble> {
        let local = |error: io::Error| RepositoryTrouble::Away(format!("the upload cannot be read: {error}"));
        let mut file = tokio::fs::File::open(file).await.map_err(local)?;
        let operator = self.operator().await?;
        let opened = match self.pace {
            Pace::Whole => {
                let mut whole = Vec::new();
                file.read_to_end(&mut whole).await.map_err(local)?;
                return operator.write(path, whole).await.map(drop).map_err(said);
            }
            Pace::Parts => operator.writer_with(path).chunk(PART).await,
            Pace::Stretches => operator.writer(path).await,
        };
        let mut writer = opened.map_err(said)?;
        let laid = async {
            loop {
                let mut stretch = Vec::with_capacity(STRETCH);
                if (&mut file).take(STRETCH as u64).read_to_end(&mut stretch).await.map_err(local)? == 0 {
                    return writer.close().await.map(drop).map_err(said);
                }
                writer.write(stretch).await.map_err(said)?;
            }
        };
        let laid = laid.await;
        if laid.is_err()
            && let Err(error) = writer.abort().await
        {
            tracing::debug!(%error, "A half-laid file could not be taken back");
        }
        laid
    }
}

/// What a local file's size allows.
async fn patience(file: &Path) -> Duration {
    let size = tokio::fs::metadata(file).await.map_or(0, |about| about.len());
    PATIENCE + Duration::from_secs(size / SLOWEST)
}

async fn within<T>(
    time: Duration,
    work: impl Future<Output = Result<T, RepositoryTrouble>>,
) -> Result<T, RepositoryTrouble> {
    let late = |_| RepositoryTrouble::Away("no answer in time".to_owned());
    tokio::time::timeout(time, work).await.map_err(late)?
}

#[async_trait]
impl Repository for Shelf {
    async fn put(&self, path: &str, file: &Path) -> Result<(), RepositoryTrouble> {
        within(patience(file).await, async {
            let away = |_| RepositoryTrouble::Away("closing".to_owned());
            let _turn = self.laying.acquire().await.map_err(away)?;
            self.lay(path, file).await
        })
        .await
    }

    async fn open(&self, path: &str) -> Result<Box<dyn Reading>, RepositoryTrouble> {
        within(PATIENCE, async {
            let operator = self.operator().await?;
            self.inside(path).await?;
            let about = operator.stat(path).await.map_err(said)?;
            if about.mode() != EntryMode::FILE {
                return Err(RepositoryTrouble::Missing);
            }
            let size = about.content_length();
            let reader = operator.reader(path).await.map_err(said)?;
            let pieces = match size {
                0 => futures::stream::empty().boxed(),
                _ => reader.into_stream(0..size).await.map_err(said)?.map_ok(|piece| piece.to_bytes()).boxed(),
            };
            Ok(Box::new(Pieces { size, pieces }) as Box<dyn Reading>)
        })
        .await
    }

    async fn list(&self, folder: &str) -> Result<Listing, RepositoryTrouble> {
        within(PATIENCE, async {
            let operator = self.operator().await?;
            let path = match folder {
                "" => String::new(),
                folder => {
                    self.inside(folder).await?;
                    format!("{folder}/")
                }
            };
            let mut lister = operator.lister(&path).await.map_err(said)?;
            let mut listing = Listing::default();
            while let Some(entry) = lister.try_next().await.map_err(said)? {
                let name = entry.name().trim_end_matches('/');
                if name.is_empty() || entry.path() == path || name.starts_with('.') {
                    continue;
                }
                if listing.entries.len() == SHOWN {
                    listing.more = true;
                    break;
                }
                let folder = entry.metadata().mode() == EntryMode::DIR;
                let size = match folder {
                    true => 0,
                    // A local folder's list says no sizes.
                    false if self.folder.is_some() => {
                        operator.stat(entry.path()).await.map_or(0, |about| about.content_length())
                    }
                    false => entry.metadata().content_length(),
                };
                listing.entries.push(Listed { name: name.to_owned(), folder, size });
            }
            listing.entries.sort_by(|a, b| (!a.folder, &a.name).cmp(&(!b.folder, &b.name)));
            Ok(listing)
        })
        .await
    }

    async fn delete(&self, path: &str) -> Result<(), RepositoryTrouble> {
        within(PATIENCE, async {
            match self.operator().await?.delete(path).await {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                done => done.map_err(said),
            }
        })
        .await
    }

    async fn answers(&self, patience: Duration) -> Result<(), RepositoryTrouble> {
        within(patience, async {
            let operator = self.operator().await?;
            match self.folder {
                Some(_) => Ok(()),
                None => operator.lister("").await.map_err(said)?.try_next().await.map(drop).map_err(said),
            }
        })
        .await
    }
}

struct Pieces {
    size: u64,
    pieces: BoxStream<'static, opendal_core::Result<Bytes>>,
}

#[async_trait]
impl Reading for Pieces {
    fn size(&self) -> u64 {
        self.size
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, RepositoryTrouble> {
        within(PIECE, async { Ok(self.pieces.try_next().await.map_err(said)?.map(Vec::from)) }).await
    }
}

/// An error of OpenDAL in the words of the port. Its text names the request and never a header's value.
fn said(error: Error) -> RepositoryTrouble {
    let full = std::error::Error::source(&error)
        .and_then(|source| source.downcast_ref::<io::Error>())
        .is_some_and(|io| matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded));
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory => RepositoryTrouble::Missing,
        _ if full => RepositoryTrouble::Full(error.to_string()),
        _ => RepositoryTrouble::Away(error.to_string()),
    }
}
