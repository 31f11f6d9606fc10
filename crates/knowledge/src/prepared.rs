//! What several questions ask for alike is worked out once: the people a question is narrowed to, and subqueries that say
//! they are worth it.

use crate::{
    answers::{Answers, Given},
    engine::run,
    members::{IsMember, Members},
    moved::{Reading, next_number},
    packing::{packed, unpacked},
    provider::{Readings, in_memory, wanted},
    snapshot::Snapshot,
    tallying::{Piece, Sum, Sums, Tally, Wanted},
};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions},
        datatypes::{DataType, Int64Type, SchemaRef},
    },
    catalog::{Session, TableProvider, default_table_source::provider_as_source},
    common::{
        JoinType, NullEquality,
        tree_node::{Transformed, TreeNode, TreeNodeRecursion},
    },
    datasource::TableType,
    error::Result,
    execution::SessionState,
    logical_expr::{
        Expr, ExprSchemable, Filter, LogicalPlan, LogicalPlanBuilder, expr::ScalarFunction, lit, logical_plan::Join,
    },
    physical_plan::{ExecutionPlan, execute_stream},
};
use futures::TryStreamExt;
use kernel::KEPT;
use std::{
    collections::{BTreeSet, HashMap},
    ops::Not,
    sync::{Arc, Mutex},
    time::Instant,
};

/// Where the answers of this process are, and which parts of questions are being worked out.
#[derive(Default)]
pub struct Desk {
    pub answers: Mutex<Answers>,
    busy: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Subqueries are read one at a time: each may take all memory questions have.
    reading: tokio::sync::Mutex<()>,
}

/// One question while it is planned and read.
pub struct Task {
    pub state: SessionState,
    pub snapshot: Arc<Snapshot>,
    pub desk: Arc<Desk>,
}

impl Task {
    /// A part of the question as it was worked out before, or as `work` gives it; nobody else works it out meanwhile.
    async fn part<W: Future<Output = Result<Given>>>(
        &self,
        name: String,
        work: impl FnOnce(Self) -> W,
    ) -> Result<Given> {
        let turn = match self.desk.busy.lock() {
            Ok(mut busy) => busy.entry(name.clone()).or_default().clone(),
            Err(_) => Arc::default(),
        };
        let _turn = turn.lock().await;
        let known = self.desk.answers.lock().ok().and_then(|mut answers| answers.get(&name, &self.snapshot));
        let known = match known {
            Some(known) => Ok(known),
            None => self.worked_out(&name, work).await,
        };
        if let Ok(mut busy) = self.desk.busy.lock() {
            busy.remove(&name);
        }
        let (given, readings) = known?;
        readings.into_iter().for_each(|reading| Readings::note(&self.state, reading));
        Ok(given)
    }

    async fn worked_out<W: Future<Output = Result<Given>>>(
        &self,
        name: &str,
        work: impl FnOnce(Self) -> W,
    ) -> Result<(Given, Vec<Reading>)> {
        let mut state = self.state.clone();
        let readings = Arc::new(Readings::default());
        state.config_mut().set_extension(readings.clone());
        let since = Instant::now();
        let given = work(Self { state, snapshot: self.snapshot.clone(), desk: self.desk.clone() }).await?;
        let readings = readings.taken();
        tracing::debug!(took = ?since.elapsed(), part = name, "Worked out for several questions");
        if let Ok(mut answers) = self.desk.answers.lock() {
            answers.keep(name.to_owned(), given.clone(), readings.clone(), &self.snapshot);
        }
        Ok((given, readings))
    }
}

