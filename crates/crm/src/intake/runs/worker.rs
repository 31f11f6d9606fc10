//! Runs an import: part after part in its own unit of work, with progress and cancel between two parts.

use super::{Context, ImportRun, ImportState, Importer, Tally, find, ledger, reading};
use crate::{
    intake::{FileTrouble, Shape},
    staff::{Actor, audit},
};
use kernel::{Clock, Currency, Fault, ImportId, Sentence, Zone};
use serde_json::json;
use store::{
    Db, Write,
    jobs::{Job, JobDesk, Outcome, Worker},
};

/// Runs imports of one kind as jobs, or directly for the command line.
pub struct ImportWorker<I> {
    importer: I,
    zone: Zone,
    currency: Currency,
}

/// Whom a running import tells how far it is.
pub enum Progress<'a> {
    /// A job that can be cancelled.
    Job(&'a JobDesk),
    /// Nobody.
    Silent,
}

impl Progress<'_> {
    async fn told(&self, unit: &Write, done: i64, total: i64) -> Result<bool, Fault> {
        match self {
            Self::Job(desk) => desk.progress_in(unit, done, total).await,
            Self::Silent => Ok(true),
        }
    }
}

enum End {
    Through,
    Cancelled,
    Refused(Sentence),
}

impl<I: Importer> ImportWorker<I> {
    /// `currency` is the one amounts without a currency are in.
    pub fn new(importer: I, zone: Zone, currency: Currency) -> Self {
        Self { importer, zone, currency }
    }

    /// Runs an import to its end. A dry run compares and counts and writes nothing but the list of rejected rows.
    pub async fn perform(
        &self,
        db: &Db,
        clock: &Clock,
        id: ImportId,
        dry: bool,
        progress: Progress<'_>,
    ) -> Result<Outcome, Fault> {
        let Some(run) = find(&db.read().await?, id).await? else {
            return Ok(Outcome::Failed(Sentence::new("intake-run-missing")));
        };
        let mut tally = Tally::default();
        let outcome = self.parts(db, clock, &run, dry, &progress, &mut tally).await;
        let passing = matches!(outcome, Err(Fault::DiskFull(_) | Fault::Collision(_) | Fault::Busy(_)));
        if passing && matches!(progress, Progress::Job(_)) {
            return outcome.map(|_| Outcome::Cancelled(json!(null)));
        }
        let unit = db.write().await?;
        let at = clock.now();
        let answer = match &outcome {
            Ok(End::Through) => {
                ledger::end(&unit, id, if dry { ImportState::Checked } else { ImportState::Done }, at).await?;
                Outcome::Done(json!(tally))
            }
            Ok(End::Cancelled) => {
                ledger::end(&unit, id, ImportState::Cancelled, at).await?;
                Outcome::Cancelled(json!(tally))
            }
            Ok(End::Refused(sentence)) => {
                ledger::fail(&unit, id, sentence, at).await?;
                Outcome::Failed(sentence.clone())
            }
            Err(_) => {
                let sentence = Sentence::new("intake-run-failed");
                ledger::fail(&unit, id, &sentence, at).await?;
                Outcome::Failed(sentence)
            }
        };
        if !dry && outcome.is_ok() {
            let detail = json!({ "file": run.file_name, "kind": I::KIND.code(), "counts": tally });
            let deed = audit::Deed::new("import.finished", "import", id.0).with(detail);
            audit::note(&unit, &Actor::system("import"), at, deed).await?;
        }
        unit.save().await?;
        outcome.map(|_| answer)
    }

    async fn parts(
        &self,
        db: &Db,
        clock: &Clock,
        run: &ImportRun,
        dry: bool,
        progress: &Progress<'_>,
        tally: &mut Tally,
    ) -> Result<End, Fault> {
        let now = clock.now();
        let shape = Shape::new(I::KIND, &run.mapping, &run.dialect, self.zone.day(now), self.currency);
        let context =
            Context { run: run.clone(), shape: shape.clone(), zone: self.zone.clone(), currency: self.currency, now };
        let mut parts = reading::start::<I>(run.file_path.clone(), run.dialect.clone(), shape);
        let mut first = true;
        while let Some(part) = parts.recv().await {
            let part = match part {
                Ok(part) => part,
                Err(FileTrouble::Refused(refusal)) => return Ok(End::Refused(refusal.sentence())),
                Err(FileTrouble::Fault(fault)) => return Err(fault),
            };
            let (weighed, unit) = if dry {
                let weighed = self.importer.weigh(&db.read().await?, &context, part.groups).await?;
                (weighed, db.write().await?)
            } else {
                let unit = db.write().await?;
                (self.importer.weigh(&unit, &context, part.groups).await?, unit)
            };
            if first {
                ledger::clear(&unit, run.id).await?;
                first = false;
            }
            tally.lines = part.done;
            tally.rejected += (part.rejections.len() + weighed.rejections.len()) as i64;
            tally.add(weighed.tally);
            if !dry {
                self.importer.write(&unit, &context, weighed.plan).await?;
            }
            ledger::keep(&unit, run.id, &part.rejections).await?;
            ledger::keep(&unit, run.id, &weighed.rejections).await?;
            ledger::note(&unit, run.id, tally).await?;
            let go_on = progress.told(&unit, part.done, part.total).await?;
            unit.save().await?;
            if !go_on {
                return Ok(End::Cancelled);
            }
        }
        Ok(End::Through)
    }
}

#[async_trait::async_trait]
impl<I: Importer> Worker for ImportWorker<I> {
    fn kind(&self) -> &'static str {
        I::JOB
    }

    async fn work(&self, job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        let (id, dry) = told(job)?;
        self.perform(&desk.db, &desk.clock, id, dry, Progress::Job(desk)).await
    }

    async fn give_up(&self, job: &Job, desk: &JobDesk, why: &Sentence) -> Result<(), Fault> {
        let unit = desk.db.write().await?;
        ledger::fail(&unit, told(job)?.0, why, desk.clock.now()).await?;
        unit.save().await
    }
}

/// Which import, and whether it only counts.
fn told(job: &Job) -> Result<(ImportId, bool), Fault> {
    let payload: serde_json::Value = serde_json::from_str(&job.payload).unwrap_or_default();
    match (payload["import"].as_i64(), payload["dry"].as_bool()) {
        (Some(id), Some(dry)) => Ok((ImportId(id), dry)),
        _ => Err(Fault::Unreadable(format!("payload of job {}", job.id))),
    }
}
