//! Which blocks of texts can hold a fragment at all: for every run of four bytes, hashed, one bit per block (a bit-sliced
//! signature file, Faloutsos and Christodoulakis, ACM TOIS 2(4), 1984). What it rules out is not looked through; what it
//! lets pass may still hold nothing.

use crate::bits::Bits;

/// Places of a block.
pub const BLOCK: usize = 64;
/// Bytes of a run.
const RUN: usize = 4;
/// Hashes there are, as a power of two: larger means fewer blocks looked through in vain, and more memory.
const SLOTS: u32 = 12;

/// For every hash the blocks it stands in.
#[derive(Debug)]
pub struct Signature(Vec<Bits>);

fn slot(run: &[u8]) -> usize {
    let number = u32::from_le_bytes([run[0], run[1], run[2], run[3]]);
    // Fibonacci hashing: the upper bits of the product depend on all of the run.
    (number.wrapping_mul(0x9E37_79B1) >> (32 - SLOTS)) as usize
}

impl Signature {
    pub fn new(blocks: usize) -> Self {
        Self(vec![Bits::new(blocks); 1 << SLOTS])
    }

    /// Takes in a text of a block.
    pub fn add(&mut self, block: usize, text: &[u8]) {
        for run in text.windows(RUN) {
            self.0[slot(run)].insert(block as u32);
        }
    }

    /// The blocks that may hold a fragment; nothing where it is shorter than a run and any of them may.
    pub fn blocks(&self, fragment: &[u8]) -> Option<Bits> {
        let mut slices = fragment.windows(RUN).map(|run| &self.0[slot(run)]);
        let mut blocks = slices.next()?.clone();
        slices.for_each(|slice| blocks.keep(slice));
        Some(blocks)
    }

    pub fn bytes(&self) -> usize {
        self.0.iter().map(Bits::bytes).sum()
    }
}
