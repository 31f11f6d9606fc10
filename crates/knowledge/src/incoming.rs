//! Rows of the log on their way into runs.

use crate::{
    catalogue::{CODES, NUMBERS, OCCURRED_AT, SEQ},
    log::{Month, Part, Run, Shared},
};
use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray, Int64Array, Int64Builder, RecordBatch, UInt32Array},
        compute::{cast, take},
        datatypes::{DataType, Int64Type},
    },
    error::Result,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use store::copying::Sink;

/// The place of a word among those seen so far; 0 is none.
type Place = u32;

/// Rows in the order they come in.
#[derive(Default)]
pub struct LogRows {
    numbers: [Int64Builder; NUMBERS],
    codes: [Vec<Place>; CODES],
    places: HashMap<Arc<str>, Place>,
    words: Vec<Arc<str>>,
    last_seq: Option<i64>,
}

impl LogRows {
    pub fn last_seq(&self) -> Option<i64> {
        self.last_seq
    }

    /// Takes in rows as a file holds them.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<()> {
        for index in 0..NUMBERS {
            let values = cast(batch.column(index), &DataType::Int64)?;
            let values = values.as_primitive::<Int64Type>();
            values.iter().for_each(|value| self.int(index, value));
        }
        for code in 0..CODES {
            let words = cast(batch.column(NUMBERS + code), &DataType::Utf8)?;
            words.as_string::<i32>().iter().for_each(|word| self.text(NUMBERS + code, word));
        }
        Ok(())
    }

    /// The rows as runs.
    pub fn part(mut self) -> Result<Part> {
        let numbers: [Int64Array; NUMBERS] = std::array::from_fn(|index| self.numbers[index].finish());
        let times = &numbers[OCCURRED_AT];
        let mut rows: HashMap<(Month, [Place; CODES]), Vec<u32>> = HashMap::new();
        for (row, at) in (0..).zip(times.values()) {
            let codes = std::array::from_fn(|code| self.codes[code][row as usize]);
            rows.entry((month(*at), codes)).or_default().push(row);
        }
        let mut runs = BTreeMap::new();
        for ((month, codes), mut rows) in rows {
            rows.sort_by_key(|row| times.value(*row as usize));
            let rows = UInt32Array::from(rows);
            let mut columns: Vec<ArrayRef> = Vec::with_capacity(NUMBERS);
            for column in &numbers {
                columns.push(take(column, &rows, None)?);
            }
            let codes = codes.map(|place| self.words.get((place as usize).wrapping_sub(1)).cloned());
            runs.insert(Shared { month, codes }, Run::of(columns)?);
        }
        Ok(Part::new(runs))
    }

    fn place(&mut self, word: &str) -> Place {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let word: Arc<str> = Arc::from(word);
        self.words.push(word.clone());
        let place = Place::try_from(self.words.len()).unwrap_or(Place::MAX);
        self.places.insert(word, place);
        place
    }
}

impl Sink for LogRows {
    fn int(&mut self, column: usize, value: Option<i64>) {
        if column == SEQ {
            self.last_seq = value;
        }
        self.numbers[column].append_option(value);
    }

    fn text(&mut self, column: usize, value: Option<&str>) {
        let place = value.map_or(0, |word| self.place(word));
        self.codes[column - NUMBERS].push(place);
    }
}

/// The month of an instant in microseconds, in UTC (days to civil: H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", 2013).
pub fn month(at: i64) -> Month {
    let days = at.div_euclid(86_400_000_000) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 2 } else { shifted - 10 };
    let year = year_of_era + era * 400 + i64::from(month < 2);
    i32::try_from(year * 12 + month).unwrap_or_default()
}
