//! The interaction log in memory: runs of rows that share month, kind, channel, verdict and currency, in the order of time.
//!
//! What a run shares is not stored per row, and a question that names a kind and a period reads nothing else: it finds the
//! run, cuts the period out by two binary searches and copies nothing.

use crate::{
    catalogue::{self, CODES, NUMBERS, OCCURRED_AT, SEQ},
    words::Words,
};
use datafusion::{
    arrow::{
        array::{
            Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray,
            new_null_array,
        },
        compute::{cast, concat, filter, sort_to_indices, take},
        datatypes::{DataType, Int64Type, SchemaRef},
    },
    error::Result,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use store::copying::Sink;

/// Months since the year 0, in UTC.
pub type Month = i32;

/// What the rows of a run share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shared {
    pub month: Month,
    /// kind, channel, verdict, currency
    pub codes: [Option<Arc<str>>; CODES],
}

/// Rows that share everything but their numbers, in the order of `occurred_at`.
#[derive(Clone, Debug)]
pub struct Run {
    /// A column without any value is not kept.
    numbers: [Option<ArrayRef>; NUMBERS],
    rows: usize,
}

/// Immutable rows of the log with a number of its own.
#[derive(Debug)]
pub struct Part {
    pub number: u64,
    pub runs: BTreeMap<Shared, Run>,
    pub rows: usize,
    pub seqs: Range<i64>,
    /// The file these rows are in, exactly as they are here.
    pub file: Option<String>,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Part {
    pub fn new(runs: BTreeMap<Shared, Run>) -> Self {
        let rows = runs.values().map(|run| run.rows).sum();
        let seqs = runs.values().flat_map(|run| run.seqs().iter());
        let (first, last) = seqs.fold((i64::MAX, i64::MIN), |(a, b), seq| (a.min(*seq), b.max(*seq)));
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            rows,
            seqs: first..last.saturating_add(1),
            runs,
            file: None,
        }
    }

    /// All rows of several parts in one.
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Result<Self> {
        let mut runs: BTreeMap<&Shared, Vec<&Run>> = BTreeMap::new();
        for part in parts {
            for (shared, run) in &part.runs {
                runs.entry(shared).or_default().push(run);
            }
        }
        let join = |(shared, runs): (&Shared, Vec<&Run>)| Ok((shared.clone(), Run::joined(&runs)?));
        Ok(Self::new(runs.into_iter().map(join).collect::<Result<_>>()?))
    }

    /// The same without some rows; nothing when none of them is here.
    pub fn without(&self, gone: &BTreeSet<i64>) -> Result<Option<Self>> {
        if gone.range(self.seqs.clone()).next().is_none() {
            return Ok(None);
        }
        let mut runs = self.runs.clone();
        let mut found = false;
        for run in runs.values_mut() {
            let stays: BooleanArray = run.seqs().iter().map(|seq| Some(!gone.contains(seq))).collect();
            if stays.true_count() < run.rows {
                found = true;
                *run = run.filtered(&stays)?;
            }
        }
        runs.retain(|_, run| run.rows > 0);
        Ok(found.then(|| Self::new(runs)))
    }

    pub fn months(&self) -> BTreeSet<Month> {
        self.runs.keys().map(|shared| shared.month).collect()
    }

    /// The rows of one month.
    pub fn of_month(&self, month: Month) -> Self {
        let mine = self.runs.iter().filter(|(shared, _)| shared.month == month);
        Self::new(mine.map(|(shared, run)| (shared.clone(), run.clone())).collect())
    }

    pub fn bytes(&self) -> usize {
        let numbers = self.runs.values().flat_map(|run| run.numbers.iter().flatten());
        numbers.map(|array| array.get_array_memory_size()).sum()
    }

    /// As batches with all columns, run by run: what a file holds.
    pub fn batches<'a>(&'a self, rows: usize) -> impl Iterator<Item = Result<RecordBatch>> + 'a {
        let all: Arc<Vec<usize>> = Arc::new((0..NUMBERS + CODES).collect());
        let schema = catalogue::log_schema();
        self.runs.iter().flat_map(move |(shared, run)| {
            let (all, schema) = (all.clone(), schema.clone());
            let batch = move |from: usize| run.batch(shared, from..(from + rows).min(run.rows), &all, &schema);
            (0..run.rows).step_by(rows).map(batch)
        })
    }

    /// The rows of a file.
    pub fn from_batches(batches: &[RecordBatch]) -> Result<Self> {
        let mut rows = LogRows::default();
        for batch in batches {
            for index in 0..NUMBERS {
                let values = cast(batch.column(index), &DataType::Int64)?;
                rows.numbers[index].extend(values.as_primitive::<Int64Type>().iter());
            }
            for code in 0..CODES {
                let words = cast(batch.column(NUMBERS + code), &DataType::Utf8)?;
                for word in words.as_string::<i32>() {
                    rows.text(NUMBERS + code, word);
                }
            }
        }
        rows.part()
    }
}

