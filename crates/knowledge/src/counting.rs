//! Counts of the log, and of the people in it, without handing a single row to the engine.
//!
//! Runs are in the order of time, so how many rows lie in a stretch is two binary searches: a rollup for every period and
//! every length of day that is never out of date. Different people, and rows of some people only, are counted by one look
//! at the contacts of a stretch, a bit for each.

use crate::{
    catalogue::{self, CONTACT, LOG, NUMBERS, OCCURRED_AT},
    cuts::Cuts,
    log::{Part, Run, Shared},
    members::{IsMember, Members},
    moved::Reading,
    narrowing::{Narrowed, answered},
    provider::{LogTable, Readings, in_memory, wanted},
    tallying::tallied,
};
use datafusion::{
    arrow::{
        array::{ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray, UInt32Array},
        compute::{cast, take},
        datatypes::{Field, Schema, SchemaRef},
        row::{RowConverter, SortField},
    },
    catalog::{
        Session, TableProvider,
        default_table_source::{provider_as_source, source_as_provider},
    },
    common::{
        Column, DFSchema, TableReference,
        tree_node::{Transformed, TreeNode},
    },
    datasource::TableType,
    error::Result,
    logical_expr::{
        Aggregate, Expr, LogicalPlan, Projection, TableScan, TableScanBuilder, col, expr::AggregateFunction,
        utils::split_conjunction,
    },
    physical_plan::ExecutionPlan,
};
use std::{any::Any, collections::HashMap, ops::Range, sync::Arc};

/// With what was counted in the place of rows wherever a question only counts them.
pub fn counted_where_rows_are_only_counted(plan: LogicalPlan, state: &dyn Session) -> Result<LogicalPlan> {
    let plan = plan.transform_up(|node| {
        let LogicalPlan::Aggregate(aggregate) = &node else { return Ok(Transformed::no(node)) };
        let counted = match in_runs(aggregate)? {
            None => tallied(aggregate, state)?,
            counted => counted,
        };
        Ok(counted.map_or_else(|| Transformed::no(node.clone()), Transformed::yes))
    })?;
    Ok(plan.data)
}

/// The same answer from counted runs; nothing when the question asks for more.
fn in_runs(aggregate: &Aggregate) -> Result<Option<LogicalPlan>> {
    let mut of = Vec::new();
    let Some(scan) = scanned(&aggregate.input, &mut of) else { return Ok(None) };
    let Ok(provider) = source_as_provider(&scan.source) else { return Ok(None) };
    let Some(log) = (&*provider as &dyn Any).downcast_ref::<LogTable>() else { return Ok(None) };
    let narrowed = Narrowed::by(&scan.filters);
    let mut cuts = Cuts::default();
    let fits = log.is_warm(&narrowed.times)
        && scan.fetch.is_none()
        && scan.filters.iter().all(answered)
        && aggregate.group_expr.iter().all(|expr| cuts.take(expr));
    let counts: Option<Vec<Count>> = aggregate.aggr_expr.iter().map(Count::read).collect();
    let (true, Some(counts)) = (fits, counts) else { return Ok(None) };
    let (parts, groups) = (log.parts.clone(), aggregate.group_expr.clone());
    let log_name = scan.table_name.clone();
    let table = |schema| {
        let table: Arc<dyn TableProvider> =
            Arc::new(CountedTable { parts, narrowed, cuts, log_name, of, groups, counts, schema });
        Ok(table)
    };
    named_alike(aggregate, table).map(Some)
}

/// A table in the place of an aggregate: it is told the schema it must have, and its columns get the names of the aggregate's.
pub fn named_alike(
    aggregate: &Aggregate,
    table: impl FnOnce(SchemaRef) -> Result<Arc<dyn TableProvider>>,
) -> Result<LogicalPlan> {
    const NAME: &str = "counted";
    let names: Vec<String> = (0..aggregate.schema.fields().len()).map(|place| format!("c{place}")).collect();
    let named = aggregate.schema.fields().iter().zip(&names);
    let fields: Vec<Field> = named.map(|(field, name)| field.as_ref().clone().with_name(name)).collect();
    let table = provider_as_source(table(Arc::new(Schema::new(fields)))?);
    let scan = TableScanBuilder::new(TableReference::bare(NAME), table).build()?;
    let columns = names.iter().zip(aggregate.schema.columns());
    let columns = columns.map(|(name, column)| {
        col(Column::new(Some(TableReference::bare(NAME)), name)).alias_qualified(column.relation, column.name)
    });
    Ok(LogicalPlan::Projection(Projection::try_new(columns.collect(), Arc::new(LogicalPlan::TableScan(scan)))?))
}

