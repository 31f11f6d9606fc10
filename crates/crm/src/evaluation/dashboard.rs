//! The figures of the house for a period, beside those of the period before.

use super::{
    Metric,
    counts::{self, Parts},
    figures::Figures,
    launched::Campaigns,
};
use crate::interactions::{Channel, Kind, coded};
use futures::try_join;
use jiff::{ToSpan, civil::Date};
use kernel::{Cell, Column, Currency, Fault, Lens, Sentence, Seq, Table, Timestamp, Unit, Zone};
use sea_query::Condition;
use std::collections::BTreeMap;

/// Half-open, whole days of the organisation's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Period {
    /// Today and the `days - 1` days before it.
    pub fn last_days(days: i64, now: Timestamp, zone: &Zone) -> Self {
        Self { from: zone.days_before(now, days - 1), to: zone.days_before(now, -1) }
    }

    /// From one day to another; both belong to it.
    pub fn days(first: Date, last: Date, zone: &Zone) -> Self {
        Self { from: zone.start_of(first), to: zone.start_of(last.checked_add(1.day()).unwrap_or(last)) }
    }

    /// Whether an instant lies in it.
    pub(super) fn holds(self, at: i64) -> bool {
        self.from.0 <= at && at < self.to.0
    }

    /// As many days before it.
    pub fn before(self, zone: &Zone) -> Self {
        Self { from: zone.days_before(self.from, self.length(zone)), to: self.from }
    }

    /// The bounds of at most ten equal parts of whole days.
    fn parts(self, zone: &Zone) -> Vec<Timestamp> {
        const PARTS: i64 = 10;
        let days = self.length(zone);
        let parts = days.clamp(1, PARTS);
        let first = zone.day(self.from);
        let bound = |part: i64| zone.start_of(first.checked_add((days * part / parts).days()).unwrap_or(first));
        (0..=parts).map(bound).collect()
    }

    /// In days.
    fn length(self, zone: &Zone) -> i64 {
        zone.day(self.from).until(zone.day(self.to)).map_or(1, |span| i64::from(span.get_days()))
    }
}

coded! {
    /// A figure of the overview.
    TileMetric, "evaluation-tile" {
        Interactions = "interactions",
        InteractionsPerContact = "interactions_per_contact",
        ConversionRate = "conversion_rate",
        Revenue = "revenue",
        Orders = "orders",
        OpenRate = "open_rate",
        ClickRate = "click_rate",
        SocialEngagement = "social_engagement",
        NewContacts = "new_contacts",
        BasketAbandonment = "basket_abandonment",
    }
}

impl TileMetric {
    pub fn unit(self) -> Unit {
        match self {
            Self::Interactions | Self::Orders | Self::NewContacts => Unit::Count,
            Self::InteractionsPerContact => Unit::Number,
            Self::Revenue => Unit::Money(Currency::EUR),
            Self::ConversionRate
            | Self::OpenRate
            | Self::ClickRate
            | Self::SocialEngagement
            | Self::BasketAbandonment => Unit::Share,
        }
    }

    /// Whether less of it is better.
    pub fn is_better_low(self) -> bool {
        self == Self::BasketAbandonment
    }

    /// The metric of campaigns it is, taken over all of them.
    pub(super) fn of_campaigns(self) -> Option<Metric> {
        match self {
            Self::ConversionRate => Some(Metric::ConversionRate),
            Self::OpenRate => Some(Metric::OpenRate),
            Self::ClickRate => Some(Metric::ClickRate),
            _ => None,
        }
    }

    /// How it is computed, in words.
    pub fn formula(self) -> Sentence {
        Sentence::new(match self {
            Self::Interactions => "evaluation-tile-formula-interactions",
            Self::InteractionsPerContact => "evaluation-tile-formula-interactions_per_contact",
            Self::ConversionRate => "evaluation-tile-formula-conversion_rate",
            Self::Revenue => "evaluation-tile-formula-revenue",
            Self::Orders => "evaluation-tile-formula-orders",
            Self::OpenRate => "evaluation-tile-formula-open_rate",
            Self::ClickRate => "evaluation-tile-formula-click_rate",
            Self::SocialEngagement => "evaluation-tile-formula-social_engagement",
            Self::NewContacts => "evaluation-tile-formula-new_contacts",
            Self::BasketAbandonment => "evaluation-tile-formula-basket_abandonment",
        })
    }
}

