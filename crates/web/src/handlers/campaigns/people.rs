//! The people behind a figure, for the list of contacts: `/kontakte?kampagne=12&gruppe=opened`.

use crm::evaluation::Group;
use kernel::{CampaignId, Fault, Sentence, Timestamp, Zone};
use store::{Rows, sea_query::Condition};

/// The people as a condition over `contact` and the words for them; nothing where no figure has this name.
pub async fn people(
    rows: &Rows,
    campaign: CampaignId,
    group: &str,
    now: Timestamp,
    zone: &Zone,
) -> Result<Option<(Condition, Sentence)>, Fault> {
    let Some(group) = Group::parse(group) else { return Ok(None) };
    Ok(group.condition(rows, campaign, now, zone).await?.map(|condition| (condition, group.label())))
}