/// The scan below, and the sets its contacts must be in, when nothing else happens in between.
fn scanned<'a>(plan: &'a LogicalPlan, of: &mut Vec<Arc<Members>>) -> Option<&'a TableScan> {
    match plan {
        LogicalPlan::TableScan(scan) => Some(scan),
        LogicalPlan::Projection(projection) => {
            let plain = projection.expr.iter().all(|expr| matches!(expr, Expr::Column(_)));
            if plain { scanned(&projection.input, of) } else { None }
        }
        LogicalPlan::Filter(filter) => {
            for condition in split_conjunction(&filter.predicate) {
                let (members, column) = IsMember::read(condition)?;
                if column.name != LOG.columns[CONTACT].name {
                    return None;
                }
                of.push(members.clone());
            }
            scanned(&filter.input, of)
        }
        _ => None,
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// `COUNT(*)`
    Rows,
    /// `COUNT(DISTINCT contact_id)`
    People,
}

impl Count {
    fn read(expr: &Expr) -> Option<Self> {
        if counts_rows(expr) {
            return Some(Self::Rows);
        }
        let expr = if let Expr::Alias(alias) = expr { &alias.expr } else { expr };
        let Expr::AggregateFunction(AggregateFunction { func, params }) = expr else { return None };
        match params.args.as_slice() {
            [Expr::Column(column)] if func.name() == "count" && params.distinct && params.filter.is_none() => {
                (column.name == LOG.columns[CONTACT].name).then_some(Self::People)
            }
            _ => None,
        }
    }
}

/// Whether an aggregate is `COUNT(*)`.
pub fn counts_rows(expr: &Expr) -> bool {
    match expr {
        Expr::Alias(alias) => counts_rows(&alias.expr),
        Expr::AggregateFunction(AggregateFunction { func, params }) => {
            let of_all = matches!(params.args.as_slice(), [Expr::Literal(value, _)] if !value.is_null());
            func.name() == "count" && of_all && !params.distinct && params.filter.is_none()
        }
        _ => false,
    }
}

/// The groups of a question and what was counted in each.
#[derive(Debug)]
struct CountedTable {
    parts: Vec<Arc<Part>>,
    narrowed: Narrowed,
    cuts: Cuts,
    /// The name under which the question speaks of the log.
    log_name: TableReference,
    /// Only interactions of contacts in all of these.
    of: Vec<Arc<Members>>,
    groups: Vec<Expr>,
    counts: Vec<Count>,
    schema: SchemaRef,
}

/// Rows of a run between two cuts.
struct Stretch<'a> {
    shared: &'a Shared,
    run: &'a Run,
    rows: Range<usize>,
}

/// What was counted of a group.
struct Tally {
    rows: i64,
    people: i64,
}

