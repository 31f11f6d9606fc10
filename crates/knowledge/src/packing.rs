//! Columns in the smallest shape that holds their values: most ids, flags and words need a quarter of their bytes or less.
//!
//! Questions see the full shape; the columns they read are widened batch by batch.

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, NullArray},
        compute::{cast, max, min},
        datatypes::{DataType, Int64Type},
    },
    error::Result,
};
use std::sync::Arc;

/// Whole numbers and the places of words in the fewest bytes; a column without any value takes none. Anything else stays.
pub fn packed(column: &ArrayRef) -> Result<ArrayRef> {
    if column.null_count() == column.len() {
        return Ok(Arc::new(NullArray::new(column.len())));
    }
    let smallest = match column.data_type() {
        DataType::Int64 => {
            let numbers = column.as_primitive::<Int64Type>();
            narrowest(min(numbers).unwrap_or_default(), max(numbers).unwrap_or_default())
        }
        DataType::Dictionary(_, words) => {
            let highest = column.as_any_dictionary().values().len();
            let keys = narrowest(0, i64::try_from(highest).unwrap_or(i64::MAX));
            DataType::Dictionary(Box::new(if keys == DataType::Int64 { DataType::Int32 } else { keys }), words.clone())
        }
        _ => return Ok(column.clone()),
    };
    Ok(cast(column, &smallest)?)
}

/// The same column as questions see it.
pub fn unpacked(column: &ArrayRef, full: &DataType) -> Result<ArrayRef> {
    if column.data_type() == full { Ok(column.clone()) } else { Ok(cast(column, full)?) }
}

fn narrowest(low: i64, high: i64) -> DataType {
    let within = |least: i64, most: i64| least <= low && high <= most;
    if within(i8::MIN.into(), i8::MAX.into()) {
        DataType::Int8
    } else if within(i16::MIN.into(), i16::MAX.into()) {
        DataType::Int16
    } else if within(i32::MIN.into(), i32::MAX.into()) {
        DataType::Int32
    } else {
        DataType::Int64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::{
        array::{DictionaryArray, Int64Array},
        datatypes::Int32Type,
    };

    #[test]
    fn every_value_comes_back_and_small_ones_take_less() {
        let columns: [(Vec<Option<i64>>, DataType); 5] = [
            (vec![Some(1), None, Some(-128)], DataType::Int8),
            (vec![Some(128)], DataType::Int16),
            (vec![Some(40_000), Some(0)], DataType::Int32),
            (vec![Some(i64::MAX), Some(i64::MIN)], DataType::Int64),
            (vec![None, None], DataType::Null),
        ];
        for (values, shape) in columns {
            let column: ArrayRef = Arc::new(Int64Array::from(values));
            let small = packed(&column).unwrap();
            assert_eq!(small.data_type(), &shape);
            assert_eq!(&unpacked(&small, &DataType::Int64).unwrap(), &column);
        }
    }

    #[test]
    fn words_keep_their_places() {
        let words: DictionaryArray<Int32Type> = [Some("DE"), None, Some("AT"), Some("DE")].into_iter().collect();
        let column: ArrayRef = Arc::new(words);
        let small = packed(&column).unwrap();
        let full = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        assert!(matches!(small.data_type(), DataType::Dictionary(keys, _) if **keys == DataType::Int8));
        assert_eq!(&unpacked(&small, &full).unwrap(), &column);
    }
}
