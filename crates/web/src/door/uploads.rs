//! Files that come in: written to the data folder as they arrive, never whole in memory.

use super::{Answer, House, Trouble};
use axum::body::Bytes;
use futures::{Stream, StreamExt};
use kernel::{Fault, chance};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// Writes a stream into the folder of uploads, under a name of our own. Whatever breaks off is taken away again.
pub async fn keep(house: &House, bytes: impl Stream<Item = Result<Bytes, axum::Error>>) -> Answer<PathBuf> {
    let name = chance::ordered_id(house.now(), &mut chance::system());
    let path = house.folder.inside("uploads")?.join(name);
    let written = write(&path, bytes).await;
    if written.is_err() {
        discard(&path).await;
    }
    written.map(|()| path)
}

async fn write(path: &Path, bytes: impl Stream<Item = Result<Bytes, axum::Error>>) -> Answer<()> {
    let mut file = tokio::fs::File::create(path).await.map_err(Fault::io("keeping an upload"))?;
    let mut bytes = std::pin::pin!(bytes);
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|_| Trouble::TooLarge)?;
        file.write_all(&chunk).await.map_err(Fault::io("keeping an upload"))?;
    }
    file.flush().await.map_err(Fault::io("keeping an upload"))?;
    Ok(())
}

/// Takes a file away that is not wanted after all.
pub async fn discard(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await {
        tracing::warn!(%error, "An upload could not be taken away");
    }
}

/// The last part of the name a browser gives a file, without anything that could lead elsewhere.
pub fn file_name(told: Option<&str>) -> String {
    let last = told.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    match plain.trim().trim_matches('.') {
        "" => "upload.csv".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_nowhere() {
        assert_eq!(file_name(Some("../../etc/passwd")), "passwd");
        assert_eq!(file_name(Some("C:\\Daten\\Kunden März.csv")), "Kunden März.csv");
        assert_eq!(file_name(Some("a\r\nb.csv")), "ab.csv");
        assert_eq!(file_name(Some("..")), "upload.csv");
        assert_eq!(file_name(None), "upload.csv");
        assert_eq!(file_name(Some(&"x".repeat(500))).len(), 120);
    }
}
