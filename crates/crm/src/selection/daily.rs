//! How many people a segment meant, day by day: counted once a day, so that a page can say what changed.

use super::{Workbench, segments};
use jiff::civil::Date;
use kernel::{Clock, Fault, SegmentId, Timestamp, Zone};
use std::time::Duration;
use store::{
    Db, FromQueryResult, Rows,
    tasks::{Lease, Task},
    values,
};

/// The task that counts every segment when a day has begun.
pub struct CountSegments {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
    pub workbench: Workbench,
}

impl CountSegments {
    pub const NAME: &'static str = "segment-counts";

    /// Counts one segment that was not counted today; `false` when there is none left.
    pub async fn one(&self) -> Result<bool, Fault> {
        const OPEN: &str = "SELECT id FROM segment WHERE archived_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM segment_day WHERE segment_day.segment_id = segment.id AND segment_day.day = $1) ORDER BY id LIMIT 1";
        let now = self.clock.now();
        let day = self.zone.day(now).to_string();
        let open = self.db.read().await?.numbers(OPEN, values![day.as_str()]).await?;
        let Some(id) = open.first().copied().map(SegmentId) else { return Ok(false) };
        let Some(segment) = segments::find(&self.db.read().await?, id).await? else { return Ok(true) };
        let people = self.workbench.count(&self.db, &segment.definition, now, &self.zone).await?;
        let unit = self.db.write().await?;
        const SQL: &str = "INSERT INTO segment_day (segment_id, day, version, people) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (segment_id, day) DO NOTHING";
        unit.run(SQL, values![id.0, day, segment.version, people]).await?;
        unit.save().await?;
        Ok(true)
    }
}

#[async_trait::async_trait]
impl Task for CountSegments {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(10 * 60)
    }

    async fn run(&self, lease: &Lease) -> Result<bool, Fault> {
        while !lease.closing() && self.one().await? {
            if !lease.renew().await? {
                break;
            }
        }
        Ok(false)
    }
}

/// Days the course goes back.
const DAYS: i64 = 30;

/// The counts of the last 30 days, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    pub days: Vec<Day>,
}

/// How many there were when a day began, or when it was first counted on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    pub day: Date,
    pub version: i64,
    pub people: i64,
}

#[derive(FromQueryResult)]
struct Row {
    day: String,
    version: i64,
    people: i64,
}

/// Served by the primary key.
pub async fn trend(rows: &Rows, id: SegmentId, now: Timestamp, zone: &Zone) -> Result<Trend, Fault> {
    const SQL: &str = "SELECT day, version, people FROM segment_day WHERE segment_id = $1 AND day >= $2 ORDER BY day";
    let since = zone.day(zone.days_before(now, DAYS)).to_string();
    let found: Vec<Row> = rows.all(SQL, values![id.0, since]).await?;
    let day = |row: Row| {
        let day = row.day.parse().map_err(|_| Fault::Unreadable(format!("day {}", row.day)))?;
        Ok(Day { day, version: row.version, people: row.people })
    };
    Ok(Trend { days: found.into_iter().map(day).collect::<Result<_, Fault>>()? })
}
