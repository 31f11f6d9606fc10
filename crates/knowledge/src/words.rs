//! The few words of a code column, each held once however many rows say it.

use std::{collections::HashSet, sync::Arc};

#[derive(Default)]
pub struct Words(HashSet<Arc<str>>);

impl Words {
    /// The word as every row shares it.
    pub fn shared(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(word);
        self.0.insert(new.clone());
        new
    }
}
