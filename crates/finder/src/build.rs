//! Making a segment: records in the order of their ids go in, sorted words with their places come out.

use crate::{fragments::Fragments, segment::Segment, spelling};
use std::{collections::HashMap, sync::atomic::AtomicU32};

/// What is known of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub id: i64,
    /// Names, places, companies, in any spelling.
    pub texts: Vec<String>,
    /// Mail address, number.
    pub keys: Vec<String>,
    /// In any notation.
    pub phones: Vec<String>,
    /// Minutes since 1970 of the last interaction; 0 where there is none.
    pub heard: u32,
}

/// Takes entries in ascending order of their ids, each id once.
#[derive(Default)]
pub struct Builder {
    ids: Vec<i64>,
    heard: Vec<AtomicU32>,
    dictionary: HashMap<String, u32>,
    /// Word and place.
    pairs: Vec<(u32, u32)>,
    keys: Fragments,
    phones: Fragments,
}

impl Builder {
    pub fn push(&mut self, entry: &Entry) {
        let mut words: Vec<String> = entry.texts.iter().flat_map(|text| spelling::words(text)).collect();
        words.sort_unstable();
        words.dedup();
        let keys: Vec<String> = entry.keys.iter().map(|key| key.to_lowercase()).collect();
        let phones: Vec<String> = entry.phones.iter().map(|phone| spelling::phone(phone)).collect();
        let (keys, phones) = (keys.iter().map(String::as_str), phones.iter().map(String::as_str));
        self.push_spelt(entry.id, entry.heard, words.iter().map(String::as_str), keys, phones);
    }

    /// The same of words, keys and phones that are spelt already; no word twice.
    pub(crate) fn push_spelt<'a>(
        &mut self,
        id: i64,
        heard: u32,
        words: impl Iterator<Item = &'a str>,
        keys: impl Iterator<Item = &'a str>,
        phones: impl Iterator<Item = &'a str>,
    ) {
        debug_assert!(self.ids.last().is_none_or(|last| *last < id), "ids ascend");
        let place = self.ids.len() as u32;
        self.ids.push(id);
        self.heard.push(AtomicU32::new(heard));
        for word in words {
            let next = self.dictionary.len() as u32;
            let number = match self.dictionary.get(word) {
                Some(number) => *number,
                None => *self.dictionary.entry(word.to_owned()).or_insert(next),
            };
            self.pairs.push((number, place));
        }
        self.keys.push(keys);
        self.phones.push(phones);
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn finish(mut self) -> Segment {
        let mut words: Vec<(String, u32)> = self.dictionary.into_iter().collect();
        words.sort_unstable();
        let mut rank = vec![0_u32; words.len()];
        let mut text = String::with_capacity(words.iter().map(|(word, _)| word.len()).sum());
        let mut starts = Vec::with_capacity(words.len() + 1);
        for (at, (word, number)) in words.iter().enumerate() {
            rank[*number as usize] = at as u32;
            starts.push(text.len() as u32);
            text.push_str(word);
        }
        starts.push(text.len() as u32);
        let count = words.len();
        drop(words);
        // Counting sort: pairs came by ascending places, so those of a word stay in order.
        let mut first = vec![0_u32; count + 1];
        for (number, _) in &self.pairs {
            first[rank[*number as usize] as usize + 1] += 1;
        }
        for at in 0..count {
            first[at + 1] += first[at];
        }
        let mut next = first.clone();
        let mut places = vec![0_u32; self.pairs.len()];
        for (number, place) in self.pairs {
            let slot = &mut next[rank[number as usize] as usize];
            places[*slot as usize] = place;
            *slot += 1;
        }
        self.ids.shrink_to_fit();
        self.heard.shrink_to_fit();
        self.keys.done();
        self.phones.done();
        Segment { ids: self.ids, heard: self.heard, text, starts, first, places, keys: self.keys, phones: self.phones }
    }
}
