//! The tables of a snapshot as the engine scans them.

use crate::{
    catalogue,
    engine::SHELF,
    ledger::{self, Ledger},
    log::{BATCH, Part},
    members::IsMember,
    moved::Reading,
    narrowing::{Narrowed, answered, one_of},
    records::{Needs, Records},
    shelf::Filed,
};
use datafusion::{
    arrow::{array::RecordBatch, datatypes::SchemaRef},
    catalog::{
        Session, TableProvider,
        memory::{DataSourceExec, MemorySourceConfig},
    },
    common::DFSchema,
    datasource::{
        TableType,
        listing::PartitionedFile,
        physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource},
    },
    error::Result,
    execution::object_store::ObjectStoreUrl,
    logical_expr::{Expr, TableProviderFilterPushDown, utils::conjunction},
    physical_plan::{ExecutionPlan, filter::FilterExec, projection::ProjectionExec, union::UnionExec},
};
use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Arc, Mutex},
};

/// What the plan of one question reads; handed to the tables with the session.
#[derive(Default)]
pub struct Readings(Mutex<Vec<Reading>>);

impl Readings {
    pub fn note(state: &dyn Session, reading: Reading) {
        if let Some(readings) = state.config().get_extension::<Self>()
            && let Ok(mut noted) = readings.0.lock()
        {
            noted.push(reading);
        }
    }

    pub fn taken(&self) -> Vec<Reading> {
        self.0.lock().map(|mut noted| std::mem::take(&mut *noted)).unwrap_or_default()
    }
}

/// Batches shared out so that every thread has about as many rows.
fn shared_out(batches: Vec<RecordBatch>, threads: usize) -> Vec<Vec<RecordBatch>> {
    let mut shares = vec![(0, Vec::new()); threads.max(1)];
    for batch in batches {
        if let Some(least) = shares.iter_mut().min_by_key(|(rows, _)| *rows) {
            least.0 += batch.num_rows();
            least.1.push(batch);
        }
    }
    shares.into_iter().map(|(_, batches)| batches).collect()
}

fn threads(state: &dyn Session) -> usize {
    state.config().options().execution.target_partitions
}

/// The places of the columns a scan asks for, and their schema.
pub fn wanted(schema: &SchemaRef, projection: Option<&Vec<usize>>) -> Result<(Vec<usize>, SchemaRef)> {
    let columns = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
    let schema = Arc::new(schema.project(&columns)?);
    Ok((columns, schema))
}

/// Batches as a plan that hands them out.
pub fn in_memory(state: &dyn Session, batches: Vec<RecordBatch>, schema: SchemaRef) -> Result<Arc<dyn ExecutionPlan>> {
    Ok(MemorySourceConfig::try_new_exec(&shared_out(batches, threads(state)), schema, None)?)
}

/// A table of records.
#[derive(Debug)]
pub struct RecordTable(pub Records);

#[async_trait::async_trait]
impl TableProvider for RecordTable {
    fn schema(&self) -> SchemaRef {
        self.0.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| match Needs::of(self.0.source, filter) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Readings::note(state, Reading::Table(self.0.source.table));
        let (columns, schema) = wanted(&self.0.schema, projection)?;
        let needs: Vec<_> = filters.iter().filter_map(|filter| Needs::of(self.0.source, filter)).collect();
        in_memory(state, self.0.columns(&columns, &needs).collect::<Result<_>>()?, schema)
    }
}

/// The people of campaigns.
#[derive(Debug)]
pub struct LedgerTable(pub Ledger);

