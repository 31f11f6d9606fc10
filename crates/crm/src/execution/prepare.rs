//! From planned messages to composed mails: who is due, who may not be written to after all, what each letter says.

use super::{Mailroom, envelope::Envelope};
use crate::{
    customers,
    planning::{Campaign, Link, Person, links, mail_template},
};
use kernel::{
    CampaignId, ContactId, EmailAddress, Fault, LinkId, Locale, MessageId, Timestamp,
    mail::{ComposedMail, MailTemplate, OutgoingMail, RenderTrouble},
};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, marks, values};

/// A running campaign, ready to make mails of: read once a pass.
pub(super) struct Press {
    pub campaign: CampaignId,
    pub template: MailTemplate,
    envelope: Envelope,
    name: String,
    links: Vec<Link>,
}

/// A message that is due, with the person it is for.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Due {
    pub id: i64,
    pub contact_id: i64,
    pub address: String,
    pub domain: String,
    pub attempts: i64,
    /// Why it must not go out after all: empty when it may.
    pub obstacle: String,
    #[sea_orm(nested)]
    pub person: Person,
}

/// What is known about a mail on its way.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub message: MessageId,
    pub contact: ContactId,
    pub campaign: CampaignId,
    pub domain: String,
    pub address: String,
    pub attempts: i64,
    pub subject: String,
}

/// A batch ready to be marked and handed over.
#[derive(Default)]
pub(super) struct Prepared {
    pub mails: Vec<(Ticket, ComposedMail)>,
    /// Message, reason, and what was said.
    pub skipped: Vec<(MessageId, &'static str)>,
    pub failed: Vec<(MessageId, &'static str, String)>,
}

/// Why a person must not get e-mail now; the same three questions the freeze asked.
fn obstacle() -> String {
    format!(
        "CASE WHEN c.archived_at IS NOT NULL THEN 'archived' WHEN NOT {} THEN 'no_consent' \
         WHEN EXISTS (SELECT 1 FROM suppression s WHERE s.email_key = LOWER(m.address)) THEN 'suppressed' ELSE '' END",
        customers::allows("c.id", "email", customers::MARKETING)
    )
}

/// Messages of a campaign that are due, by id, after an id, none to the domains named; served by `message_planned`.
pub(super) async fn due(
    rows: &Rows,
    campaign: CampaignId,
    after: i64,
    now: Timestamp,
    dry: &[String],
    limit: usize,
) -> Result<Vec<Due>, Fault> {
    let not_dry = if dry.is_empty() { String::new() } else { format!("AND m.domain NOT IN ({})", marks(5, dry.len())) };
    let sql = format!(
        "SELECT m.id, m.contact_id, m.address, m.domain, m.attempts, {} AS obstacle, {} \
         FROM message m JOIN contact c ON c.id = m.contact_id LEFT JOIN company o ON o.id = c.company_id \
         WHERE m.campaign_id = $1 AND m.state = 'planned' AND m.id > $2 AND m.due_at <= $3 {not_dry} \
         ORDER BY m.id LIMIT $4",
        obstacle(),
        Person::COLUMNS
    );
    let mut binds = values![campaign.0, after, now.0, limit as i64];
    binds.extend(dry.iter().map(|domain| Value::from(domain.as_str())));
    rows.all(&sql, binds).await
}

/// What every letter knows besides the person.
pub(super) fn letter_values(
    person: &Person,
    house: Locale,
    campaign: &str,
    organisation: &str,
    links: impl Iterator<Item = String>,
) -> serde_json::Map<String, Json> {
    let mut values = serde_json::Map::new();
    values.insert("contact".to_owned(), person.values(house));
    values.insert("campaign".to_owned(), json!({ "name": campaign }));
    values.insert("organisation".to_owned(), json!({ "name": organisation }));
    for (index, url) in links.enumerate() {
        values.insert(format!("link_{}", index + 1), Json::String(url));
    }
    values
}

impl Press {
    pub async fn read(rows: &Rows, mailroom: &Mailroom, campaign: &Campaign) -> Result<Self, Fault> {
        let content = &campaign.step.content;
        Ok(Self {
            campaign: campaign.id,
            template: mail_template(&mailroom.config.frame(), &content.subject, &content.letter()),
            envelope: Envelope::new(&mailroom.config, &mailroom.seal, campaign),
            name: campaign.plan.name.clone(),
            links: links(rows, campaign.step.id).await?,
        })
    }

    /// Renders and composes a batch.
    ///
    /// # Errors
    /// The template is at fault, not a person: the campaign cannot go on.
    pub async fn prepare(&self, mailroom: &Mailroom, due: Vec<Due>) -> Result<Prepared, RenderTrouble> {
        let mut prepared = Prepared::default();
        let mut tickets: Vec<(Ticket, EmailAddress, String)> = Vec::with_capacity(due.len());
        let mut people: Vec<Json> = Vec::with_capacity(due.len());
        let tokens = mailroom.tokens();
        for one in due {
            let message = MessageId(one.id);
            let obstacle = ["archived", "no_consent", "suppressed"].into_iter().find(|o| *o == one.obstacle);
            if let Some(reason) = obstacle {
                prepared.skipped.push((message, reason));
                continue;
            }
            let Some(to) = EmailAddress::parse(&one.address) else {
                prepared.failed.push((message, "bad_address", one.address));
                continue;
            };
            let links = self.links.iter().map(|link| tokens.click_url(message, LinkId(link.id)));
            let config = &mailroom.config;
            let mut values = letter_values(&one.person, config.locale, &self.name, &config.organisation, links);
            values.insert("pixel".to_owned(), Json::String(tokens.pixel_url(message)));
            values.insert("unsubscribe".to_owned(), Json::String(tokens.unsubscribe_url(message)));
            values.insert("preferences".to_owned(), Json::String(tokens.preferences_url(message)));
            people.push(Json::Object(values));
            let ticket = Ticket {
                message,
                contact: ContactId(one.contact_id),
                campaign: self.campaign,
                domain: one.domain,
                address: one.address,
                attempts: one.attempts + 1,
                subject: String::new(),
            };
            tickets.push((ticket, to, one.person.name()));
        }
        if tickets.is_empty() {
            return Ok(prepared);
        }
        let letters = mailroom.renderer.render(&self.template, people).await?;
        let mut waiting: HashMap<MessageId, Ticket> = HashMap::with_capacity(tickets.len());
        let mut mails: Vec<OutgoingMail> = Vec::with_capacity(tickets.len());
        for ((mut ticket, to, name), letter) in tickets.into_iter().zip(letters) {
            ticket.subject.clone_from(&letter.subject);
            mails.push(self.envelope.around(&tokens, ticket.message, name, to, letter));
            waiting.insert(ticket.message, ticket);
        }
        let order: Vec<MessageId> = mails.iter().map(|mail| mail.message).collect();
        for (message, composed) in order.into_iter().zip(mailroom.courier.compose(mails).await) {
            let Some(ticket) = waiting.remove(&message) else { continue };
            match composed {
                Ok(mail) => prepared.mails.push((ticket, mail)),
                Err(sentence) => {
                    prepared.failed.push((message, "not_composed", sentence.say(mailroom.config.locale)));
                }
            }
        }
        Ok(prepared)
    }
}
