//! The people behind a figure of the overview: what somebody finds who presses on a tile, a bar or a step of the funnel.

use super::{
    Metric, Period, TileMetric,
    facts::{Fact, Scope},
};
use crate::{customers, interactions::Channel};
use kernel::{CampaignId, Fault, Sentence};
use sea_query::{Condition, Expr};
use store::{Rows, values};

/// What the people behind a figure have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// A tile of the overview.
    Tile(TileMetric),
    /// A step of the funnel: the campaigns launched in the period, taken together.
    Stage(Metric),
}

impl Behind {
    /// A tile or a stage by its code, as it stands in an address.
    pub fn parse(code: &str) -> Option<Self> {
        let stage = || Metric::parse(code).filter(|metric| metric.fact().is_some()).map(Self::Stage);
        TileMetric::parse(code).map(Self::Tile).or_else(stage)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Tile(metric) => metric.code(),
            Self::Stage(metric) => metric.code(),
        }
    }

    pub fn label(self) -> Sentence {
        match self {
            Self::Tile(metric) => metric.label(),
            Self::Stage(metric) => metric.label(),
        }
    }

    /// The people as a condition over `contact`: those above the line of a rate, those who brought the money.
    pub async fn condition(self, rows: &Rows, period: Period) -> Result<Condition, Fault> {
        let (from, to) = (period.from.0, period.to.0);
        Ok(match self {
            Self::Tile(TileMetric::Interactions | TileMetric::InteractionsPerContact) => active(None, period),
            Self::Tile(TileMetric::BasketAbandonment) => did(" AND i.kind = 'basket_abandoned'", period),
            Self::Tile(TileMetric::SocialEngagement) => active(Some(Channel::Social), period),
            Self::Tile(TileMetric::Revenue | TileMetric::Orders) => within(format!(
                "SELECT p.contact_id FROM purchase p WHERE p.placed_at >= {from} AND p.placed_at < {to} \
                 AND p.cancelled_at IS NULL"
            )),
            Self::Tile(TileMetric::NewContacts) => {
                let created = format!("contact.created_at >= {from} AND contact.created_at < {to}");
                Condition::all().add(Expr::cust(created)).add(Expr::cust(customers::COUNTED))
            }
            Self::Tile(TileMetric::OpenRate) => pooled(rows, Metric::Opened, period).await?,
            Self::Tile(TileMetric::ClickRate) => pooled(rows, Metric::Clicked, period).await?,
            Self::Tile(TileMetric::ConversionRate) => pooled(rows, Metric::Converted, period).await?,
            Self::Stage(metric) => pooled(rows, metric, period).await?,
        })
    }
}

/// Contacts with an interaction of their own in the period, on one channel or on any; machines never count. Served by
/// `interaction_at`.
pub fn active(channel: Option<Channel>, period: Period) -> Condition {
    let channel = channel.map(|channel| format!(" AND i.channel = '{}'", channel.code())).unwrap_or_default();
    did(&channel, period)
}

/// Contacts with an interaction of their own that fits: nothing, or a condition that begins with ` AND `.
fn did(which: &str, period: Period) -> Condition {
    within(format!(
        "SELECT i.contact_id FROM interaction i WHERE i.occurred_at >= {} AND i.occurred_at < {} \
         AND i.verdict = 'human' AND i.contact_id IS NOT NULL{which}",
        period.from.0, period.to.0
    ))
}

/// The people of a figure over all campaigns launched in the period.
async fn pooled(rows: &Rows, metric: Metric, period: Period) -> Result<Condition, Fault> {
    const LAUNCHED: &str = "SELECT id FROM campaign WHERE launched_at >= $1 AND launched_at < $2 ORDER BY id";
    let ids = rows.numbers(LAUNCHED, values![period.from.0, period.to.0]).await?;
    let ids: Vec<CampaignId> = ids.into_iter().map(CampaignId).collect();
    let facts = metric.fact().unwrap_or(Fact::Delivered).sql(&Scope::of(&ids));
    Ok(within(format!("SELECT fact.contact_id FROM ({facts}) fact")))
}

fn within(people: String) -> Condition {
    Condition::all().add(Expr::cust(format!("contact.id IN ({people})")))
}
