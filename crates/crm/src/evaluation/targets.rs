//! What is to be reached: a figure of the overview, a period, a value, for everybody or for a segment; and how it stands.

use super::{Campaigns, Period, TileMetric, tiles};
use crate::{
    Refusal, Trouble,
    interactions::coded,
    selection,
    staff::{
        Actor, Right,
        audit::{Deed, note},
    },
};
use jiff::{ToSpan, civil::Date};
use kernel::{Cell, Currency, Fault, Lens, Money, SegmentId, Sentence, Timestamp, Unit, Zone};
use serde_json::json;
use std::collections::{HashMap, hash_map::Entry};
use store::{FromQueryResult, Rows, Write, values};

coded! {
    /// The period a target is meant for.
    Span, "target-span" {
        Month = "month",
        Quarter = "quarter",
        Year = "year",
        Days = "days",
    }
}

const MILLION: f64 = 1_000_000.0;
/// Below this share of its period a sum is not called off track: too little has happened.
const EARLY: f64 = 0.25;
/// A sum is off track below this share of what an even course would have brought.
const TRACK: f64 = 0.9;

/// What somebody wants to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub id: i64,
    pub metric: TileMetric,
    pub span: Span,
    /// How many days, for [`Span::Days`].
    pub days: Option<i64>,
    /// A count, minor units of money, a plain number, or a ratio.
    pub value: f64,
    pub segment: Option<SegmentId>,
}

/// What a form says about a target.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    pub metric: &'a str,
    pub span: &'a str,
    pub days: &'a str,
    /// As people write it: `45.000`, `3,5 %`, `1.200.000 €`.
    pub value: &'a str,
    /// The sign of decimals in the reader's language.
    pub decimal: char,
    pub segment: &'a str,
}

/// A target beside what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub target: Target,
    pub period: Period,
    pub unit: Unit,
    /// Empty where there is nothing to divide.
    pub value: Option<f64>,
    /// Share of the period that has passed, 0 to 1.
    pub passed: f64,
}

impl Standing {
    pub fn is_reached(&self) -> bool {
        self.value.is_some_and(|value| match self.target.metric.is_better_low() {
            true => value <= self.target.value,
            false => value >= self.target.value,
        })
    }

    /// Whether it will be missed if it goes on like this. A sum is compared with an even course, a rate with the target
    /// itself.
    pub fn is_off_track(&self) -> bool {
        let Some(value) = self.value else { return false };
        if self.target.metric.is_better_low() {
            return value * TRACK > self.target.value;
        }
        match self.unit {
            Unit::Count | Unit::Money(_) if self.target.span != Span::Days => {
                self.passed >= EARLY && value < self.target.value * self.passed * TRACK
            }
            _ => value < self.target.value * TRACK,
        }
    }

    /// What is missing, in the unit of the figure.
    pub fn missing(&self) -> f64 {
        let missing = self.target.value - self.value.unwrap_or(0.0);
        if self.target.metric.is_better_low() { (-missing).max(0.0) } else { missing.max(0.0) }
    }
}

