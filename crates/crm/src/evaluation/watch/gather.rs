//! Everything that is looked at in one night: people, and the days of segments, channels, campaigns and metrics.

use super::super::{
    Metric,
    figures::{Figures, figures},
};
use crate::{
    customers,
    mining::{
        Subject, Suspicion, Window, acts, people,
        series::{self, outlier, unusual},
    },
    selection,
};
use jiff::civil::Date;
use kernel::{CampaignId, Cell, Fault, Lens, SegmentId, Timestamp, Zone, time::DAY};
use sea_query::{Condition, Expr, Query};
use std::collections::BTreeMap;
use store::{FromQueryResult, Rows, values};

/// Segments looked at, in the order of their names.
const SEGMENTS: usize = 200;
/// A campaign is judged by its open rate when it is so old, in days: by then nearly everybody has opened who will.
const RIPE: [i64; 2] = [2, 9];

/// All suspicions, and how many questions were asked.
pub async fn all(
    lens: &dyn Lens,
    rows: &Rows,
    last: Date,
    now: Timestamp,
    zone: &Zone,
) -> Result<(Vec<Suspicion>, usize), Fault> {
    let (mut suspicions, mut tests) = people::changed(rows, last, zone).await?;
    let window = Window::until(last, series::DAYS, zone);
    let mut judge = |subject: Subject, key: String, counts: &[f64]| {
        if let Some(change) = unusual(counts) {
            tests += 1;
            suspicions.push(Suspicion { subject, key, change, last });
        }
    };
    for (channel, counts) in channels(rows, &window).await? {
        judge(Subject::Channel, channel, &counts);
    }
    for (metric, counts) in metrics(rows, &window).await? {
        judge(Subject::Metric, metric.to_owned(), &counts);
    }
    for segment in selection::list(rows, false).await?.into_iter().take(SEGMENTS) {
        let counts = segment_days(rows, segment.id, &window, now, zone).await?;
        judge(Subject::Segment, segment.id.to_string(), &counts);
    }
    let (odd, asked) = campaigns(lens, rows, last, now).await?;
    suspicions.extend(odd);
    Ok((suspicions, tests + asked))
}

#[derive(FromQueryResult)]
struct Row {
    name: String,
    day: i64,
    n: i64,
}

fn by_name(rows: Vec<Row>, days: usize) -> BTreeMap<String, Vec<f64>> {
    let mut counts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in rows {
        let days = counts.entry(row.name).or_insert_with(|| vec![0.0; days]);
        if let Some(count) = usize::try_from(row.day).ok().and_then(|day| days.get_mut(day)) {
            *count = row.n as f64;
        }
    }
    counts
}

/// What people did on each channel, by day; served by `interaction_kind_at` alone.
pub async fn channels(rows: &Rows, window: &Window) -> Result<BTreeMap<String, Vec<f64>>, Fault> {
    let day = window.index_sql("occurred_at");
    let sql = format!(
        "SELECT channel AS name, {day} AS day, COUNT(*) AS n FROM interaction WHERE kind IN ({}) \
         AND occurred_at >= $1 AND occurred_at < $2 AND verdict = 'human' GROUP BY channel, {day}",
        acts()
    );
    Ok(by_name(rows.all(&sql, values![window.from.0, window.to.0]).await?, window.days))
}

/// Orders and new contacts, by day.
pub async fn metrics(rows: &Rows, window: &Window) -> Result<BTreeMap<&'static str, Vec<f64>>, Fault> {
    let sources = [
        ("orders", "purchase", "placed_at", "cancelled_at IS NULL"),
        ("new_contacts", "contact", "created_at", customers::COUNTED),
    ];
    let mut all = BTreeMap::new();
    for (metric, table, column, which) in sources {
        let day = window.index_sql(column);
        let sql = format!(
            "SELECT 'n' AS name, {day} AS day, COUNT(*) AS n FROM {table} WHERE {column} >= $1 AND {column} < $2 \
             AND {which} GROUP BY {day}"
        );
        let found = by_name(rows.all(&sql, values![window.from.0, window.to.0]).await?, window.days);
        all.insert(metric, found.into_values().next().unwrap_or_else(|| vec![0.0; window.days]));
    }
    Ok(all)
}

/// What the members of a segment did, by day. Members are those of now.
pub async fn segment_days(
    rows: &Rows,
    segment: SegmentId,
    window: &Window,
    now: Timestamp,
    zone: &Zone,
) -> Result<Vec<f64>, Fault> {
    let Some(segment) = selection::find(rows, segment).await? else { return Ok(Vec::new()) };
    let condition = selection::condition(rows, &segment.definition, now, zone).await?;
    let day = window.index_sql("occurred_at");
    let sql = format!(
        "SELECT 'n' AS name, {day} AS day, COUNT(*) AS n FROM interaction WHERE kind IN ({}) AND occurred_at >= $1 \
         AND occurred_at < $2 AND verdict = 'human' AND contact_id IN ({}) GROUP BY {day}",
        acts(),
        members(rows, condition)
    );
    let found = by_name(rows.all(&sql, values![window.from.0, window.to.0]).await?, window.days);
    Ok(found.into_values().next().unwrap_or_else(|| vec![0.0; window.days]))
}

/// The members as text.
fn members(rows: &Rows, condition: Condition) -> String {
    rows.text(&Query::select().expr(Expr::cust("contact.id")).from("contact").cond_where(condition).to_owned())
}

#[derive(FromQueryResult)]
struct Launched {
    id: i64,
    launched_at: i64,
}

/// Open rates of the campaigns launched before and with those of the last days, oldest first.
pub async fn open_rates(lens: &dyn Lens, rows: &Rows) -> Result<Vec<(CampaignId, Timestamp, f64)>, Fault> {
    const SQL: &str =
        "SELECT id, launched_at FROM campaign WHERE launched_at IS NOT NULL ORDER BY launched_at DESC LIMIT 40";
    let mut launched: Vec<Launched> = rows.all(SQL, values![]).await?;
    launched.reverse();
    let ids: Vec<CampaignId> = launched.iter().map(|row| CampaignId(row.id)).collect();
    let figures = figures(lens, &ids, None).await?;
    let rate = |figures: &Figures| match figures.value(Metric::OpenRate) {
        Cell::Real(rate) if figures.delivered() >= 30 => Some(rate),
        _ => None,
    };
    let row = |row: Launched| {
        let id = CampaignId(row.id);
        Some((id, Timestamp(row.launched_at), figures.get(&id).and_then(rate)?))
    };
    Ok(launched.into_iter().filter_map(row).collect())
}

async fn campaigns(lens: &dyn Lens, rows: &Rows, last: Date, now: Timestamp) -> Result<(Vec<Suspicion>, usize), Fault> {
    let rates = open_rates(lens, rows).await?;
    let mut suspicions = Vec::new();
    for (place, (id, launched, rate)) in rates.iter().enumerate() {
        let age = now.0 - launched.0;
        let before: Vec<f64> = rates[..place].iter().map(|(_, _, rate)| *rate).collect();
        if (RIPE[0] * DAY..RIPE[1] * DAY).contains(&age)
            && let Some(change) = outlier(&before, *rate)
        {
            suspicions.push(Suspicion { subject: Subject::Campaign, key: id.to_string(), change, last });
        }
    }
    let tests = suspicions.len();
    Ok((suspicions, tests))
}
