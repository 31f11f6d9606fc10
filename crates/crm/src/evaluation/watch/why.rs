//! Why a change was told: the days of its subject, what is usual on each, and the band most days lie in.

use super::{super::TileMetric, gather};
use crate::mining::{Alert, Subject, Window, people, series};
use kernel::{Cell, Column, ContactId, Fault, Lens, SegmentId, Table, Timestamp, Unit, Zone};
use store::Rows;

/// Days shown.
const DAYS: usize = 84;

/// The picture behind an alert. Columns of the table: `day` (YYYY-MM-DD, or the number of a campaign), `observed`, `expected`,
/// `low`, `high`.
pub struct Why {
    pub table: Table,
    /// Of the figures: counts, or shares for campaigns.
    pub unit: Unit,
    /// From which row on the change is told of.
    pub since: usize,
}

pub async fn why(lens: &dyn Lens, rows: &Rows, alert: &Alert, now: Timestamp, zone: &Zone) -> Result<Why, Fault> {
    if alert.subject == Subject::Campaign {
        return campaign(lens, rows, alert).await;
    }
    let window = Window::until(alert.last_day, DAYS, zone);
    let counts = match alert.subject {
        Subject::Contact => people::days_of(rows, ContactId(alert.key.parse().unwrap_or(0)), &window).await?,
        Subject::Segment => {
            gather::segment_days(rows, SegmentId(alert.key.parse().unwrap_or(0)), &window, now, zone).await?
        }
        Subject::Channel => gather::channels(rows, &window).await?.remove(&alert.key).unwrap_or_default(),
        _ => {
            let metric = TileMetric::parse(&alert.key).map_or("", TileMetric::code);
            gather::metrics(rows, &window).await?.remove(metric).unwrap_or_default()
        }
    };
    let since = usize::try_from(DAYS as i64 - alert.days()).unwrap_or(0);
    // What is usual comes from the days before the change.
    let usual = series::band(&counts[..since.min(counts.len())]);
    let mut table = table(Unit::Count);
    for (day, observed) in counts.iter().enumerate() {
        let [low, expected, high] = match usual.get(day) {
            Some(ends) => *ends,
            None if usual.len() >= 7 => usual[usual.len() - 7 + (day - usual.len()) % 7],
            None => [0.0; 3],
        };
        let cells = [*observed, expected, low, high].map(Cell::Real);
        table.rows.push(std::iter::once(Cell::Text(window.day(day).to_string())).chain(cells).collect());
    }
    Ok(Why { table, unit: Unit::Count, since })
}

/// The open rates of the campaigns before, and of this one.
async fn campaign(lens: &dyn Lens, rows: &Rows, alert: &Alert) -> Result<Why, Fault> {
    let mut table = table(Unit::Share);
    for (place, (id, _, rate)) in gather::open_rates(lens, rows).await?.into_iter().enumerate() {
        let cells = [rate, alert.expected, alert.expected, alert.expected].map(Cell::Real);
        let name = Cell::Text((place + 1).to_string());
        table.rows.push(std::iter::once(name).chain(cells).collect());
        if id.to_string() == alert.key {
            break;
        }
    }
    let since = table.rows.len().saturating_sub(1);
    Ok(Why { table, unit: Unit::Share, since })
}

fn table(unit: Unit) -> Table {
    let mut columns = vec![Column::new("day", Unit::Text)];
    columns.extend(["observed", "expected", "low", "high"].map(|key| Column::new(key, unit)));
    Table::new(columns)
}
