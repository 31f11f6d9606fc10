//! From launched to running: freeze the audience, write one planned message for each treated person. Each part is one unit
//! and may be repeated, so a process that dies in between changes nothing.

use super::Mailroom;
use crate::{
    Trouble,
    planning::{Campaign, State},
    selection::{self, freeze},
    staff::Actor,
};
use kernel::{CampaignId, Fault, SegmentId, Sentence, Timestamp, Zone};
use store::{Rows, Write, sea_query::SelectStatement, values};

/// People written into the ledger in one unit.
const PAGE: i64 = 20_000;

/// The contact ids of a segment, and its definition as JSON; nothing when the segment is not there (any more).
pub(super) async fn people(
    rows: &Rows,
    segment: Option<SegmentId>,
    now: Timestamp,
    zone: &Zone,
) -> Result<Option<(SelectStatement, String)>, Fault> {
    let Some(id) = segment else { return Ok(None) };
    let Some(segment) = selection::find(rows, id).await? else { return Ok(None) };
    let question = selection::question(rows, &segment.definition, now, zone).await?;
    Ok(Some((question.select, segment.definition.to_json().to_string())))
}

/// The campaigns of a state, oldest first.
pub(super) async fn in_state(rows: &Rows, state: State) -> Result<Vec<CampaignId>, Fault> {
    const SQL: &str = "SELECT id FROM campaign WHERE state = $1 ORDER BY id";
    Ok(rows.numbers(SQL, values![state.code()]).await?.into_iter().map(CampaignId).collect())
}

impl Mailroom {
    /// Brings every launching campaign to running.
    pub(super) async fn launch_waiting(&self) -> Result<bool, Fault> {
        let waiting = in_state(&self.db.read().await?, State::Launching).await?;
        for id in &waiting {
            match self.launch_one(*id).await {
                // A person paused or cancelled it meanwhile.
                Ok(()) | Err(Trouble::Refusal(_)) => {}
                Err(Trouble::Fault(fault)) => return Err(fault),
            }
        }
        Ok(!waiting.is_empty())
    }

    async fn launch_one(&self, id: CampaignId) -> Result<(), Trouble> {
        self.freeze(id).await?;
        loop {
            let unit = self.db.write().await?;
            let campaign = Campaign::get(&unit, id).await?;
            if campaign.state != State::Launching {
                return Ok(());
            }
            if plan_messages(&unit, &campaign, self.clock.now()).await? == 0 {
                campaign.launched()?.keep(&unit, &Actor::system("kundenkreis"), self.clock.now()).await?;
                unit.save().await?;
                tracing::info!(campaign = id.0, "A campaign is running");
                return Ok(());
            }
            unit.save().await?;
        }
    }

    async fn freeze(&self, id: CampaignId) -> Result<(), Trouble> {
        let now = self.clock.now();
        let unit = self.db.write().await?;
        let campaign = Campaign::get(&unit, id).await?;
        if campaign.state != State::Launching || campaign.frozen_at.is_some() {
            return Ok(());
        }
        let by = Actor::system("kundenkreis");
        let Some((people, definition)) = people(&unit, campaign.segment(), now, &self.zone).await? else {
            campaign.stop(Sentence::new("planning-segment-missing"))?.keep(&unit, &by, now).await?;
            unit.save().await?;
            return Ok(());
        };
        let seed = campaign.control_seed.unwrap_or_default();
        let waterfall = freeze::freeze(&unit, id, people, campaign.plan.control_ppm, seed).await?;
        let frozen = Campaign { frozen_at: Some(now), frozen_definition: Some(definition), ..campaign };
        frozen.keep(&unit, &by, now).await?;
        unit.save().await?;
        tracing::info!(
            campaign = id.0,
            matched = waterfall.matched,
            treated = waterfall.treated,
            "An audience was frozen"
        );
        Ok(())
    }
}

/// Writes the next page of the ledger; answers how many messages it holds. Whoever has one already (`UNIQUE (step_id,
/// contact_id)`) gets no second.
async fn plan_messages(unit: &Write, campaign: &Campaign, now: Timestamp) -> Result<u64, Fault> {
    const LAST: &str = "SELECT MAX(contact_id) FROM message WHERE step_id = $1";
    let last = unit.number(LAST, values![campaign.step.id.0]).await?;
    // The domain is what stands behind the @: what is left when everything that is not an @ was stripped from the right,
    // and taken away.
    const SQL: &str = "INSERT INTO message (campaign_id, step_id, contact_id, address, domain, state, due_at) \
         SELECT $1, $2, a.contact_id, COALESCE(c.email, ''), \
         SUBSTR(COALESCE(c.email_key, ''), LENGTH(RTRIM(COALESCE(c.email_key, ''), REPLACE(COALESCE(c.email_key, ''), '@', ''))) + 1), \
         'planned', $3 FROM audience a JOIN contact c ON c.id = a.contact_id \
         WHERE a.campaign_id = $1 AND a.fate = 'treated' AND a.contact_id > $4 ORDER BY a.contact_id LIMIT $5 \
         ON CONFLICT (step_id, contact_id) DO NOTHING";
    unit.run(SQL, values![campaign.id.0, campaign.step.id.0, now.0, last, PAGE]).await
}