impl CountedTable {
    fn stretches(&self) -> Vec<Stretch<'_>> {
        let mut stretches = Vec::new();
        for part in &self.parts {
            for (shared, run) in part.runs.iter().filter(|(shared, run)| self.narrowed.takes(shared, run)) {
                let Range { start, end } = run.between(&self.narrowed.times);
                let times = &run.times()[..end];
                let mut row = start;
                while row < end {
                    let ends = self.cuts.after(times[row]);
                    let next = row + times[row..].partition_point(|at| *at < ends);
                    stretches.push(Stretch { shared, run, rows: row..next });
                    row = next;
                }
            }
        }
        stretches
    }

    /// The values of the groups for each stretch.
    fn keys(&self, state: &dyn Session, stretches: &[Stretch]) -> Result<Vec<ArrayRef>> {
        let log = catalogue::log_schema();
        let fields = std::iter::once(&log.fields()[OCCURRED_AT]).chain(&log.fields()[NUMBERS..]);
        let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
        let times: Int64Array = stretches.iter().map(|one| one.run.times()[one.rows.start]).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(times)];
        for code in 0..catalogue::CODES {
            let words: StringViewArray = stretches.iter().map(|one| one.shared.codes[code].as_deref()).collect();
            columns.push(Arc::new(words));
        }
        let batch = RecordBatch::try_new(schema.clone(), columns)?;
        let named = DFSchema::try_from_qualified_schema(self.log_name.clone(), &schema)?;
        let key = |group: &Expr| {
            let value = state.create_physical_expr(group.clone(), &named)?.evaluate(&batch)?;
            value.into_array(batch.num_rows())
        };
        self.groups.iter().map(key).collect()
    }

    /// The first stretch of each group, and the group of each stretch.
    fn grouped(keys: &[ArrayRef], stretches: usize) -> Result<(Vec<u32>, Vec<usize>)> {
        if keys.is_empty() {
            return Ok((vec![0], vec![0; stretches]));
        }
        let fields = keys.iter().map(|key| SortField::new(key.data_type().clone())).collect();
        let rows = RowConverter::new(fields)?.convert_columns(keys)?;
        let (mut firsts, mut known, mut groups) = (Vec::new(), HashMap::new(), Vec::with_capacity(stretches));
        for (place, row) in (0_u32..).zip(rows.iter()) {
            let next = firsts.len();
            let group = *known.entry(row).or_insert(next);
            if group == next {
                firsts.push(place);
            }
            groups.push(group);
        }
        Ok((firsts, groups))
    }

    /// Rows and different people of a group.
    fn tally(&self, stretches: &[&Stretch]) -> Result<Tally> {
        let counts_people = self.counts.contains(&Count::People);
        let (mut rows, mut people) = (0, Members::default());
        for stretch in stretches {
            if self.of.is_empty() {
                rows += stretch.rows.len() as i64;
                if !counts_people {
                    continue;
                }
            }
            stretch.run.each_contact(stretch.rows.clone(), |contact| {
                if self.of.iter().all(|members| members.contains(contact)) {
                    rows += i64::from(!self.of.is_empty());
                    if counts_people {
                        people.insert(contact);
                    }
                }
            })?;
        }
        Ok(Tally { rows, people: people.len() as i64 })
    }

    fn batch(&self, state: &dyn Session) -> Result<RecordBatch> {
        let stretches = self.stretches();
        let keys = self.keys(state, &stretches)?;
        let (firsts, groups) = Self::grouped(&keys, stretches.len())?;
        let mut members = vec![Vec::new(); firsts.len()];
        for (stretch, group) in stretches.iter().zip(groups) {
            members[group].push(stretch);
        }
        let tallies: Vec<Tally> = members.iter().map(|stretches| self.tally(stretches)).collect::<Result<_>>()?;
        // A group is there when a row is in it; a question without groups has one answer always.
        let there: Vec<usize> =
            (0..tallies.len()).filter(|group| keys.is_empty() || tallies[*group].rows > 0).collect();
        let firsts: UInt32Array = there.iter().map(|group| firsts[*group]).collect();
        let mut columns = Vec::with_capacity(keys.len() + self.counts.len());
        for key in &keys {
            columns.push(take(key, &firsts, None)?);
        }
        for count in &self.counts {
            let counted: Int64Array = there
                .iter()
                .map(|group| match count {
                    Count::Rows => tallies[*group].rows,
                    Count::People => tallies[*group].people,
                })
                .collect();
            columns.push(Arc::new(counted));
        }
        let typed =
            columns.iter().zip(self.schema.fields()).map(|(column, field)| Ok(cast(column, field.data_type())?));
        Ok(RecordBatch::try_new(self.schema.clone(), typed.collect::<Result<_>>()?)?)
    }
}

#[async_trait::async_trait]
impl TableProvider for CountedTable {
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
        Readings::note(state, Reading::Log(self.narrowed.clone()));
        let (columns, schema) = wanted(&self.schema, projection)?;
        let batch = self.batch(state)?;
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let arrays = columns.iter().map(|index| batch.column(*index).clone()).collect();
        let batch = RecordBatch::try_new_with_options(schema.clone(), arrays, &rows)?;
        in_memory(state, vec![batch], schema)
    }
}
