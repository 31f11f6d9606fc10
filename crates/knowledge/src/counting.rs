//! Counts of the log, and of the people in it, without handing a single row to the engine.
//!
//! Runs are in the order of time, so how many rows lie in a stretch is two binary searches: a rollup for every period and
//! every length of day that is never out of date. Different people, and rows of some people only, are counted by one look
//! at the contacts of a stretch, a bit for each.

use crate::{
    catalogue::{self, CONTACT, LOG, NUMBERS, OCCURRED_AT},
    cuts::Cuts,
    log::{Part, Run, Shared},
    members::Members,
    moved::Reading,
    narrowing::{Narrowed, answered},
    provider::{LogTable, Readings, unqualified},
    tallying::{Sum, scanned, tallied},
};
use datafusion::{
    arrow::{
        array::{ArrayRef, Int64Array, RecordBatch, StringViewArray, UInt32Array},
        compute::{cast, take},
        datatypes::{Field, Schema},
        row::{RowConverter, SortField},
    },
    catalog::{
        Session,
        default_table_source::{provider_as_source, source_as_provider},
    },
    common::{
        Column, DFSchema, TableReference,
        tree_node::{Transformed, TreeNode},
    },
    datasource::MemTable,
    error::Result,
    logical_expr::{Aggregate, Expr, LogicalPlan, Projection, TableScanBuilder, col},
};
use std::{any::Any, collections::HashMap, ops::Range, sync::Arc};

/// With what was counted in the place of rows wherever a question only counts them.
pub fn counted_where_rows_are_only_counted(plan: LogicalPlan, state: &dyn Session) -> Result<LogicalPlan> {
    let plan = plan.transform_up(|node| {
        let LogicalPlan::Aggregate(aggregate) = &node else { return Ok(Transformed::no(node)) };
        let counted = match in_runs(aggregate, state)? {
            None => tallied(aggregate, state)?,
            counted => counted,
        };
        Ok(counted.map_or_else(|| Transformed::no(node.clone()), Transformed::yes))
    })?;
    Ok(plan.data)
}

/// The same answer from counted runs; nothing when the question asks for more.
fn in_runs(aggregate: &Aggregate, state: &dyn Session) -> Result<Option<LogicalPlan>> {
    let mut of = Vec::new();
    let Some(scan) = scanned(&aggregate.input, &mut of) else { return Ok(None) };
    let Ok(provider) = source_as_provider(&scan.source) else { return Ok(None) };
    let Some(log) = (&*provider as &dyn Any).downcast_ref::<LogTable>() else { return Ok(None) };
    let narrowed = Narrowed::by(&scan.filters);
    let mut cuts = Cuts::default();
    let contact = LOG.columns[CONTACT].name;
    let fits = log.is_warm(&narrowed.times)
        && of.iter().all(|(column, _)| column == contact)
        && scan.filters.iter().all(answered)
        && aggregate.group_expr.iter().all(|expr| cuts.take(expr));
    let counts: Option<Vec<Sum>> = aggregate.aggr_expr.iter().map(Sum::read).collect();
    let is_counted = |count: &Sum| match count {
        Sum::Rows => true,
        Sum::Different(column) => column == contact,
        Sum::Of(_) => false,
    };
    let (true, Some(counts)) = (fits, counts.filter(|counts| counts.iter().all(is_counted))) else { return Ok(None) };
    Readings::note(state, Reading::Log(narrowed.clone()));
    let groups = &aggregate.group_expr;
    let counted = CountedRuns { parts: &log.parts, narrowed: &narrowed, cuts: &cuts, of: &of, groups, counts: &counts };
    answered_by(aggregate, counted.columns(state)?).map(Some)
}

/// Finished columns in the place of an aggregate, under its names.
pub fn answered_by(aggregate: &Aggregate, columns: Vec<ArrayRef>) -> Result<LogicalPlan> {
    const NAME: &str = "counted";
    let names: Vec<String> = (0..columns.len()).map(|place| format!("c{place}")).collect();
    let named = aggregate.schema.fields().iter().zip(&names);
    let fields: Vec<Field> = named.map(|(field, name)| field.as_ref().clone().with_name(name)).collect();
    let typed = columns.iter().zip(&fields).map(|(column, field)| Ok(cast(column, field.data_type())?));
    let typed = typed.collect::<Result<_>>()?;
    let schema = Arc::new(Schema::new(fields));
    let table = MemTable::try_new(schema.clone(), vec![vec![RecordBatch::try_new(schema, typed)?]])?;
    let scan = TableScanBuilder::new(TableReference::bare(NAME), provider_as_source(Arc::new(table))).build()?;
    let columns = names.iter().zip(aggregate.schema.columns());
    let columns = columns.map(|(name, column)| {
        col(Column::new(Some(TableReference::bare(NAME)), name)).alias_qualified(column.relation, column.name)
    });
    Ok(LogicalPlan::Projection(Projection::try_new(columns.collect(), Arc::new(LogicalPlan::TableScan(scan)))?))
}

/// The groups of a question, and what is counted in each.
struct CountedRuns<'a> {
    parts: &'a [Arc<Part>],
    narrowed: &'a Narrowed,
    cuts: &'a Cuts,
    /// Only interactions of contacts in all of these.
    of: &'a [(String, Arc<Members>)],
    groups: &'a [Expr],
    counts: &'a [Sum],
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

impl CountedRuns<'_> {
    fn stretches(&self) -> Vec<Stretch<'_>> {
        let mut stretches = Vec::new();
        for part in self.parts {
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
        let named = DFSchema::try_from(schema.as_ref().clone())?;
        let key = |group: &Expr| {
            let value = state.create_physical_expr(unqualified(group.clone())?, &named)?.evaluate(&batch)?;
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
        let counts_people = self.counts.iter().any(|count| *count != Sum::Rows);
        let (mut rows, mut people) = (0, Members::default());
        for stretch in stretches {
            if self.of.is_empty() {
                rows += stretch.rows.len() as i64;
                if !counts_people {
                    continue;
                }
            }
            stretch.run.each_contact(stretch.rows.clone(), |contact| {
                if self.of.iter().all(|(_, members)| members.contains(contact)) {
                    rows += i64::from(!self.of.is_empty());
                    if counts_people {
                        people.insert(contact);
                    }
                }
            })?;
        }
        Ok(Tally { rows, people: people.len() as i64 })
    }

    /// The groups that are there, then the counts.
    fn columns(&self, state: &dyn Session) -> Result<Vec<ArrayRef>> {
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
        for count in self.counts {
            let of = |group: &usize| match count {
                Sum::Rows => tallies[*group].rows,
                _ => tallies[*group].people,
            };
            columns.push(Arc::new(there.iter().map(of).collect::<Int64Array>()));
        }
        Ok(columns)
    }
}
