//! From pairs to people: who belongs together, or who belongs to whom.

use crate::Pair;

/// Records that are connected by pairs of at least this probability, in groups of two and more.
pub fn groups(len: usize, pairs: &[Pair], least: f64) -> Vec<Vec<u32>> {
    let mut head: Vec<u32> = (0..len as u32).collect();
    fn find(head: &mut [u32], mut record: u32) -> u32 {
        while head[record as usize] != record {
            head[record as usize] = head[head[record as usize] as usize];
            record = head[record as usize];
        }
        record
    }
    for pair in pairs.iter().filter(|pair| pair.probability >= least) {
        let (one, other) = (find(&mut head, pair.one), find(&mut head, pair.other));
        head[one.max(other) as usize] = one.min(other);
    }
    let mut keyed: Vec<(u32, u32)> = (0..len as u32).map(|record| (find(&mut head, record), record)).collect();
    keyed.sort_unstable();
    let together = keyed.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1);
    together.map(|group| group.iter().map(|(_, record)| *record).collect()).collect()
}

/// The best pairs such that no record has two: for two lists without repetition of their own. Pairs come the likeliest first.
pub fn one_to_one(len: usize, pairs: &[Pair]) -> Vec<Pair> {
    let mut taken = vec![false; len];
    let mut chosen = Vec::new();
    for pair in pairs {
        if !taken[pair.one as usize] && !taken[pair.other as usize] {
            taken[pair.one as usize] = true;
            taken[pair.other as usize] = true;
            chosen.push(*pair);
        }
    }
    chosen
}