/// A figure, and what it was in the period before; empty where there is nothing to divide.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    pub metric: TileMetric,
    pub unit: Unit,
    pub value: Cell,
    pub before: Cell,
}

/// The figures of the overview for a period and, beside them, for another one; and each as a course over the first.
pub struct Overview {
    pub tiles: Vec<Tile>,
    /// Each figure, by its code, over at most ten equal parts of whole days; those that come from campaigns over the last
    /// campaigns launched until then.
    pub courses: BTreeMap<&'static str, Vec<f64>>,
}

/// Everything the tiles show; `who` narrows it to some contacts (a condition over `contact`), the same the campaigns were
/// asked for.
pub async fn overview(
    lens: &dyn Lens,
    campaigns: &Campaigns,
    period: Period,
    earlier: Period,
    zone: &Zone,
    who: Option<&Condition>,
    now: Timestamp,
) -> Result<Overview, Fault> {
    let course = period.parts(zone);
    let (sums, before) = match earlier.to == period.from && earlier.from < earlier.to {
        // Periods that follow each other are counted together.
        true => {
            let bounds: Vec<Timestamp> = std::iter::once(earlier.from).chain(course.iter().copied()).collect();
            let mut all = sums(lens, Parts(&bounds), who, now).await?;
            let sums = all.split_off(1);
            (sums, all)
        }
        false => {
            let bounds = [earlier.from, earlier.to];
            try_join!(sums(lens, Parts(&course), who, now), sums(lens, Parts(&bounds), who, now))?
        }
    };
    let (whole, other) = ([period.from, period.to], [earlier.from, earlier.to]);
    let together = vec![sum(&sums)];
    let (contacts, mut sums, now_people, before_people) = try_join!(
        contacts(lens, who),
        people(lens, Parts(&course), who, sums),
        people(lens, Parts(&whole), who, together),
        people(lens, Parts(&other), who, before)
    )?;
    sums.iter_mut().for_each(|part| part.contacts = contacts);
    let tiles = side_by_side(campaigns, (period, &now_people), (earlier, &before_people), contacts);
    let mut courses: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for counted in sums {
        for metric in TileMetric::ALL.iter().filter(|metric| metric.of_campaigns().is_none()) {
            courses.entry(metric.code()).or_default().extend(plain(&counted.value(*metric)));
        }
    }
    for one in campaigns.course(period.to) {
        for metric in TileMetric::ALL {
            let value = metric.of_campaigns().map(|metric| one.value(metric));
            courses.entry(metric.code()).or_default().extend(value.as_ref().and_then(plain));
        }
    }
    Ok(Overview { tiles, courses })
}

/// The figures of a period alone.
pub async fn tiles(
    lens: &dyn Lens,
    campaigns: &Campaigns,
    period: Period,
    earlier: Period,
    who: Option<&Condition>,
    now: Timestamp,
) -> Result<Vec<Tile>, Fault> {
    let (whole, other) = ([period.from, period.to], [earlier.from, earlier.to]);
    let measured =
        |bounds| async move { people(lens, Parts(bounds), who, sums(lens, Parts(bounds), who, now).await?).await };
    let (contacts, measured, before) = try_join!(contacts(lens, who), measured(&whole), measured(&other))?;
    Ok(side_by_side(campaigns, (period, &measured), (earlier, &before), contacts))
}

fn side_by_side(
    campaigns: &Campaigns,
    (period, measured): (Period, &[Measured]),
    (earlier, before): (Period, &[Measured]),
    contacts: i64,
) -> Vec<Tile> {
    let (sent_now, sent_before) = (campaigns.pooled(period), campaigns.pooled(earlier));
    let value = |metric: TileMetric, measured: &[Measured], sent: &Figures| match metric.of_campaigns() {
        Some(metric) => sent.value(metric),
        None => measured.first().map_or(Cell::Empty, |one| Measured { contacts, ..one.clone() }.value(metric)),
    };
    let tile = |metric: &TileMetric| Tile {
        metric: *metric,
        unit: metric.unit(),
        value: value(*metric, measured, &sent_now),
        before: value(*metric, before, &sent_before),
    };
    TileMetric::ALL.iter().map(tile).collect()
}

