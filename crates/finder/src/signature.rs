//! Which blocks of texts can hold a fragment at all: for every run of four bytes, hashed, one bit per block (a bit-sliced
//! signature file, Faloutsos and Christodoulakis, ACM TOIS 2(4), 1984). What it rules out is not looked through; what it
//! lets pass may still hold nothing.

/// Places of a block.
pub const BLOCK: usize = 64;
/// Bytes of a run.
const RUN: usize = 4;
/// Hashes there are, as a power of two: larger means fewer blocks looked through in vain, and more memory.
const SLOTS: u32 = 12;

#[derive(Debug)]
pub struct Signature {
    /// Words of 64 bits that one hash takes.
    words: usize,
    /// Hash by hash, a bit for every block.
    slices: Vec<u64>,
}

fn slot(run: &[u8]) -> usize {
    let number = u32::from_le_bytes([run[0], run[1], run[2], run[3]]);
    // Fibonacci hashing: the upper bits of the product depend on all of the run.
    (number.wrapping_mul(0x9E37_79B1) >> (32 - SLOTS)) as usize
}

impl Signature {
    pub fn new(blocks: usize) -> Self {
        let words = blocks.div_ceil(64);
        Self { words, slices: vec![0; words << SLOTS] }
    }

    /// Takes in a text of a block.
    pub fn add(&mut self, block: usize, text: &[u8]) {
        for run in text.windows(RUN) {
            self.slices[slot(run) * self.words + block / 64] |= 1 << (block % 64);
        }
    }

    /// The blocks that may hold a fragment; all of them for one that is shorter than a run.
    pub fn blocks(&self, fragment: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let mut left = vec![u64::MAX; self.words];
        for run in fragment.windows(RUN) {
            let slice = &self.slices[slot(run) * self.words..][..self.words];
            for (word, has) in left.iter_mut().zip(slice) {
                *word &= has;
            }
        }
        left.into_iter()
            .enumerate()
            .flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit))
    }

    pub fn bytes(&self) -> usize {
        self.slices.capacity() * 8
    }
}