impl Target {
    /// The period that runs at a time.
    pub fn period(&self, now: Timestamp, zone: &Zone) -> Period {
        let today = zone.day(now);
        let first = |year, month| Date::new(year, month, 1).unwrap_or(today);
        let from = match self.span {
            Span::Month => first(today.year(), today.month()),
            Span::Quarter => first(today.year(), (today.month() - 1) / 3 * 3 + 1),
            Span::Year => first(today.year(), 1),
            Span::Days => return Period::last_days(self.days.unwrap_or(30), now, zone),
        };
        let months = match self.span {
            Span::Month => 1,
            Span::Quarter => 3,
            _ => 12,
        };
        let after = from.checked_add(months.months()).unwrap_or(from);
        Period::days(from, after.checked_sub(1.day()).unwrap_or(from), zone)
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    metric: String,
    span: String,
    days: Option<i64>,
    millionths: i64,
    segment_id: Option<i64>,
}

impl Row {
    /// A metric that is no longer known is no target any more.
    fn read(self) -> Option<Target> {
        Some(Target {
            id: self.id,
            metric: TileMetric::parse(&self.metric)?,
            span: Span::parse(&self.span)?,
            days: self.days,
            value: self.millionths as f64 / MILLION,
            segment: self.segment_id.map(SegmentId),
        })
    }
}

/// All targets, in the order they were set.
pub async fn targets(rows: &Rows) -> Result<Vec<Target>, Fault> {
    const SQL: &str = "SELECT id, metric, span, days, millionths, segment_id FROM target ORDER BY id";
    let found: Vec<Row> = rows.all(SQL, values![]).await?;
    Ok(found.into_iter().filter_map(Row::read).collect())
}

/// Sets a target; the one of the same figure, period and segment goes.
pub async fn set_target(unit: &Write, by: &Actor, draft: &Draft<'_>, now: Timestamp) -> Result<i64, Trouble> {
    by.must(Right::SetTargets)?;
    let refuse = |field: &str, key: &'static str| Refusal::field(field, "value", Sentence::new(key));
    let metric = TileMetric::parse(draft.metric).ok_or_else(|| refuse("metric", "target-metric-unknown"))?;
    let span = Span::parse(draft.span).ok_or_else(|| refuse("span", "target-span-unknown"))?;
    let days = match span {
        Span::Days => {
            let days: Option<i64> = draft.days.trim().parse().ok();
            Some(days.filter(|days| (1..=366).contains(days)).ok_or_else(|| refuse("days", "target-days-odd"))?)
        }
        _ => None,
    };
    let value = amount(draft, metric.unit()).ok_or_else(|| refuse("value", "target-value-odd"))?;
    let segment = match draft.segment.trim() {
        "" => None,
        text => {
            let id = text.parse().map(SegmentId).map_err(|_| Refusal::Missing)?;
            Some(selection::find(unit, id).await?.ok_or(Refusal::Missing)?.id)
        }
    };
    let segment = segment.map(|id| id.0);
    const SAME: &str = "DELETE FROM target WHERE metric = $1 AND span = $2 AND COALESCE(days, 0) = $3 \
         AND COALESCE(segment_id, 0) = $4";
    unit.run(SAME, values![metric.code(), span.code(), days.unwrap_or(0), segment.unwrap_or(0)]).await?;
    const SQL: &str = "INSERT INTO target (metric, span, days, millionths, segment_id, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
    let by_user = by.user().map(|user| user.0);
    let values = values![metric.code(), span.code(), days, (value * MILLION).round() as i64, segment, by_user, now.0];
    let id = unit.insert(SQL, values).await?;
    let detail =
        json!({ "metric": metric.code(), "span": span.code(), "days": days, "value": value, "segment": segment });
    note(unit, by, now, Deed::new("target.set", "target", id).with(detail)).await?;
    Ok(id)
}

pub async fn remove_target(unit: &Write, by: &Actor, id: i64, now: Timestamp) -> Result<(), Trouble> {
    by.must(Right::SetTargets)?;
    if unit.run("DELETE FROM target WHERE id = $1", values![id]).await? == 0 {
        return Err(Refusal::Missing.into());
    }
    note(unit, by, now, Deed::new("target.removed", "target", id)).await?;
    Ok(())
}

/// Reads an amount as people write it; two places at most.
fn amount(draft: &Draft<'_>, unit: Unit) -> Option<f64> {
    let text = draft.value.trim().trim_end_matches('%');
    let hundredths = Money::parse(text, draft.decimal, Currency::EUR)?.minor;
    let plain = hundredths as f64 / 100.0;
    let value = match unit {
        Unit::Money(_) => hundredths as f64,
        Unit::Share => plain / 100.0,
        _ => plain,
    };
    (value > 0.0 && value * MILLION < i64::MAX as f64 / 2.0).then_some(value)
}

/// Every target with what was measured in its period until now.
pub async fn standings(lens: &dyn Lens, rows: &Rows, now: Timestamp, zone: &Zone) -> Result<Vec<Standing>, Fault> {
    standings_of(lens, rows, targets(rows).await?, |target| target.period(now, zone), now, zone).await
}

/// The same for other periods of the targets: the ones that are over.
pub async fn standings_of(
    lens: &dyn Lens,
    rows: &Rows,
    targets: Vec<Target>,
    period_of: impl Fn(&Target) -> Period,
    now: Timestamp,
    zone: &Zone,
) -> Result<Vec<Standing>, Fault> {
    let mut measured: HashMap<(i64, i64, Option<SegmentId>, bool), Vec<super::Tile>> = HashMap::new();
    let mut standings = Vec::new();
    for target in targets {
        let period = period_of(&target);
        let of_campaigns = target.metric.of_campaigns().is_some();
        let key = (period.from.0, period.to.0, target.segment, of_campaigns);
        if let Entry::Vacant(place) = measured.entry(key) {
            let who = match target.segment {
                None => None,
                Some(id) => match selection::find(rows, id).await? {
                    Some(segment) => Some(selection::condition(rows, &segment.definition, now, zone).await?),
                    None => continue,
                },
            };
            // Nothing is compared: the other period is empty.
            let nothing = Period { from: period.from, to: period.from };
            let campaigns = match of_campaigns {
                true => Campaigns::within(lens, rows, period, who.as_ref()).await?,
                false => Campaigns::default(),
            };
            place.insert(tiles(lens, &campaigns, period, nothing, who.as_ref(), now).await?);
        }
        let tile = measured.get(&key).and_then(|tiles| tiles.iter().find(|tile| tile.metric == target.metric));
        let value = match tile.map(|tile| &tile.value) {
            Some(Cell::Int(n)) => Some(*n as f64),
            Some(Cell::Real(x)) => Some(*x),
            _ => None,
        };
        let whole = (period.to.0 - period.from.0).max(1) as f64;
        let passed = ((now.0 - period.from.0) as f64 / whole).clamp(0.0, 1.0);
        standings.push(Standing { unit: target.metric.unit(), target, period, value, passed });
    }
    Ok(standings)
}
