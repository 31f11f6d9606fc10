//! Was it a person? Two roads, each a list of named steps: one for requests of a mail's pixel and links ([`mail`]), one for
//! what websites tell ([`web`]). The first step that has an answer gives it, with its reason. Nothing on the roads touches
//! the database or a clock; what they rest on is stored, so that better rules judge history again ([`Rejudge`]).

mod agents;
mod history;
mod mail;
pub mod web;

pub use history::Rejudge;
pub use mail::{Act, Earlier, Judgement, MAIL_ROAD, Message, Request, judge};

use super::kind::coded;

/// Counts the changes of the rules. A higher number judges what is in the log again.
pub const RULES: i64 = 1;

/// One step of a road: its name, which is the name in the words, and its rule.
pub struct Step<C: 'static> {
    pub name: &'static str,
    rule: fn(&C) -> Option<(Verdict, Reason)>,
}

/// Walks a road to the first answer.
fn walk<C>(road: &[Step<C>], case: &C) -> Option<(Verdict, Reason)> {
    road.iter().find_map(|step| (step.rule)(case))
}

coded! {
    /// Who did it. Figures count humans; everything is kept.
    Verdict, "interactions-verdict" {
        Human = "human",
        Machine = "machine",
        Unknown = "unknown",
    }
}

coded! {
    /// What led to a verdict.
    Reason, "interactions-reason" {
        HeadRequest = "head_request",
        KnownScanner = "known_scanner",
        PrivacyProxy = "privacy_proxy",
        AtHandOver = "at_hand_over",
        AllLinksAtHandOver = "all_links_at_hand_over",
        SomeLinksAtHandOver = "some_links_at_hand_over",
        NoAgent = "no_agent",
        ImageProxy = "image_proxy",
        Crawler = "crawler",
        Headless = "headless",
        Monitor = "monitor",
        ToldByServer = "told_by_server",
        TooFast = "too_fast",
        OddAgent = "odd_agent",
    }
}

impl Reason {
    /// As stored: codes with commas between; nothing when there is none.
    pub fn write(reasons: &[Self]) -> Option<String> {
        (!reasons.is_empty()).then(|| reasons.iter().map(|r| r.code()).collect::<Vec<_>>().join(","))
    }

    pub fn read(text: Option<&str>) -> Vec<Self> {
        text.unwrap_or_default().split(',').filter_map(Self::parse).collect()
    }
}
