//! Sender's ids are kept for 30 days: long enough for every sender that tries again, short enough for a small table.

use kernel::{Clock, Fault, time::DAY};
use std::time::Duration;
use store::{
    Db,
    tasks::{Lease, Task},
    values,
};

/// How long a sender's id is known.
pub const KEPT: i64 = 30 * DAY;

/// How many are forgotten in one unit, so that nobody waits long for the writer.
const AT_ONCE: i64 = 5_000;

/// The task that forgets old ids.
pub struct ForgetKeys {
    pub db: Db,
    pub clock: Clock,
}

impl ForgetKeys {
    pub const NAME: &'static str = "forget-event-ids";
}

#[async_trait::async_trait]
impl Task for ForgetKeys {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(3600)
    }

    async fn run(&self, _lease: &Lease) -> Result<bool, Fault> {
        const SQL: &str = "DELETE FROM interaction_key WHERE event_id IN \
             (SELECT event_id FROM interaction_key WHERE received_at < $1 ORDER BY received_at LIMIT $2)";
        let unit = self.db.write().await?;
        let gone = unit.run(SQL, values![self.clock.now().0 - KEPT, AT_ONCE]).await?;
        unit.save().await?;
        Ok(gone == AT_ONCE as u64)
    }
}
