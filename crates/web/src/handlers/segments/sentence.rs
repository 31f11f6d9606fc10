//! A definition as one line of text: the phrases of the room below, nested ones in brackets.

use crate::door::Desk;
use crm::selection::{Definition, Phrase, phrases};
use kernel::{Fault, sentence::say};
use store::Rows;

/// The definition in the reader's language.
pub async fn of(rows: &Rows, definition: &Definition, desk: &Desk) -> Result<String, Fault> {
    let lines = phrases(rows, definition, desk.locale, &desk.zone).await?;
    Ok(joined(&lines, &say(desk.locale, "segments-fields-not", None)))
}

/// `not` is how the reader's language begins a denial: it stays even before a single phrase.
fn joined(lines: &[Phrase], not: &str) -> String {
    let mut at = 0;
    if at < lines.len() { one(lines, &mut at, not) } else { String::new() }
}

fn one(lines: &[Phrase], at: &mut usize, not: &str) -> String {
    let line = &lines[*at];
    *at += 1;
    let mut below = Vec::new();
    while *at < lines.len() && lines[*at].depth > line.depth {
        below.push(one(lines, at, not));
    }
    match below.as_slice() {
        [] => line.text.clone(),
        [only] if line.text != not => only.clone(),
        _ if line.depth == 0 => format!("{} {}", line.text, below.join("; ")),
        _ => format!("{} ({})", line.text, below.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[(usize, &str)]) -> String {
        let lines: Vec<Phrase> =
            lines.iter().map(|(depth, text)| Phrase { depth: *depth, text: (*text).to_owned() }).collect();
        joined(&lines, "Nicht:")
    }

    #[test]
    fn groups_stand_in_brackets_and_a_group_of_one_is_that_one() {
        assert_eq!(said(&[(0, "Alle:"), (1, "Land ist DE")]), "Land ist DE");
        assert_eq!(said(&[(0, "Nicht:"), (1, "Land ist DE")]), "Nicht: Land ist DE");
        let nested = [(0, "Alle:"), (1, "A"), (1, "Eine:"), (2, "B"), (2, "C"), (1, "D")];
        assert_eq!(said(&nested), "Alle: A; Eine: (B; C); D");
        assert_eq!(said(&[]), "");
    }
}
