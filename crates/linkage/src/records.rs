//! Records as columns: every distinct value of a field stands once, a record is a row of numbers.

use crate::{Field, Kind, Part, Scheme, canonical::canonical, cologne, scoring::side_by_side};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::{
    hash::BuildHasher,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Records in the order they were given, numbered from 0.
pub struct Records {
    len: usize,
    /// Where the second of two lists begins; without one, all are compared with all.
    split: Option<usize>,
    columns: Vec<Column>,
}

/// The values of a field. Number 0 is the absent value.
#[derive(Default)]
pub(crate) struct Column {
    pub ids: Vec<u32>,
    text: String,
    /// Where each value ends in the text.
    ends: Vec<u32>,
    /// How many records have it.
    pub counts: Vec<u32>,
    /// Its phonetic code, hashed; 0 where it has none.
    sounds: Vec<u64>,
}

impl Records {
    /// Reads `len` records; `value` answers what a record says of a field, empty where it says nothing. Records from `split` on
    /// are another list: then only pairs of one from each are looked at. Works on as many threads as `threads` says.
    pub fn read<'a>(
        scheme: &Scheme,
        len: usize,
        split: Option<usize>,
        threads: usize,
        value: impl Fn(usize, usize) -> &'a str + Sync,
    ) -> Self {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let field = next.fetch_add(1, Ordering::Relaxed);
                let Some(Field { kind, .. }) = scheme.fields.get(field) else { return done };
                let mut column = Gathered::new(*kind);
                (0..len).for_each(|record| column.add(value(record, field)));
                done.push((field, column.heard()));
            }
        };
        let mut columns: Vec<(usize, Column)> = side_by_side(threads, work).into_iter().flatten().collect();
        columns.sort_by_key(|(field, _)| *field);
        Self { len, split, columns: columns.into_iter().map(|(_, column)| column).collect() }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn split(&self) -> Option<usize> {
        self.split
    }

    pub(crate) fn column(&self, field: usize) -> &Column {
        &self.columns[field]
    }

    /// How many pairs there are at all.
    pub(crate) fn pairs(&self) -> f64 {
        let n = self.len as f64;
        match self.split {
            Some(split) => split as f64 * (n - split as f64),
            None => n * (n - 1.0) / 2.0,
        }
    }

    /// Whether two records may be a pair.
    pub(crate) fn may_pair(&self, one: u32, other: u32) -> bool {
        self.split.is_none_or(|split| ((one as usize) < split) != ((other as usize) < split))
    }

    /// The canonical value of a record; empty where it is absent.
    pub fn value(&self, record: u32, field: usize) -> &str {
        let column = &self.columns[field];
        column.value(column.ids[record as usize])
    }

    /// The key of a record under a rule, 0 where it has none. The same in every process and every release: keys are stored.
    pub(crate) fn key(&self, record: u32, rule: usize, parts: &[Part]) -> u64 {
        let mut hash = Fnv::new(rule as u64);
        for part in parts {
            let (field, other) = match *part {
                Part::Whole(f) | Part::Sound(f) | Part::Start(f, _) | Part::End(f, _) => (f, None),
                Part::Either(f, g) => (f, Some(g)),
            };
            let sound = |field: usize| {
                let column = &self.columns[field];
                column.sounds[column.ids[record as usize] as usize]
            };
            let value = self.value(record, field);
            if value.is_empty() {
                return 0;
            }
            match (*part, other) {
                (Part::Sound(_), _) if sound(field) == 0 => return 0,
                (Part::Sound(_), _) => hash.add(&sound(field).to_le_bytes()),
                (_, Some(other)) => {
                    let mut both = [sound(field), sound(other)];
                    if both.contains(&0) {
                        return 0;
                    }
                    both.sort_unstable();
                    both.iter().for_each(|sound| hash.add(&sound.to_le_bytes()));
                }
                (Part::Start(_, most), _) => hash.add(&value.as_bytes()[..most.min(value.len())]),
                (Part::End(_, most), _) => hash.add(&value.as_bytes()[value.len().saturating_sub(most)..]),
                _ => hash.add(value.as_bytes()),
            }
            hash.add(&[0xff]);
        }
        hash.0.max(1)
    }
}

/// Records that come one after the other, such as pages of a database.
pub struct Reading {
    len: usize,
    columns: Vec<Gathered>,
}

impl Reading {
    pub fn new(scheme: &Scheme) -> Self {
        Self { len: 0, columns: scheme.fields.iter().map(|field| Gathered::new(field.kind)).collect() }
    }

    /// Adds a record: its values in the order of the fields.
    pub fn add<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        self.len += 1;
        self.columns.iter_mut().zip(values).for_each(|(column, value)| column.add(value));
    }

    pub fn finish(self) -> Records {
        Records { len: self.len, split: None, columns: self.columns.into_iter().map(Gathered::heard).collect() }
    }
}

/// A column that still grows.
struct Gathered {
    kind: Kind,
    column: Column,
    known: HashTable<u32>,
    build: DefaultHashBuilder,
}

impl Gathered {
    fn new(kind: Kind) -> Self {
        let column = Column { ends: vec![0], counts: vec![0], ..Column::default() };
        Self { kind, column, known: HashTable::new(), build: DefaultHashBuilder::default() }
    }

    fn add(&mut self, value: &str) {
        let Self { kind, column, known, build } = self;
        let value = if value.is_empty() { String::new() } else { canonical(*kind, value) };
        let mut id = 0;
        if !value.is_empty() {
            let hash = build.hash_one(value.as_str());
            let found = known.find(hash, |id| column.value(*id) == value).copied();
            id = found.unwrap_or_else(|| {
                let id = column.counts.len() as u32;
                column.text.push_str(&value);
                column.ends.push(column.text.len() as u32);
                column.counts.push(0);
                known.insert_unique(hash, id, |id| build.hash_one(column.value(*id)));
                id
            });
        }
        column.counts[id as usize] += 1;
        column.ids.push(id);
    }

    fn heard(self) -> Column {
        let Self { kind, mut column, .. } = self;
        column.sounds = (0..column.counts.len()).map(|id| column.hear(kind, id as u32)).collect();
        column
    }
}

impl Column {
    /// The phonetic code of a value: of given names that of the first, which is what people are called by.
    fn hear(&self, kind: Kind, id: u32) -> u64 {
        let value = self.value(id);
        let heard = match kind {
            Kind::GivenName => value.split(' ').next().unwrap_or_default(),
            Kind::FamilyName | Kind::City | Kind::Text => value,
            Kind::Street => value.split('|').next().unwrap_or_default(),
            _ => return 0,
        };
        let code = cologne(heard);
        if code.is_empty() {
            return 0;
        }
        let mut hash = Fnv::new(0);
        hash.add(code.as_bytes());
        hash.0.max(1)
    }

    pub fn value(&self, id: u32) -> &str {
        let id = id as usize;
        let from = if id == 0 { 0 } else { self.ends[id - 1] as usize };
        &self.text[from..self.ends[id] as usize]
    }

    pub fn sound(&self, id: u32) -> u64 {
        self.sounds[id as usize]
    }

    /// Distinct values that are not absent.
    pub fn distinct(&self) -> usize {
        self.counts.len() - 1
    }

    /// Records that have a value.
    pub fn present(&self) -> usize {
        self.ids.len() - self.counts[0] as usize
    }
}

/// FNV-1a with 64 bits (G. Fowler, L. C. Noll, K.-P. Vo; RFC 9923).
struct Fnv(u64);

impl Fnv {
    fn new(seed: u64) -> Self {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        hash.add(&seed.to_le_bytes());
        hash
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