fn plain(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Int(n) => Some(*n as f64),
        Cell::Real(x) => Some(*x),
        _ => None,
    }
}

#[derive(Clone, Default)]
struct Measured {
    interactions: i64,
    active: i64,
    social: i64,
    contacts: i64,
    new_contacts: i64,
    orders: i64,
    revenue: i64,
    baskets: i64,
    abandoned: i64,
}

impl Measured {
    fn value(&self, metric: TileMetric) -> Cell {
        let ratio =
            |part: i64, whole: i64| if whole == 0 { Cell::Empty } else { Cell::Real(part as f64 / whole as f64) };
        match metric {
            TileMetric::Interactions => Cell::Int(self.interactions),
            TileMetric::InteractionsPerContact => ratio(self.interactions, self.active),
            // Campaigns are counted by themselves.
            TileMetric::ConversionRate | TileMetric::OpenRate | TileMetric::ClickRate => Cell::Empty,
            TileMetric::Revenue => Cell::Int(self.revenue),
            TileMetric::Orders => Cell::Int(self.orders),
            TileMetric::SocialEngagement => ratio(self.social, self.contacts),
            TileMetric::NewContacts => Cell::Int(self.new_contacts),
            TileMetric::BasketAbandonment => ratio(self.abandoned.min(self.baskets), self.baskets),
        }
    }
}

/// What can be added up, for each part.
async fn sums(
    lens: &dyn Lens,
    parts: Parts<'_>,
    who: Option<&Condition>,
    now: Timestamp,
) -> Result<Vec<Measured>, Fault> {
    let (orders, new) = (counts::orders(&parts, who), counts::new_contacts(&parts, who));
    let baskets = counts::baskets(&parts, now, who);
    let left = counts::interactions(&[Kind::BasketAbandoned], &parts, who);
    let ask = |question| lens.ask(question, Seq(0));
    let (orders, new, baskets, left) = try_join!(ask(&orders), ask(&new), ask(&baskets), ask(&left))?;
    let mut measured = vec![Measured::default(); parts.count()];
    take(&mut measured, &orders, |m, things, worth| (m.orders, m.revenue) = (things, worth));
    take(&mut measured, &new, |m, things, _| m.new_contacts = things);
    take(&mut measured, &baskets, |m, things, _| m.baskets = things);
    take(&mut measured, &left, |m, things, _| m.abandoned = things);
    Ok(measured)
}

/// With interactions and the different people behind them, whom nobody can add up.
async fn people(
    lens: &dyn Lens,
    parts: Parts<'_>,
    who: Option<&Condition>,
    mut measured: Vec<Measured>,
) -> Result<Vec<Measured>, Fault> {
    let social: Vec<Kind> = Channel::Social.kinds().collect();
    let (all, social) = (counts::interactions(Kind::ALL, &parts, who), counts::interactions(&social, &parts, who));
    let (all, social) = try_join!(lens.ask(&all, Seq(0)), lens.ask(&social, Seq(0)))?;
    take(&mut measured, &all, |m, things, people| (m.interactions, m.active) = (things, people));
    take(&mut measured, &social, |m, _, people| m.social = people);
    Ok(measured)
}

/// How many contacts there are now.
async fn contacts(lens: &dyn Lens, who: Option<&Condition>) -> Result<i64, Fault> {
    Ok(lens.ask(&counts::contacts(who), Seq(0)).await?.int(0, "things"))
}

fn take(measured: &mut [Measured], table: &Table, put: fn(&mut Measured, i64, i64)) {
    for row in 0..table.rows.len() {
        let part = usize::try_from(table.int(row, "part")).unwrap_or_default();
        if let Some(measured) = measured.get_mut(part) {
            put(measured, table.int(row, "things"), table.int(row, "people"));
        }
    }
}

