//! A set of ids that rows are held against one by one: a place in memory for every id, so a look costs next to nothing.

use crate::by_id::{Asked, ById};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Int64Array},
        datatypes::{DataType, Field, Int8Type, Int16Type, Int32Type, Int64Type},
    },
    common::Column,
    error::{DataFusionError, Result},
    logical_expr::{Expr, ScalarUDF},
};
use std::{collections::HashSet, ops::Range, sync::Arc};

/// Ids that share all but their last 16 bits.
type Chunk = Box<[u64; 1024]>;

/// Different ids. Up to 2^32 a bit for each, in chunks that exist where an id does; any other id is looked up.
#[derive(Clone, Default)]
pub struct Members {
    chunks: Vec<Option<Chunk>>,
    odd: HashSet<i64>,
    many: usize,
    /// A cell without a number was among those taken in.
    gaps: bool,
}

impl Members {
    /// Whether it was not among them before.
    #[inline]
    pub fn insert(&mut self, id: i64) -> bool {
        let is_new = match u32::try_from(id) {
            Ok(id) => {
                let chunk = (id >> 16) as usize;
                if chunk >= self.chunks.len() {
                    self.chunks.resize_with(chunk + 1, || None);
                }
                let word = &mut self.chunks[chunk].get_or_insert_with(|| Box::new([0; 1024]))[word(id)];
                let is_new = *word & bit(id) == 0;
                *word |= bit(id);
                is_new
            }
            Err(_) => self.odd.insert(id),
        };
        self.many += usize::from(is_new);
        is_new
    }

    #[inline]
    pub fn contains(&self, id: i64) -> bool {
        match u32::try_from(id) {
            Ok(id) => match self.chunks.get((id >> 16) as usize) {
                Some(Some(chunk)) => chunk[word(id)] & bit(id) != 0,
                _ => false,
            },
            Err(_) => self.odd.contains(&id),
        }
    }

    pub fn len(&self) -> usize {
        self.many
    }

    /// Whether a cell without a number was among those taken in.
    pub fn has_gaps(&self) -> bool {
        self.gaps
    }

    /// Takes in the numbers of a column of any width; empty cells are nobody.
    pub fn extend(&mut self, column: &ArrayRef) -> Result<()> {
        self.gaps |= column.logical_null_count() > 0;
        each(column, 0..column.len(), |id| {
            self.insert(id);
        })
    }
}

impl std::fmt::Debug for Members {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} members", self.len())
    }
}

fn word(id: u32) -> usize {
    usize::from(id as u16 >> 6)
}

fn bit(id: u32) -> u64 {
    1 << (id & 63)
}

/// Calls with every number of some rows, however narrow it is kept; empty cells are left out.
#[inline]
pub fn each(column: &ArrayRef, rows: Range<usize>, call: impl FnMut(i64)) -> Result<()> {
    fn numbers<T: ArrowPrimitiveType<Native: Into<i64>>>(
        column: &ArrayRef,
        rows: Range<usize>,
        mut call: impl FnMut(i64),
    ) {
        let column = column.as_primitive::<T>();
        match column.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => column.values()[rows].iter().for_each(|number| call((*number).into())),
            Some(nulls) => rows.filter(|row| nulls.is_valid(*row)).for_each(|row| call(column.value(row).into())),
        }
    }
    match column.data_type() {
        DataType::Null => {}
        DataType::Int8 => numbers::<Int8Type>(column, rows, call),
        DataType::Int16 => numbers::<Int16Type>(column, rows, call),
        DataType::Int32 => numbers::<Int32Type>(column, rows, call),
        DataType::Int64 => numbers::<Int64Type>(column, rows, call),
        other => return Err(DataFusionError::Internal(format!("{other} is no whole number"))),
    }
    Ok(())
}

/// Whether an id is one of a set: takes the place of a join that would look every one up.
pub struct IsMember(Arc<Members>);

impl IsMember {
    /// `number` is another one for every set.
    pub fn of(members: Arc<Members>, number: u64) -> ScalarUDF {
        ById::function(format!("is_member_{number}"), Self(members))
    }

    /// The set and the column a condition asks about, when it is such a condition.
    pub fn read(condition: &Expr) -> Option<(&Arc<Members>, &Column)> {
        ById::<Self>::read(condition).map(|(asked, column)| (&asked.0, column))
    }
}

impl Asked for IsMember {
    fn field(&self) -> Field {
        Field::new("", DataType::Boolean, true)
    }

    fn answers(&self, ids: &Int64Array) -> Result<ArrayRef> {
        let found: BooleanArray = match ids.null_count() {
            0 => ids.values().iter().map(|id| Some(self.0.contains(*id))).collect(),
            _ => ids.iter().map(|id| Some(id.is_some_and(|id| self.0.contains(id)))).collect(),
        };
        Ok(Arc::new(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packing::packed;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn id() -> impl Strategy<Value = i64> {
        prop_oneof![0..300_000_i64, any::<i64>(), (i64::from(u32::MAX) - 3)..(i64::from(u32::MAX) + 3), -3..3_i64]
    }

    proptest! {
        #[test]
        fn it_holds_what_a_set_holds(ids in prop::collection::vec(prop::option::of(id()), 0..200), other in id()) {
            let column = packed(&(Arc::new(Int64Array::from(ids.clone())) as ArrayRef)).unwrap();
            let plain: BTreeSet<i64> = ids.into_iter().flatten().collect();
            let mut members = Members::default();
            members.extend(&column).unwrap();
            prop_assert_eq!((members.len(), members.has_gaps()), (plain.len(), column.logical_null_count() > 0));
            prop_assert!(plain.iter().all(|id| members.contains(*id)));
            prop_assert_eq!(members.contains(other), plain.contains(&other));
            prop_assert_eq!(members.insert(other), !plain.contains(&other));
        }
    }
}
