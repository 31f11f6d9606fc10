//! The task that takes away what nobody needs any more: documents removed long ago, and bytes without a document.

use super::{Cabinet, erase};
use kernel::{Clock, Fault, time::DAY};
use std::time::Duration;
use store::{
    Db, FromQueryResult,
    tasks::{Lease, Task},
    values,
};

/// For so many days a removed document can be brought back.
pub const KEPT_DAYS: i64 = 30;

/// Taken away in one go: few enough that a closing house does not wait for a slow store.
const SOME: i64 = 10;
/// How often is looked: bytes of somebody who was erased are gone within it.
const REST: Duration = Duration::from_secs(30);

/// Makes what should be: whatever is loose and due is gone.
pub struct Sweep {
    pub db: Db,
    pub clock: Clock,
    pub cabinet: Cabinet,
}

#[derive(FromQueryResult)]
struct Loose {
    path: String,
}

impl Sweep {
    pub const NAME: &'static str = "documents";

    /// Lets go of documents removed long ago.
    async fn let_go(&self) -> Result<bool, Fault> {
        let now = self.clock.now();
        let unit = self.db.write().await?;
        let ids = erase::removed_before(&unit, now.plus(-KEPT_DAYS * DAY), SOME).await?;
        erase::drop_rows(&unit, &ids, now).await?;
        unit.save().await?;
        Ok(ids.len() as i64 == SOME)
    }

    /// Takes loose bytes away. Whatever is torn apart is done again: taking away twice is harmless.
    async fn take_away(&self) -> Result<bool, Fault> {
        const DUE: &str = "SELECT path FROM document_loose WHERE due_at <= $1 ORDER BY due_at, path LIMIT $2";
        let due: Vec<Loose> = self.db.read().await?.all(DUE, values![self.clock.now().0, SOME]).await?;
        let full = due.len() as i64 == SOME;
        for loose in due {
            if let Err(trouble) = self.cabinet.own.delete(&loose.path).await {
                tracing::warn!(error = %trouble, "Documents nobody needs stay in their store for now");
                return Ok(false);
            }
            let unit = self.db.write().await?;
            unit.run("DELETE FROM document_loose WHERE path = $1", values![loose.path]).await?;
            unit.save().await?;
        }
        Ok(full)
    }

    /// Looks once and does some of what is to be done; `true`: there is more.
    pub async fn once(&self) -> Result<bool, Fault> {
        let more = self.let_go().await?;
        Ok(self.take_away().await? || more)
    }
}

#[async_trait::async_trait]
impl Task for Sweep {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        REST
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        self.once().await
    }
}
