//! What is counted, written once: each fact is a select of (campaign, contact, amount) over some campaigns.
//!
//! Numbers written into the text are ids and constants of our own. Attribution: an answer or an order belongs to the last
//! message before it whose window is open; an answer or a bounce that names no message to the last message before it.

use kernel::{CampaignId, time::DAY};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Sent,
    Bounced,
    Delivered,
    Opened,
    Clicked,
    MachineOpened,
    Viewed,
    Responded,
    /// With an order that stands inside the window.
    Converted,
    Unsubscribed,
    Complained,
    /// Orders, by last touch; `amount` is their value.
    Attributed,
    /// Orders inside the window, whoever touched last: what treated people are compared with the control group by.
    Ordered,
    Control,
    /// The same of the control group, in the window from the launch on.
    ControlOrdered,
}

/// The campaigns a statement is about, as text for `campaign_id IN (…)`.
pub fn scope(campaigns: &[CampaignId]) -> String {
    let ids: Vec<String> = campaigns.iter().map(|id| id.0.to_string()).collect();
    if ids.is_empty() { "NULL".to_owned() } else { ids.join(",") }
}

impl Fact {
    /// Columns `campaign_id, contact_id, amount`.
    pub fn sql(self, scope: &str) -> String {
        match self {
            Self::Sent => messages(scope, "1 = 1"),
            Self::Bounced => messages(scope, &bounced("m")),
            Self::Delivered => messages(scope, &format!("NOT {}", bounced("m"))),
            Self::Opened => reactions(scope, "i.kind IN ('opened', 'clicked') AND i.verdict = 'human'"),
            Self::Clicked => reactions(scope, "i.kind = 'clicked' AND i.verdict = 'human'"),
            Self::MachineOpened => reactions(scope, "i.kind = 'opened' AND i.verdict = 'machine'"),
            Self::Viewed => reactions(scope, "i.kind IN ('page_viewed', 'product_viewed') AND i.verdict = 'human'"),
            Self::Unsubscribed => reactions(scope, "i.kind = 'unsubscribed' AND i.verdict <> 'machine'"),
            Self::Complained => reactions(scope, "i.kind = 'complained' AND i.verdict <> 'machine'"),
            Self::Responded => responded(scope),
            Self::Converted | Self::Ordered => ordered(scope),
            Self::Attributed => attributed(scope),
            Self::Control => {
                format!(
                    "SELECT a.campaign_id, a.contact_id, 0 AS amount FROM audience a WHERE a.campaign_id IN ({scope}) AND a.fate = 'control'"
                )
            }
            Self::ControlOrdered => format!(
                "SELECT a.campaign_id, a.contact_id, p.total_minor AS amount FROM audience a \
                 JOIN campaign c ON c.id = a.campaign_id \
                 JOIN purchase p ON p.contact_id = a.contact_id AND p.placed_at >= c.launched_at \
                 AND p.placed_at < c.launched_at + c.attribution_days * {DAY} \
                 WHERE a.campaign_id IN ({scope}) AND a.fate = 'control' AND p.cancelled_at IS NULL"
            ),
        }
    }
}

/// Served by `message_campaign`.
fn messages(scope: &str, condition: &str) -> String {
    format!(
        "SELECT m.campaign_id, m.contact_id, 0 AS amount FROM message m \
         WHERE m.campaign_id IN ({scope}) AND m.state = 'sent' AND {condition}"
    )
}

/// Served by `interaction_campaign`, which holds everything this reads.
fn reactions(scope: &str, condition: &str) -> String {
    format!(
        "SELECT DISTINCT i.campaign_id, i.contact_id, 0 AS amount FROM interaction i \
         WHERE i.campaign_id IN ({scope}) AND i.contact_id IS NOT NULL AND {condition}"
    )
}

/// Whether a message came back: noted at the message, named by a report, or the last message before a report that names
/// none.
fn bounced(m: &str) -> String {
    format!(
        "({m}.bounced_at IS NOT NULL \
         OR {m}.id IN (SELECT b.message_id FROM interaction b WHERE b.kind = 'bounced' AND b.message_id IS NOT NULL) \
         OR ({m}.contact_id IN (SELECT b.contact_id FROM interaction b WHERE b.kind = 'bounced' AND b.message_id IS NULL) \
         AND EXISTS (SELECT 1 FROM interaction b WHERE b.kind = 'bounced' AND b.message_id IS NULL \
         AND b.contact_id = {m}.contact_id AND b.occurred_at >= {m}.sent_at AND {})))",
        last_before(m, "b", "1 = 1")
    )
}

/// Whether `m` is the last message before the interaction `e`, among those of the campaign `e` names, if it names one, and
/// those that fit `which`.
fn last_before(m: &str, e: &str, which: &str) -> String {
    format!(
        "({e}.campaign_id IS NULL OR {e}.campaign_id = {m}.campaign_id) \
         AND NOT EXISTS (SELECT 1 FROM message n WHERE n.contact_id = {m}.contact_id AND n.state = 'sent' \
         AND n.sent_at <= {e}.occurred_at AND {which} AND ({e}.campaign_id IS NULL OR n.campaign_id = {e}.campaign_id) \
         AND (n.sent_at > {m}.sent_at OR (n.sent_at = {m}.sent_at AND n.id > {m}.id)))"
    )
}

/// In person: a mail reply, a call. Nobody answers a mail that came back.
fn responded(scope: &str) -> String {
    format!(
        "SELECT DISTINCT m.campaign_id, m.contact_id, 0 AS amount FROM message m \
         JOIN campaign c ON c.id = m.campaign_id \
         JOIN interaction e ON e.contact_id = m.contact_id AND e.kind IN ('replied', 'call_in') AND e.verdict = 'human' \
         AND e.occurred_at >= m.sent_at AND e.occurred_at < m.sent_at + c.attribution_days * {DAY} \
         WHERE m.campaign_id IN ({scope}) AND m.state = 'sent' AND NOT {} \
         AND (e.message_id = m.id OR (e.message_id IS NULL AND {}))",
        bounced("m"),
        last_before("m", "e", "n.bounced_at IS NULL")
    )
}

const ORDERS_OF: &str = "FROM message m JOIN campaign c ON c.id = m.campaign_id \
     JOIN purchase p ON p.contact_id = m.contact_id AND p.cancelled_at IS NULL AND p.placed_at >= m.sent_at";

fn ordered(scope: &str) -> String {
    format!(
        "SELECT DISTINCT m.campaign_id, m.contact_id, p.id, p.total_minor AS amount {ORDERS_OF} \
         AND p.placed_at < m.sent_at + c.attribution_days * {DAY} \
         WHERE m.campaign_id IN ({scope}) AND m.state = 'sent' AND NOT {}",
        bounced("m")
    )
}

/// Last touch: no later message before the order has an open window as well.
fn attributed(scope: &str) -> String {
    format!(
        "SELECT m.campaign_id, m.contact_id, p.total_minor AS amount {ORDERS_OF} \
         AND p.placed_at < m.sent_at + c.attribution_days * {DAY} \
         WHERE m.campaign_id IN ({scope}) AND m.state = 'sent' AND NOT {} \
         AND NOT EXISTS (SELECT 1 FROM message l JOIN campaign lc ON lc.id = l.campaign_id \
         WHERE l.contact_id = m.contact_id AND l.state = 'sent' AND l.sent_at <= p.placed_at \
         AND p.placed_at < l.sent_at + lc.attribution_days * {DAY} AND NOT {} \
         AND (l.sent_at > m.sent_at OR (l.sent_at = m.sent_at AND l.id > m.id)))",
        bounced("m"),
        bounced("l")
    )
}
