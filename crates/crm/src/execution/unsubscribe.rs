//! Unsubscribing: effective at once, for everything that has not left the house yet, and undone with one press where it was
//! a mistake.

use super::Reactions;
use crate::{
    customers::{self, MARKETING, Statement},
    interactions::{self, Appended, Kind, NewInteraction},
    staff::Actor,
};
use kernel::{CampaignId, ContactId, Fault, Locale, MessageId, Timestamp, time::DAY};
use std::sync::Arc;
use store::{FromQueryResult, Rows, Write, values};

/// How long a person can take back an unsubscription with the link of the mail.
const UNDO: i64 = 7 * DAY;

/// What the confirm page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscription {
    /// The person's language.
    pub locale: Locale,
    /// `a…@kunde.example`: enough to recognise one's own address, not enough to learn somebody else's.
    pub address_hint: String,
    /// Whether e-mails are allowed right now.
    pub subscribed: bool,
    /// Whether [`Reactions::resubscribe`] would change anything.
    pub can_undo: bool,
}

#[derive(FromQueryResult)]
struct Found {
    contact_id: i64,
    campaign_id: i64,
    address: String,
    subject: String,
    campaign: String,
    language: Option<String>,
    granted: Option<i64>,
    source: Option<String>,
    said_at: Option<i64>,
}

impl Found {
    fn can_undo(&self, now: Timestamp) -> bool {
        self.granted == Some(0)
            && self.source.as_deref() == Some("unsubscribe")
            && self.said_at.is_some_and(|at| now.0 - at <= UNDO)
    }
}

async fn find(rows: &Rows, message: MessageId) -> Result<Option<Found>, Fault> {
    const SQL: &str = "SELECT m.contact_id, m.campaign_id, m.address, s.subject, k.name AS campaign, c.language, \
         CAST(a.granted AS BIGINT) AS granted, a.source, a.at AS said_at FROM message m \
         JOIN contact c ON c.id = m.contact_id JOIN campaign k ON k.id = m.campaign_id \
         JOIN campaign_step s ON s.id = m.step_id LEFT JOIN consent a ON a.contact_id = m.contact_id \
         AND a.channel = 'email' AND a.purpose = 'marketing' AND a.current = 1 WHERE m.id = $1";
    rows.one(SQL, values![message.0]).await
}

/// Withdraws the consent to e-mail. Answers whether anything changed.
pub async fn withdraw_email(
    unit: &Write,
    contact: ContactId,
    source: &str,
    wording: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let statement =
        Statement { contact, channel: "email", purpose: MARKETING, granted: false, source, wording, at: now };
    customers::note_consent(unit, &Actor::system(source), &statement, now).await
}

impl Reactions {
    /// What the page behind an unsubscribe link shows; nothing for a link we did not make.
    pub async fn unsubscription(&self, token: &str) -> Result<Option<Unsubscription>, Fault> {
        let Some(message) = self.tokens.unsubscribe(token) else { return Ok(None) };
        let found = find(&self.db.read().await?, message).await?;
        let now = self.clock.now();
        Ok(found.map(|found| Unsubscription {
            locale: found.language.as_deref().and_then(Locale::parse).unwrap_or(self.locale),
            address_hint: hint(&found.address),
            subscribed: found.granted == Some(1),
            can_undo: found.can_undo(now),
        }))
    }

    /// Unsubscribes the person of a message. `false` for a link we did not make; pressing twice changes nothing.
    pub async fn unsubscribe(&self, token: &str) -> Result<bool, Fault> {
        let Some(message) = self.tokens.unsubscribe(token) else { return Ok(false) };
        if find(&self.db.read().await?, message).await?.is_none() {
            return Ok(false);
        }
        let now = self.clock.now();
        self.recorder.run(Arc::new(move |unit| Box::pin(unsubscribed(unit, message, now)))).await?;
        Ok(true)
    }

    /// Takes an unsubscription back, if it was made by link in the last seven days.
    pub async fn resubscribe(&self, token: &str) -> Result<bool, Fault> {
        let Some(message) = self.tokens.unsubscribe(token) else { return Ok(false) };
        let now = self.clock.now();
        let unit = self.db.write().await?;
        let Some(found) = find(&unit, message).await? else { return Ok(false) };
        if found.can_undo(now) {
            let wording = format!("Abmeldung zurückgenommen: {} („{}“)", found.campaign, found.subject);
            let statement = Statement {
                contact: ContactId(found.contact_id),
                channel: "email",
                purpose: MARKETING,
                granted: true,
                source: "unsubscribe_undone",
                wording: &wording,
                at: now,
            };
            customers::note_consent(&unit, &Actor::system("unsubscribe"), &statement, now).await?;
            unit.save().await?;
        }
        Ok(true)
    }
}

pub(super) async fn unsubscribed(unit: &Write, message: MessageId, now: Timestamp) -> Result<Vec<Appended>, Fault> {
    let Some(found) = find(unit, message).await? else { return Ok(Vec::new()) };
    super::resolve_sent(unit, message, now).await?;
    let contact = ContactId(found.contact_id);
    let wording = format!("Abmeldung: {} („{}“)", found.campaign, found.subject);
    if !withdraw_email(unit, contact, "unsubscribe", &wording, now).await? {
        return Ok(Vec::new());
    }
    let item = NewInteraction {
        campaign: Some(CampaignId(found.campaign_id)),
        message: Some(message),
        subject: Some(found.subject.chars().take(500).collect()),
        ..NewInteraction::new(Kind::Unsubscribed, now).of(contact)
    };
    interactions::append(unit, &[item], now).await
}

/// `a…@kunde.example`: enough to recognise one's own address, not enough to learn somebody else's.
pub fn hint(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("{}…@{domain}", local.chars().next().unwrap_or(' '))
}
