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

/// The campaigns a statement is about.
#[derive(Clone, Debug)]
pub struct Scope(Option<String>);

impl Scope {
    pub const ALL: Self = Self(None);

    pub fn of(campaigns: &[CampaignId]) -> Self {
        let ids: Vec<String> = campaigns.iter().map(|id| id.0.to_string()).collect();
        Self(Some(if ids.is_empty() { "NULL".to_owned() } else { ids.join(",") }))
    }

    /// A condition on a column with the id of a campaign.
    pub fn holds(&self, column: &str) -> String {
        self.0.as_ref().map_or_else(|| "1 = 1".to_owned(), |ids| format!("{column} IN ({ids})"))
    }

    /// A condition on a column with the id of a contact: the campaigns wrote to them, so what they did can count.
    fn wrote_to(&self, column: &str) -> String {
        let written =
            |ids: &String| format!("{column} IN (SELECT w.contact_id FROM message w WHERE w.campaign_id IN ({ids}))");
        self.0.as_ref().map_or_else(|| "1 = 1".to_owned(), written)
    }
}

impl Fact {
    /// Whether somebody can stand in it more than once in a campaign. Of messages nobody counts the people.
    pub fn repeats_people(self) -> bool {
        matches!(self, Self::Ordered | Self::Converted | Self::ControlOrdered)
    }

    /// Columns `campaign_id, contact_id, amount`.
    pub fn sql(self, scope: &Scope) -> String {
        format!("SELECT {}", self.body(scope))
    }

    /// The same as a select that others are built around.
    pub fn select(self, scope: &Scope) -> SelectStatement {
        Query::select().expr(Expr::cust(self.body(scope))).to_owned()
    }

    /// What stands behind the word SELECT.
    fn body(self, scope: &Scope) -> String {
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
                    "a.campaign_id, a.contact_id, 0 AS amount FROM audience a WHERE {} AND a.fate = 'control'",
                    scope.holds("a.campaign_id")
                )
            }
            Self::ControlOrdered => format!(
                "a.campaign_id, a.contact_id, p.total_minor AS amount FROM audience a \
                 JOIN campaign c ON c.id = a.campaign_id \
                 JOIN purchase p ON p.contact_id = a.contact_id AND p.placed_at >= c.launched_at \
                 AND p.placed_at < c.launched_at + c.attribution_days * {DAY} \
                 WHERE {} AND a.fate = 'control' AND p.cancelled_at IS NULL",
                scope.holds("a.campaign_id")
            ),
        }
    }
}

/// Served by `message_campaign`.
fn messages(scope: &Scope, condition: &str) -> String {
    format!(
        "m.campaign_id, m.contact_id, 0 AS amount FROM message m \
         WHERE {} AND m.state = 'sent' AND {condition}",
        scope.holds("m.campaign_id")
    )
}

/// Who did something, each person once.
fn reached(scope: &Scope, deed: &str) -> String {
    let campaigns = scope.holds("r.campaign_id");
    format!("r.campaign_id, r.contact_id, 0 AS amount FROM reached r WHERE {campaigns} AND r.{deed} = 1")
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

/// In person: a mail reply, a call. It answers the message it names, or the last one before it, among those of the campaign it
/// names, if it names one. Nobody answers a mail that came back.
fn responded(scope: &Scope) -> String {
    const ANSWERS: &str = "e.kind IN ('replied', 'call_in') AND e.verdict = 'human'";
    format!(
        "DISTINCT answered.campaign_id, answered.contact_id, 0 AS amount FROM ( \
         SELECT m.id, m.campaign_id, m.contact_id, m.sent_at, e.occurred_at FROM interaction e \
         JOIN message m ON m.id = e.message_id AND m.contact_id = e.contact_id \
         WHERE {ANSWERS} AND m.state = 'sent' AND {} \
         UNION ALL SELECT latest.id, latest.campaign_id, latest.contact_id, latest.sent_at, latest.occurred_at FROM ( \
         SELECT n.id, n.campaign_id, n.contact_id, n.sent_at, e.occurred_at, \
         ROW_NUMBER() OVER (PARTITION BY e.seq ORDER BY n.sent_at DESC, n.id DESC) AS place FROM interaction e \
         JOIN message n ON n.contact_id = e.contact_id AND n.sent_at <= e.occurred_at \
         WHERE {ANSWERS} AND e.message_id IS NULL AND n.state = 'sent' AND n.bounced_at IS NULL \
         AND (e.campaign_id IS NULL OR e.campaign_id = n.campaign_id) AND {}) latest \
         WHERE latest.place = 1) answered JOIN message m ON m.id = answered.id JOIN campaign c ON c.id = answered.campaign_id \
         WHERE {} AND answered.occurred_at >= answered.sent_at \
         AND answered.occurred_at < answered.sent_at + c.attribution_days * {DAY} AND {}",
        scope.holds("m.campaign_id"),
        scope.wrote_to("e.contact_id"),
        scope.holds("answered.campaign_id"),
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

fn ordered(scope: &Scope) -> String {
    format!(
        "DISTINCT m.campaign_id, m.contact_id, p.id, p.total_minor AS amount {ORDERS_OF} \
         WHERE {} AND {}",
        scope.holds("m.campaign_id"),
        in_window()
    )
}

/// Last touch: of all messages before an order whose windows are open, the last.
fn attributed(scope: &Scope) -> String {
    format!(
        "touch.campaign_id, touch.contact_id, touch.amount FROM (SELECT m.campaign_id, m.contact_id, p.total_minor AS amount, \
         ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY m.sent_at DESC, m.id DESC) AS place {ORDERS_OF} \
         WHERE {} AND {}) touch WHERE touch.place = 1 AND {}",
        scope.wrote_to("p.contact_id"),
        in_window(),
        scope.holds("touch.campaign_id")
    )
}
