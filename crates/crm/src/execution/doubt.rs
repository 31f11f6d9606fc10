//! Messages whose fate nobody knows: settled by a person, or by a reaction that proves that the mail arrived.

use crate::{
    Refusal, Trouble,
    interactions::{self, Kind, NewInteraction},
    staff::{
        Actor, Right,
        audit::{self, Deed},
    },
};
use kernel::{CampaignId, ContactId, Fault, MessageId, Sentence, Timestamp};
use serde_json::json;
use store::{Db, FromQueryResult, Write, values};

/// What a person found out about a message in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    Sent,
    NotSent,
}

#[derive(FromQueryResult)]
struct Doubtful {
    campaign_id: i64,
    contact_id: i64,
    handed_at: Option<i64>,
}

/// Settles a doubt by hand. A message found not to have gone is failed, not sent again.
pub async fn resolve(
    db: &Db,
    by: &Actor,
    message: MessageId,
    resolution: Resolution,
    now: Timestamp,
) -> Result<(), Trouble> {
    by.must(Right::SendCampaigns)?;
    let unit = db.write().await?;
    let settled = match resolution {
        Resolution::Sent => resolve_sent(&unit, message, now).await?,
        Resolution::NotSent => {
            const SQL: &str = "UPDATE message SET state = 'failed', reason = 'resolved_not_sent' WHERE id = $1 AND state = 'in_doubt'";
            unit.run(SQL, values![message.0]).await? == 1
        }
    };
    if !settled {
        return Err(Refusal::State(Sentence::new("execution-not-in-doubt")).into());
    }
    unit.run("UPDATE message SET resolved_by = $1 WHERE id = $2", values![by.user().map(i64::from), message.0]).await?;
    let deed = Deed::new("message.resolved", "message", message.0).with(json!({ "resolution": resolution }));
    audit::note(&unit, by, now, deed).await?;
    unit.save().await?;
    Ok(())
}

/// The message did arrive: in doubt → sent, with the entry in the log it should have had. Answers whether it was in doubt.
pub async fn resolve_sent(unit: &Write, message: MessageId, now: Timestamp) -> Result<bool, Fault> {
    interactions::hold(unit).await?;
    const SQL: &str = "UPDATE message SET state = 'sent', reason = 'resolved_sent', sent_at = COALESCE(handed_at, $1) \
         WHERE id = $2 AND state = 'in_doubt' RETURNING campaign_id, contact_id, handed_at";
    let Some(found) = unit.one::<Doubtful>(SQL, values![now.0, message.0]).await? else { return Ok(false) };
    let sent = NewInteraction {
        contact: Some(ContactId(found.contact_id)),
        campaign: Some(CampaignId(found.campaign_id)),
        message: Some(message),
        ..NewInteraction::new(Kind::Sent, found.handed_at.map_or(now, Timestamp))
    };
    interactions::append(unit, &[sent], now).await?;
    Ok(true)
}
