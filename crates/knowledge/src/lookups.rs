//! Joins that only bring along what one record says, such as the contact of an order: read from the place of its number
//! instead of being joined. Nothing is built but the column itself, and nothing is copied but what was asked for.

use crate::{
    by_id::{Asked, ById},
    moved::Reading,
    provider::{Readings, RecordTable},
    records::Records,
};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, Int32Array, Int64Array},
        buffer::{BooleanBuffer, NullBuffer},
        datatypes::{DataType, Field, FieldRef, Int32Type, Int64Type},
    },
    catalog::{Session, default_table_source::source_as_provider},
    common::{
        Column, JoinType, NullEquality,
        tree_node::{Transformed, TreeNode},
    },
    error::{DataFusionError, Result},
    logical_expr::{
        Expr, ExprSchemable, Filter, LogicalPlan, Projection, ScalarUDF, expr::ScalarFunction, logical_plan::Join,
    },
};
use std::{
    any::Any,
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};
use store::copying::Kind;

/// Numbers may leave so many gaps for each record that is there, and so many at all.
const GAPS: usize = 4;
const SPARE: usize = 65_536;

/// With a look at the record in the place of every join that finds at most one by its number.
pub fn looked_up(plan: LogicalPlan, state: &dyn Session) -> Result<LogicalPlan> {
    let changed = plan.transform_up(|node| {
        let LogicalPlan::Join(join) = &node else { return Ok(Transformed::no(node)) };
        Ok(instead_of(join, state)?.map_or_else(|| Transformed::no(node.clone()), Transformed::yes))
    })?;
    if !changed.transformed {
        return Ok(changed.data);
    }
    Ok(changed.data.transform_up(|node| node.recompute_schema().map(Transformed::yes))?.data)
}

/// The same rows without the join; nothing when it does anything else.
fn instead_of(join: &Join, state: &dyn Session) -> Result<Option<LogicalPlan>> {
    let [(left, right)] = join.on.as_slice() else { return Ok(None) };
    let is_plain = join.join_type == JoinType::Inner
        && join.filter.is_none()
        && join.null_equality == NullEquality::NullEqualsNothing;
    if !is_plain {
        return Ok(None);
    }
    for (many, key, one, id) in [(&join.left, left, &join.right, right), (&join.right, right, &join.left, left)] {
        let is_number = key.get_type(many.schema())? == DataType::Int64;
        // The engine pushes conditions through joins by names alone, and more than one table has an `id`.
        let is_alone = !many.exists(|inner| Ok(matches!(inner, LogicalPlan::Join(_))))?;
        let (true, true, Some(side)) = (is_number, is_alone, Side::of(one)) else { continue };
        let Expr::Column(id) = id else { continue };
        let is_its_number = one.schema().maybe_index_of_column(id).is_some_and(|place| side.fields[place] == 0);
        if is_its_number && side.is_short() && side.is_dense() {
            Readings::note(state, Reading::Table(side.records.source.table));
            return side.instead_of(join, many, key).map(Some);
        }
    }
    Ok(None)
}

/// The side of a join that is a table of records as it is, or some of its rows.
struct Side {
    records: Records,
    /// What its rows must be like, in the names of the table.
    conditions: Vec<Expr>,
    /// The table's column behind each field.
    fields: Vec<usize>,
}

impl Side {
    fn of(plan: &LogicalPlan) -> Option<Self> {
        match plan {
            LogicalPlan::TableScan(scan) if scan.fetch.is_none() => {
                let provider = source_as_provider(&scan.source).ok()?;
                let RecordTable(records) = (&*provider as &dyn Any).downcast_ref()?;
                // Conditions that reach the scan stand above it as well: the table answers none of them completely.
                let fields = scan.projection.clone().unwrap_or_else(|| (0..records.source.columns.len()).collect());
                let side = Self { records: records.clone(), conditions: Vec::new(), fields };
                (records.source.key == 1).then_some(side)
            }
            LogicalPlan::SubqueryAlias(alias) => Self::of(&alias.input),
            LogicalPlan::Projection(projection) => {
                let side = Self::of(&projection.input)?;
                let field = |expr: &Expr| {
                    let expr = if let Expr::Alias(alias) = expr { &alias.expr } else { expr };
                    let Expr::Column(column) = expr else { return None };
                    side.field(&projection.input, column)
                };
                let fields = projection.expr.iter().map(field).collect::<Option<_>>()?;
                Some(Self { fields, ..side })
            }
            LogicalPlan::Filter(filter) => {
                let mut side = Self::of(&filter.input)?;
                let named = filter.predicate.clone().transform(|expr| {
                    let Expr::Column(column) = &expr else { return Ok(Transformed::no(expr)) };
                    let place = side.field(&filter.input, column).ok_or_else(|| {
                        DataFusionError::Internal(format!("{column} is no column of {}", side.records.source.table))
                    })?;
                    let name = side.records.source.columns[place].name;
                    Ok(Transformed::yes(Expr::Column(Column::new_unqualified(name))))
                });
                side.conditions.push(named.ok()?.data);
                Some(side)
            }
            _ => None,
        }
    }

