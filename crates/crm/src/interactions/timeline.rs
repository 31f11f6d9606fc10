//! The log as people read it: one contact's life, and what just happened.

use super::{Channel, Kind, Reason, Verdict};
use kernel::{CampaignId, ContactId, Currency, Fault, MessageId, Money, ProductId, Seq, Timestamp, VisitorId};
use std::collections::HashMap;
use store::{FromQueryResult, Rows, Value, marks, values};

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    pub seq: Seq,
    pub occurred_at: Timestamp,
    pub received_at: Timestamp,
    pub contact: Option<ContactId>,
    pub visitor: Option<VisitorId>,
    pub channel: Channel,
    pub kind: Kind,
    pub campaign: Option<CampaignId>,
    pub message: Option<MessageId>,
    pub product: Option<ProductId>,
    pub value: Option<Money>,
    pub subject: Option<String>,
    pub url: Option<String>,
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
    /// JSON text as it was given.
    pub props: Option<String>,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    seq: i64,
    occurred_at: i64,
    received_at: i64,
    contact_id: Option<i64>,
    visitor_id: Option<i64>,
    channel: String,
    kind: String,
    campaign_id: Option<i64>,
    message_id: Option<i64>,
    product_id: Option<i64>,
    value_minor: Option<i64>,
    currency: Option<String>,
    subject: Option<String>,
    url: Option<String>,
    verdict: String,
    reasons: Option<String>,
    props: Option<String>,
}

impl Row {
    pub(super) const COLUMNS: &'static str = "interaction.seq, occurred_at, received_at, contact_id, visitor_id, channel, interaction.kind, campaign_id, \
         message_id, product_id, value_minor, currency, subject, url, verdict, reasons, props";

    pub(super) fn read(self) -> Result<Interaction, Fault> {
        let unreadable = |what: &str| Fault::Unreadable(format!("interaction {}: {what}", self.seq));
        let currency = self.currency.as_deref().and_then(Currency::parse);
        Ok(Interaction {
            seq: Seq(self.seq),
            occurred_at: Timestamp(self.occurred_at),
            received_at: Timestamp(self.received_at),
            contact: self.contact_id.map(ContactId),
            visitor: self.visitor_id.map(VisitorId),
            channel: Channel::parse(&self.channel).ok_or_else(|| unreadable("channel"))?,
            kind: Kind::parse(&self.kind).ok_or_else(|| unreadable("kind"))?,
            campaign: self.campaign_id.map(CampaignId),
            message: self.message_id.map(MessageId),
            product: self.product_id.map(ProductId),
            value: self.value_minor.map(|minor| Money::new(minor, currency.unwrap_or_default())),
            verdict: Verdict::parse(&self.verdict).ok_or_else(|| unreadable("verdict"))?,
            reasons: Reason::read(self.reasons.as_deref()),
            subject: self.subject,
            url: self.url,
            props: self.props,
        })
    }
}

/// A place in a timeline; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelineAt {
    pub occurred_at: Timestamp,
    pub seq: Seq,
}

impl Interaction {
    pub fn place(&self) -> TimelineAt {
        TimelineAt { occurred_at: self.occurred_at, seq: self.seq }
    }
}

/// One contact's interactions, newest first, from behind a place; served by `interaction_contact_at`.
pub async fn timeline(
    rows: &Rows,
    contact: ContactId,
    channel: Option<Channel>,
    before: Option<TimelineAt>,
    limit: i64,
) -> Result<Vec<Interaction>, Fault> {
    let before = before.unwrap_or(TimelineAt { occurred_at: Timestamp(i64::MAX), seq: Seq(i64::MAX) });
    let sql = format!(
        "SELECT {} FROM interaction WHERE contact_id = $1 AND occurred_at <= $2 AND (occurred_at < $2 OR seq < $3) \
         AND ($4 = '' OR channel = $4) ORDER BY occurred_at DESC, seq DESC LIMIT $5",
        Row::COLUMNS
    );
    let channel = channel.map_or("", Channel::code);
    let found: Vec<Row> =
        rows.all(&sql, values![contact.0, before.occurred_at.0, before.seq.0, channel, limit]).await?;
    found.into_iter().map(Row::read).collect()
}

