//! Who fits best: word for word first, then beginnings, then fragments of addresses and numbers, then words with a mistake;
//! among equals whoever was heard of last.

use crate::{bits::Bits, fragments::Share, segment::Segment, wish::Wish};
use std::{cmp::Reverse, collections::BinaryHeap};

/// How well the worst of somebody's words fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Exact,
    Beginning,
    Fragment,
    /// One mistake in a word.
    Similar,
    /// Two mistakes in a long word.
    Alike,
}

impl Rank {
    pub const ALL: [Rank; 5] = [Self::Exact, Self::Beginning, Self::Fragment, Self::Similar, Self::Alike];
}

/// Somebody who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub rank: Rank,
    /// Minutes since 1970, the latest first.
    pub heard: Reverse<u32>,
    pub id: Reverse<i64>,
}

/// Letters a word needs before one mistake, and two, are forgiven.
const FORGIVEN: [usize; 2] = [4, 8];

/// A search in one segment, rank by rank.
pub(crate) struct Looking<'a> {
    segment: &'a Segment,
    gone: &'a Bits,
    /// For every wish the places that fit up to the current rank.
    fitting: Vec<Bits>,
    /// Where the fragments of a wish stand, by their share; looked for once.
    scanned: Vec<Option<[Bits; 3]>>,
    /// Places that were told at an earlier rank.
    told: Bits,
}

impl<'a> Looking<'a> {
    pub fn new(segment: &'a Segment, gone: &'a Bits, wishes: usize) -> Self {
        let nobody = Bits::new(segment.len());
        Self {
            segment,
            gone,
            fitting: vec![nobody.clone(); wishes],
            scanned: (0..wishes).map(|_| None).collect(),
            told: nobody,
        }
    }

    /// Places where every wish fits at this rank or a better one, and that were not told before.
    pub fn at(&mut self, rank: Rank, wishes: &[Wish]) -> Bits {
        for (at, wish) in wishes.iter().enumerate() {
            self.widen(rank, at, wish);
        }
        let mut all = self.fitting[0].clone();
        for fitting in &self.fitting[1..] {
            all.keep(fitting);
        }
        all.take_away(self.gone);
        all.take_away(&self.told);
        self.told.join(&all);
        all
    }

    fn widen(&mut self, rank: Rank, at: usize, wish: &Wish) {
        let fitting = &mut self.fitting[at];
        let share = match rank {
            Rank::Exact => Share::Whole,
            Rank::Beginning => Share::Beginning,
            _ => Share::Inside,
        };
        match rank {
            Rank::Exact if !wish.word.is_empty() => self.segment.exact(&wish.word, fitting),
            Rank::Beginning if !wish.word.is_empty() => self.segment.beginning(&wish.word, fitting),
            Rank::Similar if wish.forgives(0) => self.segment.similar(&wish.word, 1, fitting),
            Rank::Alike if wish.forgives(1) => self.segment.similar(&wish.word, 2, fitting),
            _ => {}
        }
        if rank <= Rank::Fragment && (wish.is_key || rank == Rank::Fragment) {
            let scanned = self.scanned[at].get_or_insert_with(|| scan(self.segment, wish));
            // Of a word any share is a fragment; of a key each has its own rank.
            let shares = if wish.is_key { share as usize..share as usize + 1 } else { 0..3 };
            for bits in &scanned[shares] {
                fitting.join(bits);
            }
        }
    }
}

impl Wish {
    /// Whether so many mistakes and one more are forgiven. A number with another digit is another number.
    fn forgives(&self, mistakes: usize) -> bool {
        !self.is_key && self.word.chars().count() >= FORGIVEN[mistakes]
    }
}

fn scan(segment: &Segment, wish: &Wish) -> [Bits; 3] {
    let nobody = || Bits::new(segment.len());
    let mut found = [nobody(), nobody(), nobody()];
    if !wish.needle.is_empty() {
        segment.keys.scan(&wish.needle, |place, share| found[share as usize].insert(place));
    }
    for digits in &wish.digits {
        segment.phones.scan(digits, |place, share| found[share as usize].insert(place));
    }
    found
}

/// The best of a rank: so many of the places, whoever was heard of last first.
pub(crate) struct Best {
    most: usize,
    heap: BinaryHeap<Reverse<(u32, i64)>>,
}

impl Best {
    pub fn new(most: usize) -> Self {
        Self { most, heap: BinaryHeap::with_capacity(most + 1) }
    }

    pub fn take(&mut self, segment: &Segment, places: &Bits) {
        // The latest ids first: most of the others are then worse than what is held already.
        for place in places.backwards() {
            let one = (segment.heard(place), segment.ids[place as usize]);
            if self.heap.len() < self.most {
                self.heap.push(Reverse(one));
            } else if let Some(mut least) = self.heap.peek_mut()
                && least.0 < one
            {
                *least = Reverse(one);
            }
        }
    }

    pub fn hits(self, rank: Rank) -> Vec<Hit> {
        let hit = |Reverse((heard, id))| Hit { rank, heard: Reverse(heard), id: Reverse(id) };
        let mut hits: Vec<Hit> = self.heap.into_iter().map(hit).collect();
        hits.sort_unstable();
        hits
    }
}
