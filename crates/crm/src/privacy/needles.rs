//! What a person is recognised by in text: the mail address, the phone, the street, the number, and first and last name
//! together in the ways they are written.

use crate::customers::Contact;
use kernel::Fault;
use store::{Rows, values};

/// What stands where the person stood.
const BLANK: &str = "[gelöscht]";

/// Texts that name a person, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Needles {
    texts: Vec<String>,
    /// A number of digits alone is found only where it is the whole of a cell or of a JSON string.
    digits: Option<String>,
    name: Option<(String, String)>,
}

impl Needles {
    /// What somebody else has, too, such as the address or the phone of a family, does not name the person alone and is left
    /// where others need it.
    pub async fn of(rows: &Rows, contact: &Contact) -> Result<Self, Fault> {
        let mut needles = Self::default();
        let alone = async |column: &str, further: &str, value: &str| -> Result<bool, Fault> {
            let sql = format!(
                "SELECT (SELECT COUNT(*) FROM contact WHERE {column} = $1 AND id <> $2) \
                 + (SELECT COUNT(*) FROM contact_point WHERE {further} = $3 AND contact_id <> $2)"
            );
            let key = if further == "text_key" { value.to_lowercase() } else { value.to_owned() };
            let own = if column == "email_key" { key.as_str() } else { value };
            Ok(rows.number(&sql, values![own, contact.id, key.as_str()]).await? == 0)
        };
        let main = [("email", &contact.email), ("phone", &contact.phone), ("address", &contact.street)];
        let main = main.into_iter().filter_map(|(what, text)| Some((what, text.as_deref()?)));
        let further = contact.points.iter().map(|point| {
            let text = if point.what == "address" { &point.street } else { &point.text };
            (point.what.as_str(), text.as_str())
        });
        let least = |what: &str| if what == "email" { 4 } else { 5 };
        for (what, text) in main.chain(further).filter(|(what, text)| text.trim().len() >= least(what)) {
            let (column, beside) = match what {
                "email" => ("email_key", "text_key"),
                "phone" => ("phone", "text_key"),
                _ => ("street", "street"),
            };
            if !alone(column, beside, text).await? {
                continue;
            }
            needles.add(text);
            let bare: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            match what {
                "email" => needles.add(&text.replace('@', "%40")),
                "phone" if bare.len() > 6 => needles.add(&bare),
                _ => {}
            }
        }
        let number = contact.number.trim();
        if number.bytes().all(|byte| byte.is_ascii_digit()) {
            needles.digits = (!number.is_empty()).then(|| number.to_owned());
        } else if number.len() > 2 {
            needles.add(number);
        }
        let (first, last) = (contact.first_name.trim(), contact.last_name.trim());
        const HOMONYM: &str = "SELECT COUNT(*) FROM contact WHERE first_name = $1 AND last_name = $2 AND id <> $3 \
             AND name_key = (SELECT c.name_key FROM contact c WHERE c.id = $3)";
        if !first.is_empty() && !last.is_empty() && rows.number(HOMONYM, values![first, last, contact.id]).await? == 0 {
            for between in [" ", "+", "%20", ";", ",", "\t", "|", "\";\"", "\",\"", "\\\";\\\"", "\\\",\\\""] {
                needles.add(&format!("{first}{between}{last}"));
                needles.add(&format!("{last}{between}{first}"));
            }
            needles.add(&format!("{last}, {first}"));
            needles.name = Some((first.to_lowercase(), last.to_lowercase()));
        }
        Ok(needles)
    }

    fn add(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        if !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }

