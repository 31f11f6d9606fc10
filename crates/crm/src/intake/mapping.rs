//! Which column fills which field: guessed from the headers, corrected by the person at the screen.

use super::fields::{ADDED, ImportKind, TargetField, plain};
use kernel::Sentence;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Which field each column fills: one entry per column, a field's key or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Option<String>>);

impl Mapping {
    /// Reads the headers as people name them, German and English. The first column that means a field gets it.
    pub fn guess(kind: ImportKind, header: &[String]) -> Self {
        let mut taken = HashSet::new();
        let mut columns: Vec<Option<String>> = vec![None; header.len()];
        let own = header.len() >= 3 && {
            let last: Vec<&str> = header[header.len() - 3..].iter().map(String::as_str).collect();
            ADDED.iter().any(|added| added[..] == last[..])
        };
        let named = header.len() - if own { 3 } else { 0 };
        for (column, name) in header.iter().enumerate().take(named) {
            let bare = name.split(['(', '[']).next().unwrap_or(name);
            for spelling in [name.as_str(), bare] {
                let spelling = plain(spelling);
                let meant = |f: &&TargetField| f.synonyms.contains(&spelling.as_str()) || plain(f.key) == spelling;
                if columns[column].is_none()
                    && let Some(field) = kind.fields().iter().filter(|f| !taken.contains(f.key)).find(meant)
                {
                    taken.insert(field.key);
                    columns[column] = Some(field.key.to_owned());
                }
            }
        }
        Self(columns)
    }

    /// The column that fills a field.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|mapped| mapped.as_deref() == Some(key))
    }

    /// Whether it can be imported that way; each sentence names one thing to mend.
    pub fn check(&self, kind: ImportKind, columns: usize) -> Result<(), Vec<Sentence>> {
        let mut wrong = Vec::new();
        if self.0.len() > columns {
            wrong.push(Sentence::new("intake-mapping-too-long").with("found", self.0.len()).with("columns", columns));
        }
        let mut taken = HashSet::new();
        for key in self.0.iter().flatten() {
            if kind.field(key).is_none() {
                wrong.push(Sentence::new("intake-mapping-unknown").with("field", key));
            } else if !taken.insert(key.as_str()) {
                wrong.push(Sentence::new("intake-mapping-twice").with("field", key));
            }
        }
        for field in kind.fields().iter().filter(|f| f.required && !taken.contains(f.key)) {
            wrong.push(Sentence::new("intake-mapping-missing").with("field", field.key));
        }
        if kind == ImportKind::Orders && !taken.contains("product") && !taken.contains("product_number") {
            wrong.push(Sentence::new("intake-mapping-missing").with("field", "product_number"));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Locale, sentence::knows};

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn headers_are_understood_in_both_languages() {
        let german =
            Mapping::guess(ImportKind::Contacts, &header(&["Kunden-Nr.", "E-Mail", "Straße", "Foo", "Budget (EUR)"]));
        let mapped: Vec<_> = german.0.iter().map(Option::as_deref).collect();
        assert_eq!(mapped, [Some("number"), Some("email"), Some("street"), None, Some("budget")]);
        let english = Mapping::guess(ImportKind::Orders, &header(&["order_number", "Customer ID", "Unit Price"]));
        let mapped: Vec<_> = english.0.iter().map(Option::as_deref).collect();
        assert_eq!(mapped, [Some("number"), Some("customer_number"), Some("unit_price")]);
    }

    #[test]
    fn the_columns_of_an_error_file_mean_nothing() {
        let mapping = Mapping::guess(ImportKind::Orders, &header(&["Pos", "Zeile", "Feld", "Grund"]));
        assert_eq!(mapping.0, [Some("position".to_owned()), None, None, None]);
    }

    #[test]
    fn a_mapping_says_what_is_missing() {
        let mapping = Mapping(vec![Some("email".into()), Some("email".into()), Some("shoe_size".into())]);
        let wrong = mapping.check(ImportKind::Contacts, 3).unwrap_err();
        let keys: Vec<_> = wrong.iter().map(|s| s.key.as_ref()).collect();
        assert_eq!(keys, ["intake-mapping-twice", "intake-mapping-unknown", "intake-mapping-missing"]);
    }

    #[test]
    fn every_synonym_is_written_plainly_and_every_label_has_words() {
        for field in ImportKind::ALL.into_iter().flat_map(ImportKind::fields) {
            assert!(field.synonyms.iter().all(|s| plain(s) == *s), "{}", field.key);
            assert!(knows(Locale::De, field.label), "{}", field.label);
        }
    }
}
