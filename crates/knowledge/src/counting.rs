//! Counts of the log by what runs share and by stretches of time, without reading a row.
//!
//! Runs are in the order of time, so how many rows lie in a stretch is two binary searches: a rollup for every period and
//! every length of day that is never out of date. The rule below finds the questions that ask for nothing else.

use crate::{
    catalogue::{self, LOG, NUMBERS, OCCURRED_AT},
    log::Part,
    moved::Reading,
    narrowing::{Narrowed, answered, is_time, number},
    provider::{LogTable, Readings, in_memory, wanted},
};
use datafusion::{
    arrow::{
        array::{ArrayRef, Int64Array, RecordBatch, StringViewArray},
        datatypes::{DataType, Field, Schema, SchemaRef},
    },
    catalog::{
        Session, TableProvider,
        default_table_source::{provider_as_source, source_as_provider},
    },
    common::tree_node::{Transformed, TreeNode, TreeNodeRecursion},
    datasource::TableType,
    error::Result,
    functions_aggregate::sum::sum,
    logical_expr::{
        Aggregate, BinaryExpr, Expr, LogicalPlan, Operator, Projection, TableProviderFilterPushDown, TableScan,
        TableScanBuilder, col, expr::AggregateFunction, lit, when,
    },
    optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule},
    physical_plan::ExecutionPlan,
};
use std::{any::Any, collections::BTreeSet, ops::Range, sync::Arc};

/// The column that says how many rows a row stands for.
const ROWS: &str = "rows_counted";

/// The instants at which an expression over `occurred_at` can become another value.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cuts {
    bounds: BTreeSet<i64>,
    /// Every multiple of these.
    steps: BTreeSet<i64>,
}

impl Cuts {
    /// Adds those of an expression; `false` when it reads rows for anything but the time and what runs share, or when the
    /// time is not cut but used as it is.
    fn take(&mut self, expr: &Expr) -> bool {
        let mut fits = true;
        let walked = expr.apply(|node| {
            Ok(match node {
                Expr::Column(column) => {
                    fits &= LOG.columns[NUMBERS..].iter().any(|shared| shared.name == column.name);
                    TreeNodeRecursion::Continue
                }
                Expr::BinaryExpr(BinaryExpr { left, op, right }) if is_time(left) => {
                    match (op, number(right)) {
                        (Operator::Divide, Some(step)) if step > 0 => {
                            self.steps.insert(step);
                        }
                        (Operator::Lt | Operator::GtEq, Some(bound)) => {
                            self.bounds.insert(bound);
                        }
                        (Operator::LtEq | Operator::Gt, Some(bound)) => {
                            self.bounds.insert(bound.saturating_add(1));
                        }
                        _ => fits = false,
                    }
                    TreeNodeRecursion::Jump
                }
                Expr::BinaryExpr(_) | Expr::Literal(..) | Expr::Case(_) | Expr::Cast(_) | Expr::Alias(_) => {
                    TreeNodeRecursion::Continue
                }
                _ => {
                    fits = false;
                    TreeNodeRecursion::Stop
                }
            })
        });
        fits && walked.is_ok()
    }

    /// Where the stretch that begins with an instant ends.
    fn after(&self, at: i64) -> i64 {
        let bound = self.bounds.range(at.saturating_add(1)..).next().copied();
        // A whole division cuts towards nought, so the stretch around it is twice as long.
        let step = self.steps.iter().map(|step| match at < 0 {
            true => (at / step) * step + 1,
            false => (at / step).saturating_add(1).saturating_mul(*step),
        });
        bound.into_iter().chain(step.filter(|end| *end > at)).min().unwrap_or(i64::MAX)
    }
}

/// Puts counted stretches in the place of rows where a question only counts them.
#[derive(Debug)]
pub struct CountStretches;

impl OptimizerRule for CountStretches {
    fn name(&self) -> &'static str {
        "count_stretches"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(&self, plan: LogicalPlan, _config: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Aggregate(aggregate) = &plan else { return Ok(Transformed::no(plan)) };
        match counted(aggregate)? {
            Some(counted) => Ok(Transformed::yes(counted)),
            None => Ok(Transformed::no(plan)),
        }
    }
}

