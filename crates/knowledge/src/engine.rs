//! The engine that answers: DataFusion on threads of its own, with bounded memory.

use crate::{
    copy::Limits,
    counting::counted_where_rows_are_only_counted,
    ledger,
    lookups::looked_up,
    moved::Reading,
    prepared::{Desk, Task, kept, narrowed},
    provider::{LedgerTable, LogTable, Readings, RecordTable},
    shelf::Shelf,
    snapshot::Snapshot,
    trouble,
};
use datafusion::{
    arrow::array::RecordBatch,
    catalog::{
        CatalogProvider, CatalogProviderList, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider,
        SchemaProvider,
    },
    error::{DataFusionError, Result},
    execution::{
        SessionState, SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::GreedyMemoryPool,
        runtime_env::RuntimeEnvBuilder,
    },
    logical_expr::LogicalPlan,
    physical_plan::{ExecutionPlan, execute_stream},
    prelude::SessionConfig,
};
use futures::TryStreamExt;
use kernel::Fault;
use std::{
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
    task::JoinHandle,
};
use url::Url;

/// The address under which the engine finds the shelf.
pub const SHELF: &str = "shelf://knowledge";

const CATALOG: &str = "knowledge";
const SCHEMA: &str = "public";

/// Batches a question's answer holds at most, in rows: nobody reads more.
pub const ANSWER: usize = 5_000_000;

