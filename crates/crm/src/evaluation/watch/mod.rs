//! The watch of the night: looks for changes in people, segments, channels, campaigns and metrics, at targets, and tells
//! those who want to know.
//!
//! It looks at whole days, so it works once a day and on demand. All questions of a night are judged together, what stands is
//! written once; a process that dies in between leaves nothing behind that would be told twice.

mod digest;
mod gather;
mod tell;
mod why;

pub use digest::Post;
pub use why::{Why, why};

use super::{Idea, Period, targets};
use crate::{
    mining::{Window, alert},
    staff::users,
};
use jiff::civil::Date;
use kernel::{Clock, Fault, Lens, Timestamp, Zone};
use std::{sync::Arc, time::Duration};
use store::{
    Db, settings,
    tasks::{Lease, Task},
};

/// The name of the task, for nudges.
pub const TASK: &str = "watch";
/// The last day that was looked at.
const LOOKED: &str = "watch.looked";
/// The hour of the day after which the digest goes out.
const MORNING: i8 = 7;

pub struct Watch {
    pub db: Db,
    pub lens: Arc<dyn Lens>,
    pub clock: Clock,
    pub zone: Zone,
    pub post: Post,
}

#[async_trait::async_trait]
impl Task for Watch {
    fn name(&self) -> &'static str {
        TASK
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(10 * 60)
    }

    async fn run(&self, lease: &Lease) -> Result<bool, Fault> {
        let now = self.clock.now();
        let last = Window::yesterday(now, &self.zone);
        let looked = settings::get(&self.db.read().await?, LOOKED).await?;
        if looked.as_deref() != Some(last.to_string().as_str()) {
            look(&*self.lens, &self.db, last, now, &self.zone).await?;
            if !lease.renew().await? {
                return Ok(false);
            }
        }
        if self.zone.civil(now).hour() >= MORNING {
            digest::send(&self.db, &self.post, now, &self.zone).await?;
        }
        Ok(false)
    }
}

/// Asks for a look at once: the next run does not find it done.
pub async fn look_again(db: &Db) -> Result<(), Fault> {
    let unit = db.write().await?;
    settings::set(&unit, LOOKED, "").await?;
    unit.save().await
}

/// Looks at everything up to a day and writes down what stands; answers how much is new.
pub async fn look(lens: &dyn Lens, db: &Db, last: Date, now: Timestamp, zone: &Zone) -> Result<usize, Fault> {
    let rows = db.read().await?;
    let (suspicions, tests) = gather::all(lens, &rows, last, now, zone).await?;
    let mut circles = Vec::new();
    for idea in Idea::ALL {
        circles.push((*idea, idea.count(&rows, now, zone).await?));
    }
    drop(rows);
    let (ended, running) = standings(lens, db, now, zone).await?;
    let unit = db.write().await?;
    let new = alert::report(&unit, &suspicions, tests, now).await?;
    let staff = users::list(&unit).await?;
    tell::changes(&unit, &staff, &new, now).await?;
    tell::targets(&unit, &staff, &ended, &running, zone, now).await?;
    for (idea, people) in circles {
        idea.keep(&unit, people).await?;
    }
    settings::set(&unit, LOOKED, &last.to_string()).await?;
    unit.save().await?;
    Ok(new.len())
}

/// Targets in the period that ended last, and in the one that runs.
async fn standings(
    lens: &dyn Lens,
    db: &Db,
    now: Timestamp,
    zone: &Zone,
) -> Result<(Vec<targets::Standing>, Vec<targets::Standing>), Fault> {
    let rows = db.read().await?;
    let running = targets::standings(lens, &rows, now, zone).await?;
    let with_end: Vec<targets::Target> = running
        .iter()
        .filter(|standing| standing.target.span != targets::Span::Days)
        .map(|standing| standing.target.clone())
        .collect();
    let before = |target: &targets::Target| -> Period {
        let current = target.period(now, zone);
        target.period(current.from.plus(-1), zone)
    };
    let ended = targets::standings_of(lens, &rows, with_end, before, now, zone).await?;
    Ok((ended, running))
}
