//! Where documents lie: the repository of our own and the linked one, as configured.

use crate::config::Config;
use anyhow::{Context, Result, anyhow, bail};
use crm::documents::{Cabinet, Linked};
use documents::Place;
use kernel::repository::Repository;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::DataFolder;
use url::Url;

/// The two sections of settings, which read alike.
const OWN: &str = "documents";
const LINKED: &str = "linked_documents";

/// Opens both; nothing is asked of them yet.
pub fn open(config: &Config, folder: &DataFolder) -> Result<Cabinet> {
    let largest = config.get::<u64>("documents.largest_megabytes")?;
    if !(1..=2_000).contains(&largest) {
        bail!("documents.largest_megabytes = “{largest}”: choose 1 to 2000");
    }
    let place = match place(config, OWN)? {
        Some(place) => place,
        None => Place::Folder(folder.inside("documents")?),
    };
    let own = documents::open(&place, true).with_context(|| format!("documents.store: {}", place.named()))?;
    let linked = match place_of_others(config)? {
        Some((name, place)) => {
            let opened = documents::open(&place, false);
            let repository = opened.with_context(|| format!("linked_documents.store: {}", place.named()))?;
            Some(Linked { name: Arc::from(name), repository })
        }
        None => None,
    };
    Ok(Cabinet { own, linked, largest: largest * 1024 * 1024 })
}

fn place_of_others(config: &Config) -> Result<Option<(String, Place)>> {
    let Some(place) = place(config, LINKED)? else { return Ok(None) };
    let name = config.given("linked_documents.name").map_or_else(|| place.named(), str::to_owned);
    Ok(Some((name, place)))
}

/// The place a section names: nothing, a folder, `http(s)://…` for WebDAV or `s3://bucket/prefix`.
fn place(config: &Config, section: &str) -> Result<Option<Place>> {
    let key = |name: &str| format!("{section}.{name}");
    let Some(store) = config.given(&key("store")) else { return Ok(None) };
    let wrong =
        || anyhow!("{section}.store = “{store}”: write a folder, https://… of a WebDAV server or s3://bucket/prefix");
    let needed = |name: &str| {
        config
            .given(&key(name))
            .map(str::to_owned)
            .with_context(|| format!("{section}.store is a bucket, so {section}.{name} must be set, too"))
    };
    if store.starts_with("http://") || store.starts_with("https://") {
        let url: Url = store.parse().map_err(|_| wrong())?;
        let password = match config.given(&key("password_file")) {
            Some(file) => read_secret(Path::new(file)).with_context(|| key("password_file"))?,
            None => String::new(),
        };
        let user = config.text(&key("user")).to_owned();
        let ca_file = config.given(&key("ca_file")).map(PathBuf::from);
        return Ok(Some(Place::WebDav { url, user, password, ca_file }));
    }
    if store.starts_with("s3://") {
        let url: Url = store.parse().map_err(|_| wrong())?;
        let name = url.host_str().filter(|_| url.username().is_empty()).ok_or_else(wrong)?.to_owned();
        let endpoint = match config.given(&key("s3_endpoint")) {
            Some(text) => Some(text.parse().map_err(|_| anyhow!("{section}.s3_endpoint = “{text}” is no URL"))?),
            None => None,
        };
        return Ok(Some(Place::Bucket {
            name,
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint,
            region: config.text(&key("s3_region")).to_owned(),
            access_key: needed("s3_access_key")?,
            secret_key: needed("s3_secret_key")?,
        }));
    }
    if store.contains("://") {
        return Err(wrong());
    }
    Ok(Some(Place::Folder(PathBuf::from(store))))
}

/// The first line of a file.
fn read_secret(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// What `doctor` says of both: whether something can be laid away and read again, whether the linked one can be listed.
pub async fn examine(config: &Config, folder: &DataFolder) -> Result<Vec<(&'static str, Result<String, String>)>> {
    let cabinet = open(config, folder)?;
    let own = place(config, OWN)?.map_or_else(|| folder.path().join("documents").display().to_string(), |p| p.named());
    let mut findings =
        vec![("document store", probe(&*cabinet.own, &folder.path().join(".probe")).await.map(|()| own))];
    if let Some(linked) = &cabinet.linked {
        let listed = linked.repository.list("").await;
        let said = listed.map(|_| linked.name.to_string()).map_err(|trouble| trouble.to_string());
        findings.push(("linked document store", said));
    }
    Ok(findings)
}

async fn probe(own: &dyn Repository, file: &Path) -> Result<(), String> {
    const PATH: &str = "doctor/probe";
    let said = |trouble: kernel::repository::RepositoryTrouble| trouble.to_string();
    std::fs::write(file, b"x").map_err(|error| error.to_string())?;
    let put = own.put(PATH, file).await;
    std::fs::remove_file(file).map_err(|error| error.to_string())?;
    put.map_err(said)?;
    let read = own.open(PATH).await.map_err(said)?.next().await.map_err(said)?;
    own.delete(PATH).await.map_err(said)?;
    match read.as_deref() {
        Some(b"x") => Ok(()),
        _ => Err("what was laid there is not what is read".to_owned()),
    }
}
