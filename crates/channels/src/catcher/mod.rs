//! The mail catcher: a small mail server on this machine that keeps what a demonstration sends, so that it can be looked at
//! and reaches nobody.
//!
//! It keeps the newest mails as `.eml` files and their headings in memory. It is no mail server for anything else: no
//! login, no encryption, no delivery, no fsync.

mod folder;
mod session;

use folder::Folder;
use kernel::{
    Clock,
    mail::{CaughtHeading, CaughtMail, CaughtMails, CaughtPage},
    text::fold,
};
use mail_parser::MessageParser;
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, mpsc},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, oneshot},
    task::{JoinHandle, spawn_blocking},
};

/// Mails kept unless said otherwise.
pub const KEPT: usize = 5_000;
/// Mails on one page of the list.
const PAGE: usize = 50;
/// Conversations at the same time.
const GUESTS: usize = 200;

/// A mail as it came in.
struct Arrival {
    from: String,
    to: Vec<String>,
    raw: Vec<u8>,
    kept: oneshot::Sender<io::Result<String>>,
}

/// Catches mail until it is dropped.
pub struct Catcher {
    address: SocketAddr,
    folder: Arc<RwLock<Folder>>,
    doorkeeper: JoinHandle<()>,
}

impl Catcher {
    /// Listens on `address` (port 0: any free port) and keeps the newest `keep` mails in `folder`, which is made if it is
    /// not there; mails already in it are listed again.
    ///
    /// # Errors
    /// The folder cannot be read or written, the address is taken.
    pub async fn start(address: SocketAddr, folder: PathBuf, keep: usize, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let opened = spawn_blocking(move || Folder::open(folder, keep)).await.map_err(io::Error::other)??;
        let folder = Arc::new(RwLock::new(opened));
        let (arrivals, inbox) = mpsc::sync_channel::<Arrival>(1_000);
        let shelf = folder.clone();
        // One writer: file names stay in order. It ends when the last conversation has dropped its sender.
        std::thread::Builder::new().name("mail-catcher".into()).spawn(move || {
            for Arrival { from, to, raw, kept } in inbox {
                let outcome = folder::put(&shelf, clock.now(), &from, &to, &raw);
                let _sender_gone = kept.send(outcome);
            }
        })?;
        let doorkeeper = tokio::spawn(async move {
            let guests = Arc::new(Semaphore::new(GUESTS));
            loop {
                let Ok(guest) = guests.clone().acquire_owned().await else { return };
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let arrivals = arrivals.clone();
                        tokio::spawn(async move {
                            let _guest = guest;
                            if let Err(trouble) = session::serve(stream, arrivals).await {
                                tracing::debug!(%trouble, "a conversation with the mail catcher broke off");
                            }
                        });
                    }
                    Err(trouble) => {
                        tracing::warn!(%trouble, "the mail catcher cannot take a connection");
                        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    }
                }
            }
        });
        Ok(Self { address, folder, doorkeeper })
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.doorkeeper.abort();
    }
}

#[async_trait::async_trait]
impl CaughtMails for Catcher {
    fn address(&self) -> SocketAddr {
        self.address
    }

    async fn list(&self, page: usize, search: &str) -> CaughtPage {
        let wanted = fold(search);
        let folder = self.folder.read().unwrap_or_else(PoisonError::into_inner);
        let fits = |mail: &&CaughtHeading| {
            wanted.is_empty() || [&mail.from, &mail.to, &mail.subject].iter().any(|text| fold(text).contains(&wanted))
        };
        let found: Vec<&CaughtHeading> = folder.newest_first().filter(fits).collect();
        let pages = found.len().div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let mails = found.iter().skip((page - 1) * PAGE).take(PAGE).map(|mail| (*mail).clone()).collect();
        CaughtPage { mails, page, pages, total: found.len() }
    }

    async fn get(&self, id: &str) -> Option<CaughtMail> {
        // Only a name from the list becomes a path.
        let (heading, path) = self.folder.read().unwrap_or_else(PoisonError::into_inner).find(id)?;
        spawn_blocking(move || read(heading, std::fs::read(path).ok()?)).await.ok().flatten()
    }

    async fn forget(&self, is_about: &(dyn for<'a> Fn(&'a str) -> bool + Send + Sync)) -> usize {
        let ids: Vec<String> = {
            let folder = self.folder.read().unwrap_or_else(PoisonError::into_inner);
            folder.newest_first().map(|heading| heading.id.clone()).collect()
        };
        let mut gone = 0;
        for id in ids {
            let Some(mail) = self.get(&id).await else { continue };
            let texts = [mail.html.as_deref(), mail.text.as_deref(), Some(&mail.to), Some(&mail.subject)];
            let told = texts.into_iter().flatten().chain(mail.headers.iter().map(|(_, value)| value.as_str()));
            if told.into_iter().any(is_about) {
                let mut folder = self.folder.write().unwrap_or_else(PoisonError::into_inner);
                gone += usize::from(folder.take_away(&id));
            }
        }
        gone
    }
}

fn read(heading: CaughtHeading, raw: Vec<u8>) -> Option<CaughtMail> {
    let mail = MessageParser::new().parse(&raw)?;
    let whole = |kind: fn(&mail_parser::PartType) -> bool, bodies: &[u32]| {
        bodies.iter().any(|part| mail.part(*part).is_some_and(|part| kind(&part.body)))
    };
    let has_html = whole(|body| matches!(body, mail_parser::PartType::Html(_)), &mail.html_body);
    let has_text = whole(|body| matches!(body, mail_parser::PartType::Text(_)), &mail.text_body);
    let html = has_html.then(|| mail.body_html(0).map(std::borrow::Cow::into_owned)).flatten();
    let text = has_text.then(|| mail.body_text(0).map(std::borrow::Cow::into_owned)).flatten();
    let headers = mail
        .headers()
        .iter()
        .map(|header| {
            let raw = raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
            let spelt = String::from_utf8_lossy(raw);
            let value = match &header.value {
                mail_parser::HeaderValue::Text(text) if spelt.contains("=?") => text.to_string(),
                _ => spelt.split("\r\n").map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned(),
            };
            (header.name.as_str().to_owned(), value)
        })
        .collect();
    let CaughtHeading { id, received_at, from, to, subject, .. } = heading;
    Some(CaughtMail { id, received_at, from, to, subject, html, text, headers, raw })
}
