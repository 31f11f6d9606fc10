//! The task that keeps candidates current and merges what may be merged by itself.

use super::{
    incremental::{self, TOGETHER},
    state::{self, Standing},
    whole,
};
use crate::{
    Trouble,
    customers::merge::{self, Wish},
    intake::runs,
    staff::Actor,
};
use kernel::{Clock, ContactId, Fault, time::DAY};
use std::time::Duration;
use store::{
    Db, FromQueryResult, Write, changes,
    tasks::{Lease, Task},
    values,
};

/// Weights are estimated anew after this time.
const STALE: i64 = 7 * DAY;
/// More changed contacts than this, or than one in five, are compared as a whole.
const MANY: usize = 2_000;
/// Merges of one run.
const AT_ONCE: i64 = 100;

/// The task: a whole scan at first and when much changed, otherwise only those who changed.
pub struct KeepDuplicates {
    pub db: Db,
    pub clock: Clock,
}

/// There are so many more contacts than were compared that the weights say nothing of them.
fn is_outgrown(standing: &Standing, contacts: i64) -> bool {
    contacts > 2 * standing.contacts
}

#[derive(FromQueryResult)]
struct Ready {
    one_id: i64,
    other_id: i64,
}

impl KeepDuplicates {
    pub const NAME: &'static str = "duplicates";

    /// Brings everything up to date; answers whether there is more to do at once.
    pub async fn look(&self, lease: Option<&Lease>) -> Result<bool, Fault> {
        let now = self.clock.now();
        let rows = self.db.read().await?;
        // What an import brings is compared once, when all of it is there.
        if runs::is_importing(&rows).await? {
            return Ok(false);
        }
        let standing = state::standing(&rows).await?;
        let contacts = rows.number("SELECT COUNT(*) FROM contact WHERE archived_at IS NULL", values![]).await?;
        let followed = match &standing {
            Some(standing) if !is_outgrown(standing, contacts) => self.changed(&rows, standing, contacts).await?,
            _ => None,
        };
        drop(rows);
        let is_stale = |standing: &Standing| standing.scanned_at < now.0 - STALE;
        let whole = match (&standing, &followed) {
            (Some(standing), Some((_, ids))) => is_stale(standing) && !ids.is_empty(),
            _ => true,
        };
        if whole {
            if !whole::scan(&self.db, now, lease).await? {
                return Ok(false);
            }
        } else if let (Some(standing), Some((cursor, ids))) = (standing, followed) {
            for chunk in ids.chunks(TOGETHER) {
                let unit = self.db.write().await?;
                incremental::follow(&unit, chunk, now).await?;
                unit.save().await?;
                if let Some(lease) = lease
                    && (lease.closing() || !lease.renew().await?)
                {
                    return Ok(false);
                }
            }
            if cursor.0 != standing.cursor {
                let unit = self.db.write().await?;
                state::keep(&unit, &Standing { cursor: cursor.0, ..standing }).await?;
                unit.save().await?;
            }
        }
        let unit = self.db.write().await?;
        if let Some(standing) = state::standing(&unit).await? {
            changes::read_until(&unit, Self::NAME, changes::Cursor(standing.cursor), now).await?;
        }
        unit.save().await?;
        self.merge_the_certain().await
    }

    /// Contacts that changed since the last look, and how far that reaches; nothing where it is not known any more or where
    /// they are so many that all are compared.
    async fn changed(
        &self,
        rows: &store::Rows,
        standing: &Standing,
        contacts: i64,
    ) -> Result<Option<(changes::Cursor, Vec<i64>)>, Fault> {
        let from = changes::Cursor(standing.cursor);
        if !changes::reaches(rows, from).await? {
            return Ok(None);
        }
        let cursor = changes::cursor(rows).await?;
        let ids = changes::changed(rows, from, "contact", MANY.max(contacts as usize / 5)).await?;
        Ok(ids.map(|ids| (cursor, ids)))
    }

    /// Merges open pairs above the threshold somebody set. What was merged before and taken back is left to people.
    async fn merge_the_certain(&self) -> Result<bool, Fault> {
        let rows = self.db.read().await?;
        let Some(thousandths) = state::automatic_from(&rows).await? else { return Ok(false) };
        const SQL: &str = "SELECT one_id, other_id FROM duplicate_pair p WHERE state = 'open' AND probability >= $1 \
             AND NOT EXISTS (SELECT 1 FROM contact_merge m WHERE m.undone_at IS NOT NULL \
             AND ((m.survivor_id = p.one_id AND m.merged_id = p.other_id) \
             OR (m.survivor_id = p.other_id AND m.merged_id = p.one_id))) \
             ORDER BY probability DESC, one_id, other_id LIMIT $2";
        let ready: Vec<Ready> = rows.all(SQL, values![thousandths as f64 / 1_000.0, AT_ONCE]).await?;
        drop(rows);
        let house = Actor::system("duplicates");
        let mut merged = 0;
        for pair in &ready {
            let unit = self.db.write().await?;
            match self.merge_one(&unit, &house, pair).await {
                Ok(()) => {
                    unit.save().await?;
                    merged += 1;
                }
                // Another pair of this run took one of the two away, or somebody changed it meanwhile.
                Err(Trouble::Refusal(_)) => {}
                Err(Trouble::Fault(fault)) => return Err(fault),
            }
        }
        Ok(merged > 0)
    }

    async fn merge_one(&self, unit: &Write, house: &Actor, pair: &Ready) -> Result<(), Trouble> {
        let preview = merge::preview(unit, house, ContactId(pair.one_id), ContactId(pair.other_id)).await?;
        let wish = Wish { automatic: true, ..Wish::suggested(&preview) };
        merge::merge(unit, house, &wish, self.clock.now()).await?;
        Ok(())
    }
}

#[async_trait::async_trait]
impl Task for KeepDuplicates {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(20)
    }

    async fn run(&self, lease: &Lease) -> Result<bool, Fault> {
        self.look(Some(lease)).await
    }
}
