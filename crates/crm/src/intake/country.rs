//! Countries by their German and English names, ISO 3166 codes and the signs on cars.

use super::country_names::NAMES;
use kernel::{Locale, text::fold};
use std::{collections::HashMap, sync::LazyLock};

/// What people also write, folded.
const ALSO: [(&str, &str); 58] = [
    ("d", "DE"),
    ("brd", "DE"),
    ("bundesrepublik deutschland", "DE"),
    ("federal republic of germany", "DE"),
    ("ger", "DE"),
    ("a", "AT"),
    ("fl", "LI"),
    ("i", "IT"),
    ("f", "FR"),
    ("l", "LU"),
    ("b", "BE"),
    ("e", "ES"),
    ("p", "PT"),
    ("h", "HU"),
    ("s", "SE"),
    ("n", "NO"),
    ("slo", "SI"),
    ("sui", "CH"),
    ("schweizerische eidgenossenschaft", "CH"),
    ("suisse", "CH"),
    ("svizzera", "CH"),
    ("france", "FR"),
    ("italia", "IT"),
    ("espana", "ES"),
    ("holland", "NL"),
    ("the netherlands", "NL"),
    ("uk", "GB"),
    ("grossbritannien", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("schottland", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("nordirland", "GB"),
    ("usa", "US"),
    ("u.s.a.", "US"),
    ("vereinigte staaten von amerika", "US"),
    ("united states of america", "US"),
    ("tschechische republik", "CZ"),
    ("czech republic", "CZ"),
    ("slowakische republik", "SK"),
    ("turkey", "TR"),
    ("russland (russische foederation)", "RU"),
    ("russische foederation", "RU"),
    ("russian federation", "RU"),
    ("weissrussland", "BY"),
    ("moldau", "MD"),
    ("mazedonien", "MK"),
    ("macedonia", "MK"),
    ("hongkong", "HK"),
    ("hong kong", "HK"),
    ("macau", "MO"),
    ("eire", "IE"),
    ("rsa", "ZA"),
    ("vae", "AE"),
    ("korea", "KR"),
    ("kosovo", "XK"),
    ("xk", "XK"),
];

static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut all: HashMap<String, &'static str> = HashMap::new();
    for (two, three, german, english) in NAMES {
        for name in [two, three, german, english] {
            all.insert(fold(name), two);
        }
        all.insert(fold(english).replace(" & ", " and "), two);
    }
    all.extend(ALSO.iter().map(|(name, two)| ((*name).to_owned(), *two)));
    all
});

/// ISO 3166-1 alpha-2 code of a country as people write it.
pub fn read(text: &str) -> Option<&'static str> {
    match text.trim() {
        "Deutschland" | "DE" => Some("DE"),
        "Österreich" | "AT" => Some("AT"),
        "Schweiz" | "CH" => Some("CH"),
        other => BY_NAME.get(&fold(other)).copied(),
    }
}

/// Name of a country by its alpha-2 code; an unknown code is its own name.
pub fn name(code: &str, locale: Locale) -> &str {
    if code == "XK" {
        return "Kosovo";
    }
    let found = NAMES.binary_search_by_key(&code, |(two, ..)| two).ok();
    found.map_or(code, |at| if locale == Locale::De { NAMES[at].2 } else { NAMES[at].3 })
}

/// All alpha-2 codes with their names, sorted by name.
pub fn all(locale: Locale) -> Vec<(&'static str, &'static str)> {
    let named = |entry: &(&'static str, &str, &'static str, &'static str)| {
        (entry.0, if locale == Locale::De { entry.2 } else { entry.3 })
    };
    let mut all: Vec<_> = NAMES.iter().map(named).chain([("XK", "Kosovo")]).collect();
    all.sort_by_cached_key(|(_, name)| fold(name));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_by_any_name() {
        for (text, code) in [
            ("Deutschland", "DE"),
            ("germany", "DE"),
            ("D", "DE"),
            ("OESTERREICH", "AT"),
            ("Österreich", "AT"),
            ("Switzerland", "CH"),
            ("DEU", "DE"),
            (" Südafrika ", "ZA"),
            ("Großbritannien", "GB"),
            ("Trinidad and Tobago", "TT"),
        ] {
            assert_eq!(read(text), Some(code), "{text}");
        }
        assert_eq!(read("Atlantis"), None);
        assert_eq!(name("AT", Locale::De), "Österreich");
        assert_eq!(name("AT", Locale::En), "Austria");
    }

    #[test]
    fn the_table_is_sorted_and_every_name_leads_back() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (two, three, german, english) in NAMES {
            for name in [two, three, german, english] {
                assert_eq!(read(name), Some(two), "{name}");
            }
        }
    }
}
