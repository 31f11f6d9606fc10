//! Writing the copy down: what is only in memory becomes files, small files of a month become one, tables that changed are
//! written anew, and what nobody names any more is removed.
//!
//! Everything new lies on the shelf before the manifest names it, so a process may die anywhere.

use crate::{
    catalogue::{self, RECORDS},
    copy::{Files, Following, Inner, Knowledge},
    ledger::Ledger,
    log::{Month, Part},
    moved::next_number,
    shelf::{Filed, Manifest},
    snapshot::Snapshot,
    trouble,
};
use kernel::{Fault, chance};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};
use store::changes;
use tokio::sync::watch;

/// A month's file of fewer rows takes in what comes later; a larger one stays as it is and another one is begun.
const FULL: usize = 1_000_000;
/// Rows that are only in memory before they are written down.
const WAITING: usize = 250_000;
/// Longest time between two looks at whether there is something to write.
const LOOK: Duration = Duration::from_secs(1);

impl Knowledge {
    /// Follows the truth and keeps the files until told to stop, and writes everything down at the end.
    pub async fn keep(&self, mut stopping: watch::Receiver<bool>) {
        while let Err(fault) = self.prepare().await {
            tracing::warn!(error = %fault, "The knowledgebase cannot be made ready; rows answer meanwhile");
            if stopped(&mut stopping, Duration::from_secs(10)).await {
                return;
            }
        }
        tracing::info!("The knowledgebase is ready");
        let mut rested = Duration::ZERO;
        let look = LOOK.min(self.0.limits.write_after);
        loop {
            let stop = stopped(&mut stopping, look).await;
            rested += look;
            if let Err(fault) = self.fresh().await {
                tracing::warn!(error = %fault, "The knowledgebase could not follow");
                if stop {
                    return;
                }
                continue;
            }
            if stop || rested >= self.0.limits.write_after || self.0.waiting() > WAITING {
                rested = Duration::ZERO;
                if let Err(fault) = self.0.write_down().await {
                    tracing::warn!(error = %fault, "The knowledgebase could not be written down");
                }
            }
            if stop {
                return;
            }
        }
    }

    /// Writes down what is only in memory.
    pub async fn write_down(&self) -> Result<(), Fault> {
        self.0.write_down().await
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>, rest: Duration) -> bool {
    // An error means that nobody can tell any more, which is a reason to stop as well.
    tokio::time::timeout(rest, stopping.wait_for(|stop| *stop)).await.is_ok()
}

/// New files for a snapshot, not named by any manifest yet.
struct Written {
    /// Numbers of the parts the new ones stand for.
    replaced: HashSet<u64>,
    parts: Vec<Arc<Part>>,
    files: Vec<Filed>,
    records: BTreeMap<&'static str, (crate::records::Records, Filed)>,
    ledger: Option<(Ledger, Filed)>,
}

impl Inner {
    fn waiting(&self) -> usize {
        let Some(snapshot) = self.snapshot() else { return 0 };
        snapshot.parts.iter().filter(|part| part.file.is_none()).map(|part| part.rows).sum()
    }

    /// Writes beside the questions and takes the new files up in one step. When what they were made of has changed
    /// meanwhile they are thrown away, and the next turn writes again.
    async fn write_down(&self) -> Result<(), Fault> {
        let Some(snapshot) = self.snapshot() else { return Ok(()) };
        let files = self.following.lock().await.files.clone();
        let written = self.written(&files, &snapshot, true).await?;
        let Some(written) = written else { return Ok(()) };
        let mut following = self.following.lock().await;
        let Some(now) = self.snapshot() else { return Ok(()) };
        let still: HashSet<u64> = now.parts.iter().map(|part| part.number).collect();
        if !written.replaced.iter().all(|number| still.contains(number)) {
            return self.shelf.clear(&following.files.manifest).await;
        }
        let next = self.taken_up(&mut following, &snapshot, &now, written).await?;
        self.publish(Some(next));
        drop(following);
        self.forget(snapshot.cursor).await
    }

    /// Writes a snapshot down while nobody else moves it.
    pub(crate) async fn file(
        &self,
        following: &mut Following,
        snapshot: &Arc<Snapshot>,
        clustered: bool,
    ) -> Result<Arc<Snapshot>, Fault> {
        match self.written(&following.files, snapshot, clustered).await? {
            Some(written) => self.taken_up(following, snapshot, snapshot, written).await,
            None => Ok(snapshot.clone()),
        }
    }