/// The same answer from counted stretches; nothing when the question asks for more.
fn counted(aggregate: &Aggregate) -> Result<Option<LogicalPlan>> {
    let LogicalPlan::TableScan(scan) = &*aggregate.input else { return Ok(None) };
    let Ok(provider) = source_as_provider(&scan.source) else { return Ok(None) };
    let Some(log) = (&*provider as &dyn Any).downcast_ref::<LogTable>() else { return Ok(None) };
    let narrowed = Narrowed::by(&scan.filters);
    let mut cuts = Cuts::default();
    let fits = log.is_warm(&narrowed.times)
        && scan.fetch.is_none()
        && scan.filters.iter().all(answered)
        && aggregate.group_expr.iter().all(|expr| cuts.take(expr))
        && aggregate.aggr_expr.iter().all(counts_rows);
    if !fits {
        return Ok(None);
    }
    let table = StretchTable { parts: log.parts.clone(), narrowed, cuts };
    let TableScan { table_name, .. } = scan;
    let scan = TableScanBuilder::new(table_name.clone(), provider_as_source(Arc::new(table))).build()?;
    let total = sum(col(datafusion::common::Column::new(Some(table_name.clone()), ROWS)));
    let summed = Aggregate::try_new(Arc::new(LogicalPlan::TableScan(scan)), aggregate.group_expr.clone(), vec![total])?;
    let groups = aggregate.group_expr.len();
    let mut columns: Vec<Expr> = Vec::with_capacity(groups + aggregate.aggr_expr.len());
    columns.extend(summed.schema.columns().into_iter().take(groups).map(Expr::Column));
    let Some(total) = summed.schema.columns().pop().map(Expr::Column) else { return Ok(None) };
    for counted in aggregate.schema.columns().into_iter().skip(groups) {
        let none_is_nought = when(total.clone().is_null(), lit(0_i64)).otherwise(total.clone())?;
        columns.push(none_is_nought.alias_qualified(counted.relation, counted.name));
    }
    Ok(Some(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(LogicalPlan::Aggregate(summed)))?)))
}

/// Whether an aggregate is `COUNT(*)`.
fn counts_rows(expr: &Expr) -> bool {
    match expr {
        Expr::Alias(alias) => counts_rows(&alias.expr),
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            let of_all = matches!(params.args.as_slice(), [Expr::Literal(value, _)] if !value.is_null());
            func.name() == "count" && of_all && !params.distinct && params.filter.is_none()
        }
        _ => false,
    }
}

/// A row for every stretch of every run: its first instant, what the run shares, and how many rows it stands for.
#[derive(Debug)]
struct StretchTable {
    parts: Vec<Arc<Part>>,
    narrowed: Narrowed,
    cuts: Cuts,
}

fn schema() -> SchemaRef {
    let log = catalogue::log_schema();
    let shared = log.fields()[NUMBERS..].iter().cloned();
    let mut fields = vec![log.fields()[OCCURRED_AT].clone()];
    fields.extend(shared);
    fields.push(Arc::new(Field::new(ROWS, DataType::Int64, false)));
    Arc::new(Schema::new(fields))
}

impl StretchTable {
    fn batches(&self) -> Result<Vec<RecordBatch>> {
        let schema = schema();
        let mut batches = Vec::new();
        for part in &self.parts {
            for (shared, run) in part.runs.iter().filter(|(shared, run)| self.narrowed.takes(shared, run)) {
                let Range { start, end } = run.between(&self.narrowed.times);
                let times = &run.times()[start..end];
                let (mut firsts, mut counts, mut row) = (Vec::new(), Vec::new(), 0);
                while row < times.len() {
                    let ends = self.cuts.after(times[row]);
                    let next = row + times[row..].partition_point(|at| *at < ends);
                    firsts.push(times[row]);
                    counts.push((next - row) as i64);
                    row = next;
                }
                let stretches = firsts.len();
                let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(firsts))];
                for word in &shared.codes {
                    let words: StringViewArray = std::iter::repeat_n(word.as_deref(), stretches).collect();
                    columns.push(Arc::new(words));
                }
                columns.push(Arc::new(Int64Array::from(counts)));
                batches.push(RecordBatch::try_new(schema.clone(), columns)?);
            }
        }
        Ok(batches)
    }
}

#[async_trait::async_trait]
impl TableProvider for StretchTable {
    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Unsupported; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Readings::note(state, Reading::Log(self.narrowed.clone()));
        let (columns, schema) = wanted(&schema(), projection)?;
        let batches = self.batches()?.into_iter().map(|batch| Ok(batch.project(&columns)?)).collect::<Result<_>>()?;
        in_memory(state, batches, schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day() -> Expr {
        col("occurred_at") / lit(86_400_000_000_i64)
    }

    #[test]
    fn what_only_cuts_the_time_is_recognised() {
        let mut cuts = Cuts::default();
        let part = when(col("occurred_at").lt(lit(10_i64)), lit(0_i64)).otherwise(lit(1_i64)).unwrap();
        assert!(cuts.take(&day()) && cuts.take(&part) && cuts.take(&col("channel")));
        assert_eq!(cuts, Cuts { bounds: BTreeSet::from([10]), steps: BTreeSet::from([86_400_000_000]) });
        for other in
            [col("occurred_at"), col("contact_id"), col("occurred_at") / col("value_minor"), day() + col("seq")]
        {
            assert!(!Cuts::default().take(&other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn nothing_changes_between_two_cuts(at in -1_000_i64..1_000, step in 1_i64..50, bound in -100_i64..100) {
            let cuts = Cuts { bounds: BTreeSet::from([bound]), steps: BTreeSet::from([step]) };
            let ends = cuts.after(at);
            prop_assert!(ends > at);
            for within in at..ends.min(at + 200) {
                prop_assert_eq!((within / step, within < bound), (at / step, at < bound));
            }
        }
    }
}
