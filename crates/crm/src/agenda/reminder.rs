//! Reminders: told once, in the transaction that says they were.

use crate::staff::{
    notifications::{self, News, Topic},
    users,
};
use kernel::{Clock, Fault, Sentence, UserId};
use std::time::Duration;
use store::{
    Db, FromQueryResult,
    tasks::{Lease, Task},
    values,
};

/// Reminders of one transaction.
const AT_A_TIME: i64 = 100;

/// The task that reminds.
pub struct Remind {
    pub db: Db,
    pub clock: Clock,
}

#[derive(FromQueryResult)]
struct Due {
    id: i64,
    title: String,
    assignee_id: i64,
    remind_at: i64,
}

impl Remind {
    pub const NAME: &'static str = "remind";

    /// Tells what is due to be told; how many were.
    pub async fn once(&self) -> Result<usize, Fault> {
        let now = self.clock.now();
        let unit = self.db.write().await?;
        const DUE: &str = "SELECT a.id, a.title, a.assignee_id, a.remind_at FROM agenda_item a WHERE a.reminded_at IS NULL \
             AND a.remind_at <= $1 AND a.done_at IS NULL AND a.removed_at IS NULL AND (a.contact_id IS NULL \
             OR EXISTS (SELECT 1 FROM contact c WHERE c.id = a.contact_id AND c.archived_at IS NULL)) \
             ORDER BY a.remind_at, a.id LIMIT $2";
        let due: Vec<Due> = unit.all(DUE, values![now.0, AT_A_TIME]).await?;
        for one in &due {
            unit.run("UPDATE agenda_item SET reminded_at = $1 WHERE id = $2", values![now.0, one.id]).await?;
            let Some(user) = users::find(&unit, UserId(one.assignee_id)).await? else { continue };
            let news = News {
                source: &format!("agenda:{}:{}", one.id, one.remind_at),
                topic: Topic::Agenda,
                about: "",
                strength: 0,
                what: Sentence::new("agenda-reminder").with("title", one.title.as_str()),
                link: &format!("/aufgaben/{}", one.id),
            };
            notifications::tell(&unit, &user, &news, now).await?;
        }
        unit.save().await?;
        Ok(due.len())
    }
}

#[async_trait::async_trait]
impl Task for Remind {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(30)
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        Ok(self.once().await? == AT_A_TIME as usize)
    }
}