pub struct Engine {
    base: SessionState,
    /// The tables of the last snapshot that was asked.
    known: Mutex<Option<(u64, SessionState)>>,
    /// Questions must not take the threads that serve pages.
    threads: Option<Runtime>,
    /// A question at work for each thread; others wait, so that all together do not need more memory than there is.
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Engine {
    pub fn new(limits: &Limits, shelf: &Shelf) -> Result<Self, Fault> {
        let mut config = SessionConfig::new()
            .with_target_partitions(limits.threads)
            .with_default_catalog_and_schema(CATALOG, SCHEMA)
            .with_create_default_catalog_and_schema(false)
            .with_information_schema(false);
        config.options_mut().sql_parser.dialect = datafusion::config::Dialect::PostgreSQL;
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.question_bytes)))
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()
            .map_err(trouble::engine)?;
        let url = Url::parse(SHELF).map_err(|error| Fault::Unreadable(error.to_string()))?;
        runtime.register_object_store(&url, shelf.store.clone());
        let base =
            SessionStateBuilder::new_with_default_features().with_config(config).with_runtime_env(runtime).build();
        let threads = Builder::new_multi_thread()
            .worker_threads(limits.threads)
            .thread_name("knowledge")
            // Deep conditions are planned by recursion.
            .thread_stack_size(16 * 1024 * 1024)
            .enable_all()
            .build()
            .map_err(Fault::io("threads for questions cannot be started"))?;
        Ok(Self {
            base,
            known: Mutex::default(),
            threads: Some(threads),
            turns: Arc::new(Semaphore::new(limits.threads)),
            patience: limits.patience,
        })
    }

    /// Answers a select over the tables of a snapshot.
    pub async fn answer(&self, snapshot: &Arc<Snapshot>, desk: &Arc<Desk>, sql: String) -> Result<Answer, Fault> {
        let mut state = self.state(snapshot).map_err(trouble::engine)?;
        let readings = Arc::new(Readings::default());
        state.config_mut().set_extension(readings.clone());
        let task = Task { state, snapshot: snapshot.clone(), desk: desk.clone() };
        let turns = self.turns.clone();
        let work = async move {
            // Nobody closes it; without a turn the question would only be answered beside more others.
            let _turn = turns.acquire().await.ok();
            let since = Instant::now();
            let plan = match plan(&task, &sql).await {
                Ok(plan) => plan,
                Err(error) if is_elsewhere(&error) => return Ok(Answer::Elsewhere),
                Err(error) => return unless_unreadable(error),
            };
            let (readings, planned) = (readings.taken(), since.elapsed());
            match execute_stream(plan, task.state.task_ctx())?.try_collect().await {
                Ok(batches) => {
                    let took = since.elapsed();
                    tracing::debug!(?took, ?planned, question = sql, "Answered from columns");
                    Ok(Answer::Batches(batches, readings))
                }
                Err(error) => unless_unreadable(error),
            }
        };
        self.beside(work).await?.map_err(trouble::engine)
    }

    /// Works on the engine's own threads. Whoever stops waiting stops the work.
    pub async fn beside<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Fault> {
        let Some(threads) = &self.threads else { return Err(Fault::Busy("the knowledgebase is closing".into())) };
        let mut task = Stopping(threads.spawn(work));
        match tokio::time::timeout(self.patience, &mut task.0).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(stopped)) => Err(Fault::Busy(format!("the question was stopped: {stopped}"))),
            Err(_) => Err(Fault::Busy(format!("the question took longer than {} s", self.patience.as_secs()))),
        }
    }

    fn state(&self, snapshot: &Arc<Snapshot>) -> Result<SessionState> {
        if let Ok(known) = self.known.lock()
            && let Some((number, state)) = &*known
            && *number == snapshot.number
        {
            return Ok(state.clone());
        }
        let schema = MemorySchemaProvider::new();
        for (table, records) in &snapshot.records {
            schema.register_table((*table).to_owned(), Arc::new(RecordTable(records.clone())))?;
        }
        schema.register_table(ledger::TABLE.to_owned(), Arc::new(LedgerTable(snapshot.ledger.clone())))?;
        let log = LogTable { parts: snapshot.parts.clone(), cold: snapshot.cold.clone() };
        schema.register_table(crate::catalogue::LOG.table.to_owned(), Arc::new(log))?;
        let catalog = MemoryCatalogProvider::new();
        catalog.register_schema(SCHEMA, Arc::new(schema))?;
        let catalogs = MemoryCatalogProviderList::new();
        catalogs.register_catalog(CATALOG.to_owned(), Arc::new(catalog));
        let state =
            SessionStateBuilder::new_from_existing(self.base.clone()).with_catalog_list(Arc::new(catalogs)).build();
        if let Ok(mut known) = self.known.lock() {
            *known = Some((snapshot.number, state.clone()));
        }
        Ok(state)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Inside another runtime threads must not be waited for.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// What the engine says.
pub enum Answer {
    /// And what they were read from.
    Batches(Vec<RecordBatch>, Vec<Reading>),
    /// The question asks for something that is not copied.
    Elsewhere,
    /// A month that is not in memory cannot be read at the moment.
    Unreadable,
}

async fn plan(task: &Task, sql: &str) -> Result<Arc<dyn ExecutionPlan>> {
    planned(task, task.state.create_logical_plan(sql).await?).await
}

/// How a question is answered: what others ask for alike is taken from there, and what can be counted is not read.
pub async fn planned(task: &Task, plan: LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = kept(task, plan).await?;
    let plan = narrowed(task, task.state.optimize(&plan)?).await?;
    run(task, plan).await
}

/// A question that was looked through already.
pub async fn run(task: &Task, plan: LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = counted_where_rows_are_only_counted(looked_up(plan, &task.state)?, &task.state)?;
    task.state.query_planner().create_physical_plan(&plan, &task.state).await
}

/// Whether a question failed because it asks for a table or a column the copy does not have.
fn is_elsewhere(error: &DataFusionError) -> bool {
    match error.find_root() {
        DataFusionError::SchemaError(..) => true,
        DataFusionError::Plan(text) => text.contains("not found"),
        _ => false,
    }
}

/// Rows answer when a file cannot be read.
fn unless_unreadable(error: DataFusionError) -> Result<Answer> {
    if !is_unreadable(&error) {
        return Err(error);
    }
    tracing::warn!(%error, "A file of the knowledgebase cannot be read; rows answer");
    Ok(Answer::Unreadable)
}

fn is_unreadable(error: &DataFusionError) -> bool {
    use DataFusionError::{External, IoError, ObjectStore, ParquetError};
    matches!(error.find_root(), ObjectStore(_) | ParquetError(_) | IoError(_) | External(_))
}

/// Stops a task when nobody waits for it any more.
struct Stopping<T>(JoinHandle<T>);

impl<T> Drop for Stopping<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
