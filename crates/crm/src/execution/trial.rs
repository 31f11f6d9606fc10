//! Looking at a letter before anybody else does: the preview as a chosen person, and test mails to colleagues. Nothing
//! about either is counted or kept.

use super::{Mailroom, envelope::Envelope, prepare::letter_values};
use crate::{
    Refusal, Trouble,
    planning::{Campaign, Content, Person, mail_template},
    refusal::Complaint,
    staff::{
        Actor, Right,
        audit::{self, Deed},
    },
};
use kernel::{
    ContactId, EmailAddress, Fault, Sentence,
    mail::{Handover, RenderedMail},
    seal::fingerprint,
};
use serde_json::{Value as Json, json};
use store::{Rows, values};

/// What became of one test mail.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TestMail {
    pub address: String,
    pub accepted: bool,
    /// What the mail server said, or why there was nothing to send.
    pub reply: String,
}

/// Test mails at a time at most.
const MOST: usize = 10;

/// The person with this id as letters know them.
pub(super) async fn person(rows: &Rows, id: ContactId) -> Result<Option<Person>, Fault> {
    let sql =
        format!("SELECT {} FROM contact c LEFT JOIN company o ON o.id = c.company_id WHERE c.id = $1", Person::COLUMNS);
    rows.one(&sql, values![id.0]).await
}

/// A letter as a person would get it; without one, as somebody nothing is known about. Links lead straight to their targets.
/// `content` may be what is being typed right now.
pub async fn preview(
    mailroom: &Mailroom,
    campaign: &str,
    content: Content,
    reader: Option<ContactId>,
) -> Result<RenderedMail, Trouble> {
    let (content, letter) = content.checked()?;
    let config = &mailroom.config;
    let person = match reader {
        Some(id) => person(&mailroom.db.read().await?, id).await?.ok_or(Refusal::Missing)?,
        None => Person::default(),
    };
    let links = letter.links.iter().cloned();
    let mut values = letter_values(&person, config.locale, campaign, &config.organisation, links);
    values.insert("unsubscribe".to_owned(), Json::String(mailroom.tokens().trial_unsubscribe_url()));
    values.insert("preferences".to_owned(), Json::String(mailroom.tokens().trial_preferences_url()));
    let template = mail_template(&config.frame(), &content.subject, &letter);
    let rendered = mailroom.renderer.render(&template, vec![Json::Object(values)]).await;
    let mut mails = rendered.map_err(|trouble| Refusal::field("body", "template", trouble.sentence()))?;
    Ok(mails.pop().ok_or_else(|| Fault::Busy("the render worker gave no answer".to_owned()))?)
}

/// Sends the campaign's letter to colleagues, with „Test:“ before the subject.
pub async fn test_send(
    mailroom: &Mailroom,
    by: &Actor,
    campaign: &Campaign,
    reader: Option<ContactId>,
    addresses: &[String],
) -> Result<Vec<TestMail>, Trouble> {
    by.must(Right::EditCampaigns)?;
    let addresses = recipients(addresses)?;
    let mut letter = preview(mailroom, &campaign.plan.name, campaign.step.content.clone(), reader).await?;
    letter.subject = format!("Test: {}", letter.subject);
    let envelope = Envelope::new(&mailroom.config, &mailroom.seal, campaign);
    let now = mailroom.clock.now();
    let mark = &fingerprint(&mailroom.seal.close_ids("trial", &[campaign.id.0, now.0]))[..10];
    let mut answers = Vec::new();
    for (number, address) in addresses.into_iter().enumerate() {
        let mail = envelope.around_trial(number, address.clone(), letter.clone(), mark);
        let (accepted, reply) = match mailroom.courier.compose(vec![mail]).await.pop() {
            Some(Ok(composed)) => match mailroom.courier.hand_over(vec![composed]).await.pop() {
                Some((_, Handover::Accepted { reply })) => (true, reply),
                Some((_, Handover::Deferred { reply, .. } | Handover::Refused { reply, .. })) => (false, reply),
                Some((_, Handover::InDoubt { reply })) => (false, reply),
                None => (false, String::new()),
            },
            Some(Err(sentence)) => (false, sentence.say(mailroom.config.locale)),
            None => (false, String::new()),
        };
        answers.push(TestMail { address: address.to_string(), accepted, reply });
    }
    let unit = mailroom.db.write().await?;
    let deed = Deed::new("campaign.tested", "campaign", campaign.id.0).with(json!({ "mails": answers.len() }));
    audit::note(&unit, by, now, deed).await?;
    unit.save().await?;
    Ok(answers)
}

fn recipients(addresses: &[String]) -> Result<Vec<EmailAddress>, Refusal> {
    let complaint = |code, sentence| Refusal::field("addresses", code, sentence);
    let addresses: Vec<&str> = addresses.iter().map(|a| a.trim()).filter(|a| !a.is_empty()).collect();
    if addresses.is_empty() {
        return Err(complaint("required", Sentence::new("execution-test-address-required")));
    }
    if addresses.len() > MOST {
        return Err(complaint("too_many", Sentence::new("execution-test-too-many").with("most", MOST)));
    }
    let mut good = Vec::new();
    let mut complaints = Vec::new();
    for address in addresses {
        match EmailAddress::parse(address) {
            Some(address) => good.push(address),
            None => complaints.push(Complaint {
                field: "addresses".to_owned(),
                code: "email",
                sentence: Sentence::new("planning-sender-not-an-address").with("address", address),
            }),
        }
    }
    if complaints.is_empty() { Ok(good) } else { Err(Refusal::Invalid(complaints)) }
}