    fn field(&self, plan: &LogicalPlan, column: &Column) -> Option<usize> {
        plan.schema().maybe_index_of_column(column).map(|place| self.fields[place])
    }

    /// Whether all that is asked of it are numbers and words; texts are read row by row.
    fn is_short(&self) -> bool {
        let columns = self.records.source.columns;
        let named = self.conditions.iter().flat_map(Expr::column_refs);
        let named = named.filter_map(|column| columns.iter().find(|one| one.name == column.name));
        self.fields.iter().map(|place| &columns[*place]).chain(named).all(|column| column.kind != Kind::Text)
    }

    fn is_dense(&self) -> bool {
        let span = self.records.span().and_then(|(low, high)| usize::try_from(high.checked_sub(low)?).ok());
        span.is_none_or(|span| span < self.records.rows() * GAPS + SPARE)
    }

    fn instead_of(&self, join: &Join, many: &Arc<LogicalPlan>, key: &Expr) -> Result<LogicalPlan> {
        let mut looks: HashMap<Option<usize>, Arc<ScalarUDF>> = HashMap::new();
        let mut look = |column: Option<usize>| {
            if column == Some(0) {
                return Ok(key.clone());
            }
            let func = match looks.entry(column) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(place) => place.insert(Arc::new(Look::function(&self.records, column)?)).clone(),
            };
            Ok(Expr::ScalarFunction(ScalarFunction { func, args: vec![key.clone()] }))
        };
        let mut stays = look(None)?;
        for condition in &self.conditions {
            let asked = condition.clone().transform(|expr| {
                let Expr::Column(column) = &expr else { return Ok(Transformed::no(expr)) };
                let columns = self.records.source.columns;
                look(columns.iter().position(|one| one.name == column.name)).map(Transformed::yes)
            })?;
            stays = stays.and(asked.data);
        }
        let rows = LogicalPlan::Filter(Filter::try_new(stays, many.clone())?);
        let many_is_left = Arc::ptr_eq(many, &join.left);
        let (first, lefts) = (many_is_left, join.left.schema().fields().len());
        let field = |(place, (table, field)): (usize, (Option<&_>, &FieldRef))| {
            let (is_left, place) = if place < lefts { (true, place) } else { (false, place - lefts) };
            match is_left == first {
                true => Ok(Expr::Column(Column::from((table, field)))),
                false => Ok(look(Some(self.fields[place]))?.alias_qualified(table.cloned(), field.name())),
            }
        };
        let fields = join.schema.iter().enumerate().map(field).collect::<Result<_>>()?;
        Ok(LogicalPlan::Projection(Projection::try_new(fields, Arc::new(rows))?))
    }
}

/// A column, a place for every number from the lowest to the highest.
enum Places {
    /// Only whether there is a record.
    There,
    Numbers(Vec<i64>),
    /// Places of words, and the words.
    Words(Vec<i32>, ArrayRef),
}

/// What the record of a number says: takes the place of a join with it.
struct Look {
    low: i64,
    length: usize,
    places: Places,
    /// Where there is a value; nothing when there is one everywhere.
    filled: Option<BooleanBuffer>,
    field: Field,
}

impl Look {
    /// What the column says; nothing asks whether there is a record.
    fn function(records: &Records, column: Option<usize>) -> Result<ScalarUDF> {
        let asked = column.map_or("there", |column| records.source.columns[column].name);
        Ok(ById::function(format!("{}_{asked}_of", records.source.table), Self::of(records, column)?))
    }

