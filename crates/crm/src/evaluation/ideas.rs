//! What follows from what people do: circles worth writing to, each a definition that can become a segment or the audience
//! of a campaign in one step.

use crate::{
    Trouble,
    interactions::coded,
    selection::{self, Definition, Draft, Names},
    staff::Actor,
};
use kernel::{Fault, Locale, SegmentId, Sentence, Timestamp, Zone};
use serde_json::{Value, json};
use store::{Rows, Write, settings};

coded! {
    /// A circle worth a word.
    Idea, "idea" {
        Baskets = "baskets",
        Silent = "silent",
        Curious = "curious",
    }
}

impl Idea {
    /// Baskets left within two weeks and nothing bought since; regulars who have not looked in for four weeks; people who look
    /// again and again and do not buy.
    pub fn definition(self) -> Value {
        let did = |kind: &str, least: i64, days: i64| json!({ "did": { "kind": kind, "at_least": least, "within_days": days } });
        let not = |leaf: Value| json!({ "not": leaf });
        match self {
            Self::Baskets => json!({ "all": [did("basket_abandoned", 1, 14), not(did("order_placed", 1, 14))] }),
            Self::Silent => json!({ "all": [did("product_viewed", 5, 120), not(did("product_viewed", 1, 28))] }),
            Self::Curious => json!({ "all": [did("product_viewed", 4, 14), not(did("order_placed", 1, 90))] }),
        }
    }

    /// How many people it is now.
    pub async fn count(self, rows: &Rows, now: Timestamp, zone: &Zone) -> Result<i64, Fault> {
        let definition = Definition::parse(&self.definition(), &Names::default())
            .map_err(|_| Fault::Unreadable(format!("the idea {}", self.code())))?;
        selection::count(rows, &definition, now, zone).await
    }

    /// How many people it was when the watch of the night looked last: an overview that is asked for every second does not
    /// count them anew.
    pub async fn people(self, rows: &Rows) -> Result<i64, Fault> {
        Ok(settings::get(rows, &self.setting()).await?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Keeps what was counted.
    pub async fn keep(self, unit: &Write, people: i64) -> Result<(), Fault> {
        settings::set(unit, &self.setting(), &people.to_string()).await
    }

    fn setting(self) -> String {
        format!("idea.{}", self.code())
    }

    /// The segment of this idea: the one of this name, or a new one.
    pub async fn segment(self, unit: &Write, by: &Actor, locale: Locale, now: Timestamp) -> Result<SegmentId, Trouble> {
        let name = self.label().say(locale);
        if let Some(known) = selection::list(unit, false).await?.into_iter().find(|segment| segment.name == name) {
            return Ok(known.id);
        }
        let description = Sentence::new("idea-description").say(locale);
        selection::create(unit, by, &Draft { name, description, definition: self.definition() }, now).await
    }
}
