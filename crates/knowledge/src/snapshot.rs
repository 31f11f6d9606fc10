//! Everything the copy knows at one moment; never changed, only replaced.

use crate::{
    catalogue::{CONTACT, LOG, RECORDS},
    incoming::LogRows,
    ledger::{self, Ledger},
    log::Part,
    moved::{Moved, next_number},
    records::{Collected, Records},
    shelf::{Filed, Shelf},
    trouble,
};
use kernel::Fault;
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};
use store::{
    Rows,
    changes::{self, Cursor},
    copying::{self, Key},
};

/// Rows read from the truth at once.
const PAGE: i64 = 20_000;
/// Rows of the log read before the copy may be written down in between.
const STRETCH: usize = 2_000_000;
/// Small parts in memory before they are joined.
const LOOSE: usize = 12;

/// The copy at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Another one after every change.
    pub number: u64,
    /// All interactions up to here are in.
    pub seq: i64,
    /// All changes up to here are in.
    pub cursor: Cursor,
    /// Changes that are in as well, but will be told again.
    told: Arc<HashSet<i64>>,
    pub records: BTreeMap<&'static str, Records>,
    pub ledger: Ledger,
    /// What changed in which snapshot.
    pub moved: Moved,
    /// The part of the log that is in memory.
    pub parts: Vec<Arc<Part>>,
    /// Files of the log that are read when a question needs them.
    pub cold: Vec<Arc<Filed>>,
}

impl Snapshot {
    pub fn empty() -> Self {
        let records = RECORDS.iter().map(|source| (source.table, Records::new(source))).collect();
        Self {
            number: 0,
            seq: 0,
            cursor: Cursor::default(),
            told: Arc::default(),
            records,
            ledger: Ledger::default(),
            moved: Moved::default(),
            parts: Vec::new(),
            cold: Vec::new(),
        }
    }

    /// Rows of the log.
    pub fn log_rows(&self) -> usize {
        self.parts.iter().map(|part| part.rows).sum::<usize>() + self.in_files()
    }

    /// Rows of the log that are not in memory.
    pub fn in_files(&self) -> usize {
        self.cold.iter().map(|filed| filed.rows).sum()
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.records.values().map(Records::bytes).sum::<usize>()
            + self.ledger.bytes()
            + self.parts.iter().map(|part| part.bytes()).sum::<usize>()
    }

    /// The copy with what the rows say and it does not know yet, and whether that is all: of a long log a call reads a
    /// stretch.
    pub async fn advanced(&self, rows: &Rows, shelf: &Shelf) -> Result<(Self, bool), Fault> {
        let cursor = changes::cursor(rows).await?;
        let mut changed: BTreeMap<String, BTreeSet<Key>> = BTreeMap::new();
        let all = changes::since(rows, self.cursor).await?;
        let told = all.iter().map(|change| change.seq).collect();
        for change in all.into_iter().filter(|change| !self.told.contains(&change.seq)) {
            changed.entry(change.what).or_default().insert((change.id, change.part));
        }
        let mut next = Self { number: next_number(), cursor, told: Arc::new(told), ..self.clone() };
        let mut moved = false;
        for source in RECORDS {
            let Some(keys) = changed.remove(source.table) else { continue };
            next.mend(rows, source.table, keys).await?;
            moved = true;
        }
        if let Some(keys) = changed.remove(LOG.table) {
            let gone: BTreeSet<i64> = keys.into_iter().map(|(seq, _)| seq).filter(|seq| *seq <= self.seq).collect();
            next.mend_log(rows, shelf, &gone).await?;
            moved |= !gone.is_empty();
        }
        let mut read = 0;
        let complete = loop {
            let mut fresh = LogRows::default();
            let count = copying::page(rows, &LOG, (next.seq, 0), PAGE, &mut fresh).await?;
            let Some(last) = fresh.last_seq() else { break true };
            next.seq = last;
            read += count;
            next.add(fresh)?;
            moved = true;
            if (count as i64) < PAGE || read >= STRETCH {
                break (count as i64) < PAGE;
            }
        };
        next.gather()?;
        if !moved {
            next.number = self.number;
        }
        Ok((next, complete))
    }

    /// Takes up rows of the log.
    fn add(&mut self, fresh: LogRows) -> Result<(), Fault> {
        let part = fresh.part().map_err(trouble::engine)?;
        self.moved.log(part.runs.keys(), self.number);
        self.note(&part)?;
        self.parts.push(Arc::new(part));
        Ok(())
    }

