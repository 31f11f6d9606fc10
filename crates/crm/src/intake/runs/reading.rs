//! Reads the file of an import on a thread of its own and brings rows with the same number together.
//!
//! The file is read twice: first to learn on which line each number stands last, then to hand out each group as soon as
//! it is complete. So a contact or an order is written once and whole, wherever in the file its rows stand, and a second
//! import of the same file finds nothing to change.

use super::{Group, Importer, Line};
use crate::intake::{Dialect, FileTrouble, Reader, Record, Rejection, Shape};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    path::PathBuf,
};
use tokio::sync::mpsc;

/// Groups in one batch.
const BATCH: usize = 4_000;

/// A part of the file, ready to be weighed.
pub(super) struct Part<T> {
    pub groups: Vec<Group<T>>,
    pub rejections: Vec<Rejection>,
    /// Rows read so far, of `total`.
    pub done: i64,
    pub total: i64,
}

/// Starts reading; the channel ends after the last part or after a trouble.
pub(super) fn start<I: Importer>(
    path: PathBuf,
    dialect: Dialect,
    shape: Shape,
) -> mpsc::Receiver<Result<Part<I::Row>, FileTrouble>> {
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        if let Err(trouble) = read::<I>(path, &dialect, &shape, &sender) {
            let _ = sender.blocking_send(Err(trouble));
        }
    });
    receiver
}

fn read<I: Importer>(
    path: PathBuf,
    dialect: &Dialect,
    shape: &Shape,
    sender: &mpsc::Sender<Result<Part<I::Row>, FileTrouble>>,
) -> Result<(), FileTrouble> {
    let hasher = RandomState::new();
    let mut last: HashMap<u64, u64> = HashMap::new();
    let mut record = Record::default();
    let mut total = 0;
    let mut reader = Reader::open(&path, dialect)?;
    while let Some(state) = reader.read(&mut record)? {
        total += 1;
        if let Ok(row) = state.and_then(|()| I::read(shape, &record)) {
            last.insert(hasher.hash_one(I::number(&row)), record.line);
        }
        if sender.is_closed() {
            return Ok(());
        }
    }

    let mut reader = Reader::open(&path, dialect)?;
    let mut open: HashMap<String, Group<I::Row>> = HashMap::new();
    let mut part = Part { groups: Vec::with_capacity(BATCH), rejections: Vec::new(), done: 0, total };
    let mut done = 0;
    while let Some(state) = reader.read(&mut record)? {
        done += 1;
        match state.and_then(|()| I::read(shape, &record)) {
            Err(flaw) => part.rejections.push(flaw.of(record.line, record.raw())),
            Ok(row) => {
                let number = I::number(&row).to_owned();
                let ends = last.get(&hasher.hash_one(&number)) == Some(&record.line);
                let line = Line { line: record.line, raw: record.raw().to_owned(), row };
                if !ends {
                    open.entry(number).or_default().push(line);
                } else if let Some(mut group) = open.remove(&number) {
                    group.push(line);
                    part.groups.push(group);
                } else {
                    part.groups.push(vec![line]);
                }
            }
        }
        if part.groups.len() + part.rejections.len() >= BATCH {
            part.done = done;
            let next = Part { groups: Vec::with_capacity(BATCH), rejections: Vec::new(), done, total };
            if sender.blocking_send(Ok(std::mem::replace(&mut part, next))).is_err() {
                return Ok(());
            }
        }
    }
    // Two numbers with the same hash would leave the first one open; it is complete by now.
    part.groups.extend(open.into_values());
    part.done = done;
    let _ = sender.blocking_send(Ok(part));
    Ok(())
}
