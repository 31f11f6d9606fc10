//! Words that are nearly the one that was asked for: a walk through the sorted dictionary that leaves out every beginning
//! that is too far off already.
//!
//! The distance is that of optimal string alignment (Damerau 1964): a letter too much, one missing, another one, or two
//! neighbours exchanged count one each.

use std::ops::Range;

/// Ranges of a sorted list of words that begin with something at most `most` mistakes away from `wanted`, in order and without
/// overlap.
pub fn near<'a>(words: usize, word: impl Fn(usize) -> &'a str, wanted: &str, most: u8) -> Vec<Range<usize>> {
    let wanted: Vec<char> = wanted.chars().collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    // One row for every letter of the current word; row[j] is the distance to the first j letters that are wanted.
    let mut rows: Vec<Vec<u8>> = vec![(0..=wanted.len()).map(|j| j.min(255) as u8).collect()];
    let mut letters: Vec<char> = Vec::new();
    let mut at = 0;
    'words: while at < words {
        let text = word(at);
        let shared = text.chars().zip(&letters).take_while(|(a, b)| a == *b).count();
        letters.truncate(shared);
        rows.truncate(shared + 1);
        for (offset, letter) in text.char_indices().skip(shared) {
            letters.push(letter);
            let row = next_row(&rows, &letters, &wanted);
            let (last, nearest) = (row[wanted.len()], row.iter().copied().min().unwrap_or(0));
            rows.push(row);
            if last <= most || nearest > most {
                // All words that begin like this are in, or none of them is.
                let end = behind(words, &word, at, &text[..offset + letter.len_utf8()]);
                if last <= most {
                    match found.last_mut() {
                        Some(range) if range.end == at => range.end = end,
                        _ => found.push(at..end),
                    }
                }
                at = end;
                continue 'words;
            }
        }
        at += 1;
    }
    found
}

fn next_row(rows: &[Vec<u8>], letters: &[char], wanted: &[char]) -> Vec<u8> {
    let depth = letters.len();
    let (above, letter) = (&rows[depth - 1], letters[depth - 1]);
    let mut row = Vec::with_capacity(wanted.len() + 1);
    row.push(depth.min(255) as u8);
    for j in 1..=wanted.len() {
        let mut least = (above[j].saturating_add(1)).min(row[j - 1].saturating_add(1));
        least = least.min(above[j - 1].saturating_add(u8::from(letter != wanted[j - 1])));
        if depth > 1 && j > 1 && letter == wanted[j - 2] && letters[depth - 2] == wanted[j - 1] {
            least = least.min(rows[depth - 2][j - 2].saturating_add(1));
        }
        row.push(least);
    }
    row
}

/// The first word behind those that begin so; looks ahead in growing steps, because most beginnings are rare.
fn behind<'a>(words: usize, word: &impl Fn(usize) -> &'a str, from: usize, beginning: &str) -> usize {
    let (mut inside, mut step) = (from, 1);
    while inside + step < words && word(inside + step).starts_with(beginning) {
        inside += step;
        step *= 2;
    }
    let (mut low, mut high) = (inside + 1, (inside + step).min(words));
    while low < high {
        let middle = (low + high) / 2;
        if word(middle).starts_with(beginning) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The distance as the definition says it, cell by cell.
    fn distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut least = (d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                    least = least.min(d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        least = least.min(d[i - 2][j - 2] + 1);
                    }
                    least
                };
            }
        }
        d[a.len()][b.len()]
    }

    fn beginnings(word: &str) -> impl Iterator<Item = &str> {
        (0..=word.len()).filter(|at| word.is_char_boundary(*at)).map(|at| &word[..at])
    }

    proptest! {
        #[test]
        fn the_walk_finds_what_looking_at_every_word_finds(
            words in proptest::collection::btree_set("[abcö]{1,7}", 0..60),
            wanted in "[abcö]{3,6}",
            most in 1_u8..=2,
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let found: Vec<usize> = near(words.len(), |at| &words[at], &wanted, most).into_iter().flatten().collect();
            let near = |word: &String| beginnings(word).any(|part| distance(part, &wanted) <= usize::from(most));
            let all: Vec<usize> = (0..words.len()).filter(|at| near(&words[*at])).collect();
            prop_assert_eq!(found, all);
        }
    }
}
