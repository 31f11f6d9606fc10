//! Records with their words, never changed: sorted distinct words with the places they stand at, and addresses and numbers to
//! be looked through for fragments.

use crate::{bits::Bits, build::Builder, fragments::Fragments, typo};
use std::{
    ops::Range,
    sync::atomic::{AtomicU32, Ordering},
};

#[derive(Debug)]
pub struct Segment {
    /// Ascending; a record's place is its index here.
    pub(crate) ids: Vec<i64>,
    /// Minutes since 1970 of the last interaction; moves on while the segment stays.
    pub(crate) heard: Vec<AtomicU32>,
    /// The words one after the other, sorted.
    pub(crate) text: String,
    /// Where each word begins, and the end.
    pub(crate) starts: Vec<u32>,
    /// Where the places of each word begin in `places`, and the end.
    pub(crate) first: Vec<u32>,
    pub(crate) places: Vec<u32>,
    pub(crate) keys: Fragments,
    pub(crate) phones: Fragments,
}

impl Segment {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        let lists = self.starts.capacity() + self.first.capacity() + self.places.capacity() + self.heard.capacity();
        8 * self.ids.capacity() + 4 * lists + self.text.capacity() + self.keys.bytes() + self.phones.bytes()
    }

    pub(crate) fn place(&self, id: i64) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(|place| place as u32)
    }

    /// Notes when somebody was heard of; earlier news change nothing.
    pub(crate) fn hear(&self, place: u32, minute: u32) {
        self.heard[place as usize].fetch_max(minute, Ordering::Relaxed);
    }

    pub(crate) fn heard(&self, place: u32) -> u32 {
        self.heard[place as usize].load(Ordering::Relaxed)
    }

    fn words(&self) -> usize {
        self.starts.len() - 1
    }

    fn word(&self, at: usize) -> &str {
        &self.text[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The first word that is not before this one.
    fn lower(&self, word: &str) -> usize {
        let (mut low, mut high) = (0, self.words());
        while low < high {
            let middle = (low + high) / 2;
            if self.word(middle) < word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn add(&self, words: Range<usize>, to: &mut Bits) {
        for place in &self.places[self.first[words.start] as usize..self.first[words.end] as usize] {
            to.insert(*place);
        }
    }

    /// Places of this very word.
    pub(crate) fn exact(&self, word: &str, to: &mut Bits) {
        let at = self.lower(word);
        if at < self.words() && self.word(at) == word {
            self.add(at..at + 1, to);
        }
    }

    /// Places of words that begin so.
    pub(crate) fn beginning(&self, word: &str, to: &mut Bits) {
        self.add(self.lower(word)..self.lower(&format!("{word}\u{10ffff}")), to);
    }

    /// Places of words that begin nearly so.
    pub(crate) fn similar(&self, word: &str, mistakes: u8, to: &mut Bits) {
        for words in typo::near(self.words(), |at| self.word(at), word, mistakes) {
            self.add(words, to);
        }
    }

    /// Segments become one, without what is gone; no id lives in two of them.
    pub(crate) fn merged(parts: &[(&Segment, &Bits)]) -> Segment {
        let spelt: Vec<Spelt> = parts.iter().map(|(segment, _)| Spelt::of(segment)).collect();
        let mut order: Vec<(i64, usize, u32)> = Vec::new();
        for (part, (segment, gone)) in parts.iter().enumerate() {
            let places = (0..segment.len() as u32).filter(|place| !gone.contains(*place));
            order.extend(places.map(|place| (segment.ids[place as usize], part, place)));
        }
        order.sort_unstable();
        let mut builder = Builder::default();
        for (id, part, place) in order {
            let segment = parts[part].0;
            let words = spelt[part].words(place).iter().map(|word| segment.word(*word as usize));
            builder.push_spelt(id, segment.heard(place), words, segment.keys.of(place), segment.phones.of(place));
        }
        builder.finish()
    }
}

/// The words of each place: a segment read the other way round.
struct Spelt {
    first: Vec<u32>,
    words: Vec<u32>,
}

impl Spelt {
    fn of(segment: &Segment) -> Self {
        let mut first = vec![0_u32; segment.len() + 1];
        for place in &segment.places {
            first[*place as usize + 1] += 1;
        }
        for at in 0..segment.len() {
            first[at + 1] += first[at];
        }
        let (mut next, mut words) = (first.clone(), vec![0_u32; segment.places.len()]);
        for word in 0..segment.words() {
            for place in &segment.places[segment.first[word] as usize..segment.first[word + 1] as usize] {
                let slot = &mut next[*place as usize];
                words[*slot as usize] = word as u32;
                *slot += 1;
            }
        }
        Self { first, words }
    }

    fn words(&self, place: u32) -> &[u32] {
        &self.words[self.first[place as usize] as usize..self.first[place as usize + 1] as usize]
    }
}
