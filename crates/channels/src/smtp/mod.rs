//! The courier: carries batches of mail to one mail server over a pool of kept connections.

mod batch;
mod connection;
mod reply;
pub(crate) mod wire;

use crate::{
    compose,
    dkim::{DkimConfig, Signer},
};
use batch::Prepared;
use connection::{Connection, NoConnection};
use kernel::{
    Clock, MessageId, Sentence,
    mail::{ComposedMail, Courier, Handover, OutgoingMail},
};
use serde::Deserialize;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How the line is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Only for a server on the same machine or in the same rack.
    None,
    /// Begins in the clear and must become encrypted (RFC 3207), usually port 587.
    #[default]
    StartTls,
    /// Encrypted from the first byte (RFC 8314), usually port 465.
    Tls,
}

/// Where mail goes and how.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<String>,
    pub password: Option<String>,
    /// How we introduce ourselves; our own host name.
    pub helo: String,
    /// How many connections at the same time.
    pub connections: usize,
    /// How many mails a batch holds.
    pub batch: usize,
    pub connect_timeout_seconds: u64,
    pub command_timeout_seconds: u64,
    /// How long the answer to a whole mail may take; RFC 5321 asks for 10 minutes, virus scanners are slow.
    pub data_timeout_seconds: u64,
    /// After this no further mail of a batch is offered; a server may be slow, a lease may not end while a mail is on its way.
    pub batch_timeout_seconds: u64,
    /// Further certificates to trust, PEM.
    pub ca_file: Option<PathBuf>,
    pub dkim: Option<DkimConfig>,
}

impl Default for SmtpConfig {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            port: 587,
            security: Security::default(),
            user: None,
            password: None,
            helo: "localhost".into(),
            connections: 4,
            batch: 50,
            connect_timeout_seconds: 15,
            command_timeout_seconds: 60,
            data_timeout_seconds: 300,
            batch_timeout_seconds: 120,
            ca_file: None,
            dkim: None,
        }
    }
}

impl SmtpConfig {
    /// The longest a handed-over batch can take in the worst case: a lease on its messages must hold longer.
    pub fn longest_batch(&self) -> Duration {
        let last_mail = 5 * self.command_timeout_seconds + self.data_timeout_seconds;
        let calls = 2 * (3 * self.connect_timeout_seconds + 6 * self.command_timeout_seconds);
        Duration::from_secs(self.batch_timeout_seconds + last_mail + calls)
    }
}

/// A connection that rested longer is asked whether it is still there before a mail is entrusted to it.
const RESTED: Duration = Duration::from_secs(1);
/// A connection that rested longer is given up: most servers would have closed it.
const STALE: Duration = Duration::from_secs(60);

/// Carries mail to one server.
pub struct SmtpCourier {
    config: SmtpConfig,
    tls: Arc<rustls::ClientConfig>,
    signer: Option<Arc<Signer>>,
    clock: Clock,
    lines: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl SmtpCourier {
    /// # Errors
    /// A DKIM key or a certificate file that cannot be read, a host name that is none. The server is not contacted yet.
    pub fn new(mut config: SmtpConfig, clock: Clock) -> Result<Self, Sentence> {
        config.connections = config.connections.max(1);
        config.batch = config.batch.max(1);
        let invalid = |host: &str| Sentence::new("mail-host-invalid").with("host", kernel::text::one_line(host));
        let host_like =
            |host: &str| !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b));
        for host in [&config.host, &config.helo] {
            if !host_like(host) {
                return Err(invalid(host));
            }
        }
        let tls = connection::tls(&config)?;
        let signer = config.dkim.as_ref().map(Signer::new).transpose()?.map(Arc::new);
        let lines = Semaphore::new(config.connections);
        Ok(Self { config, tls, signer, clock, lines, idle: Mutex::default() })
    }

    /// A connection, and whether it has carried mail before.
    async fn connection(&self) -> Result<(Connection, bool), NoConnection> {
        loop {
            let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut connection) = kept else {
                return Ok((Connection::open(&self.config, &self.tls).await?, false));
            };
            let rested = connection.used.elapsed();
            if rested < RESTED || rested < STALE && connection.alive().await {
                return Ok((connection, true));
            }
        }
    }

    fn keep(&self, mut connection: Connection) {
        if !connection.quiet() {
            return;
        }
        connection.used = Instant::now();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    /// Says what became of each prepared mail, in order; a server that ends the conversation after some mails (many allow
    /// only so many in one), or had left a kept connection, is called once more for the rest.
    async fn carry(&self, mails: &[Prepared]) -> Vec<Handover> {
        let mut done = Vec::with_capacity(mails.len());
        let patience = Duration::from_secs(self.config.data_timeout_seconds);
        let until = Instant::now() + Duration::from_secs(self.config.batch_timeout_seconds);
        let mut calls = 0;
        while done.len() < mails.len() {
            calls += 1;
            let (mut connection, kept) = match self.connection().await {
                Ok(found) => found,
                Err(none) => return deferred(done, mails.len(), none.code, &none.reply),
            };
            let progress = batch::offer(&mut connection, &mails[done.len()..], patience, until).await;
            let advanced = progress.done.iter().any(|handover| matches!(handover, Handover::Accepted { .. }));
            done.extend(progress.done);
            match progress.ended {
                None => self.keep(connection),
                Some(ended) if ended.in_doubt || calls > 1 || !(advanced || kept) => {
                    return deferred(done, mails.len(), ended.code, &ended.reply);
                }
                Some(ended) => tracing::debug!(code = ended.code, reply = ended.reply, "the mail server hung up"),
            }
        }
        done
    }
}

