//! A sentence for the user: a key and its arguments, said in the reader's language at the very last moment.
//!
//! The wording lives in `words/<language>/*.ftl` (Project Fluent). A room names the sentence, a page or the command line
//! says it.

use crate::Locale;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

/// A message key with its arguments. Serialises as `{"key": …, "args": {…}}`, so it can be stored and said later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Sentence {
    pub key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Sentence {
    pub fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: BTreeMap::new() }
    }

    /// Adds an argument; figures must already be written in the reader's format or be plain numbers.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn say(&self, locale: Locale) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in &self.args {
            match value.parse::<i64>() {
                Ok(n) if n.to_string() == *value => args.set(name.as_str(), n),
                _ => args.set(name.as_str(), value.as_str()),
            }
        }
        say(locale, &self.key, Some(&args))
    }
}

impl From<&'static str> for Sentence {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

type Bundle = FluentBundle<FluentResource>;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle(Locale::De, WORDS_DE), bundle(Locale::En, WORDS_EN)]);

fn bundle(locale: Locale, files: &[(&str, &str)]) -> Bundle {
    let language = locale.code().parse().expect("a language tag");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format_number));
    bundle.add_function("COUNT", move |said, _| grouped(said, locale)).expect("a function of our own");
    for (name, text) in files {
        let resource = FluentResource::try_new((*text).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("words/{}/{name}: {errors:?}", locale.code()));
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("words/{}/{name}: {errors:?}", locale.code());
        }
    }
    bundle
}

fn format_number<M>(value: &FluentValue, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(n) => Some(n.as_string().into_owned()),
        _ => None,
    }
}

/// `COUNT($n)` in the words: a count as the language writes it, „4.812“. Plain `$n` stays as it is: numbers of records and
/// years have no separators.
fn grouped<'a>(said: &[FluentValue<'a>], locale: Locale) -> FluentValue<'a> {
    match said {
        [FluentValue::Number(n)] => locale.count(n.value as i64).into(),
        [other] => other.clone(),
        _ => FluentValue::Error,
    }
}

/// Says a key in a language; an unknown key is said as `⟨key⟩` so that it is seen and not hidden.
pub fn say(locale: Locale, key: &str, args: Option<&FluentArgs>) -> String {
    let bundle = &BUNDLES[locale as usize];
    let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return format!("⟨{key}⟩") };
    bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
}

/// Whether a key has wording in a language.
pub fn knows(locale: Locale, key: &str) -> bool {
    BUNDLES[locale as usize].has_message(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(files: &[(&str, &str)]) -> BTreeSet<String> {
        let lines = files.iter().flat_map(|(_, text)| text.lines());
        lines
            .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
            .filter_map(|line| line.split_once('=').map(|(key, _)| key.trim().to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_know_the_same_sentences() {
        let (de, en) = (keys(WORDS_DE), keys(WORDS_EN));
        assert_eq!(de.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "only in German");
        assert_eq!(en.difference(&de).collect::<Vec<_>>(), Vec::<&String>::new(), "only in English");
    }

    #[test]
    fn a_count_is_grouped_and_a_number_of_a_record_is_not() {
        let people = Sentence::new("campaign-segment-people").with("n", 4_812);
        assert_eq!(people.say(Locale::De), "4.812 Personen");
        assert_eq!(people.say(Locale::En), "4,812 people");
        assert_eq!(Sentence::new("campaign-segment-people").with("n", 1).say(Locale::De), "Eine Person");
    }

    #[test]
    fn a_sentence_takes_its_arguments() {
        let sentence = Sentence::new("fault-busy").with("what", "x");
        assert!(!sentence.say(Locale::De).contains('⟨'));
        assert_eq!(Sentence::new("no-such-key").say(Locale::En), "⟨no-such-key⟩");
    }
}
