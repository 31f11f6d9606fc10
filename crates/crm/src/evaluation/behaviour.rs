//! How one person deals with our mails: what arrived, what they opened and clicked, and when we last heard of them.

use kernel::{ContactId, Fault, Timestamp};
use store::{FromQueryResult, Rows, values};

/// Counted over mails, by people only: machines that fetch a mail say nothing about its reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailBehaviour {
    pub sent: i64,
    /// Sent and not come back.
    pub delivered: i64,
    /// Delivered mails with at least one open; a click counts as an open.
    pub opened: i64,
    pub clicked: i64,
    /// The newest open, click or answer.
    pub last_reaction: Option<Timestamp>,
}

impl MailBehaviour {
    /// Opened ÷ delivered; nothing where nothing was delivered.
    pub fn open_rate(&self) -> Option<f64> {
        (self.delivered > 0).then(|| self.opened as f64 / self.delivered as f64)
    }

    /// Clicked ÷ delivered.
    pub fn click_rate(&self) -> Option<f64> {
        (self.delivered > 0).then(|| self.clicked as f64 / self.delivered as f64)
    }
}

#[derive(FromQueryResult)]
struct Counted {
    sent: i64,
    delivered: i64,
    opened: i64,
    clicked: i64,
}

/// The same shares as the metrics `open_rate` and `click_rate` of the segments, for one person. Served by `message_contact`,
/// `interaction_message` and `interaction_contact_at`.
pub async fn mail_behaviour(rows: &Rows, contact: ContactId) -> Result<MailBehaviour, Fault> {
    const MAILS: &str = "SELECT COUNT(*) AS sent, COUNT(CASE WHEN arrived = 1 THEN 1 END) AS delivered, \
         COUNT(CASE WHEN arrived = 1 AND opens > 0 THEN 1 END) AS opened, \
         COUNT(CASE WHEN arrived = 1 AND clicks > 0 THEN 1 END) AS clicked FROM ( \
         SELECT CASE WHEN m.bounced_at IS NULL THEN 1 ELSE 0 END AS arrived, \
         (SELECT COUNT(*) FROM interaction i WHERE i.message_id = m.id AND i.kind IN ('opened', 'clicked') \
         AND i.verdict = 'human') AS opens, \
         (SELECT COUNT(*) FROM interaction i WHERE i.message_id = m.id AND i.kind = 'clicked' \
         AND i.verdict = 'human') AS clicks \
         FROM message m WHERE m.contact_id = $1 AND m.state = 'sent') mail";
    const LATEST: &str = "SELECT COALESCE(MAX(occurred_at), 0) FROM interaction WHERE contact_id = $1 \
         AND kind IN ('opened', 'clicked', 'replied') AND verdict = 'human'";
    let Some(counted) = rows.one::<Counted>(MAILS, values![contact.0]).await? else { return Ok(Default::default()) };
    let latest = rows.number(LATEST, values![contact.0]).await?;
    Ok(MailBehaviour {
        sent: counted.sent,
        delivered: counted.delivered,
        opened: counted.opened,
        clicked: counted.clicked,
        last_reaction: (latest != 0).then_some(Timestamp(latest)),
    })
}