#[derive(FromQueryResult)]
struct Coded {
    channel: String,
}

/// How many entries a contact has; served by `interaction_contact_at`.
pub async fn count_of(rows: &Rows, contact: ContactId) -> Result<i64, Fault> {
    rows.number("SELECT COUNT(*) FROM interaction WHERE contact_id = $1", values![contact.0]).await
}

/// The channels on which something happened with a contact; served by `interaction_contact_at`.
pub async fn channels_of(rows: &Rows, contact: ContactId) -> Result<Vec<Channel>, Fault> {
    const SQL: &str = "SELECT DISTINCT channel FROM interaction WHERE contact_id = $1";
    let found: Vec<Coded> = rows.all(SQL, values![contact.0]).await?;
    Ok(found.iter().filter_map(|row| Channel::parse(&row.channel)).collect())
}

/// The newest thing that happened with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest {
    pub at: Timestamp,
    pub channel: Channel,
    pub kind: Kind,
}

#[derive(FromQueryResult)]
struct LatestRow {
    contact_id: i64,
    occurred_at: i64,
    channel: String,
    kind: String,
}

/// The newest entry of each of some contacts; served by `interaction_contact_at`.
pub async fn latest(rows: &Rows, contacts: &[ContactId]) -> Result<HashMap<ContactId, Latest>, Fault> {
    let mut found = HashMap::new();
    for chunk in contacts.chunks(500) {
        let sql = format!(
            "SELECT i.contact_id, i.occurred_at, i.channel, i.kind FROM contact c JOIN interaction i ON i.seq = \
             (SELECT x.seq FROM interaction x WHERE x.contact_id = c.id ORDER BY x.occurred_at DESC, x.seq DESC LIMIT 1) \
             WHERE c.id IN ({})",
            marks(1, chunk.len())
        );
        let newest: Vec<LatestRow> = rows.all(&sql, chunk.iter().map(|id| Value::from(id.0)).collect()).await?;
        for row in newest {
            let unreadable = || Fault::Unreadable(format!("the newest interaction of contact {}", row.contact_id));
            let latest = Latest {
                at: Timestamp(row.occurred_at),
                channel: Channel::parse(&row.channel).ok_or_else(unreadable)?,
                kind: Kind::parse(&row.kind).ok_or_else(unreadable)?,
            };
            found.insert(ContactId(row.contact_id), latest);
        }
    }
    Ok(found)
}

/// Where the log stands. Served by the primary key.
pub async fn newest(rows: &Rows) -> Result<Seq, Fault> {
    Ok(Seq(rows.number("SELECT MAX(seq) FROM interaction", values![]).await?))
}

/// How far back the feed looks for something worth showing.
const FEED_DEPTH: i64 = 20_000;

/// What people just did, newest first: no machines, and not what the house itself sent. Served by the primary key.
pub async fn feed(rows: &Rows, limit: i64) -> Result<Vec<Interaction>, Fault> {
    let newest = newest(rows).await?.0;
    let sql = format!(
        "SELECT {} FROM interaction WHERE seq > $1 AND verdict = 'human' AND contact_id IS NOT NULL \
         AND kind NOT IN ('sent', 'delivered', 'printed', 'banner_shown', 'shown') ORDER BY seq DESC LIMIT $2",
        Row::COLUMNS
    );
    let found: Vec<Row> = rows.all(&sql, values![newest - FEED_DEPTH, limit]).await?;
    found.into_iter().map(Row::read).collect()
}

/// What people did about a campaign, newest first, after an entry: no machines, and not what the house itself sent.
pub async fn campaign_feed(
    rows: &Rows,
    campaign: CampaignId,
    after: Seq,
    limit: i64,
) -> Result<Vec<Interaction>, Fault> {
    let sql = format!(
        "SELECT {} FROM interaction WHERE campaign_id = $1 AND seq > $2 AND verdict = 'human' AND contact_id IS NOT NULL \
         AND kind NOT IN ('sent', 'delivered', 'printed', 'banner_shown', 'shown') ORDER BY seq DESC LIMIT $3",
        Row::COLUMNS
    );
    let found: Vec<Row> = rows.all(&sql, values![campaign.0, after.0, limit]).await?;
    found.into_iter().map(Row::read).collect()
}
