//! The campaigns an overview speaks of, with their figures, asked for once.

use super::{
    Period,
    figures::{Figures, figures},
};
use kernel::{CampaignId, Fault, Lens, Timestamp};
use sea_query::Condition;
use std::collections::BTreeMap;
use store::{FromQueryResult, Rows, values};

/// Campaigns that earn a place in the list of the best.
const NEWEST: usize = 50;
/// Points of a course over campaigns.
const COURSE: usize = 10;

/// Campaigns that were launched, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Campaigns {
    launched: Vec<Launched>,
    figures: BTreeMap<CampaignId, Figures>,
}

#[derive(Clone, Debug, FromQueryResult)]
struct Launched {
    id: i64,
    name: String,
    launched_at: i64,
}

/// A campaign and what was counted for it.
pub struct Counted<'a> {
    pub id: CampaignId,
    pub name: &'a str,
    pub figures: &'a Figures,
}

impl Campaigns {
    /// Those launched in one of the periods, those a course up to the end of a period shows, and the newest of all; of
    /// everybody or of some people (a condition over `contact`).
    pub async fn of(lens: &dyn Lens, rows: &Rows, periods: &[Period], who: Option<&Condition>) -> Result<Self, Fault> {
        let mut campaigns = Self { launched: launched(rows).await?, ..Self::default() };
        let until = |end: Timestamp| campaigns.launched.iter().filter(move |one| one.launched_at < end.0);
        let shown = periods.iter().flat_map(|period| {
            let inside = campaigns.launched.iter().filter(|one| period.holds(one.launched_at));
            inside.chain(until(period.to).take(COURSE))
        });
        let ids = shown.chain(campaigns.launched.iter().take(NEWEST)).map(|one| CampaignId(one.id));
        campaigns.figures = figures(lens, &sorted(ids), who).await?;
        Ok(campaigns)
    }

    /// Those launched in a period, and nothing else.
    pub async fn within(lens: &dyn Lens, rows: &Rows, period: Period, who: Option<&Condition>) -> Result<Self, Fault> {
        let mut launched = launched(rows).await?;
        launched.retain(|one| period.holds(one.launched_at));
        let ids = sorted(launched.iter().map(|one| CampaignId(one.id)));
        Ok(Self { figures: figures(lens, &ids, who).await?, launched })
    }

    fn counted(&self) -> impl Iterator<Item = (&Launched, Counted<'_>)> {
        self.launched.iter().filter_map(|one| {
            let id = CampaignId(one.id);
            Some((one, Counted { id, name: &one.name, figures: self.figures.get(&id)? }))
        })
    }

    /// Those launched in a period, taken together.
    pub fn pooled(&self, period: Period) -> Figures {
        let mut sum = Figures::default();
        for (_, Counted { figures, .. }) in self.counted().filter(|(one, _)| period.holds(one.launched_at)) {
            sum.sent += figures.sent;
            sum.bounced += figures.bounced;
            sum.opened += figures.opened;
            sum.clicked += figures.clicked;
            sum.responded += figures.responded;
            sum.converted += figures.converted;
        }
        sum
    }

    /// The last ones launched until an instant, the oldest of them first.
    pub fn course(&self, until: Timestamp) -> Vec<&Figures> {
        let before = self.counted().filter(|(one, _)| one.launched_at < until.0);
        let mut last: Vec<&Figures> = before.take(COURSE).map(|(_, one)| one.figures).collect();
        last.reverse();
        last
    }

    /// Of the newest, those that earned most come first.
    pub fn best(&self) -> Vec<Counted<'_>> {
        let mut best: Vec<Counted> = self.counted().take(NEWEST).map(|(_, one)| one).collect();
        best.sort_by_key(|one| (std::cmp::Reverse(one.figures.revenue), one.id.0));
        best
    }
}

async fn launched(rows: &Rows) -> Result<Vec<Launched>, Fault> {
    const SQL: &str = "SELECT id, name, launched_at FROM campaign WHERE launched_at IS NOT NULL \
         ORDER BY launched_at DESC, id DESC";
    rows.all(SQL, values![]).await
}

/// Each once and in order, so that the same campaigns are the same question.
fn sorted(ids: impl Iterator<Item = CampaignId>) -> Vec<CampaignId> {
    let mut ids: Vec<CampaignId> = ids.collect();
    ids.sort_unstable_by_key(|id| id.0);
    ids.dedup();
    ids
}
