//! How a campaign went over time and link by link.

use kernel::{CampaignId, Cell, Column, Fault, Table, Timestamp, Unit, Zone, time::MINUTE};
use std::collections::BTreeMap;
use store::{FromQueryResult, Rows, values};

/// Days begin at a quarter of an hour in every zone in use, so the database counts quarters and the days are made here.
const QUARTER: i64 = 15 * MINUTE;

/// Longest course shown, in days.
const DAYS: usize = 60;

#[derive(FromQueryResult)]
struct Counted {
    quarter: i64,
    people: i64,
}

/// People by the day of their first human open and of their first click, in the organisation's zone; the columns add up to
/// the figures `opened` and `clicked`. Columns: `day` (YYYY-MM-DD), `opened`, `clicked`; days without any are there, too.
pub async fn reactions_per_day(rows: &Rows, campaign: CampaignId, zone: &Zone) -> Result<Table, Fault> {
    let mut days: BTreeMap<jiff::civil::Date, [i64; 2]> = BTreeMap::new();
    for (column, kinds) in ["'opened', 'clicked'", "'clicked'"].into_iter().enumerate() {
        let sql = format!(
            "SELECT began / {QUARTER} AS quarter, COUNT(*) AS people FROM \
             (SELECT contact_id, MIN(occurred_at) AS began FROM interaction WHERE campaign_id = $1 AND kind IN ({kinds}) \
             AND verdict = 'human' AND contact_id IS NOT NULL GROUP BY contact_id) starts GROUP BY began / {QUARTER}"
        );
        let counted: Vec<Counted> = rows.all(&sql, values![campaign.0]).await?;
        for row in counted {
            days.entry(zone.day(Timestamp(row.quarter * QUARTER))).or_default()[column] += row.people;
        }
    }
    let columns = [("day", Unit::Text), ("opened", Unit::Count), ("clicked", Unit::Count)];
    let mut table = Table::new(columns.map(|(key, unit)| Column::new(key, unit)).into());
    let (Some(first), Some(last)) = (days.keys().next().copied(), days.keys().next_back().copied()) else {
        return Ok(table);
    };
    for day in first.series(jiff::ToSpan::days(1)).take(DAYS).take_while(|day| *day <= last) {
        let [opened, clicked] = days.get(&day).copied().unwrap_or_default();
        table.rows.push(vec![Cell::Text(day.to_string()), Cell::Int(opened), Cell::Int(clicked)]);
    }
    Ok(table)
}

#[derive(FromQueryResult)]
struct Link {
    id: i64,
    url: String,
    label: String,
    people: i64,
    clicks: i64,
}

/// Human clicks of each link, in the order of the mail. Columns: `link`, `url`, `label`, `people`, `clicks`.
pub async fn clicks_per_link(rows: &Rows, campaign: CampaignId) -> Result<Table, Fault> {
    const SQL: &str = "SELECT l.id, l.url, l.label, COUNT(DISTINCT i.contact_id) AS people, COUNT(i.seq) AS clicks FROM campaign_step s \
         JOIN campaign_link l ON l.step_id = s.id \
         LEFT JOIN interaction i ON i.campaign_id = s.campaign_id AND i.kind = 'clicked' AND i.verdict = 'human' AND i.url = l.url \
         WHERE s.campaign_id = $1 GROUP BY l.id, l.url, l.label, s.position, l.position ORDER BY s.position, l.position";
    let links: Vec<Link> = rows.all(SQL, values![campaign.0]).await?;
    let columns = [
        ("link", Unit::Id),
        ("url", Unit::Text),
        ("label", Unit::Text),
        ("people", Unit::Count),
        ("clicks", Unit::Count),
    ];
    let mut table = Table::new(columns.map(|(key, unit)| Column::new(key, unit)).into());
    table.rows.extend(links.into_iter().map(|link| {
        vec![
            Cell::Int(link.id),
            Cell::Text(link.url),
            Cell::Text(link.label),
            Cell::Int(link.people),
            Cell::Int(link.clicks),
        ]
    }));
    Ok(table)
}

/// People whose mail a machine opened and people for whom a machine clicked; neither counts in any rate. Served by
/// `interaction_campaign`.
pub async fn machines(rows: &Rows, campaign: CampaignId) -> Result<(i64, i64), Fault> {
    const SQL: &str = "SELECT COUNT(DISTINCT contact_id) FROM interaction WHERE campaign_id = $1 AND kind = $2 \
         AND verdict = 'machine' AND contact_id IS NOT NULL";
    let opened = rows.number(SQL, values![campaign.0, "opened"]).await?;
    let clicked = rows.number(SQL, values![campaign.0, "clicked"]).await?;
    Ok((opened, clicked))
}
