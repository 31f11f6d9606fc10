//! Texts one after the other in one piece of memory, looked through for fragments that may stand anywhere in them. Of many
//! texts only the blocks that may hold a fragment are.

use crate::signature::{BLOCK, Signature};
use memchr::memmem;
use std::ops::Range;

/// Parts the texts; it is in none of them.
const PART: u8 = b'\n';

/// Fewer places are looked through as a whole.
const MANY: usize = 64 * BLOCK;

/// How much of a text a fragment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    Whole,
    Beginning,
    Inside,
}

/// For every place any number of texts.
#[derive(Debug, Default)]
pub struct Fragments {
    /// Every text with a [`PART`] before it, and one at the end.
    bytes: Vec<u8>,
    /// Where the texts of each place begin.
    starts: Vec<u32>,
    /// Made when all texts are in, where there are many.
    signature: Option<Signature>,
}

impl Fragments {
    /// The texts of the next place.
    pub fn push<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        self.starts.push(self.bytes.len() as u32);
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            self.bytes.push(PART);
            self.bytes.extend(text.bytes().filter(|byte| *byte != PART));
        }
    }

    pub fn done(&mut self) {
        self.bytes.push(PART);
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
        if self.starts.len() < MANY {
            return;
        }
        let blocks = self.starts.len().div_ceil(BLOCK);
        let mut signature = Signature::new(blocks);
        for block in 0..blocks {
            let texts = &self.bytes[self.range(block * BLOCK..(block + 1) * BLOCK)];
            for text in texts.split(|byte| *byte == PART) {
                signature.add(block, text);
            }
        }
        self.signature = Some(signature);
    }

    /// Where the texts of these places lie.
    fn range(&self, places: Range<usize>) -> Range<usize> {
        let end = self.starts.get(places.end).map_or(self.bytes.len() - 1, |end| *end as usize);
        self.starts[places.start] as usize..end
    }

    /// The texts of a place.
    pub fn of(&self, place: u32) -> impl Iterator<Item = &str> {
        let start = self.starts[place as usize] as usize;
        let end = self.starts.get(place as usize + 1).map_or(self.bytes.len() - 1, |end| *end as usize);
        self.bytes[start..end].split(|byte| *byte == PART).filter_map(|text| std::str::from_utf8(text).ok())
    }

    /// Calls for every occurrence, place by place.
    pub fn scan(&self, needle: &str, mut each: impl FnMut(u32, Share)) {
        let finder = memmem::Finder::new(needle);
        let blocks = self.signature.as_ref().and_then(|signature| signature.blocks(needle.as_bytes()));
        match blocks {
            Some(blocks) => {
                for block in blocks.iter().map(|block| block as usize) {
                    let end = self.starts.len().min((block + 1) * BLOCK);
                    self.scan_places(block * BLOCK..end, &finder, &mut each);
                }
            }
            None if self.starts.is_empty() => {}
            None => self.scan_places(0..self.starts.len(), &finder, &mut each),
        }
    }

    fn scan_places(&self, places: Range<usize>, finder: &memmem::Finder, each: &mut impl FnMut(u32, Share)) {
        let mut place = places.start;
        let lies = self.range(places);
        for at in finder.find_iter(&self.bytes[lies.clone()]) {
            let at = lies.start + at;
            while self.starts.get(place + 1).is_some_and(|start| *start as usize <= at) {
                place += 1;
            }
            let begins = self.bytes[at - 1] == PART;
            let ends = self.bytes[at + finder.needle().len()] == PART;
            let share = match (begins, ends) {
                (true, true) => Share::Whole,
                (true, false) => Share::Beginning,
                _ => Share::Inside,
            };
            each(place as u32, share);
        }
    }

    pub fn bytes(&self) -> usize {
        let signature = self.signature.as_ref().map_or(0, Signature::bytes);
        self.bytes.capacity() + 4 * self.starts.capacity() + signature
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn among_many_texts_a_fragment_is_found_where_it_is_and_nowhere_else(
            seed in proptest::collection::vec("[ab0-2@]{0,9}", 1..40),
            needle in "[ab0-2@]{1,7}",
        ) {
            let places = MANY + 100;
            let text = |place: usize| format!("{}{}", seed[place * 7919 % seed.len()], seed[place * 31 % seed.len()]);
            let mut texts = Fragments::default();
            for place in 0..places {
                texts.push([text(place).as_str()]);
            }
            texts.done();
            let mut found = std::collections::BTreeSet::new();
            texts.scan(&needle, |place, _| { found.insert(place as usize); });
            let all = (0..places).filter(|place| text(*place).contains(&needle)).collect();
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn a_fragment_is_found_in_its_own_text_and_never_across_two() {
        let mut texts = Fragments::default();
        texts.push(["anna@a.example", "k17"]);
        texts.push([]);
        texts.push(["k171"]);
        texts.done();
        let found = |needle| {
            let mut all = Vec::new();
            texts.scan(needle, |place, share| all.push((place, share)));
            all
        };
        assert_eq!(found("k17"), [(0, Share::Whole), (2, Share::Beginning)]);
        assert_eq!(found("nna@a"), [(0, Share::Inside)]);
        assert!(found("examplek").is_empty());
        assert_eq!(texts.of(0).filter(|text| !text.is_empty()).collect::<Vec<_>>(), ["anna@a.example", "k17"]);
        assert_eq!(texts.of(2).filter(|text| !text.is_empty()).count(), 1);
    }
}