fn deferred(mut done: Vec<Handover>, all: usize, code: u16, reply: &str) -> Vec<Handover> {
    done.resize(all, Handover::Deferred { code, reply: reply.to_owned() });
    done
}

#[async_trait::async_trait]
impl Courier for SmtpCourier {
    async fn compose(&self, mails: Vec<OutgoingMail>) -> Vec<Result<ComposedMail, Sentence>> {
        let at = self.clock.now();
        let hands = available_parallelism().map_or(1, usize::from);
        let share = mails.len().div_ceil(hands).max(8);
        let mut mails = mails;
        let mut shares = Vec::new();
        while !mails.is_empty() {
            let rest = mails.split_off(share.min(mails.len()));
            let signer = self.signer.clone();
            let count = mails.len();
            let work = spawn_blocking(move || {
                let one = |mail: OutgoingMail| {
                    let mut composed = compose::compose(&mail, at)?;
                    if let Some(signer) = &signer {
                        composed.raw = signer.sign(composed.raw)?;
                    }
                    Ok(composed)
                };
                mails.into_iter().map(one).collect::<Vec<_>>()
            });
            shares.push((count, work));
            mails = rest;
        }
        let mut composed = Vec::new();
        for (count, work) in shares {
            match work.await {
                Ok(share) => composed.extend(share),
                Err(trouble) => {
                    let sentence = Sentence::new("mail-not-composed").with("detail", trouble);
                    composed.extend((0..count).map(|_| Err(sentence.clone())));
                }
            }
        }
        composed
    }

    async fn hand_over(&self, batch: Vec<ComposedMail>) -> Vec<(MessageId, Handover)> {
        let mut handovers: Vec<(MessageId, Option<Handover>)> = Vec::with_capacity(batch.len());
        let mut prepared = Vec::with_capacity(batch.len());
        for mail in &batch {
            match Prepared::new(mail) {
                Ok(ready) => {
                    prepared.push(ready);
                    handovers.push((mail.message, None));
                }
                Err(refused) => handovers.push((mail.message, Some(refused))),
            }
        }
        drop(batch);
        let line = self.lines.acquire().await;
        let mut carried = self.carry(&prepared).await.into_iter();
        drop(line);
        handovers
            .into_iter()
            .map(|(message, handover)| {
                let nothing = || Handover::Deferred { code: 0, reply: "not offered".into() };
                (message, handover.unwrap_or_else(|| carried.next().unwrap_or_else(nothing)))
            })
            .collect()
    }

    fn connections(&self) -> usize {
        self.config.connections
    }

    fn batch(&self) -> usize {
        self.config.batch
    }

    async fn check(&self) -> Result<(), Sentence> {
        let connection = Connection::open(&self.config, &self.tls).await.map_err(|none| none.sentence)?;
        connection.quit().await;
        Ok(())
    }
}
