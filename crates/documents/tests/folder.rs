//! A local folder as a repository.

use documents::{Place, open};
use kernel::repository::{Repository, RepositoryTrouble};
use std::{fs, path::Path, time::Duration};

async fn whole(shelf: &dyn Repository, path: &str) -> Result<Vec<u8>, RepositoryTrouble> {
    let mut reading = shelf.open(path).await?;
    let (mut bytes, size) = (Vec::new(), reading.size());
    while let Some(piece) = reading.next().await? {
        bytes.extend(piece);
    }
    assert_eq!(bytes.len() as u64, size);
    Ok(bytes)
}

fn file(folder: &Path, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join("upload");
    fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn what_is_laid_there_is_found_again_whole_and_goes_when_told() {
    let (store, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let shelf = open(&Place::Folder(store.path().join("documents")), true).unwrap();
    for size in [0, 1, 3_000_001] {
        let bytes: Vec<u8> = (0..size).map(|n: u32| (n % 251) as u8).collect();
        shelf.put("2026-11/one", &file(desk.path(), &bytes)).await.unwrap();
        assert!(whole(&*shelf, "2026-11/one").await.unwrap() == bytes, "{size} bytes");
    }
    let listing = shelf.list("").await.unwrap();
    assert_eq!(listing.entries.len(), 1, "{listing:?}");
    assert_eq!(shelf.list("2026-11").await.unwrap().entries[0].size, 3_000_001);
    shelf.delete("2026-11/one").await.unwrap();
    shelf.delete("2026-11/one").await.unwrap();
    assert_eq!(whole(&*shelf, "2026-11/one").await, Err(RepositoryTrouble::Missing));
    shelf.answers(Duration::from_secs(1)).await.unwrap();
}

#[tokio::test]
async fn nothing_outside_the_folder_can_be_reached() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "hush").unwrap();
    let store = outside.path().join("store");
    fs::create_dir(&store).unwrap();
    fs::write(store.join("offer.txt"), "hello").unwrap();
    std::os::unix::fs::symlink(outside.path(), store.join("way-out")).unwrap();
    let shelf = open(&Place::Folder(store.clone()), false).unwrap();
    assert_eq!(whole(&*shelf, "offer.txt").await.unwrap(), b"hello");
    let absolute = outside.path().join("secret.txt");
    let absolute = absolute.to_str().unwrap();
    for path in
        ["../secret.txt", "way-out/secret.txt", "a/../../secret.txt", "./offer.txt", "", absolute, "a\\b", "x\0y"]
    {
        assert_eq!(whole(&*shelf, path).await, Err(RepositoryTrouble::Missing), "{path:?}");
    }
    assert_eq!(shelf.list("way-out").await, Err(RepositoryTrouble::Missing));
    assert_eq!(shelf.list("..").await, Err(RepositoryTrouble::Missing));
}

#[tokio::test]
async fn a_folder_of_others_is_never_made_and_may_come_later() {
    let store = tempfile::tempdir().unwrap();
    let missing = store.path().join("missing");
    let shelf = open(&Place::Folder(missing.clone()), false).unwrap();
    assert!(matches!(shelf.answers(Duration::from_secs(1)).await, Err(RepositoryTrouble::Away(_))));
    assert!(matches!(shelf.list("").await, Err(RepositoryTrouble::Away(_))));
    assert!(!missing.exists());
    fs::create_dir(&missing).unwrap();
    fs::write(missing.join("offer.txt"), "hello").unwrap();
    assert_eq!(whole(&*shelf, "offer.txt").await.unwrap(), b"hello");
    fs::rename(&missing, store.path().join("elsewhere")).unwrap();
    assert!(matches!(whole(&*shelf, "offer.txt").await, Err(RepositoryTrouble::Away(_))));
}