impl Run {
    fn joined(runs: &[&Run]) -> Result<Self> {
        if let [run] = runs {
            return Ok((*run).clone());
        }
        let rows = runs.iter().map(|run| run.rows).sum();
        let mut numbers: [Option<ArrayRef>; NUMBERS] = Default::default();
        for (index, column) in numbers.iter_mut().enumerate() {
            if runs.iter().all(|run| run.numbers[index].is_none()) {
                continue;
            }
            let arrays: Vec<ArrayRef> = runs
                .iter()
                .map(|run| run.numbers[index].clone().unwrap_or_else(|| new_null_array(&DataType::Int64, run.rows)))
                .collect();
            *column = Some(concat(&arrays.iter().map(AsRef::as_ref).collect::<Vec<_>>())?);
        }
        Self { numbers, rows }.in_order()
    }

    fn in_order(self) -> Result<Self> {
        if self.times().is_sorted() {
            return Ok(self);
        }
        let Some(times) = &self.numbers[OCCURRED_AT] else { return Ok(self) };
        let order = sort_to_indices(times, None, None)?;
        let take = |column: &Option<ArrayRef>| column.as_ref().map(|column| take(column, &order, None)).transpose();
        let mut numbers: [Option<ArrayRef>; NUMBERS] = Default::default();
        for (to, from) in numbers.iter_mut().zip(&self.numbers) {
            *to = take(from)?;
        }
        Ok(Self { numbers, rows: self.rows })
    }

    fn filtered(&self, stays: &BooleanArray) -> Result<Self> {
        let mut numbers: [Option<ArrayRef>; NUMBERS] = Default::default();
        for (to, from) in numbers.iter_mut().zip(&self.numbers) {
            *to = from.as_ref().map(|column| filter(column, stays)).transpose()?;
        }
        Ok(Self { numbers, rows: stays.true_count() })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    fn seqs(&self) -> &[i64] {
        self.plain(SEQ)
    }

    pub fn times(&self) -> &[i64] {
        self.plain(OCCURRED_AT)
    }

    /// The values of a column that has no gaps; empty for one without values.
    fn plain(&self, index: usize) -> &[i64] {
        self.numbers[index].as_ref().map_or(&[], |column| column.as_primitive::<Int64Type>().values())
    }

    /// Whether any row has a value in this column.
    pub fn has(&self, column: usize) -> bool {
        column >= NUMBERS || self.numbers[column].is_some()
    }

    pub fn number(&self, column: usize) -> Option<&Int64Array> {
        self.numbers.get(column)?.as_ref().map(|column| column.as_primitive())
    }

    /// The rows with `occurred_at` in a half-open range.
    pub fn between(&self, times: &Range<i64>) -> Range<usize> {
        let all = self.times();
        let from = all.partition_point(|at| *at < times.start);
        from..all.partition_point(|at| *at < times.end).max(from)
    }

    /// Some rows with some columns: their places in the schema of the log, and the schema of them alone.
    pub fn batch(
        &self,
        shared: &Shared,
        rows: Range<usize>,
        columns: &[usize],
        schema: &SchemaRef,
    ) -> Result<RecordBatch> {
        let length = rows.len();
        let column = |index: &usize| match index.checked_sub(NUMBERS) {
            Some(code) => constant(&shared.codes[code], length),
            None => match &self.numbers[*index] {
                Some(column) => column.slice(rows.start, length),
                None => new_null_array(&DataType::Int64, length),
            },
        };
        let options = RecordBatchOptions::new().with_row_count(Some(length));
        Ok(RecordBatch::try_new_with_options(schema.clone(), columns.iter().map(column).collect(), &options)?)
    }
}

/// Rows of a batch at most.
pub const BATCH: usize = 16_384;

/// The same word over and over. There are few words, so each is written out once for all questions.
fn constant(word: &Option<Arc<str>>, length: usize) -> ArrayRef {
    static WRITTEN: LazyLock<Mutex<HashMap<Arc<str>, StringViewArray>>> = LazyLock::new(Mutex::default);
    let Some(word) = word else { return new_null_array(&DataType::Utf8View, length) };
    let written = WRITTEN.lock().ok().and_then(|mut written| {
        let words = written.entry(word.clone()).or_insert_with(|| repeated(word, BATCH));
        (length <= BATCH).then(|| words.slice(0, length))
    });
    Arc::new(written.unwrap_or_else(|| repeated(word, length)))
}

fn repeated(word: &str, length: usize) -> StringViewArray {
    std::iter::repeat_n(Some(word), length).collect()
}

/// Rows of the log on their way into runs.
#[derive(Default)]
pub struct LogRows {
    numbers: [Vec<Option<i64>>; NUMBERS],
    codes: [Vec<Option<Arc<str>>>; CODES],
    words: Words,
}

impl LogRows {
    pub fn last_seq(&self) -> Option<i64> {
        self.numbers[SEQ].last().copied().flatten()
    }

