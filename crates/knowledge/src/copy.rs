//! The copy of this process: follows the truth, is asked, and is written down from time to time.

use crate::{
    answers::Answers,
    catalogue::{self, RECORDS},
    engine::Engine,
    ledger::{self, Ledger},
    moved::next_number,
    prepared::Desk,
    records::Records,
    shelf::{Filed, Manifest, Shelf},
    snapshot::Snapshot,
};
use kernel::{Clock, Fault, chance};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Db, Rows, changes, settings};

/// How the copy uses this machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Rows of the log kept in memory; older ones are read from their files. One takes about 20 bytes.
    pub rows_in_memory: usize,
    /// Bytes all questions together may use while they are answered.
    pub question_bytes: usize,
    /// Longest time for one question.
    pub patience: std::time::Duration,
    /// Questions are worked on by so many threads.
    pub threads: usize,
    /// What changed is written down, and what was erased is gone from the files, after this time.
    pub write_after: std::time::Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            rows_in_memory: 12_000_000,
            question_bytes: 512 * 1024 * 1024,
            patience: std::time::Duration::from_secs(30),
            threads,
            write_after: std::time::Duration::from_secs(20),
        }
    }
}

/// The knowledgebase of this process. Clones share everything.
#[derive(Clone)]
pub struct Knowledge(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub db: Db,
    pub clock: Clock,
    pub shelf: Shelf,
    pub limits: Limits,
    pub engine: Engine,
    pub desk: Arc<Desk>,
    /// The newest snapshot; none while the copy is still being made.
    now: RwLock<Option<Arc<Snapshot>>>,
    /// Held by whoever moves the copy on.
    pub following: tokio::sync::Mutex<Following>,
    /// Looks at the truth that began.
    looks: AtomicU64,
}

/// What is known of the files while the copy moves on.
#[derive(Default)]
pub(crate) struct Following {
    pub files: Files,
    /// The last look at the truth that ended.
    seen: u64,
}

/// The files, and what those that are written as a whole hold.
#[derive(Clone, Default)]
pub(crate) struct Files {
    pub manifest: Manifest,
    pub records: BTreeMap<&'static str, (Records, Filed)>,
    pub ledger: Option<(Ledger, Filed)>,
}

impl Knowledge {
    /// A copy with its files on a shelf. Until [`Knowledge::prepare`] is done it answers nothing.
    pub fn new(db: Db, clock: Clock, shelf: Shelf, limits: Limits) -> Result<Self, Fault> {
        let engine = Engine::new(&limits, &shelf)?;
        Ok(Self(Arc::new(Inner {
            db,
            clock,
            shelf,
            limits,
            engine,
            desk: Arc::default(),
            now: RwLock::default(),
            following: tokio::sync::Mutex::default(),
            looks: AtomicU64::new(0),
        })))
    }

    /// Reads the files, or the whole truth where there are none that fit it.
    pub async fn prepare(&self) -> Result<(), Fault> {
        let mut following = self.0.following.lock().await;
        let truth = self.0.truth().await?;
        let manifest = self.0.shelf.manifest().await?.filter(|manifest| manifest.truth == truth);
        if let Some(manifest) = manifest
            && self.0.reaches(&manifest).await?
        {
            match self.0.load(&manifest).await {
                Ok((snapshot, files)) => {
                    self.0.shelf.clear(&manifest).await?;
                    following.files = files;
                    return self.0.complete(&mut following, snapshot).await;
                }
                Err(fault) => {
                    tracing::warn!(error = %fault, "The files of the knowledgebase are damaged; it is made anew");
                }
            }
        }
        self.0.build(&mut following, truth).await
    }

    /// Reads the files and what came later, and writes nothing: beside a server that keeps them. `false`: there are none.
    pub async fn visit(&self) -> Result<bool, Fault> {
        let truth = self.0.truth().await?;
        let manifest = self.0.shelf.manifest().await?.filter(|manifest| manifest.truth == truth);
        let Some(manifest) = manifest else { return Ok(false) };
        let (snapshot, _) = self.0.load(&manifest).await?;
        self.0.publish(Some(Arc::new(snapshot)));
        Ok(true)
    }

    /// Throws the files away and reads the whole truth again.
    pub async fn rebuild(&self) -> Result<(), Fault> {
        let mut following = self.0.following.lock().await;
        self.0.publish(None);
        let truth = self.0.truth().await?;
        self.0.build(&mut following, truth).await
    }

    /// The newest snapshot, as it is.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.snapshot()
    }

    /// A snapshot with everything that was committed before this was called; none while the copy is being made.
    pub async fn fresh(&self) -> Result<Option<Arc<Snapshot>>, Fault> {
        self.0.fresh().await
    }
}

