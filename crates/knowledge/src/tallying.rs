//! Sums by one number, over rows that lie ready: facts that were kept and the people of campaigns, of everybody or of some.

use crate::{
    catalogue::REACHED,
    counting::answered_by,
    ledger,
    members::{IsMember, Members},
    moved::Reading,
    narrowing::one_of,
    prepared::Kept,
    provider::{LedgerTable, Readings},
};
use datafusion::{
    arrow::{
        array::{ArrayRef, Int64Array},
        datatypes::DataType,
    },
    catalog::{Session, default_table_source::source_as_provider},
    error::Result,
    logical_expr::{Aggregate, Expr, LogicalPlan, TableScan, expr::AggregateFunction, utils::split_conjunction},
};
use std::{
    any::Any,
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// What is added up for each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// `COUNT(*)`
    Rows,
    /// `SUM(column)`
    Of(String),
    /// `COUNT(DISTINCT column)`
    Different(String),
}

impl Sum {
    pub fn read(expr: &Expr) -> Option<Self> {
        if counts_rows(expr) {
            return Some(Self::Rows);
        }
        let expr = if let Expr::Alias(alias) = expr { &alias.expr } else { expr };
        let Expr::AggregateFunction(AggregateFunction { func, params }) = expr else { return None };
        match (params.args.as_slice(), func.name(), params.distinct, &params.filter) {
            ([Expr::Column(column)], "sum", false, None) => Some(Self::Of(column.name.clone())),
            ([Expr::Column(column)], "count", true, None) => Some(Self::Different(column.name.clone())),
            _ => None,
        }
    }
}

/// A question for sums by one column, of rows whose columns are among some sets.
pub struct Wanted {
    pub group: String,
    pub sums: Vec<Sum>,
    pub of: Vec<(String, Arc<Members>)>,
}

/// Each group, and its sums in the order they are wanted.
pub type Sums = BTreeMap<i64, Vec<i64>>;

/// The same answer from rows that lie ready; nothing when the question asks for more.
pub fn tallied(aggregate: &Aggregate, state: &dyn Session) -> Result<Option<LogicalPlan>> {
    let [Expr::Column(group)] = aggregate.group_expr.as_slice() else { return Ok(None) };
    let sums: Option<Vec<Sum>> = aggregate.aggr_expr.iter().map(Sum::read).collect();
    let are_numbers = aggregate.schema.fields().iter().all(|field| *field.data_type() == DataType::Int64);
    let (Some(sums), true) = (sums, are_numbers) else { return Ok(None) };
    let mut of = Vec::new();
    let Some(scan) = scanned(&aggregate.input, &mut of) else { return Ok(None) };
    let Ok(provider) = source_as_provider(&scan.source) else { return Ok(None) };
    let wanted = Wanted { group: group.name.clone(), sums, of };
    let ready: &dyn Any = &*provider;
    let found = if let (Some(kept), true) = (ready.downcast_ref::<Kept>(), scan.filters.is_empty()) {
        kept.tally(&wanted)?
    } else if let Some(LedgerTable(ledger)) = ready.downcast_ref() {
        let named = scan.filters.iter().map(|filter| one_of(filter, REACHED.columns[0].name));
        let Some(named) = named.collect::<Option<Vec<_>>>() else { return Ok(None) };
        let campaigns = named.into_iter().reduce(|all, one| &all & &one);
        Readings::note(state, Reading::Table(ledger::TABLE));
        ledger.tally(&wanted, campaigns.as_ref())
    } else {
        None
    };
    let Some(found) = found else { return Ok(None) };
    let mut columns: Vec<ArrayRef> = vec![Arc::new(found.keys().copied().collect::<Int64Array>())];
    for place in 0..wanted.sums.len() {
        columns.push(Arc::new(found.values().map(|sums| sums[place]).collect::<Int64Array>()));
    }
    answered_by(aggregate, columns).map(Some)
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

/// The scan below, and the sets some of its columns must be in, when nothing else happens in between.
pub fn scanned<'a>(plan: &'a LogicalPlan, of: &mut Vec<(String, Arc<Members>)>) -> Option<&'a TableScan> {
    match plan {
        LogicalPlan::TableScan(scan) if scan.fetch.is_none() => Some(scan),
        LogicalPlan::SubqueryAlias(alias) => scanned(&alias.input, of),
        LogicalPlan::Projection(projection) => {
            let plain = projection.expr.iter().all(|expr| matches!(expr, Expr::Column(_)));
            if plain { scanned(&projection.input, of) } else { None }
        }
        LogicalPlan::Filter(filter) => {
            for condition in split_conjunction(&filter.predicate) {
                let (members, column) = IsMember::read(condition)?;
                of.push((column.name.clone(), members.clone()));
            }
            scanned(&filter.input, of)
        }
        _ => None,
    }
}

/// Sums of rows whose columns are whole numbers without gaps, handed over in pieces: the group, the columns of the sets and
/// those of the sums, each in the order they are wanted (nothing for a sum that only counts).
#[derive(Default)]
pub struct Tally {
    sums: Sums,
    /// Sum, group and number of what was counted once.
    seen: HashSet<(usize, i64, i64)>,
}

/// One piece of rows.
pub struct Piece<'a> {
    pub group: &'a [i64],
    pub of: Vec<&'a [i64]>,
    pub sums: Vec<Option<&'a [i64]>>,
}

impl Tally {
    pub fn add(&mut self, wanted: &Wanted, piece: &Piece) {
        let mut row = 0;
        while row < piece.group.len() {
            // Rows of a group mostly follow each other.
            let group = piece.group[row];
            let end = row + piece.group[row..].iter().take_while(|one| **one == group).count();
            let taken = |row: &usize| wanted.of.iter().zip(&piece.of).all(|((_, ids), of)| ids.contains(of[*row]));
            let rows: Vec<usize> = (row..end).filter(taken).collect();
            row = end;
            if rows.is_empty() {
                continue;
            }
            let sums = self.sums.entry(group).or_insert_with(|| vec![0; wanted.sums.len()]);
            for (place, (sum, values)) in wanted.sums.iter().zip(&piece.sums).enumerate() {
                let values = rows.iter().map(|row| values.map_or(0, |values| values[*row]));
                sums[place] += match sum {
                    Sum::Rows => rows.len() as i64,
                    Sum::Of(_) => values.sum(),
                    Sum::Different(_) => values.filter(|value| self.seen.insert((place, group, *value))).count() as i64,
                };
            }
        }
    }

    pub fn done(self) -> Sums {
        self.sums
    }
}
