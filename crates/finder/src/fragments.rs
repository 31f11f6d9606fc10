//! Texts one after the other in one piece of memory, looked through from end to end: a fragment may stand anywhere in them.

use memchr::memmem;

/// Parts the texts; it is in none of them.
const PART: u8 = b'\n';

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
    }

    /// The texts of a place.
    pub fn of(&self, place: u32) -> impl Iterator<Item = &str> {
        let start = self.starts[place as usize] as usize;
        let end = self.starts.get(place as usize + 1).map_or(self.bytes.len() - 1, |end| *end as usize);
        self.bytes[start..end].split(|byte| *byte == PART).filter_map(|text| std::str::from_utf8(text).ok())
    }

    /// Calls for every occurrence, place by place.
    pub fn scan(&self, needle: &str, mut each: impl FnMut(u32, Share)) {
        let mut place = 0;
        for at in memmem::find_iter(&self.bytes, needle.as_bytes()) {
            while self.starts.get(place + 1).is_some_and(|start| *start as usize <= at) {
                place += 1;
            }
            let begins = self.bytes[at - 1] == PART;
            let ends = self.bytes[at + needle.len()] == PART;
            let share = match (begins, ends) {
                (true, true) => Share::Whole,
                (true, false) => Share::Beginning,
                _ => Share::Inside,
            };
            each(place as u32, share);
        }
    }

    pub fn bytes(&self) -> usize {
        self.bytes.capacity() + 4 * self.starts.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