    /// The few texts the database looks for before anybody looks closely; one of them stands wherever the person does.
    pub fn rough(&self) -> Vec<String> {
        let last = self.name.iter().map(|(_, last)| last.clone());
        let written = |text: &&String| self.name.as_ref().is_none_or(|(_, last)| !text.contains(last.as_str()));
        self.texts.iter().filter(written).cloned().chain(last).chain(self.digits.clone()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.digits.is_none()
    }

    /// The text without the person; nothing where they do not stand in it.
    pub fn blotted(&self, text: &str) -> Option<String> {
        if self.digits.as_deref() == Some(text) {
            return Some(BLANK.to_owned());
        }
        let mut blotted: Option<String> = None;
        for needle in &self.texts {
            if let Some(next) = replaced(blotted.as_deref().unwrap_or(text), needle) {
                blotted = Some(next);
            }
        }
        if let Some(digits) = &self.digits {
            let quoted = format!("\"{digits}\"");
            let held = blotted.as_deref().unwrap_or(text);
            if held.contains(&quoted) {
                blotted = Some(held.replace(&quoted, &format!("\"{BLANK}\"")));
            }
        }
        blotted
    }

    /// Whether a row of a file is about the person.
    pub fn names(&self, cells: &[&str]) -> bool {
        let whole = cells.iter().any(|cell| self.blotted(cell).is_some());
        whole
            || self.name.as_ref().is_some_and(|(first, last)| {
                let has = |name: &String| cells.iter().any(|cell| cell.trim().to_lowercase() == *name);
                has(first) && has(last)
            })
    }
}

/// Replaces a needle wherever it stands by itself, whatever its case.
fn replaced(text: &str, needle: &str) -> Option<String> {
    let mut out = String::new();
    let (mut rest, mut found, mut before) = (text, false, None);
    while let Some(c) = rest.chars().next() {
        match starts_with(rest, needle) {
            Some(length) if apart(before, needle.chars().next()) => {
                let after = rest[length..].chars().next();
                if apart(needle.chars().last(), after) {
                    out.push_str(BLANK);
                    before = rest[..length].chars().last();
                    rest = &rest[length..];
                    found = true;
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
        before = Some(c);
        rest = &rest[c.len_utf8()..];
    }
    found.then_some(out)
}

/// Whether two neighbours do not belong to one word.
fn apart(left: Option<char>, right: Option<char>) -> bool {
    !(left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric))
}

/// How many bytes of a text a needle in lower case takes at its beginning.
fn starts_with(text: &str, needle: &str) -> Option<usize> {
    let mut wanted = needle.chars();
    let mut length = 0;
    let mut next = wanted.next();
    for c in text.chars() {
        if next.is_none() {
            break;
        }
        for lower in c.to_lowercase() {
            if next != Some(lower) {
                return None;
            }
            next = wanted.next();
        }
        length += c.len_utf8();
    }
    next.is_none().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engel() -> Needles {
        let mut needles = Needles { digits: Some("4711".to_owned()), ..Needles::default() };
        for text in ["t.engel@mail.example", "Thomas Engel", "Thomas;Engel", "Ärztestraße 3"] {
            needles.add(text);
        }
        needles.name = Some(("thomas".to_owned(), "engel".to_owned()));
        needles
    }

    #[test]
    fn a_person_is_blotted_wherever_they_stand_by_themselves() {
        let engel = engel();
        let blotted = |text: &str| engel.blotted(text).unwrap_or_default();
        assert_eq!(blotted("Anruf von THOMAS ENGEL, dringend"), "Anruf von [gelöscht], dringend");
        assert_eq!(blotted("{\"to\":\"T.Engel@mail.example\"}"), "{\"to\":\"[gelöscht]\"}");
        assert_eq!(blotted("wohnt ÄRZTESTRASSE 3; ärztestraße 3"), "wohnt ÄRZTESTRASSE 3; [gelöscht]");
        assert_eq!(blotted("{\"number\":\"4711\",\"value\":4711}"), "{\"number\":\"[gelöscht]\",\"value\":4711}");
        assert_eq!(blotted("4711"), "[gelöscht]");
        for other in ["Thomas Engelhardt", "at.engel@mail.example", "14711", "47110", ""] {
            assert_eq!(engel.blotted(other), None, "{other}");
        }
    }

    #[test]
    fn a_row_is_about_somebody_by_its_cells() {
        let engel = engel();
        assert!(engel.names(&["4711", "x"]) && engel.names(&["1", "Engel", " thomas "]));
        assert!(!engel.names(&["1", "Engel", "Anna"]));
    }
}