impl Inner {
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.now.read().ok().and_then(|now| now.clone())
    }

    pub fn publish(&self, snapshot: Option<Arc<Snapshot>>) {
        if let Ok(mut now) = self.now.write() {
            *now = snapshot;
        }
    }

    /// Whatever was answered before is worked out again.
    pub fn forget_answers(&self) {
        if let Ok(mut answers) = self.desk.answers.lock() {
            *answers = Answers::default();
        }
    }

    pub async fn fresh(&self) -> Result<Option<Arc<Snapshot>>, Fault> {
        let called = self.looks.load(Ordering::SeqCst);
        if self.snapshot().is_none() {
            return Ok(None);
        }
        let mut following = self.following.lock().await;
        let Some(mut snapshot) = self.snapshot() else { return Ok(None) };
        // Somebody looked after this was called: what they saw is enough.
        if following.seen > called {
            return Ok(Some(snapshot));
        }
        let look = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
        loop {
            let rows = self.db.read_beside().await?;
            let (next, complete) = self.advance(&snapshot, &rows).await?;
            snapshot = next;
            if complete {
                break;
            }
        }
        following.seen = look;
        Ok(Some(snapshot))
    }

    /// Takes in what the rows say and publishes it.
    pub async fn advance(&self, snapshot: &Arc<Snapshot>, rows: &Rows) -> Result<(Arc<Snapshot>, bool), Fault> {
        let (next, complete) = snapshot.advanced(rows, &self.shelf).await?;
        if next.number == snapshot.number && next.cursor == snapshot.cursor {
            return Ok((snapshot.clone(), complete));
        }
        let next = Arc::new(next);
        self.publish(Some(next.clone()));
        Ok((next, complete))
    }

    /// A name of the database the copy belongs to, made once.
    async fn truth(&self) -> Result<String, Fault> {
        const KEY: &str = "knowledge.truth";
        if let Some(name) = settings::get(&self.db.read().await?, KEY).await? {
            return Ok(name);
        }
        let unit = self.db.write().await?;
        let name = chance::ordered_id(self.clock.now(), &mut chance::system());
        settings::set(&unit, KEY, &name).await?;
        unit.save().await?;
        Ok(name)
    }

    /// Whether everything that changed since the files were written is still known.
    async fn reaches(&self, manifest: &Manifest) -> Result<bool, Fault> {
        changes::reaches(&self.db.read().await?, changes::Cursor(manifest.cursor)).await
    }

    async fn load(&self, manifest: &Manifest) -> Result<(Snapshot, Files), Fault> {
        let mut snapshot = Snapshot::empty();
        snapshot.number = next_number();
        snapshot.seq = manifest.seq;
        snapshot.cursor = changes::Cursor(manifest.cursor);
        let mut files = Files { manifest: manifest.clone(), ..Files::default() };
        let of = |table: &str| manifest.files.iter().find(|file| file.table == table);
        for source in RECORDS {
            let Some(file) = of(source.table) else { continue };
            let records = self.shelf.records(source, file).await?;
            snapshot.records.insert(source.table, records.clone());
            files.records.insert(source.table, (records, file.clone()));
        }
        if let Some(file) = of(ledger::TABLE) {
            snapshot.ledger = self.shelf.ledger(file).await?;
            files.ledger = Some((snapshot.ledger.clone(), file.clone()));
        }
        let mut log: Vec<&Filed> = manifest.files.iter().filter(|file| file.table == catalogue::LOG.table).collect();
        log.sort_by_key(|file| std::cmp::Reverse(file.month));
        let mut room = self.limits.rows_in_memory;
        for file in log {
            match room.checked_sub(file.rows) {
                Some(left) => {
                    room = left;
                    snapshot.parts.push(Arc::new(self.shelf.part(file).await?));
                }
                None => snapshot.cold.push(Arc::new(file.clone())),
            }
        }
        Ok((snapshot, files))
    }

    /// Reads on from a snapshot of the files until everything is in, and only then answers with it.
    async fn complete(&self, following: &mut Following, snapshot: Snapshot) -> Result<(), Fault> {
        let mut snapshot = snapshot;
        loop {
            let rows = self.db.read().await?;
            let (next, complete) = snapshot.advanced(&rows, &self.shelf).await?;
            drop(rows);
            snapshot = next;
            if complete {
                break;
            }
            let shared = Arc::new(snapshot);
            snapshot = Snapshot::clone(&*self.file(following, &shared, false).await?);
        }
        self.publish(Some(Arc::new(snapshot)));
        Ok(())
    }

    async fn build(&self, following: &mut Following, truth: String) -> Result<(), Fault> {
        self.shelf.empty().await?;
        // What changed meanwhile is not told again, so nothing that was answered before can be trusted.
        self.forget_answers();
        *following = Following::default();
        following.files.manifest.truth = truth;
        following.files.manifest.copy = chance::ordered_id(self.clock.now(), &mut chance::system());
        let rows = self.db.read().await?;
        let snapshot =
            Snapshot::all(&rows, &|read| tracing::debug!(rows = read, "The knowledgebase is being read")).await?;
        drop(rows);
        self.complete(following, snapshot).await?;
        let Some(snapshot) = self.snapshot() else { return Ok(()) };
        self.publish(Some(self.file(following, &snapshot, true).await?));
        Ok(())
    }
}