/// With tables in the place of subqueries that are worth keeping.
pub async fn kept(task: &Task, mut plan: LogicalPlan) -> Result<LogicalPlan> {
    loop {
        let mut found = None;
        plan.apply_with_subqueries(|node| {
            Ok(match node {
                LogicalPlan::SubqueryAlias(alias) if alias.alias.table() == KEPT && !is_table(&alias.input) => {
                    found = Some(alias.input.clone());
                    TreeNodeRecursion::Stop
                }
                _ => TreeNodeRecursion::Continue,
            })
        })?;
        let Some(inner) = found else { return Ok(plan) };
        let name = format!("kept: {}", inner.display_indent());
        let given = task.part(name, |task| {
            let inner = inner.clone();
            async move { Ok(Given::Kept(Arc::new(Kept::of(&task, &inner).await?))) }
        });
        let Given::Kept(rows) = given.await? else { return Ok(plan) };
        let name = format!("{KEPT}_{}", rows.number);
        let table = Arc::new(LogicalPlanBuilder::scan(name, provider_as_source(rows), None)?.build()?);
        plan = plan
            .transform_down_with_subqueries(|node| {
                let LogicalPlan::SubqueryAlias(alias) = &node else { return Ok(Transformed::no(node)) };
                match Arc::ptr_eq(&alias.input, &inner) || (alias.alias.table() == KEPT && alias.input == inner) {
                    true => {
                        let alias = alias.alias.clone();
                        Ok(Transformed::yes(LogicalPlanBuilder::from(table.clone()).alias(alias)?.build()?))
                    }
                    false => Ok(Transformed::no(node)),
                }
            })?
            .data;
    }
}

fn is_table(plan: &LogicalPlan) -> bool {
    matches!(plan, LogicalPlan::TableScan(_))
}