/// Parts taken together, but for their people.
fn sum(parts: &[Measured]) -> Measured {
    parts.iter().fold(Measured::default(), |sum, part| Measured {
        orders: sum.orders + part.orders,
        revenue: sum.revenue + part.revenue,
        new_contacts: sum.new_contacts + part.new_contacts,
        baskets: sum.baskets + part.baskets,
        abandoned: sum.abandoned + part.abandoned,
        ..sum
    })
}

/// From reached to booked: people of the campaigns launched in the period. Columns: `stage` (a metric's code), `people`.
pub fn funnel(campaigns: &Campaigns, period: Period) -> Table {
    const STAGES: [Metric; 5] =
        [Metric::Delivered, Metric::Opened, Metric::Clicked, Metric::Responded, Metric::Converted];
    let pooled = campaigns.pooled(period);
    let mut table = Table::new(vec![Column::new("stage", Unit::Text), Column::new("people", Unit::Count)]);
    table.rows.extend(STAGES.map(|stage| vec![Cell::Text(stage.code().to_owned()), pooled.value(stage)]));
    table
}

/// How finely a course over time is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Day,
    /// Monday to Sunday.
    Week,
}

/// Human interactions over time. Columns: `from` (first day of the step, YYYY-MM-DD) and one for each channel that has any,
/// named by its code; steps without any are there, too.
pub async fn channels(
    lens: &dyn Lens,
    period: Period,
    zone: &Zone,
    step: Step,
    who: Option<&Condition>,
) -> Result<Table, Fault> {
    let counted = lens.ask(&counts::days(period, zone, who), Seq(0)).await?;
    let first = zone.day(period.from);
    let begin = |day: Date| if step == Step::Week { Zone::week_start(day) } else { day };
    let mut counts: BTreeMap<(Date, &str), i64> = BTreeMap::new();
    for row in 0..counted.rows.len() {
        let from = begin(first.checked_add(counted.int(row, "day").days()).unwrap_or(first));
        *counts.entry((from, counted.text(row, "channel"))).or_default() += counted.int(row, "things");
    }
    let has = |channel: &&Channel| counts.keys().any(|(_, code)| *code == channel.code());
    let present: Vec<&Channel> = Channel::ALL.iter().filter(has).collect();
    let mut columns = vec![Column::new("from", Unit::Text)];
    columns.extend(present.iter().map(|channel| Column::new(channel.code(), Unit::Count)));
    let mut table = Table::new(columns);
    let days = if step == Step::Week { 7 } else { 1 };
    let last = zone.day(Timestamp(period.to.0 - 1));
    for from in begin(zone.day(period.from)).series(days.days()).take(400).take_while(|from| *from <= last) {
        let mut cells = vec![Cell::Text(from.to_string())];
        let count = |channel: &&Channel| Cell::Int(counts.get(&(from, channel.code())).copied().unwrap_or(0));
        cells.extend(present.iter().map(count));
        table.rows.push(cells);
    }
    Ok(table)
}

/// Of the newest campaigns that were launched, those that earned most. Columns: `campaign`, `name`, `sent`, `open_rate`,
/// `orders`, `revenue`, `roi`.
pub fn top_campaigns(campaigns: &Campaigns, limit: usize) -> Table {
    let ranked = campaigns.best();
    const METRICS: [Metric; 5] = [Metric::Sent, Metric::OpenRate, Metric::Orders, Metric::Revenue, Metric::Roi];
    let mut columns = vec![Column::new("campaign", Unit::Id), Column::new("name", Unit::Text)];
    let currency = ranked.first().map_or(Currency::EUR, |one| one.figures.currency);
    columns.extend(METRICS.map(|metric| Column::new(metric.code(), metric.unit(currency))));
    let mut table = Table::new(columns);
    for one in ranked.into_iter().take(limit) {
        let mut cells = vec![Cell::Int(one.id.0), Cell::Text(one.name.to_owned())];
        cells.extend(METRICS.map(|metric| one.figures.value(metric)));
        table.rows.push(cells);
    }
    table
}
