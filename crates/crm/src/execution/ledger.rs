//! Looking into the ledger: how far a campaign is, who is in which state and why.

use kernel::{CampaignId, ContactId, Fault, MessageId, Sentence, Timestamp, time::SECOND};
use store::{FromQueryResult, Rows, values};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Planned,
    Sending,
    Sent,
    Failed,
    Skipped,
    InDoubt,
}

impl MessageState {
    pub const ALL: &'static [MessageState] =
        &[Self::Planned, Self::Sending, Self::Sent, Self::Failed, Self::Skipped, Self::InDoubt];

    /// Stable name in storage and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::InDoubt => "in_doubt",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == text)
    }

    /// Its name for people.
    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Planned => "execution-state-planned",
            Self::Sending => "execution-state-sending",
            Self::Sent => "execution-state-sent",
            Self::Failed => "execution-state-failed",
            Self::Skipped => "execution-state-skipped",
            Self::InDoubt => "execution-state-in_doubt",
        })
    }
}

/// The words for a code in `message.reason`.
pub fn reason_label(code: &str) -> Sentence {
    Sentence::new(match code {
        "no_consent" => "execution-reason-no_consent",
        "suppressed" => "execution-reason-suppressed",
        "archived" => "execution-reason-archived",
        "cancelled" => "execution-reason-cancelled",
        "bad_address" => "execution-reason-bad_address",
        "not_composed" => "execution-reason-not_composed",
        "refused_address" => "execution-reason-refused_address",
        "refused_mailbox" => "execution-reason-refused_mailbox",
        "refused_policy" => "execution-reason-refused_policy",
        "gave_up" => "execution-reason-gave_up",
        "deferred" => "execution-reason-deferred",
        "no_connection" => "execution-reason-no_connection",
        "policy_pause" => "execution-reason-policy_pause",
        "interrupted" => "execution-reason-interrupted",
        "connection_lost" => "execution-reason-connection_lost",
        "resolved_sent" => "execution-reason-resolved_sent",
        "resolved_not_sent" => "execution-reason-resolved_not_sent",
        _ => "execution-reason-refused",
    })
}

/// How many messages are in a state for a reason.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, serde::Serialize)]
pub struct StateCount {
    pub state: String,
    pub reason: Option<String>,
    pub messages: i64,
}

/// All states with their reasons; served by `message_campaign`.
pub async fn counts(rows: &Rows, campaign: CampaignId) -> Result<Vec<StateCount>, Fault> {
    const SQL: &str = "SELECT state, reason, COUNT(*) AS messages FROM message WHERE campaign_id = $1 \
         GROUP BY state, reason ORDER BY state, reason NULLS FIRST";
    rows.all(SQL, values![campaign.0]).await
}

/// One message with its person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Line {
    pub id: i64,
    pub contact_id: i64,
    pub number: String,
    pub first_name: String,
    pub last_name: String,
    pub address: String,
    pub state: String,
    pub reason: Option<String>,
    /// What the mail server said.
    pub reply: Option<String>,
    pub attempts: i64,
    pub due_at: i64,
    pub handed_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub bounced_at: Option<i64>,
}

/// The messages of one state by contact id, after an id; served by `message_campaign`.
pub async fn lines(
    rows: &Rows,
    campaign: CampaignId,
    state: MessageState,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    const SQL: &str = "SELECT m.id, m.contact_id, c.number, c.first_name, c.last_name, m.address, m.state, m.reason, m.reply, \
         m.attempts, m.due_at, m.handed_at, m.sent_at, m.bounced_at FROM message m JOIN contact c ON c.id = m.contact_id \
         WHERE m.campaign_id = $1 AND m.state = $2 AND m.contact_id > $3 ORDER BY m.contact_id LIMIT $4";
    rows.all(SQL, values![campaign.0, state.code(), after, limit]).await
}

/// How far the sending is.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Progress {
    pub total: i64,
    pub planned: i64,
    pub sending: i64,
    pub sent: i64,
    pub failed: i64,
    pub skipped: i64,
    pub in_doubt: i64,
    /// Mails accepted per second lately; 0 when nothing was sent in the last minute.
    pub per_second: f64,
    /// At this rate; nothing when nothing is planned or nothing moves.
    pub remaining_seconds: Option<i64>,
}

impl Progress {
    /// Share of messages whose fate is settled, between 0 and 1.
    pub fn share(&self) -> f64 {
        if self.total == 0 { 0.0 } else { (self.total - self.planned - self.sending) as f64 / self.total as f64 }
    }
}

#[derive(FromQueryResult)]
struct Lately {
    messages: i64,
    first: Option<i64>,
    last: Option<i64>,
}

/// Counts by state, and how fast it goes, read from the end of the log.
pub async fn progress(rows: &Rows, campaign: CampaignId, now: Timestamp) -> Result<Progress, Fault> {
    const COUNTS: &str =
        "SELECT state, NULL AS reason, COUNT(*) AS messages FROM message WHERE campaign_id = $1 GROUP BY state";
    let counts: Vec<StateCount> = rows.all(COUNTS, values![campaign.0]).await?;
    let mut all = Progress::default();
    for count in counts {
        let place = match MessageState::parse(&count.state) {
            Some(MessageState::Planned) => &mut all.planned,
            Some(MessageState::Sending) => &mut all.sending,
            Some(MessageState::Sent) => &mut all.sent,
            Some(MessageState::Failed) => &mut all.failed,
            Some(MessageState::Skipped) => &mut all.skipped,
            Some(MessageState::InDoubt) => &mut all.in_doubt,
            None => return Err(Fault::Unreadable(format!("state {} of a message", count.state))),
        };
        *place += count.messages;
        all.total += count.messages;
    }
    if all.planned == 0 {
        return Ok(all);
    }
    const LATELY: &str = "SELECT COUNT(*) AS messages, MIN(occurred_at) AS first, MAX(occurred_at) AS last FROM \
         (SELECT kind, campaign_id, occurred_at FROM interaction ORDER BY seq DESC LIMIT 5000) AS lately \
         WHERE kind = 'sent' AND campaign_id = $1 AND occurred_at > $2";
    let lately: Option<Lately> = rows.one(LATELY, values![campaign.0, now.plus(-60 * SECOND).0]).await?;
    if let Some(Lately { messages, first: Some(first), last: Some(last) }) = lately {
        let seconds = (last.max(now.0.min(last + 5 * SECOND)) - first) as f64 / SECOND as f64;
        if messages > 1 && seconds > 0.0 {
            all.per_second = messages as f64 / seconds;
            all.remaining_seconds = Some((all.planned as f64 / all.per_second).ceil() as i64);
        }
    }
    Ok(all)
}

/// The last message that went (or may have gone) to a person before a moment; served by `message_contact`.
pub async fn latest_of(
    rows: &Rows,
    contact: ContactId,
    before: Timestamp,
) -> Result<Option<(MessageId, CampaignId)>, Fault> {
    #[derive(FromQueryResult)]
    struct Found {
        id: i64,
        campaign_id: i64,
    }
    const SQL: &str = "SELECT id, campaign_id FROM message WHERE contact_id = $1 AND state IN ('sent', 'in_doubt', 'sending') \
         AND COALESCE(sent_at, handed_at) <= $2 ORDER BY COALESCE(sent_at, handed_at) DESC, id DESC LIMIT 1";
    let found: Option<Found> = rows.one(SQL, values![contact.0, before.0]).await?;
    Ok(found.map(|found| (MessageId(found.id), CampaignId(found.campaign_id))))
}
