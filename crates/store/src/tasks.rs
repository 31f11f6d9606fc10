//! Background tasks take no input: a task looks at what should be and makes it so.
//!
//! A nudge only wakes it; a lease in the database says which process may. So `kill -9` at any point is harmless and any
//! number of processes can share one PostgreSQL.

use crate::{Db, values};
use kernel::{Clock, Fault, time::SECOND};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

/// Work that is never told what to do.
#[async_trait::async_trait]
pub trait Task: Send + Sync + 'static {
    /// Stable name: the lease's key.
    fn name(&self) -> &'static str;

    /// How long to sleep when nobody nudges.
    fn rest(&self) -> Duration;

    /// Looks and does. `true`: there is more to do at once.
    async fn run(&self, lease: &Lease) -> Result<bool, Fault>;
}

/// The right to run a task, for one process at a time. A run that lasts longer than [`Lease::SECONDS`] calls `renew`.
pub struct Lease {
    db: Db,
    clock: Clock,
    task: &'static str,
    owner: String,
    pub epoch: i64,
    stop: watch::Receiver<bool>,
}

impl Lease {
    pub const SECONDS: i64 = 30;

    async fn take(
        db: &Db,
        clock: &Clock,
        task: &'static str,
        owner: &str,
        stop: watch::Receiver<bool>,
    ) -> Result<Option<Self>, Fault> {
        const SQL: &str = "INSERT INTO task_lease (task, owner, until, epoch) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (task) DO UPDATE SET owner = excluded.owner, until = excluded.until, \
             epoch = CASE WHEN task_lease.owner = excluded.owner THEN task_lease.epoch ELSE task_lease.epoch + 1 END \
             WHERE task_lease.owner = excluded.owner OR task_lease.until < $4 RETURNING epoch";
        let now = clock.now();
        let unit = db.write().await?;
        let until = now.plus(Self::SECONDS * SECOND);
        let epoch = unit.insert(SQL, values![task, owner, until.0, now.0]).await?;
        unit.save().await?;
        let lease = Self { db: db.clone(), clock: clock.clone(), task, owner: owner.to_owned(), epoch, stop };
        Ok((epoch > 0).then_some(lease))
    }

    /// Keeps the right for another [`Lease::SECONDS`]; `false` when another process has taken it.
    pub async fn renew(&self) -> Result<bool, Fault> {
        let unit = self.db.write().await?;
        let until = self.clock.now().plus(Self::SECONDS * SECOND);
        const SQL: &str = "UPDATE task_lease SET until = $1 WHERE task = $2 AND owner = $3 AND epoch = $4";
        let kept = unit.run(SQL, values![until.0, self.task, self.owner.as_str(), self.epoch]).await? == 1;
        unit.save().await?;
        Ok(kept)
    }

    /// Whether the house is closing: long work ends at the next safe point.
    pub fn closing(&self) -> bool {
        *self.stop.borrow()
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }
}

/// Wakes tasks by name.
#[derive(Clone, Default)]
pub struct Nudge(Arc<HashMap<&'static str, Arc<Notify>>>);

impl Nudge {
    /// Wakes a task; harmless when it is awake already or runs in another process.
    pub fn wake(&self, task: &str) {
        if let Some(notify) = self.0.get(task) {
            notify.notify_one();
        }
    }
}

/// All tasks of a process.
pub struct Tasks {
    db: Db,
    clock: Clock,
    owner: String,
    tasks: Vec<Arc<dyn Task>>,
    nudge: Nudge,
}

impl Tasks {
    /// `owner` names this process among others, freshly drawn at each start.
    pub fn new(db: Db, clock: Clock, owner: String, names: &[&'static str]) -> Self {
        let nudge = Nudge(Arc::new(names.iter().map(|name| (*name, Arc::new(Notify::new()))).collect()));
        Self { db, clock, owner, tasks: Vec::new(), nudge }
    }

    pub fn nudge(&self) -> Nudge {
        self.nudge.clone()
    }

    pub fn add(&mut self, task: impl Task) {
        debug_assert!(self.nudge.0.contains_key(task.name()), "{} cannot be nudged", task.name());
        self.tasks.push(Arc::new(task));
    }

    /// Runs all tasks until `stop` turns true; answers when each has come to rest.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let runs = self.tasks.iter().map(|task| {
            let notify = self.nudge.0.get(task.name()).cloned().unwrap_or_default();
            tokio::spawn(attend(
                task.clone(),
                self.db.clone(),
                self.clock.clone(),
                self.owner.clone(),
                notify,
                stop.clone(),
            ))
        });
        futures::future::join_all(runs).await;
    }
}

async fn attend(
    task: Arc<dyn Task>,
    db: Db,
    clock: Clock,
    owner: String,
    nudge: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    let mut failures = 0_u32;
    while !*stop.borrow() {
        let outcome = match Lease::take(&db, &clock, task.name(), &owner, stop.clone()).await {
            Ok(Some(lease)) => task.run(&lease).await,
            Ok(None) => Ok(false),
            Err(fault) => Err(fault),
        };
        let rest = match outcome {
            Ok(true) => {
                failures = 0;
                continue;
            }
            Ok(false) => {
                failures = 0;
                task.rest()
            }
            Err(fault) => {
                failures += 1;
                tracing::error!(task = task.name(), failures, error = %fault, "A background task failed and will be tried again");
                Duration::from_millis(250 << failures.min(7))
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = nudge.notified(), if failures == 0 => {}
            _ = stop.changed() => {}
        }
    }
    // Whoever comes next need not wait until the lease has run out.
    if let Err(fault) = release(&db, task.name(), &owner).await {
        tracing::warn!(task = task.name(), error = %fault, "A lease could not be given back and will run out");
    }
}

async fn release(db: &Db, task: &str, owner: &str) -> Result<(), Fault> {
    let unit = db.write().await?;
    unit.run("UPDATE task_lease SET until = 0 WHERE task = $1 AND owner = $2", values![task, owner]).await?;
    unit.save().await
}

/// Frees what processes that are gone have held, so that work goes on at once after a crash. Only for whoever knows that
/// no other process lives on this database, as the lock of the data folder says it.
pub async fn inherit(db: &Db) -> Result<(), Fault> {
    let unit = db.write().await?;
    unit.run("UPDATE task_lease SET until = 0", values![]).await?;
    unit.run("UPDATE job SET lease_until = 0 WHERE state = 'running'", values![]).await?;
    unit.save().await
}