    pub fn part(self) -> Result<Part> {
        let rows = self.numbers[SEQ].len();
        let mut places: BTreeMap<Shared, Vec<usize>> = BTreeMap::new();
        for row in 0..rows {
            let month = month(self.numbers[OCCURRED_AT][row].unwrap_or_default());
            let codes = std::array::from_fn(|code| self.codes[code][row].clone());
            places.entry(Shared { month, codes }).or_default().push(row);
        }
        let mut runs = BTreeMap::new();
        for (shared, mut rows) in places {
            rows.sort_by_key(|row| self.numbers[OCCURRED_AT][*row]);
            let column = |index: usize| {
                let values: Int64Array = rows.iter().map(|row| self.numbers[index][*row]).collect();
                (values.null_count() < values.len()).then(|| Arc::new(values) as ArrayRef)
            };
            runs.insert(shared, Run { numbers: std::array::from_fn(column), rows: rows.len() });
        }
        Ok(Part::new(runs))
    }
}

impl Sink for LogRows {
    fn int(&mut self, column: usize, value: Option<i64>) {
        self.numbers[column].push(value);
    }

    fn text(&mut self, column: usize, value: Option<&str>) {
        let word = value.map(|word| self.words.shared(word));
        self.codes[column - NUMBERS].push(word);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(entries: &[(i64, i64, Option<i64>, &str)]) -> Part {
        let mut rows = LogRows::default();
        for (seq, at, contact, kind) in entries {
            for (column, value) in
                [Some(*seq), Some(*at), *contact, None, None, None, None, None].into_iter().enumerate()
            {
                rows.int(column, value);
            }
            for (code, word) in [Some(*kind), Some("email"), Some("human"), None].into_iter().enumerate() {
                rows.text(NUMBERS + code, word);
            }
        }
        rows.part().unwrap()
    }

    const MARCH: i64 = 1_772_323_200_000_000;

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(
            (month(0), month(-1), month(MARCH), month(MARCH - 1)),
            (1970 * 12, 1969 * 12 + 11, 2026 * 12 + 2, 2026 * 12 + 1)
        );
    }

    #[test]
    fn rows_are_kept_by_what_they_share_in_the_order_of_time() {
        let part = rows(&[
            (1, MARCH + 9, Some(7), "opened"),
            (2, MARCH - 5, None, "opened"),
            (3, MARCH + 1, Some(8), "opened"),
            (4, MARCH, Some(8), "sent"),
        ]);
        assert_eq!((part.rows, part.runs.len(), part.seqs.clone(), part.months().len()), (4, 3, 1..5, 2));
        let run =
            part.runs.iter().find(|(s, _)| s.month == month(MARCH) && s.codes[0].as_deref() == Some("opened")).unwrap();
        assert_eq!(run.1.times(), [MARCH + 1, MARCH + 9]);
        assert_eq!(run.1.between(&(MARCH + 1..MARCH + 9)), 0..1);
    }

    #[test]
    fn parts_are_joined_cut_and_written_without_losing_a_row() {
        let (a, b) = (
            rows(&[(1, MARCH + 9, Some(7), "opened")]),
            rows(&[(2, MARCH + 5, None, "opened"), (3, MARCH, None, "sent")]),
        );
        let joined = Part::joined([&a, &b]).unwrap();
        let batches: Vec<RecordBatch> = joined.batches(1).map(Result::unwrap).collect();
        assert_eq!((joined.rows, joined.runs.len(), batches.len()), (3, 2, 3));
        let again = Part::from_batches(&batches).unwrap();
        assert_eq!(again.runs.keys().collect::<Vec<_>>(), joined.runs.keys().collect::<Vec<_>>());
        let less = joined.without(&BTreeSet::from([2])).unwrap().unwrap();
        assert_eq!((less.rows, less.runs.len()), (2, 2));
        assert!(joined.without(&BTreeSet::from([9])).unwrap().is_none());
    }
}