    /// Writes into the ledger what rows of the log say about people of campaigns.
    fn note(&mut self, part: &Part) -> Result<(), Fault> {
        if let Some(more) = self.ledger.with(part).map_err(trouble::engine)? {
            self.ledger = more;
            self.moved.table(ledger::TABLE, self.number);
        }
        Ok(())
    }

    /// Everything the truth holds, read page by page; `noted` is told how many rows were read so far.
    pub async fn all(rows: &Rows, noted: &(dyn Fn(usize) + Sync)) -> Result<Self, Fault> {
        let mut snapshot = Self { cursor: changes::cursor(rows).await?, number: next_number(), ..Self::empty() };
        let mut read = 0;
        for source in RECORDS {
            let mut after: Key = (i64::MIN, i64::MIN);
            loop {
                let mut page = Collected::new(source);
                let count = copying::page(rows, source, after, PAGE, &mut page).await?;
                let Some(last) = page.last() else { break };
                after = last;
                let records = snapshot.records.get(source.table).cloned().unwrap_or_else(|| Records::new(source));
                let records = records.with(&BTreeSet::new(), page).map_err(trouble::engine)?;
                snapshot.records.insert(source.table, records);
                read += count;
                noted(read);
                if (count as i64) < PAGE {
                    break;
                }
            }
        }
        Ok(snapshot)
    }

    /// Rows of records as they are now.
    async fn mend(&mut self, rows: &Rows, table: &'static str, keys: BTreeSet<Key>) -> Result<(), Fault> {
        let Some(mut records) = self.records.get(table).cloned() else { return Ok(()) };
        let keys: Vec<Key> = keys.into_iter().collect();
        for chunk in keys.chunks(PAGE as usize) {
            let mut fresh = Collected::new(records.source);
            copying::these(rows, records.source, chunk, &mut fresh).await?;
            records = records.with(&chunk.iter().copied().collect(), fresh).map_err(trouble::engine)?;
        }
        self.records.insert(table, records);
        self.moved.table(table, self.number);
        Ok(())
    }

    /// Interactions that were judged anew, given to somebody or erased.
    async fn mend_log(&mut self, rows: &Rows, shelf: &Shelf, gone: &BTreeSet<i64>) -> Result<(), Fault> {
        if gone.is_empty() {
            return Ok(());
        }
        let touched = |filed: &Arc<Filed>| gone.range(filed.seqs.clone()).next().is_some();
        let (wake, cold): (Vec<_>, Vec<_>) = self.cold.drain(..).partition(touched);
        self.cold = cold;
        for filed in wake {
            self.parts.push(Arc::new(shelf.part(&filed).await?));
        }
        let mut reached = BTreeSet::new();
        for part in &mut self.parts {
            if let Some(less) = part.without(gone).map_err(trouble::engine)? {
                self.moved.log(&less.shared, self.number);
                reached.extend(less.reached);
                *part = Arc::new(less.part);
            }
        }
        self.parts.retain(|part| part.rows > 0);
        self.forget(rows, reached).await?;
        let keys: Vec<Key> = gone.iter().map(|seq| (*seq, 0)).collect();
        let mut fresh = LogRows::default();
        if copying::these(rows, &LOG, &keys, &mut fresh).await? > 0 {
            self.add(fresh)?;
        }
        Ok(())
    }

    /// Takes people of campaigns out of the ledger, and puts back what the truth still says of them.
    async fn forget(&mut self, rows: &Rows, reached: BTreeSet<(i64, i64)>) -> Result<(), Fault> {
        if reached.is_empty() {
            return Ok(());
        }
        self.ledger = self.ledger.without(&reached);
        self.moved.table(ledger::TABLE, self.number);
        let people: BTreeSet<i64> = reached.into_iter().map(|(_, contact)| contact).collect();
        let people: Vec<i64> = people.into_iter().collect();
        let mut still = LogRows::default();
        copying::with_value(rows, &LOG, LOG.columns[CONTACT].name, &people, &mut still).await?;
        self.note(&still.part().map_err(trouble::engine)?)
    }

    /// Joins small parts, so that questions find long runs.
    fn gather(&mut self) -> Result<(), Fault> {
        /// A part of so many rows is left alone.
        const LARGE: usize = 100_000;
        let loose = |part: &Arc<Part>| part.file.is_none() && part.rows < LARGE;
        if self.parts.iter().filter(|part| loose(part)).count() < LOOSE {
            return Ok(());
        }
        let (small, mut parts): (Vec<_>, Vec<_>) = self.parts.drain(..).partition(loose);
        let joined = Part::joined(small.iter().map(AsRef::as_ref)).map_err(trouble::engine)?;
        parts.push(Arc::new(joined));
        self.parts = parts;
        Ok(())
    }
}
