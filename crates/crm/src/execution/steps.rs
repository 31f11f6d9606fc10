//! The steps people take in a campaign's life, each one unit of work.

use crate::{Refusal, Trouble, planning::Campaign, staff::Actor};
use kernel::{CampaignId, Timestamp};
use rand::RngCore;
use store::{Db, Write};

async fn step(
    db: &Db,
    by: &Actor,
    id: CampaignId,
    at: Timestamp,
    take: impl FnOnce(Campaign) -> Result<Campaign, Refusal>,
) -> Result<Campaign, Trouble> {
    let unit: Write = db.write().await?;
    let campaign = take(Campaign::get(&unit, id).await?)?.keep(&unit, by, at).await?;
    unit.save().await?;
    Ok(campaign)
}

pub async fn approve(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.approve(by, at)).await
}

pub async fn back_to_draft(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.back_to_draft(by)).await
}

/// Asks for the launch; the sending task freezes the audience, writes the ledger and sends. Nudge [`super::TASK`]
/// afterwards. The seed of the control group is drawn here and kept.
pub async fn launch(
    db: &Db,
    by: &Actor,
    id: CampaignId,
    at: Timestamp,
    rng: &mut (impl RngCore + Send),
) -> Result<Campaign, Trouble> {
    let seed = (rng.next_u64() >> 1) as i64;
    step(db, by, id, at, |campaign| campaign.launch(by, at, seed)).await
}

/// Holds the campaign back; takes effect before the next batch is handed over.
pub async fn pause(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.pause(by)).await
}

/// Lets a paused or stopped campaign go on. Nudge [`super::TASK`] afterwards.
pub async fn resume(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.resume(by)).await
}

/// Ends the campaign; what is still planned is skipped by the sending task. Nudge [`super::TASK`] afterwards.
pub async fn cancel(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.cancel(by, at)).await
}

pub async fn evaluate(db: &Db, by: &Actor, id: CampaignId, at: Timestamp) -> Result<Campaign, Trouble> {
    step(db, by, id, at, |campaign| campaign.evaluate(by)).await
}
