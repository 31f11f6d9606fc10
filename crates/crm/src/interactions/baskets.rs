//! Baskets nobody came back to: a day after the last change of a basket without an order the log says so, once. The entry's
//! id is made of the basket's place in the log, so that no crash and no second process says it twice.

use super::{Interaction, Kind, NewInteraction, Verdict, append, timeline::Row};
use kernel::{Clock, Fault, Timestamp, Zone, time::DAY};
use serde_json::json;
use std::time::Duration;
use store::{
    Db, FromQueryResult, Rows, Write, settings,
    tasks::{Lease, Task},
    values,
};

/// A basket without an order is abandoned after this time.
const PATIENCE: i64 = DAY;
/// Events may come this late and still be seen.
const LATE: i64 = DAY;
/// Baskets looked at in one unit.
const PAGE: i64 = 500;
/// Setting: up to which time baskets were looked at. At first only those of the last day are: history is no news.
const LOOKED: &str = "baskets.until";

/// The task that finds abandoned baskets.
pub struct AbandonedBaskets {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
}

impl AbandonedBaskets {
    pub const NAME: &'static str = "abandoned-baskets";

    /// Looks at every basket that is due; answers how many were abandoned.
    pub async fn look(&self) -> Result<usize, Fault> {
        let now = self.clock.now();
        let until = now.plus(-PATIENCE);
        let looked = settings::get(&self.db.read().await?, LOOKED).await?;
        let from = looked.and_then(|text| text.parse::<i64>().ok()).map_or(until, Timestamp);
        let mut place = (from.plus(-LATE), 0);
        let mut found = 0;
        loop {
            let unit = self.db.write().await?;
            let changed = changed(&unit, place, until).await?;
            let mut abandoned = Vec::new();
            for basket in &changed {
                if !self.came_back(&unit, basket).await? {
                    abandoned.push(entry(basket));
                }
            }
            let appended = append(&unit, &abandoned, now).await?;
            found += appended.iter().filter(|place| !place.duplicate).count();
            let full = changed.len() as i64 == PAGE;
            match changed.last().filter(|_| full) {
                Some(last) => place = (last.occurred_at, last.seq.0),
                None => settings::set(&unit, LOOKED, &until.0.to_string()).await?,
            }
            unit.save().await?;
            if !full {
                return Ok(found);
            }
        }
    }

    /// Whether the person of a basket ordered or changed the basket again within its day. Orders without a time of day count
    /// for their whole day.
    async fn came_back(&self, rows: &Rows, basket: &Interaction) -> Result<bool, Fault> {
        const OF_CONTACT: &str = "SELECT kind, occurred_at FROM interaction WHERE contact_id = $1 AND occurred_at >= $2 \
             AND occurred_at <= $3 AND kind IN ('order_placed', 'basket_changed') AND seq <> $4";
        const OF_VISITOR: &str = "SELECT kind, occurred_at FROM interaction WHERE visitor_id = $1 AND occurred_at >= $2 \
             AND occurred_at <= $3 AND kind IN ('order_placed', 'basket_changed') AND seq <> $4";
        let at = basket.occurred_at;
        let day = self.zone.start_of(self.zone.day(at));
        let mut later: Vec<Later> = Vec::new();
        let range = |id: i64| values![id, day.0, at.plus(PATIENCE).0, basket.seq.0];
        if let Some(contact) = basket.contact {
            later.extend(rows.all::<Later>(OF_CONTACT, range(contact.0)).await?);
        }
        if let Some(visitor) = basket.visitor {
            later.extend(rows.all::<Later>(OF_VISITOR, range(visitor.0)).await?);
        }
        let back = |entry: &Later| match entry.kind.as_str() {
            "order_placed" => entry.occurred_at >= at.0 || entry.occurred_at == day.0,
            _ => entry.occurred_at > at.0,
        };
        Ok(later.iter().any(back))
    }
}

#[derive(FromQueryResult)]
struct Later {
    kind: String,
    occurred_at: i64,
}

/// Baskets somebody changed, behind a place and not later than `until`, oldest first; served by `interaction_kind_at`.
async fn changed(unit: &Write, (at, seq): (Timestamp, i64), until: Timestamp) -> Result<Vec<Interaction>, Fault> {
    let sql = format!(
        "SELECT {} FROM interaction WHERE kind = 'basket_changed' AND occurred_at >= $1 AND occurred_at <= $2 \
         AND (occurred_at > $1 OR seq > $3) AND verdict <> 'machine' AND (contact_id IS NOT NULL OR visitor_id IS NOT NULL) \
         ORDER BY occurred_at, seq LIMIT $4",
        Row::COLUMNS
    );
    let found: Vec<Row> = unit.all(&sql, values![at.0, until.0, seq, PAGE]).await?;
    found.into_iter().map(Row::read).collect()
}

fn entry(basket: &Interaction) -> NewInteraction {
    NewInteraction {
        event_id: Some(format!("basket:{}", basket.seq)),
        contact: basket.contact,
        visitor: basket.visitor,
        product: basket.product,
        value: basket.value,
        subject: basket.subject.clone(),
        url: basket.url.clone(),
        verdict: Verdict::Human,
        props: Some(json!({ "basket": basket.seq })),
        ..NewInteraction::new(Kind::BasketAbandoned, basket.occurred_at.plus(PATIENCE))
    }
}

#[async_trait::async_trait]
impl Task for AbandonedBaskets {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(600)
    }

    async fn run(&self, _lease: &Lease) -> Result<bool, Fault> {
        self.look().await?;
        Ok(false)
    }
}
