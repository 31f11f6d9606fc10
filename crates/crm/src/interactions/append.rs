//! The one way into the log: many interactions in one unit, each sender's id taken once.

use super::{Channel, Kind, Reason, Verdict};
use kernel::{CampaignId, ContactId, EdgeId, Fault, MessageId, Money, ProductId, Seq, Timestamp, VisitorId};
use std::collections::HashMap;
use store::{Batch, Engine, Write, values};

/// One thing that happened, as it goes into the log.
#[derive(Clone, Debug, PartialEq)]
pub struct NewInteraction {
    /// The sender's own id: a second delivery of the same one changes nothing.
    pub event_id: Option<String>,
    pub occurred_at: Timestamp,
    pub contact: Option<ContactId>,
    pub visitor: Option<VisitorId>,
    pub kind: Kind,
    pub channel: Channel,
    pub campaign: Option<CampaignId>,
    pub message: Option<MessageId>,
    pub product: Option<ProductId>,
    pub value: Option<Money>,
    /// Page title, mail subject, call number …
    pub subject: Option<String>,
    pub url: Option<String>,
    pub verdict: Verdict,
    /// What led to the verdict.
    pub reasons: Vec<Reason>,
    /// A small JSON object.
    pub props: Option<serde_json::Value>,
    /// Who the visitor is was said by this edge, not by the event itself: taken back with it.
    pub edge: Option<EdgeId>,
    /// Row of `user_agent` a web event came from.
    pub agent: Option<i64>,
    /// Pages the visitor saw in the ten seconds up to a web event.
    pub pace: Option<i64>,
}

impl NewInteraction {
    /// Something a person did, at a time; everything else is empty.
    pub fn new(kind: Kind, occurred_at: Timestamp) -> Self {
        Self {
            event_id: None,
            occurred_at,
            contact: None,
            visitor: None,
            kind,
            channel: kind.channel(),
            campaign: None,
            message: None,
            product: None,
            value: None,
            subject: None,
            url: None,
            verdict: Verdict::Human,
            reasons: Vec::new(),
            props: None,
            edge: None,
            agent: None,
            pace: None,
        }
    }

    pub fn of(mut self, contact: ContactId) -> Self {
        self.contact = Some(contact);
        self
    }
}

/// Where an interaction stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub seq: Seq,
    /// The sender's id was known already: this is the place of the first delivery, and nothing was written.
    pub duplicate: bool,
}

/// Key of the PostgreSQL advisory lock under which positions are given out ("log" in ASCII).
const LOCK: i64 = 0x6c_6f_67;

/// Holds the log until the unit ends, so that positions are given out in the order of the commits and whoever reads the
/// log in this unit sees everything before its own entry. SQLite has one writer and needs nothing.
pub async fn hold(unit: &Write) -> Result<(), Fault> {
    if unit.engine() == Engine::Postgres {
        unit.run("SELECT pg_advisory_xact_lock($1)", values![LOCK]).await?;
    }
    Ok(())
}

/// Appends in the given order and answers for each item where it stands.
pub async fn append(unit: &Write, items: &[NewInteraction], now: Timestamp) -> Result<Vec<Appended>, Fault> {
    hold(unit).await?;
    let ids: Vec<&str> = items.iter().filter_map(|item| item.event_id.as_deref()).collect();
    let known = known(unit, &ids).await?;
    // Index among the fresh ones by event id, so that a twin in the same batch finds its first delivery.
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut fresh: Vec<&NewInteraction> = Vec::with_capacity(items.len());
    let mut places: Vec<Place> = Vec::with_capacity(items.len());
    for item in items {
        let place = match item.event_id.as_deref() {
            Some(id) if known.contains_key(id) => Place::Known(known[id]),
            Some(id) if first.contains_key(id) => Place::Twin(first[id]),
            id => {
                if let Some(id) = id {
                    first.insert(id, fresh.len());
                }
                fresh.push(item);
                Place::Fresh(fresh.len() - 1)
            }
        };
        places.push(place);
    }
    let seqs = insert(unit, &fresh, now).await?;
    remember(unit, &fresh, &seqs, now).await?;
    if let Some(last) = seqs.last() {
        unit.appended(*last);
    }
    Ok(places
        .into_iter()
        .map(|place| match place {
            Place::Known(seq) => Appended { seq, duplicate: true },
            Place::Twin(index) => Appended { seq: seqs[index], duplicate: true },
            Place::Fresh(index) => Appended { seq: seqs[index], duplicate: false },
        })
        .collect())
}

enum Place {
    Known(Seq),
    Twin(usize),
    Fresh(usize),
}

async fn known(unit: &Write, ids: &[&str]) -> Result<HashMap<String, Seq>, Fault> {
    const SQL: &str = "SELECT event_id, seq FROM interaction_key WHERE event_id";
    let keys: Vec<(String, i64)> = unit.keyed(&["event_id", "seq"], SQL, ids).await?;
    Ok(keys.into_iter().map(|(event_id, seq)| (event_id, Seq(seq))).collect())
}

const COLUMNS: [&str; 19] = [
    "occurred_at",
    "received_at",
    "contact_id",
    "visitor_id",
    "channel",
    "kind",
    "campaign_id",
    "message_id",
    "product_id",
    "value_minor",
    "currency",
    "subject",
    "url",
    "verdict",
    "reasons",
    "props",
    "edge_id",
    "agent_id",
    "pace",
];

/// Answers the positions in the order of the items.
async fn insert(unit: &Write, items: &[&NewInteraction], now: Timestamp) -> Result<Vec<Seq>, Fault> {
    let row = |item: &&NewInteraction| {
        values![
            item.occurred_at.0,
            now.0,
            item.contact.map(i64::from),
            item.visitor.map(i64::from),
            item.channel.code(),
            item.kind.code(),
            item.campaign.map(i64::from),
            item.message.map(i64::from),
            item.product.map(i64::from),
            item.value.map(|money| money.minor),
            item.value.map(|money| money.currency.code().to_owned()),
            item.subject.clone(),
            item.url.clone(),
            item.verdict.code(),
            Reason::write(&item.reasons),
            item.props.as_ref().map(serde_json::Value::to_string),
            item.edge.map(i64::from),
            item.agent,
            item.pace,
        ]
    };
    let batch = Batch::made("interaction", &COLUMNS, items.iter().map(row));
    Ok(batch.write_numbered(unit, "seq").await?.into_iter().map(Seq).collect())
}

async fn remember(unit: &Write, items: &[&NewInteraction], seqs: &[Seq], now: Timestamp) -> Result<(), Fault> {
    let mut batch = Batch::new("interaction_key", &["event_id", "seq", "received_at"], "");
    for (item, seq) in items.iter().zip(seqs) {
        if let Some(id) = item.event_id.as_deref() {
            batch.push(values![id, seq.0, now.0]);
        }
    }
    batch.write(unit).await?;
    Ok(())
}

/// Mends the verdict of entries that later events put in another light; the entries themselves stay.
pub async fn rejudge(unit: &Write, seqs: &[Seq], verdict: Verdict, reasons: &[Reason]) -> Result<(), Fault> {
    const SQL: &str = "UPDATE interaction SET verdict = $1, reasons = $2 WHERE seq = $3";
    for seq in seqs {
        unit.run(SQL, values![verdict.code(), Reason::write(reasons), seq.0]).await?;
    }
    Ok(())
}
