//! What is counted, written once: each fact is a select of (campaign, contact, amount) over some campaigns.
//!
//! Numbers written into the text are ids and constants of our own. Attribution: an answer or an order belongs to the last
//! message before it whose window is open; an answer or a bounce that names no message to the last message before it.

use kernel::{CampaignId, time::DAY};
use sea_query::{Expr, Query, SelectStatement};

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
        format!("SELECT {}", self.body(scope))
    }

    /// The same as a select that others are built around.
    pub fn select(self, scope: &str) -> SelectStatement {
        Query::select().expr(Expr::cust(self.body(scope))).to_owned()
    }

    /// What stands behind the word SELECT.
    fn body(self, scope: &str) -> String {
        match self {
            Self::Sent => messages(scope, "1 = 1"),
            Self::Bounced => format!(
                "{} UNION ALL SELECT {}",
                messages(scope, "m.bounced_at IS NOT NULL"),
                messages(scope, &format!("m.bounced_at IS NULL AND m.id IN ({REPORTED})"))
            ),
            Self::Delivered => messages(scope, &arrived("m")),
            Self::Opened => reached(scope, "opened"),
            Self::Clicked => reached(scope, "clicked"),
            Self::MachineOpened => reached(scope, "machine_opened"),
            Self::Viewed => reached(scope, "viewed"),
            Self::Unsubscribed => reached(scope, "unsubscribed"),
            Self::Complained => reached(scope, "complained"),
            Self::Responded => responded(scope),
            Self::Converted | Self::Ordered => ordered(scope),
            Self::Attributed => attributed(scope),
            Self::Control => {
                format!(
                    "a.campaign_id, a.contact_id, 0 AS amount FROM audience a WHERE a.campaign_id IN ({scope}) AND a.fate = 'control'"
                )
            }
            Self::ControlOrdered => format!(
                "a.campaign_id, a.contact_id, p.total_minor AS amount FROM audience a \
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
        "m.campaign_id, m.contact_id, 0 AS amount FROM message m \
         WHERE m.campaign_id IN ({scope}) AND m.state = 'sent' AND {condition}"
    )
}

/// Who did something, each person once.
fn reached(scope: &str, deed: &str) -> String {
    format!("r.campaign_id, r.contact_id, 0 AS amount FROM reached r WHERE r.campaign_id IN ({scope}) AND r.{deed} = 1")
}

/// Messages a report says came back: those it names, or the last one before it when it names none.
const REPORTED: &str = "SELECT b.message_id FROM interaction b WHERE b.kind = 'bounced' AND b.message_id IS NOT NULL \
     UNION ALL SELECT latest.id FROM (SELECT n.id, ROW_NUMBER() OVER (PARTITION BY b.seq \
     ORDER BY n.sent_at DESC, n.id DESC) AS place FROM interaction b JOIN message n ON n.contact_id = b.contact_id \
     AND n.sent_at <= b.occurred_at WHERE b.kind = 'bounced' AND b.message_id IS NULL AND n.state = 'sent' \
     AND (b.campaign_id IS NULL OR b.campaign_id = n.campaign_id)) latest WHERE latest.place = 1";

/// Whether a message did not come back: nothing is noted at it, and no report says so.
fn arrived(m: &str) -> String {
    format!("{m}.bounced_at IS NULL AND {m}.id NOT IN ({REPORTED})")
}

/// Everybody the campaigns wrote to: what they did is all that can count.
fn written_to(scope: &str) -> String {
    format!("SELECT w.contact_id FROM message w WHERE w.campaign_id IN ({scope})")
}

/// In person: a mail reply, a call. It answers the message it names, or the last one before it, among those of the campaign it
/// names, if it names one. Nobody answers a mail that came back.
fn responded(scope: &str) -> String {
    const ANSWERS: &str = "e.kind IN ('replied', 'call_in') AND e.verdict = 'human'";
    format!(
        "DISTINCT answered.campaign_id, answered.contact_id, 0 AS amount FROM ( \
         SELECT m.id, m.campaign_id, m.contact_id, m.sent_at, e.occurred_at FROM interaction e \
         JOIN message m ON m.id = e.message_id AND m.contact_id = e.contact_id \
         WHERE {ANSWERS} AND m.state = 'sent' AND m.campaign_id IN ({scope}) \
         UNION ALL SELECT latest.id, latest.campaign_id, latest.contact_id, latest.sent_at, latest.occurred_at FROM ( \
         SELECT n.id, n.campaign_id, n.contact_id, n.sent_at, e.occurred_at, \
         ROW_NUMBER() OVER (PARTITION BY e.seq ORDER BY n.sent_at DESC, n.id DESC) AS place FROM interaction e \
         JOIN message n ON n.contact_id = e.contact_id AND n.sent_at <= e.occurred_at \
         WHERE {ANSWERS} AND e.message_id IS NULL AND n.state = 'sent' AND n.bounced_at IS NULL \
         AND (e.campaign_id IS NULL OR e.campaign_id = n.campaign_id) AND e.contact_id IN ({})) latest \
         WHERE latest.place = 1) answered JOIN message m ON m.id = answered.id JOIN campaign c ON c.id = answered.campaign_id \
         WHERE answered.campaign_id IN ({scope}) AND answered.occurred_at >= answered.sent_at \
         AND answered.occurred_at < answered.sent_at + c.attribution_days * {DAY} AND {}",
        written_to(scope),
        arrived("m")
    )
}

/// Messages that arrived, with the orders inside their windows.
const ORDERS_OF: &str = "FROM message m JOIN campaign c ON c.id = m.campaign_id \
     JOIN purchase p ON p.contact_id = m.contact_id AND p.placed_at >= m.sent_at";

fn in_window() -> String {
    format!(
        "m.state = 'sent' AND p.cancelled_at IS NULL AND p.placed_at < m.sent_at + c.attribution_days * {DAY} AND {}",
        arrived("m")
    )
}

fn ordered(scope: &str) -> String {
    format!(
        "DISTINCT m.campaign_id, m.contact_id, p.id, p.total_minor AS amount {ORDERS_OF} \
         WHERE m.campaign_id IN ({scope}) AND {}",
        in_window()
    )
}

/// Last touch: of all messages before an order whose windows are open, the last.
fn attributed(scope: &str) -> String {
    format!(
        "touch.campaign_id, touch.contact_id, touch.amount FROM (SELECT m.campaign_id, m.contact_id, p.total_minor AS amount, \
         ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY m.sent_at DESC, m.id DESC) AS place {ORDERS_OF} \
         WHERE p.contact_id IN ({}) AND {}) touch WHERE touch.place = 1 AND touch.campaign_id IN ({scope})",
        written_to(scope),
        in_window()
    )
}
