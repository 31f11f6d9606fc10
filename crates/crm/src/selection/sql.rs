//! A definition as SQL one can read: the statement the database is asked, its values written in.

use super::{Definition, question};
use kernel::{Fault, Timestamp, Zone};
use store::Rows;

/// The select of all members in the dialect of the database behind `rows`. For reading: whatever runs binds its values.
pub async fn sql(rows: &Rows, definition: &Definition, now: Timestamp, zone: &Zone) -> Result<String, Fault> {
    let select = question(rows, definition, now, zone).await?.select;
    Ok(laid_out(&rows.text(&select)))
}

/// Words a line begins with.
const BREAKS: [&str; 8] = ["FROM", "WHERE", "INNER JOIN", "LEFT JOIN", "GROUP BY", "HAVING", "AND", "OR"];

/// One clause a line; what stands in brackets moves in where it is longer than a few words.
fn laid_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    lay(text, 0, Some(true), &mut out);
    out
}

/// `block`: whether parts of this level begin lines, and then whether it is a statement, under whose clauses the conditions
/// stand one step in.
fn lay(text: &str, depth: usize, block: Option<bool>, out: &mut String) {
    let mut at = 0;
    let mut word = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if word
            && let Some(statement) = block
            && let Some(found) = BREAKS.iter().find(|word| begins(rest, word))
        {
            while out.ends_with(' ') {
                out.pop();
            }
            let under = usize::from(statement && matches!(*found, "AND" | "OR"));
            new_line(depth + under, out);
            out.push_str(found);
            at += found.len();
            word = false;
            continue;
        }
        match c {
            '\'' | '"' => {
                let length = quoted(rest, text[..at].ends_with('E'));
                out.push_str(&rest[..length]);
                at += length;
                word = false;
            }
            '(' => {
                let length = bracket(rest);
                let inside = rest[1..length].strip_suffix(')').unwrap_or(&rest[1..length]);
                if is_column(inside) && !out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                    out.push_str(inside);
                } else if is_block(inside) {
                    let here = depth_of_line(out);
                    out.push('(');
                    new_line(here + 1, out);
                    lay(inside, here + 1, Some(begins(inside, "SELECT")), out);
                    new_line(here, out);
                    out.push(')');
                } else {
                    out.push('(');
                    lay(inside, depth, None, out);
                    out.push(')');
                }
                at += length;
                word = false;
            }
            c => {
                out.push(c);
                at += c.len_utf8();
                word = c == ' ';
            }
        }
    }
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

/// How deep the line is that is being written.
fn depth_of_line(out: &str) -> usize {
    let line = out.rsplit('\n').next().unwrap_or_default();
    (line.len() - line.trim_start().len()) / 2
}

fn begins(rest: &str, word: &str) -> bool {
    rest.strip_prefix(word).is_some_and(|after| after.starts_with([' ', '(']))
}

/// A column alone needs no brackets.
fn is_column(inside: &str) -> bool {
    inside.contains('.') && inside.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'.'))
}

/// A statement, or conditions joined with one another.
fn is_block(inside: &str) -> bool {
    if begins(inside, "SELECT") {
        return true;
    }
    let (mut at, mut word) = (0, true);
    while let Some(c) = inside[at..].chars().next() {
        let rest = &inside[at..];
        if word && (begins(rest, "AND") || begins(rest, "OR")) {
            return true;
        }
        at += match c {
            '\'' | '"' => quoted(rest, inside[..at].ends_with('E')),
            '(' => bracket(rest),
            c => c.len_utf8(),
        };
        word = c == ' ';
    }
    false
}

/// Length of what stands in quotes at the beginning; PostgreSQL's `E'…'` has backslashes.
fn quoted(rest: &str, escapes: bool) -> usize {
    let quote = rest.chars().next();
    let mut skip = false;
    for (at, c) in rest.char_indices().skip(1) {
        if skip {
            skip = false;
        } else if escapes && c == '\\' {
            skip = true;
        } else if Some(c) == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// Length of what stands in brackets at the beginning, the brackets included.
fn bracket(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(c) = rest[at..].chars().next() {
        let length = match c {
            '\'' | '"' => quoted(&rest[at..], rest[..at].ends_with('E')),
            c => c.len_utf8(),
        };
        at += length;
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return at,
            ')' => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_has_its_line_and_brackets_move_in() {
        let text = "SELECT contact.id AS \"contact\" FROM \"contact\" WHERE contact.archived_at IS NULL AND (contact.city = 'AND (' OR \
                    contact.id IN (SELECT p.contact_id FROM p WHERE LENGTH(x) = 1))";
        let expected = "SELECT contact.id AS \"contact\"\nFROM \"contact\"\nWHERE contact.archived_at IS NULL\n  AND (\n    \
                        contact.city = 'AND ('\n    OR contact.id IN (\n      SELECT p.contact_id\n      FROM p\n      \
                        WHERE LENGTH(x) = 1\n    )\n  )";
        assert_eq!(laid_out(text), expected);
    }

    #[test]
    fn a_column_alone_stands_without_brackets_and_a_function_keeps_its_own() {
        assert_eq!(laid_out("WHERE (c.city_key) IS NULL"), "\nWHERE c.city_key IS NULL");
        assert_eq!(laid_out("SELECT LENGTH(c.city), x IN (1.5)"), "SELECT LENGTH(c.city), x IN (1.5)");
    }

    #[test]
    fn nothing_else_but_white_space_is_changed() {
        let texts = ["SELECT E'it\\'s (' AND ('ß''x')", "a)b", "'open", "WHERE ((x)) AND y OR z GROUP BY (a, b)"];
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        for text in texts {
            assert_eq!(bare(&laid_out(text)), bare(text));
        }
    }
}
