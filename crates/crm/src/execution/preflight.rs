//! The check before a launch: who would get the mail, what is missing for whom, and whether anything stands in the way.

use super::{Mailroom, launch::people, prepare::letter_values, trial::person};
use crate::{
    Trouble,
    planning::{Campaign, Link, links, mail_template},
    selection::freeze::{Waterfall, preview, reachable},
};
use kernel::{ContactId, EmailAddress, Sentence};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Fine.
    Good,
    /// Worth a look; the campaign may go.
    Warning,
    /// Stands in the way.
    Obstacle,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Finding {
    /// Stable name of the check, e.g. `recipients`, `template`, `links`.
    pub check: &'static str,
    pub weight: Weight,
    pub sentence: Sentence,
}

/// A merge field that is empty for some people.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Missing {
    pub field: String,
    pub people: i64,
    /// Up to five of them.
    pub examples: Vec<(ContactId, String)>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct PreFlight {
    pub waterfall: Waterfall,
    pub findings: Vec<Finding>,
    pub missing: Vec<Missing>,
    /// How many people were looked at for missing values.
    pub looked_at: i64,
    #[serde(skip)]
    pub links: Vec<Link>,
}

impl PreFlight {
    /// Whether nothing stands in the way.
    pub fn clear(&self) -> bool {
        self.findings.iter().all(|finding| finding.weight != Weight::Obstacle)
    }
}

/// People whose values are looked at.
const SAMPLE: usize = 2_000;
const PAGE: u64 = 250;
/// Longer subjects are cut off on telephones.
const SUBJECT: usize = 70;

/// Looks at a campaign as it stands. Nothing is written.
pub async fn pre_flight(mailroom: &Mailroom, campaign: &Campaign) -> Result<PreFlight, Trouble> {
    let now = mailroom.clock.now();
    let read = mailroom.db.read().await?;
    let mut findings = Vec::new();
    let mut find = |check, weight, sentence| findings.push(Finding { check, weight, sentence });
    let content = &campaign.step.content;
    let config = &mailroom.config;

    let people = people(&read, campaign.segment(), now, &mailroom.zone).await?.map(|(select, _)| select);
    let waterfall = match &people {
        Some(people) => preview(&read, people.clone(), campaign.plan.control_ppm).await?,
        None => Waterfall::default(),
    };
    match &people {
        None => find("segment", Weight::Obstacle, Sentence::new("planning-segment-required")),
        Some(_) if waterfall.treated == 0 => {
            find("recipients", Weight::Obstacle, Sentence::new("execution-check-nobody"));
        }
        Some(_) => {
            let sentence = Sentence::new("execution-check-recipients")
                .with("treated", waterfall.treated)
                .with("matched", waterfall.matched);
            find("recipients", Weight::Good, sentence);
        }
    }
    if waterfall.no_consent > 0 {
        let sentence = Sentence::new("execution-check-no-consent").with("people", waterfall.no_consent);
        find("consent", Weight::Warning, sentence);
    }

    if content.subject.is_empty() {
        find("subject", Weight::Obstacle, Sentence::new("planning-subject-required"));
    } else if content.subject.chars().count() > SUBJECT {
        find("subject", Weight::Warning, Sentence::new("execution-check-subject-long").with("most", SUBJECT));
    }
    let links = links(&read, campaign.step.id).await?;
    let letter = match content.clone().checked() {
        Ok(_) if content.body.trim().is_empty() => {
            find("body", Weight::Obstacle, Sentence::new("planning-body-required"));
            None
        }
        Ok((_, letter)) => Some(letter),
        Err(crate::Refusal::Invalid(complaints)) => {
            for complaint in complaints {
                let check = if complaint.code == "link" { "links" } else { "template" };
                find(check, Weight::Obstacle, complaint.sentence);
            }
            None
        }
        Err(_) => None,
    };
    if letter.is_some() {
        find("links", Weight::Good, Sentence::new("execution-check-links").with("links", links.len()));
        find("unsubscribe", Weight::Good, Sentence::new("execution-check-unsubscribe"));
    }

    let mut missing: BTreeMap<String, Missing> = BTreeMap::new();
    let mut looked_at = 0;
    if let (Some(letter), Some(people)) = (letter, people) {
        let template = mail_template(&config.frame(), &content.subject, &letter);
        let mut after = 0;
        while looked_at < SAMPLE {
            let ids = reachable(&read, people.clone(), after, PAGE).await?;
            let Some(last) = ids.last() else { break };
            after = *last;
            looked_at += ids.len();
            let mut persons = Vec::with_capacity(ids.len());
            let mut values: Vec<Json> = Vec::with_capacity(ids.len());
            for id in ids {
                let Some(person) = person(&read, ContactId(id)).await? else { continue };
                let targets = letter.links.iter().cloned();
                let mut known =
                    letter_values(&person, config.locale, &campaign.plan.name, &config.organisation, targets);
                let url = mailroom.tokens().trial_unsubscribe_url();
                known.insert("unsubscribe".to_owned(), Json::String(url.clone()));
                known.insert("preferences".to_owned(), Json::String(url.clone()));
                known.insert("pixel".to_owned(), Json::String(url));
                values.push(Json::Object(known));
                persons.push((ContactId(id), person.name()));
            }
            match mailroom.renderer.missing_values(&template, values).await {
                Ok(found) => {
                    for ((id, name), field) in
                        persons.iter().zip(found).flat_map(|(who, fields)| fields.into_iter().map(move |f| (who, f)))
                    {
                        let entry = missing.entry(field.clone()).or_insert_with(|| Missing {
                            field,
                            people: 0,
                            examples: Vec::new(),
                        });
                        entry.people += 1;
                        if entry.examples.len() < 5 {
                            entry.examples.push((*id, name.clone()));
                        }
                    }
                }
                Err(trouble) => {
                    find("template", Weight::Obstacle, trouble.sentence());
                    break;
                }
            }
        }
    }
    drop(read);
    for gap in missing.values() {
        let sentence = Sentence::new("execution-check-missing").with("field", &gap.field).with("people", gap.people);
        find("merge_fields", Weight::Warning, sentence);
    }

    let from = EmailAddress::parse(&content.from_address).unwrap_or_else(|| config.from_address.clone());
    if from.domain() != config.from_address.domain() {
        let sentence = Sentence::new("execution-check-other-domain")
            .with("domain", from.domain())
            .with("own", config.from_address.domain());
        find("sender", Weight::Warning, sentence);
    } else {
        find("sender", Weight::Good, Sentence::new("execution-check-sender").with("address", &from));
    }
    match mailroom.courier.check().await {
        Ok(()) => find("server", Weight::Good, Sentence::new("execution-check-server")),
        Err(sentence) => find("server", Weight::Obstacle, sentence),
    }
    let missing = missing.into_values().collect();
    Ok(PreFlight { waterfall, findings, missing, looked_at: looked_at as i64, links })
}