    /// Writes the files a snapshot lacks; nothing when it lacks none.
    async fn written(
        &self,
        files: &Files,
        snapshot: &Arc<Snapshot>,
        clustered: bool,
    ) -> Result<Option<Written>, Fault> {
        let name = || chance::ordered_id(self.clock.now(), &mut chance::system());
        let mut written = Written {
            replaced: HashSet::new(),
            parts: Vec::new(),
            files: Vec::new(),
            records: BTreeMap::new(),
            ledger: None,
        };
        for source in RECORDS {
            let Some(records) = snapshot.records.get(source.table) else { continue };
            let same = files.records.get(source.table).is_some_and(|(known, _)| known.is(records));
            if !same && (records.rows() > 0 || files.records.contains_key(source.table)) {
                let file = self.shelf.file_records(records, &name()).await?;
                written.records.insert(source.table, (records.clone(), file));
            }
        }
        let same = files.ledger.as_ref().is_some_and(|(known, _)| known.is(&snapshot.ledger));
        if !same && (snapshot.ledger.rows() > 0 || files.ledger.is_some()) {
            let file = self.shelf.file_ledger(&snapshot.ledger, &name()).await?;
            written.ledger = Some((snapshot.ledger.clone(), file));
        }
        let loose: Vec<&Arc<Part>> = snapshot.parts.iter().filter(|part| part.file.is_none()).collect();
        let months: BTreeSet<Month> = loose.iter().flat_map(|part| part.months()).collect();
        written.replaced.extend(loose.iter().map(|part| part.number));
        for month in months {
            let pieces: Vec<Part> =
                loose.iter().map(|part| part.of_month(month)).filter(|part| part.rows > 0).collect();
            let mut joined: Vec<Arc<Part>> = Vec::new();
            if clustered {
                let small =
                    |part: &&Arc<Part>| part.file.is_some() && part.rows < FULL && part.months().contains(&month);
                joined.extend(snapshot.parts.iter().filter(small).cloned());
                written.replaced.extend(joined.iter().map(|part| part.number));
            }
            let part =
                trouble::beside(move || Part::joined(pieces.iter().chain(joined.iter().map(AsRef::as_ref)))).await?;
            let part = Arc::new(part);
            let file = self.shelf.file_part(&part, month, &name()).await?;
            written.parts.push(Arc::new(part.in_file(&file.name)));
            written.files.push(file);
        }
        let unnamed = |file: &Filed| {
            file.table == catalogue::LOG.table
                && !snapshot.parts.iter().any(|part| part.file.as_ref() == Some(&file.name))
                && !snapshot.cold.iter().any(|cold| cold.name == file.name)
        };
        let idle = written.replaced.is_empty()
            && written.records.is_empty()
            && written.ledger.is_none()
            && !files.manifest.files.iter().any(unnamed);
        let same = files.manifest.seq == snapshot.seq && files.manifest.version == catalogue::version();
        Ok((!(idle && same)).then_some(written))
    }

    /// Makes new files count: `of` is the snapshot they were written from, `now` the newest one.
    async fn taken_up(
        &self,
        following: &mut Following,
        of: &Arc<Snapshot>,
        now: &Arc<Snapshot>,
        written: Written,
    ) -> Result<Arc<Snapshot>, Fault> {
        let mut next = Snapshot::clone(now);
        // The same rows in other places: whoever keeps places by number lets the old ones go.
        next.number = next_number();
        next.parts.retain(|part| !written.replaced.contains(&part.number));
        next.parts.extend(written.parts);
        let kept = &mut following.files;
        let named = kept.manifest.files.clone();
        let known = named.iter().chain(&written.files);
        let known: BTreeMap<&str, &Filed> = known.map(|file| (file.name.as_str(), file)).collect();
        let in_memory = next.parts.iter().filter_map(|part| known.get(part.file.as_deref()?).copied());
        // What was taken out of memory meanwhile still stands in the file this snapshot was written from.
        let mut log: BTreeMap<&str, &Filed> = in_memory.map(|file| (file.name.as_str(), file)).collect();
        let before = of.parts.iter().filter(|part| !written.replaced.contains(&part.number));
        log.extend(before.filter_map(|part| known.get(part.file.as_deref()?).map(|file| (file.name.as_str(), *file))));
        log.extend(next.cold.iter().chain(&of.cold).map(|file| (file.name.as_str(), &**file)));
        kept.records.extend(written.records);
        kept.ledger = written.ledger.or(kept.ledger.take());
        let mut files: Vec<Filed> = log.into_values().cloned().collect();
        files.extend(kept.records.values().map(|(_, file)| file.clone()));
        files.extend(kept.ledger.iter().map(|(_, file)| file.clone()));
        let Manifest { truth, copy, .. } = kept.manifest.clone();
        let version = catalogue::version();
        let manifest = Manifest { version, truth, copy, seq: of.seq, cursor: of.cursor.0, files };
        self.shelf.replace_manifest(&manifest).await?;
        self.shelf.clear(&manifest).await?;
        following.files.manifest = manifest;
        self.cool(&mut next, &following.files.manifest);
        Ok(Arc::new(next))
    }

    /// Lets the oldest months go from memory when it holds more than it may; they stay in their files.
    fn cool(&self, snapshot: &mut Snapshot, manifest: &Manifest) {
        let mut rows: usize = snapshot.parts.iter().map(|part| part.rows).sum();
        let oldest = |part: &Arc<Part>| part.months().first().copied().unwrap_or(Month::MAX);
        snapshot.parts.sort_by_key(|part| std::cmp::Reverse(oldest(part)));
        while rows > self.limits.rows_in_memory {
            let Some(at) = snapshot.parts.iter().rposition(|part| part.file.is_some()) else { return };
            let part = snapshot.parts.remove(at);
            rows -= part.rows;
            let file = manifest.files.iter().find(|file| Some(&file.name) == part.file.as_ref());
            snapshot.cold.extend(file.cloned().map(Arc::new));
        }
    }

    /// Tells the truth how far this copy has come, so that older changes are forgotten.
    async fn forget(&self, cursor: changes::Cursor) -> Result<(), Fault> {
        let copy = self.following.lock().await.files.manifest.copy.clone();
        let unit = self.db.write().await?;
        changes::read_until(&unit, &format!("knowledge {copy}"), cursor, self.clock.now()).await?;
        unit.save().await
    }
}
