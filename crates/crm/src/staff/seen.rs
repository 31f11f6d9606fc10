//! Who looked at whom: gathered while people work and written down a few times a minute, once for each person, contact and
//! hour, so that looking costs nothing that could be noticed.

use super::{Actor, audit};
use kernel::{ContactId, Fault, Timestamp, time::HOUR};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{
    Db,
    tasks::{Lease, Task},
};

/// Looks that are remembered so that none is noted twice; then all are forgotten, and some hour has two entries.
const REMEMBERED: usize = 100_000;

/// Gathers looks. Clones share everything.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// Name, contact, hour.
    known: HashSet<(String, i64, i64)>,
    waiting: Vec<(Actor, ContactId, Timestamp)>,
}

impl Seen {
    /// Notes that somebody looked at a contact.
    pub fn note(&self, actor: &Actor, contact: ContactId, now: Timestamp) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.known.len() >= REMEMBERED {
            inner.known.clear();
        }
        if inner.known.insert((actor.name.clone(), contact.0, now.0.div_euclid(HOUR))) {
            inner.waiting.push((actor.clone(), contact, now));
        }
    }

    /// Writes down what waits; what cannot be written waits on.
    pub async fn write(&self, db: &Db) -> Result<usize, Fault> {
        let waiting = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting);
        if waiting.is_empty() {
            return Ok(0);
        }
        let written = async {
            let unit = db.write().await?;
            for (actor, contact, at) in &waiting {
                audit::note(&unit, actor, *at, audit::Deed::new("contact.seen", "contact", contact.0)).await?;
            }
            unit.save().await
        };
        let outcome = written.await;
        match outcome {
            Ok(()) => Ok(waiting.len()),
            Err(fault) => {
                self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting.splice(0..0, waiting);
                Err(fault)
            }
        }
    }
}

/// The task that writes it down.
pub struct NoteSeen {
    pub db: Db,
    pub seen: Seen,
}

impl NoteSeen {
    pub const NAME: &'static str = "note-seen";
}

#[async_trait::async_trait]
impl Task for NoteSeen {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(5)
    }

    async fn run(&self, _: &Lease) -> Result<bool, Fault> {
        self.seen.write(&self.db).await?;
        Ok(false)
    }
}
