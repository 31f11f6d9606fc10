//! May this event be tied to a person? What the website's consent dialogue said comes with the event
//! (`context.consent.categoryPreferences`); the law behind it is § 25 TDDDG.

use super::wire::Context;

/// What consent platforms call the category that covers measuring, in lower case. OneTrust says C0002.
const MEASURING: &[&str] = &[
    "analytics",
    "analytics_storage",
    "statistics",
    "statistik",
    "statistiken",
    "performance",
    "measurement",
    "messung",
    "c0002",
];

/// What was said about measuring. Nothing said: the sender answers for what it loads, servers among them.
pub fn permits(context: &Context) -> bool {
    let Some(preferences) = context.consent.as_ref().and_then(|consent| consent.category_preferences.as_ref()) else {
        return true;
    };
    let measuring = |name: &String| MEASURING.contains(&name.trim().to_lowercase().as_str());
    preferences.iter().any(|(name, said)| measuring(name) && *said == true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_to_measuring_is_a_yes() {
        let said = |text: &str| permits(&serde_json::from_str(text).expect("a context"));
        assert!(said("{}"));
        assert!(said(r#"{"consent":{"categoryPreferences":{"Analytics":true,"Advertising":false}}}"#));
        assert!(said(r#"{"consent":{"categoryPreferences":{"C0002":true}}}"#));
        assert!(!said(r#"{"consent":{"categoryPreferences":{"analytics":false,"functional":true}}}"#));
        assert!(!said(r#"{"consent":{"categoryPreferences":{"advertising":true}}}"#));
        assert!(!said(r#"{"consent":{"categoryPreferences":{}}}"#));
        assert!(!said(r#"{"consent":{"categoryPreferences":{"analytics":"yes"}}}"#));
    }
}