/// With a look into a set in the place of every join that only asks whether an id is one of some others.
pub async fn narrowed(task: &Task, mut plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut above_joins = false;
    loop {
        let mut found = None;
        plan.apply(|node| {
            if let LogicalPlan::Join(join) = node
                && is_look_up(join)
                && !join.right.exists(|inner| Ok(matches!(inner, LogicalPlan::Join(join) if is_look_up(join))))?
            {
                found = Some(join.clone());
                return Ok(TreeNodeRecursion::Stop);
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let Some(join) = found else {
            // The look belongs below other joins, at the table whose ids it is about. The engine must not be left to push it
            // there later: it goes by names alone then, and more than one table has an `id`.
            return if above_joins { task.state.optimize(&plan) } else { Ok(plan) };
        };
        above_joins |= join.left.exists(|inner| Ok(matches!(inner, LogicalPlan::Join(_))))?;
        let [(_, key)] = join.on.as_slice() else { return Ok(plan) };
        let ids = LogicalPlanBuilder::from(join.right.clone()).project([key.clone()])?.build()?;
        let name = format!("members: {}", without_numbers(&ids.display_indent().to_string()));
        let given = task.part(name, |task| async move {
            let mut members = Members::default();
            let mut batches = execute_stream(run(&task, ids).await?, task.state.task_ctx())?;
            while let Some(batch) = batches.try_next().await? {
                members.extend(batch.column(0))?;
            }
            Ok(Given::Members(Arc::new(members), next_number()))
        });
        let Given::Members(members, number) = given.await? else { return Ok(plan) };
        let look = Arc::new(IsMember::of(members.clone(), number));
        plan = plan
            .transform_down(|node| {
                let LogicalPlan::Join(one) = &node else { return Ok(Transformed::no(node)) };
                match (one == &join, one.on.as_slice()) {
                    (true, [(id, _)]) => {
                        let is_member = ScalarFunction { func: look.clone(), args: vec![id.clone()] };
                        let is_member = Expr::ScalarFunction(is_member);
                        let stays = match (one.join_type, one.null_aware) {
                            (JoinType::LeftSemi, _) => is_member,
                            // NOT IN: nobody knows whether something is among numbers of which one is missing, nor whether
                            // something that is missing is among any.
                            (_, true) if members.has_gaps() => lit(false),
                            (_, true) if members.len() > 0 => is_member.not().and(id.clone().is_not_null()),
                            _ => is_member.not(),
                        };
                        Ok(Transformed::yes(LogicalPlan::Filter(Filter::try_new(stays, one.left.clone())?)))
                    }
                    _ => Ok(Transformed::no(node)),
                }
            })?
            .data;
    }
}

/// A plan in words without the numbers the engine gives to subqueries: they are others in every question.
fn without_numbers(plan: &str) -> String {
    const NUMBERED: &str = "__correlated_sq_";
    let mut parts = plan.split(NUMBERED);
    let mut words = parts.next().unwrap_or_default().to_owned();
    let mut known: Vec<&str> = Vec::new();
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        let place = known.iter().position(|one| *one == number).unwrap_or_else(|| {
            known.push(number);
            known.len() - 1
        });
        words.push_str(&format!("subquery {place}{rest}"));
    }
    words
}

/// Whether a join only asks whether a number of the left side is, or is not, among those of the right side.
fn is_look_up(join: &Join) -> bool {
    let is_number =
        |expr: &Expr, side: &LogicalPlan| expr.get_type(side.schema()).is_ok_and(|of| of == DataType::Int64);
    let [(left, right)] = join.on.as_slice() else { return false };
    matches!(join.join_type, JoinType::LeftSemi | JoinType::LeftAnti)
        && join.filter.is_none()
        && join.null_equality == NullEquality::NullEqualsNothing
        && is_number(left, &join.left)
        && is_number(right, &join.right)
}

/// The rows of a subquery, packed.
#[derive(Debug)]
pub struct Kept {
    /// Another one for all rows that were ever kept.
    number: u64,
    schema: SchemaRef,
    batches: Vec<Vec<ArrayRef>>,
    pub rows: usize,
}

impl Kept {
    async fn of(task: &Task, plan: &LogicalPlan) -> Result<Self> {
        let schema: SchemaRef = Arc::new(plan.schema().as_arrow().clone());
        let mut kept = Self { number: next_number(), schema, batches: Vec::new(), rows: 0 };
        let plan = Box::pin(crate::engine::planned(task, plan.clone())).await?;
        let _alone = task.desk.reading.lock().await;
        let mut batches = execute_stream(plan, task.state.task_ctx())?;
        while let Some(batch) = batches.try_next().await? {
            kept.rows += batch.num_rows();
            kept.batches.push(batch.columns().iter().map(packed).collect::<Result<_>>()?);
        }
        Ok(kept)
    }

    /// Sums of its rows; nothing when a column of the question has gaps or is no whole number.
    pub fn tally(&self, wanted: &Wanted) -> Result<Option<Sums>> {
        let place = |name: &str| self.schema.index_of(name).ok();
        let sums = wanted.sums.iter().map(|sum| match sum {
            Sum::Rows => Some(None),
            Sum::Of(name) | Sum::Different(name) => place(name).map(Some),
        });
        let of = wanted.of.iter().map(|(name, _)| place(name));
        let (Some(group), Some(sums), Some(of)) =
            (place(&wanted.group), sums.collect::<Option<Vec<_>>>(), of.collect::<Option<Vec<_>>>())
        else {
            return Ok(None);
        };
        let used: BTreeSet<usize> = sums.iter().flatten().chain(&of).chain([&group]).copied().collect();
        let is_whole = |place: &usize| {
            *self.schema.field(*place).data_type() == DataType::Int64
                && self.batches.iter().all(|batch| batch[*place].logical_null_count() == 0)
        };
        if !used.iter().all(is_whole) {
            return Ok(None);
        }
        let mut tally = Tally::default();
        for batch in &self.batches {
            let mut wide: HashMap<usize, ArrayRef> = HashMap::new();
            for place in &used {
                wide.insert(*place, unpacked(&batch[*place], &DataType::Int64)?);
            }
            let numbers = |place: &usize| &wide[place].as_primitive::<Int64Type>().values()[..];
            let piece = Piece {
                group: numbers(&group),
                of: of.iter().map(numbers).collect(),
                sums: sums.iter().map(|place| place.as_ref().map(numbers)).collect(),
            };
            tally.add(wanted, &piece);
        }
        Ok(Some(tally.done()))
    }

    fn batch(&self, columns: &[ArrayRef], wanted: &[usize], schema: &SchemaRef) -> Result<RecordBatch> {
        let rows = columns.first().map_or(0, |column| column.len());
        let full = wanted.iter().zip(schema.fields());
        let arrays = full.map(|(index, field)| unpacked(&columns[*index], field.data_type())).collect::<Result<_>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
    }
}

#[async_trait::async_trait]
impl TableProvider for Kept {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let (columns, schema) = wanted(&self.schema, projection)?;
        let batches = self.batches.iter().map(|batch| self.batch(batch, &columns, &schema)).collect::<Result<_>>()?;
        in_memory(state, batches, schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_subquery_is_known_again_under_another_number() {
        let plan =
            |a: u8, b: u8| format!("__correlated_sq_{a}.id in __correlated_sq_{b}.id and __correlated_sq_{a}.id");
        assert_eq!(without_numbers(&plan(7, 12)), without_numbers(&plan(31, 2)));
        assert_eq!(without_numbers(&plan(7, 12)), "subquery 0.id in subquery 1.id and subquery 0.id");
        assert_ne!(without_numbers(&plan(7, 7)), without_numbers(&plan(7, 8)));
    }
}
