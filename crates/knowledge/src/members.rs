//! A set of ids that rows are held against one by one: a place in memory for every id, so a look costs next to nothing.

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray},
        datatypes::{DataType, Int8Type, Int16Type, Int32Type, Int64Type},
    },
    common::Column,
    error::{DataFusionError, Result},
    logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use std::{
    any::Any,
    collections::HashSet,
    hash::{Hash, Hasher},
    ops::Range,
    sync::Arc,
};

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
pub struct IsMember {
    members: Arc<Members>,
    /// Another name for every set, so that plans that differ only in their sets differ.
    name: String,
    signature: Signature,
}

impl IsMember {
    /// `number` is another one for every set.
    pub fn of(members: Arc<Members>, number: u64) -> ScalarUDF {
        let signature = Signature::exact(vec![DataType::Int64], Volatility::Immutable);
        ScalarUDF::from(Self { members, name: format!("is_member_{number}"), signature })
    }

    /// The set and the column a condition asks about, when it is such a condition.
    pub fn read(condition: &Expr) -> Option<(&Arc<Members>, &Column)> {
        let Expr::ScalarFunction(call) = condition else { return None };
        let asked = (call.func.inner().as_ref() as &dyn Any).downcast_ref::<Self>()?;
        match call.args.as_slice() {
            [Expr::Column(column)] => Some((&asked.members, column)),
            _ => None,
        }
    }
}

impl std::fmt::Debug for IsMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.name, self.members.len())
    }
}

impl PartialEq for IsMember {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for IsMember {}

impl Hash for IsMember {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for IsMember {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let [column] = columns.as_slice() else {
            return Err(DataFusionError::Internal("one column is looked up".to_owned()));
        };
        let ids = column.as_primitive::<Int64Type>();
        let found: BooleanArray = match ids.null_count() {
            0 => ids.values().iter().map(|id| Some(self.members.contains(*id))).collect(),
            _ => ids.iter().map(|id| Some(id.is_some_and(|id| self.members.contains(id)))).collect(),
        };
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packing::packed;
    use datafusion::arrow::array::Int64Array;
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