#[async_trait::async_trait]
impl TableProvider for LedgerTable {
    fn schema(&self) -> SchemaRef {
        ledger::schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| match one_of(filter, "campaign_id") {
            Some(_) => TableProviderFilterPushDown::Exact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Readings::note(state, Reading::Table(ledger::TABLE));
        let (columns, schema) = wanted(&self.schema(), projection)?;
        let named = filters.iter().filter_map(|filter| one_of(filter, "campaign_id"));
        let of: Option<BTreeSet<i64>> = named.reduce(|all, one| &all & &one);
        in_memory(state, self.0.batches(&columns, of.as_ref())?, schema)
    }
}

/// The log.
#[derive(Debug)]
pub struct LogTable {
    pub parts: Vec<Arc<Part>>,
    pub cold: Vec<Arc<Filed>>,
}

#[async_trait::async_trait]
impl TableProvider for LogTable {
    fn schema(&self) -> SchemaRef {
        catalogue::log_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| match answered(filter) {
            true => TableProviderFilterPushDown::Exact,
            false if IsMember::read(filter).is_some() => TableProviderFilterPushDown::Unsupported,
            false => TableProviderFilterPushDown::Inexact,
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let (columns, schema) = wanted(&self.schema(), projection)?;
        let narrowed = Narrowed::by(filters);
        Readings::note(state, Reading::Log(narrowed.clone()));
        let mut batches = Vec::new();
        for part in &self.parts {
            for (shared, run) in part.runs.iter().filter(|(shared, run)| narrowed.takes(shared, run)) {
                let rows = run.between(&narrowed.times);
                for from in rows.clone().step_by(BATCH) {
                    batches.push(run.batch(shared, from..(from + BATCH).min(rows.end), &columns, &schema)?);
                }
            }
        }
        let memory = in_memory(state, batches, schema)?;
        let cold: Vec<&Arc<Filed>> = self.cold.iter().filter(|filed| filed.reaches_into(&narrowed.times)).collect();
        if cold.is_empty() {
            return Ok(memory);
        }
        UnionExec::try_new(vec![memory, self.scan_files(state, &cold, &columns, filters)?])
    }
}

impl LogTable {
    /// Whether all rows of a time are in memory.
    pub fn is_warm(&self, times: &Range<i64>) -> bool {
        !self.cold.iter().any(|filed| filed.reaches_into(times))
    }

    /// Reads months that are not in memory. The predicate prunes row groups and pages; the filter above it decides.
    fn scan_files(
        &self,
        state: &dyn Session,
        cold: &[&Arc<Filed>],
        columns: &[usize],
        filters: &[Expr],
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = self.schema();
        let mut source = ParquetSource::new(schema.clone()).with_enable_page_index(true).with_pushdown_filters(true);
        let known = DFSchema::try_from(schema.as_ref().clone())?;
        let decided: Vec<Expr> =
            filters.iter().filter(|filter| answered(filter)).cloned().map(unqualified).collect::<Result<_>>()?;
        let predicate = conjunction(decided).map(|all| state.create_physical_expr(all, &known)).transpose()?;
        if let Some(predicate) = &predicate {
            source = source.with_predicate(predicate.clone());
        }
        let mut groups: Vec<(u64, FileGroup)> = (0..threads(state).max(1)).map(|_| (0, FileGroup::default())).collect();
        for filed in cold {
            if let Some(least) = groups.iter_mut().min_by_key(|(bytes, _)| *bytes) {
                least.0 += filed.bytes;
                least.1.push(PartitionedFile::new(filed.name.clone(), filed.bytes));
            }
        }
        let groups = groups.into_iter().map(|(_, group)| group).filter(|group| !group.is_empty()).collect();
        let scan = FileScanConfigBuilder::new(ObjectStoreUrl::parse(SHELF)?, Arc::new(source))
            .with_file_groups(groups)
            .build();
        let mut plan: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(scan);
        if let Some(predicate) = predicate {
            plan = Arc::new(FilterExec::try_new(predicate, plan)?);
        }
        let physical = plan.schema();
        let of = |index: &usize| {
            let field = physical.field(*index);
            let column = datafusion::physical_expr::expressions::Column::new(field.name(), *index);
            (Arc::new(column) as Arc<dyn datafusion::physical_expr::PhysicalExpr>, field.name().clone())
        };
        Ok(Arc::new(ProjectionExec::try_new(columns.iter().map(of).collect::<Vec<_>>(), plan)?))
    }
}

/// The same expression with plain column names.
pub fn unqualified(expr: Expr) -> Result<Expr> {
    use datafusion::common::tree_node::{Transformed, TreeNode};
    let plain = expr.transform(|expr| {
        Ok(match expr {
            Expr::Column(column) if column.relation.is_some() => {
                Transformed::yes(Expr::Column(datafusion::common::Column::new_unqualified(column.name)))
            }
            other => Transformed::no(other),
        })
    })?;
    Ok(plain.data)
}
