//! One-off jobs that take a while: with progress, cancel, and an outcome that stays.
//!
//! A job whose process died is taken up again, so a job's work must be repeatable without harm.

use crate::{
    Db, Rows, Write,
    tasks::{Lease, Task},
    values,
};
use kernel::{Clock, Fault, JobId, Sentence, UserId, time::SECOND};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// The name of the task that works on jobs, for nudges.
pub const TASK: &str = "jobs";

/// A job as it stands.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// JSON of the kind.
    pub payload: String,
    pub done: i64,
    pub total: i64,
    /// JSON of the kind when done, of a [`Sentence`] when failed.
    pub outcome: Option<String>,
    pub cancel_requested: i64,
    pub attempts: i64,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, state, payload, done, total, outcome, CAST(cancel_requested AS BIGINT) AS cancel_requested, \
     attempts, created_at, started_at, finished_at";

/// Writes a job down; it starts after the commit and a nudge of [`TASK`].
pub async fn enqueue(
    unit: &Write,
    kind: &str,
    payload: &serde_json::Value,
    by: Option<UserId>,
    clock: &Clock,
) -> Result<JobId, Fault> {
    const SQL: &str =
        "INSERT INTO job (kind, state, payload, created_by, created_at) VALUES ($1, 'queued', $2, $3, $4) RETURNING id";
    let id = unit.insert(SQL, values![kind, payload.to_string(), by.map(i64::from), clock.now().0]).await?;
    Ok(JobId(id))
}

pub async fn find(rows: &Rows, id: JobId) -> Result<Option<Job>, Fault> {
    rows.one(&format!("SELECT {COLUMNS} FROM job WHERE id = $1"), values![id.0]).await
}

/// Asks a job to end at its next safe point; one that has not begun never does.
pub async fn cancel(unit: &Write, id: JobId, clock: &Clock) -> Result<(), Fault> {
    const QUEUED: &str = "UPDATE job SET state = 'cancelled', finished_at = $1 WHERE id = $2 AND state = 'queued'";
    unit.run(QUEUED, values![clock.now().0, id.0]).await?;
    unit.run("UPDATE job SET cancel_requested = 1 WHERE id = $1 AND state = 'running'", values![id.0]).await?;
    Ok(())
}

/// How a job ended.
pub enum Outcome {
    Done(serde_json::Value),
    Failed(Sentence),
    Cancelled(serde_json::Value),
}

/// Does the work of one kind of job.
#[async_trait::async_trait]
pub trait Worker: Send + Sync + 'static {
    fn kind(&self) -> &'static str;
    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault>;
    /// The job took one process after the other down and is not tried again: whatever shows it as under way is to say so.
    async fn give_up(&self, job: &Job, desk: &JobDesk, why: &Sentence) -> Result<(), Fault>;
}

/// What a worker needs while it works.
pub struct JobDesk {
    pub db: Db,
    pub clock: Clock,
    id: JobId,
}

impl JobDesk {
    /// Says how far the work is, keeps the lease, and answers whether to go on: `false` when somebody asked to cancel.
    pub async fn progress(&self, done: i64, total: i64) -> Result<bool, Fault> {
        let unit = self.db.write().await?;
        let go_on = self.progress_in(&unit, done, total).await?;
        unit.save().await?;
        Ok(go_on)
    }

    /// The same inside the worker's own unit, so that progress and work are committed together.
    pub async fn progress_in(&self, unit: &Write, done: i64, total: i64) -> Result<bool, Fault> {
        let until = self.clock.now().plus(Lease::SECONDS * SECOND).0;
        const SQL: &str = "UPDATE job SET done = $1, total = $2, lease_until = $3 WHERE id = $4 \
             RETURNING CAST(cancel_requested AS BIGINT)";
        Ok(unit.number(SQL, values![done, total, until, self.id.0]).await? == 0)
    }
}

/// The task that works on jobs, one after the other.
pub struct Jobs {
    db: Db,
    clock: Clock,
    workers: HashMap<&'static str, Arc<dyn Worker>>,
}

impl Jobs {
    pub fn new(db: Db, clock: Clock, workers: Vec<Arc<dyn Worker>>) -> Self {
        Self { db, clock, workers: workers.into_iter().map(|w| (w.kind(), w)).collect() }
    }

    /// The next job: one that waits, one whose process died, or our own that had to be put down. Each process that works
    /// on it counts as one attempt.
    async fn take(&self, owner: &str) -> Result<Option<Job>, Fault> {
        let now = self.clock.now();
        let unit = self.db.write().await?;
        let sql = format!(
            "UPDATE job SET state = 'running', owner = $1, lease_until = $2, \
             attempts = attempts + CASE WHEN owner = $1 THEN 0 ELSE 1 END, started_at = COALESCE(started_at, $3) \
             WHERE id = (SELECT id FROM job WHERE state = 'queued' OR (state = 'running' AND (lease_until < $3 OR owner = $1)) \
             ORDER BY id LIMIT 1) RETURNING {COLUMNS}"
        );
        let until = now.plus(Lease::SECONDS * SECOND).0;
        let job = unit.one(&sql, values![owner, until, now.0]).await?;
        unit.save().await?;
        Ok(job)
    }

    async fn finish(&self, id: i64, outcome: Outcome) -> Result<(), Fault> {
        let (state, text) = match outcome {
            Outcome::Done(value) => ("done", value.to_string()),
            Outcome::Cancelled(value) => ("cancelled", value.to_string()),
            Outcome::Failed(sentence) => ("failed", serde_json::to_string(&sentence).unwrap_or_default()),
        };
        let unit = self.db.write().await?;
        const SQL: &str = "UPDATE job SET state = $1, outcome = $2, finished_at = $3 WHERE id = $4";
        unit.run(SQL, values![state, text, self.clock.now().0, id]).await?;
        unit.save().await
    }
}

/// A job that took its process down this often is not tried again.
const ATTEMPTS: i64 = 5;

#[async_trait::async_trait]
impl Task for Jobs {
    fn name(&self) -> &'static str {
        TASK
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(5)
    }

    async fn run(&self, lease: &Lease) -> Result<bool, Fault> {
        let Some(job) = self.take(lease.owner()).await? else { return Ok(false) };
        let desk = JobDesk { db: self.db.clone(), clock: self.clock.clone(), id: JobId(job.id) };
        let outcome = match self.workers.get(job.kind.as_str()) {
            Some(worker) if job.attempts > ATTEMPTS => {
                let why = Sentence::new("job-gave-up").with("attempts", ATTEMPTS);
                worker.give_up(&job, &desk, &why).await?;
                Outcome::Failed(why)
            }
            Some(worker) => match worker.work(&job, &desk).await {
                Ok(outcome) => outcome,
                // It passes: the job stays ours and is taken up again, however often.
                Err(fault @ (Fault::DiskFull(_) | Fault::Collision(_) | Fault::Busy(_))) => return Err(fault),
                Err(fault) => {
                    tracing::error!(job = job.id, kind = job.kind, error = %fault, "A job failed");
                    Outcome::Failed(Sentence::new("job-failed"))
                }
            },
            None => Outcome::Failed(Sentence::new("job-unknown-kind").with("kind", &job.kind)),
        };
        self.finish(job.id, outcome).await?;
        Ok(true)
    }
}