    fn of(records: &Records, column: Option<usize>) -> Result<Self> {
        let (low, high) = records.span().unwrap_or((0, -1));
        let length = usize::try_from(high - low + 1).unwrap_or_default();
        let field = match column {
            None => Field::new("", DataType::Boolean, false),
            Some(column) => records.schema.field(column).clone(),
        };
        let mut places = match (column, field.data_type()) {
            (None, _) => Places::There,
            (Some(_), DataType::Int64) => Places::Numbers(vec![0; length]),
            (Some(column), DataType::Dictionary(..)) => Places::Words(vec![0; length], records.words(column)),
            (Some(_), other) => return Err(DataFusionError::NotImplemented(format!("{other} is not looked up"))),
        };
        let mut filled = vec![false; length];
        let wanted: Vec<usize> = std::iter::once(0).chain(column).collect();
        for batch in records.columns(&wanted, &[]) {
            let batch = batch?;
            let ids = batch.column(0).as_primitive::<Int64Type>().values();
            match &mut places {
                Places::There => {}
                Places::Numbers(numbers) => {
                    spread(ids, low, batch.column(1).as_primitive::<Int64Type>().values(), numbers);
                }
                Places::Words(words, _) => {
                    let keys = batch.column(1).as_any_dictionary().keys().as_primitive::<Int32Type>();
                    spread(ids, low, keys.values(), words);
                }
            }
            let nulls = column.and_then(|_| batch.column(1).nulls());
            let there = nulls.map_or_else(|| vec![true; ids.len()], |nulls| nulls.iter().collect());
            spread(ids, low, &there, &mut filled);
        }
        let filled = (!filled.iter().all(|filled| *filled)).then(|| BooleanBuffer::from(filled));
        Ok(Self { low, length, places, filled, field })
    }

    /// The place of a number; beyond the last one where there is none.
    #[inline]
    fn place(&self, id: i64) -> usize {
        id.wrapping_sub(self.low) as u64 as usize
    }

    /// For which of the numbers there is a value.
    fn filled(&self, ids: &Int64Array) -> BooleanBuffer {
        let numbers = ids.values();
        let filled = match &self.filled {
            None => BooleanBuffer::collect_bool(ids.len(), |row| self.place(numbers[row]) < self.length),
            Some(filled) => BooleanBuffer::collect_bool(ids.len(), |row| {
                let place = self.place(numbers[row]);
                place < self.length && filled.value(place)
            }),
        };
        match ids.nulls() {
            None => filled,
            Some(nulls) => &filled & nulls.inner(),
        }
    }

    fn values<T: Copy + Default>(&self, ids: &Int64Array, from: &[T]) -> (Vec<T>, Option<NullBuffer>) {
        let value = |id: &i64| from.get(self.place(*id)).copied().unwrap_or_default();
        // A column without gaps has none: whoever is not there at all is left out before.
        let nulls = self.field.is_nullable().then(|| NullBuffer::new(self.filled(ids)));
        (ids.values().iter().map(value).collect(), nulls)
    }
}

impl Asked for Look {
    fn field(&self) -> Field {
        self.field.clone()
    }

    fn answers(&self, ids: &Int64Array) -> Result<ArrayRef> {
        Ok(match &self.places {
            Places::There => Arc::new(BooleanArray::new(self.filled(ids), None)),
            Places::Numbers(numbers) => {
                let (values, filled) = self.values(ids, numbers);
                Arc::new(Int64Array::new(values.into(), filled))
            }
            Places::Words(places, words) => {
                let (values, filled) = self.values(ids, places);
                let places = Int32Array::new(values.into(), filled);
                Arc::new(DictionaryArray::<Int32Type>::try_new(places, words.clone())?)
            }
        })
    }
}

/// Puts each value to the place of its number; numbers mostly follow each other.
fn spread<T: Copy>(ids: &[i64], low: i64, values: &[T], places: &mut [T]) {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return };
    let from = (first - low) as usize;
    if (last - first) as usize + 1 == ids.len() {
        places[from..from + ids.len()].copy_from_slice(values);
    } else {
        ids.iter().zip(values).for_each(|(id, value)| places[(id - low) as usize] = *value);
    }
}
