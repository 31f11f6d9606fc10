//! The ground holds on both engines: units, migrations, tasks, jobs, settings.

use kernel::{Clock, Fault, Sentence, Seq, Timestamp, chance};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use store::{
    Batch, Db, StoreConfig,
    jobs::{self, Job, JobDesk, Jobs, Outcome, Worker},
    settings,
    tasks::{self, Tasks},
    values,
};

async fn databases() -> Vec<(Db, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Db::open(&StoreConfig::Sqlite { file: folder.path().join("t.sqlite") }).await.unwrap();
    let mut all = vec![(sqlite, folder)];
    if let Some(db) = testkit::postgres::fresh().await {
        all.push((db, tempfile::tempdir().unwrap()));
    }
    all
}

#[tokio::test]
async fn a_unit_that_is_not_saved_leaves_no_trace() {
    for (db, _folder) in databases().await {
        let unit = db.write().await.unwrap();
        settings::set(&unit, "organisation", "Almara Reisen").await.unwrap();
        drop(unit);
        assert_eq!(settings::get(&db.read().await.unwrap(), "organisation").await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_seal_is_made_once() {
    for (db, _folder) in databases().await {
        let unit = db.write().await.unwrap();
        let first = settings::seal(&unit, &mut chance::seeded(1)).await.unwrap();
        unit.save().await.unwrap();
        let unit = db.write().await.unwrap();
        let second = settings::seal(&unit, &mut chance::seeded(2)).await.unwrap();
        assert_eq!(first.close("p", b"x"), second.close("p", b"x"));
    }
}

#[tokio::test]
async fn a_batch_larger_than_a_statement_goes_in_whole_and_says_what_it_made() {
    for (db, _folder) in databases().await {
        let unit = db.write().await.unwrap();
        let mut batch =
            Batch::new("company", &["name", "name_key", "created_at", "updated_at"], "RETURNING id, name_key");
        for n in 0..1234 {
            batch.push(values![format!("Firma {n}"), format!("firma {n}"), 1_i64, 1_i64]);
        }
        let rows = batch.write_returning(&unit).await.unwrap();
        assert_eq!(rows.len(), 1234);
        unit.appended(Seq(7));
        let committed = db.committed();
        unit.save().await.unwrap();
        assert_eq!(*committed.borrow(), Seq(7));
        assert_eq!(db.read().await.unwrap().number("SELECT COUNT(*) FROM company", vec![]).await.unwrap(), 1234);
    }
}

#[tokio::test]
async fn a_value_that_must_be_unique_is_refused_as_such() {
    for (db, _folder) in databases().await {
        let unit = db.write().await.unwrap();
        let sql = "INSERT INTO company (name, name_key, created_at, updated_at) VALUES ($1, $1, 1, 1)";
        unit.run(sql, values!["a"]).await.unwrap();
        assert!(matches!(unit.run(sql, values!["a"]).await, Err(Fault::Duplicate(_))));
    }
}

struct Counting;

#[async_trait::async_trait]
impl Worker for Counting {
    fn kind(&self) -> &'static str {
        "counting"
    }

    async fn work(&self, _job: &Job, desk: &JobDesk) -> Result<Outcome, Fault> {
        for n in 1.. {
            if !desk.progress(n, 1000).await? {
                return Ok(Outcome::Cancelled(serde_json::json!({ "counted": n })));
            }
            if n == 3 {
                return Ok(Outcome::Done(serde_json::json!({ "counted": n })));
            }
        }
        unreachable!()
    }

    async fn give_up(&self, _job: &Job, _desk: &JobDesk, _why: &Sentence) -> Result<(), Fault> {
        unreachable!()
    }
}

/// Finds no room at first; is told when it is given up.
#[derive(Default)]
struct Cramped {
    tries: AtomicUsize,
    given_up: AtomicUsize,
}

#[async_trait::async_trait]
impl Worker for Cramped {
    fn kind(&self) -> &'static str {
        "cramped"
    }

    async fn work(&self, _job: &Job, _desk: &JobDesk) -> Result<Outcome, Fault> {
        match self.tries.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => Err(Fault::DiskFull("full".into())),
            _ => Ok(Outcome::Done(serde_json::json!({}))),
        }
    }

    async fn give_up(&self, _job: &Job, _desk: &JobDesk, why: &Sentence) -> Result<(), Fault> {
        assert_eq!(why.key, "job-gave-up");
        self.given_up.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn a_job_waits_for_room_without_being_counted_and_is_given_up_after_five_processes() {
    for (db, _folder) in databases().await {
        let clock = Clock::standing(Timestamp(1_000_000_000));
        let unit = db.write().await.unwrap();
        let waits = jobs::enqueue(&unit, "cramped", &serde_json::json!({}), None, &clock).await.unwrap();
        let deadly = jobs::enqueue(&unit, "cramped", &serde_json::json!({}), None, &clock).await.unwrap();
        let died = "UPDATE job SET state = 'running', attempts = 5, owner = 'five', lease_until = 1 WHERE id = $1";
        unit.run(died, values![deadly.0]).await.unwrap();
        let alive = jobs::enqueue(&unit, "cramped", &serde_json::json!({}), None, &clock).await.unwrap();
        let theirs = "UPDATE job SET state = 'running', attempts = 1, owner = 'other', lease_until = $1 WHERE id = $2";
        unit.run(theirs, values![2_000_000_000_i64, alive.0]).await.unwrap();
        unit.save().await.unwrap();

        let worker = Arc::new(Cramped::default());
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut tasks = Tasks::new(db.clone(), clock.clone(), "one".into(), &[jobs::TASK]);
        tasks.add(Jobs::new(db.clone(), clock.clone(), vec![worker.clone()]));
        let running = tokio::spawn(tasks.run(stopped));
        let state = async |id| jobs::find(&db.read().await.unwrap(), id).await.unwrap().unwrap();
        while state(deadly).await.finished_at.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.send(true).unwrap();
        running.await.unwrap();
        let waited = state(waits).await;
        assert_eq!((waited.state.as_str(), waited.attempts), ("done", 1));
        assert_eq!(state(deadly).await.state, "failed");
        assert_eq!((worker.tries.load(Ordering::SeqCst), worker.given_up.load(Ordering::SeqCst)), (3, 1));
        assert_eq!(state(alive).await.state, "running", "another process works on it");
    }
}

#[tokio::test]
async fn a_job_runs_once_with_progress_and_an_outcome() {
    for (db, _folder) in databases().await {
        let clock = Clock::standing(Timestamp(1_000_000));
        let unit = db.write().await.unwrap();
        let id = jobs::enqueue(&unit, "counting", &serde_json::json!({}), None, &clock).await.unwrap();
        let never = jobs::enqueue(&unit, "counting", &serde_json::json!({}), None, &clock).await.unwrap();
        jobs::cancel(&unit, never, &clock).await.unwrap();
        unit.save().await.unwrap();

        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut tasks = Tasks::new(db.clone(), clock.clone(), "one".into(), &[jobs::TASK]);
        tasks.add(Jobs::new(db.clone(), clock.clone(), vec![Arc::new(Counting)]));
        let running = tokio::spawn(tasks.run(stopped));
        let job = loop {
            let job = jobs::find(&db.read().await.unwrap(), id).await.unwrap().unwrap();
            if job.finished_at.is_some() {
                break job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!((job.state.as_str(), job.done, job.total), ("done", 3, 1000));
        assert_eq!(job.outcome.as_deref(), Some(r#"{"counted":3}"#));
        let never = jobs::find(&db.read().await.unwrap(), never).await.unwrap().unwrap();
        assert_eq!((never.state.as_str(), never.attempts), ("cancelled", 0));
    }
}

#[tokio::test]
async fn what_a_process_held_is_free_after_it_stopped_and_can_be_inherited_after_it_died() {
    for (db, _folder) in databases().await {
        // The clock stands still: no lease ever runs out by itself.
        let clock = Clock::standing(Timestamp(1_000_000_000));
        for owner in ["one", "two", "three"] {
            if owner == "three" {
                let unit = db.write().await.unwrap();
                unit.run("UPDATE task_lease SET owner = 'dead', until = $1", values![i64::MAX]).await.unwrap();
                unit.save().await.unwrap();
                tasks::inherit(&db).await.unwrap();
            }
            let unit = db.write().await.unwrap();
            let id = jobs::enqueue(&unit, "counting", &serde_json::json!({}), None, &clock).await.unwrap();
            unit.save().await.unwrap();
            let (stop, stopped) = tokio::sync::watch::channel(false);
            let mut tasks = Tasks::new(db.clone(), clock.clone(), owner.into(), &[jobs::TASK]);
            tasks.add(Jobs::new(db.clone(), clock.clone(), vec![Arc::new(Counting)]));
            let running = tokio::spawn(tasks.run(stopped));
            let done = async {
                while jobs::find(&db.read().await.unwrap(), id).await.unwrap().unwrap().finished_at.is_none() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(30), done).await.expect("the lease is free");
            stop.send(true).unwrap();
            running.await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = store::DataFolder::occupy(folder.path()).unwrap();
    assert!(store::DataFolder::occupy(folder.path()).is_err());
    drop(first);
    assert!(store::DataFolder::occupy(folder.path()).is_ok());
}
