//! The interaction log in memory: runs of rows that share month, kind, channel, verdict and currency, in the order of time.
//!
//! What a run shares is not stored per row, and a question that names a kind and a period reads nothing else: it finds the
//! run, cuts the period out by two binary searches and copies nothing.

use crate::{
    catalogue::{self, CAMPAIGN, CODES, CONTACT, NUMBERS, OCCURRED_AT, SEQ},
    incoming::LogRows,
    members::each,
    packing::{packed, unpacked},
};
use datafusion::{
    arrow::{
        array::{
            Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray,
            new_null_array,
        },
        compute::{concat, filter, max, min, sort_to_indices, take},
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
    /// Packed, but for the times; a column without any value is not kept.
    numbers: [Option<ArrayRef>; NUMBERS],
    rows: usize,
    /// The lowest and the highest position.
    seqs: (i64, i64),
}

/// What is left of some rows when others were taken out.
pub struct Less {
    pub part: Part,
    /// What the rows that are gone shared.
    pub shared: Vec<Shared>,
    /// Campaign and contact of those that named both.
    pub reached: Vec<(i64, i64)>,
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
        let seqs = runs.values().map(|run| run.seqs);
        let (first, last) = seqs.fold((i64::MAX, i64::MIN), |(a, b), (first, last)| (a.min(first), b.max(last)));
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
    pub fn without(&self, gone: &BTreeSet<i64>) -> Result<Option<Less>> {
        if gone.range(self.seqs.clone()).next().is_none() {
            return Ok(None);
        }
        let mut runs = self.runs.clone();
        let (mut touched, mut reached) = (Vec::new(), Vec::new());
        for (shared, run) in &mut runs {
            let stays: BooleanArray = run.wide(SEQ)?.iter().map(|seq| seq.map(|seq| !gone.contains(&seq))).collect();
            if stays.true_count() == run.rows {
                continue;
            }
            touched.push(shared.clone());
            let people = run.people()?;
            reached
                .extend(people.zip(stays.iter()).filter(|(_, stays)| *stays == Some(false)).filter_map(|(who, _)| who));
            *run = run.filtered(&stays)?;
        }
        runs.retain(|_, run| run.rows > 0);
        Ok((!touched.is_empty()).then(|| Less { part: Self::new(runs), shared: touched, reached }))
    }

    /// The same rows, known to be in a file.
    pub fn in_file(&self, name: &str) -> Self {
        Self { file: Some(name.to_owned()), ..Self::new(self.runs.clone()) }
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
    pub fn batches(&self, rows: usize) -> impl Iterator<Item = Result<RecordBatch>> {
        let all: Arc<Vec<usize>> = Arc::new((0..NUMBERS + CODES).collect());
        let schema = catalogue::log_schema();
        self.runs.iter().flat_map(move |(shared, run)| {
            let (all, schema) = (all.clone(), schema.clone());
            let batch = move |from: usize| run.batch(shared, from..(from + rows).min(run.rows), &all, &schema);
            (0..run.rows).step_by(rows).map(batch)
        })
    }

    /// The rows of a file.
    pub fn from_batches(batches: &mut dyn Iterator<Item = Result<RecordBatch>>) -> Result<Self> {
        let mut rows = LogRows::default();
        for batch in batches {
            rows.batch(&batch?)?;
        }
        rows.part()
    }
}

impl Run {
    /// Columns of equal length, in the order of `occurred_at`.
    pub fn of(columns: Vec<ArrayRef>) -> Result<Self> {
        let rows = columns.first().map_or(0, Array::len);
        let seqs = columns[SEQ].as_primitive::<Int64Type>();
        let seqs = (min(seqs).unwrap_or(i64::MAX), max(seqs).unwrap_or(i64::MIN));
        let mut numbers: [Option<ArrayRef>; NUMBERS] = Default::default();
        for (index, column) in columns.into_iter().enumerate() {
            numbers[index] = match column.null_count() == rows {
                true => None,
                false if index == OCCURRED_AT => Some(column),
                false => Some(packed(&column)?),
            };
        }
        Ok(Self { numbers, rows, seqs })
    }

    fn joined(runs: &[&Run]) -> Result<Self> {
        if let [run] = runs {
            return Ok((*run).clone());
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(NUMBERS);
        for index in 0..NUMBERS {
            let pieces = runs.iter().map(|run| run.column(index, 0..run.rows)).collect::<Result<Vec<_>>>()?;
            columns.push(concat(&pieces.iter().map(AsRef::as_ref).collect::<Vec<_>>())?);
        }
        let times = &columns[OCCURRED_AT];
        if !times.as_primitive::<Int64Type>().values().is_sorted() {
            let order = sort_to_indices(times, None, None)?;
            columns = columns.iter().map(|column| take(column, &order, None)).collect::<std::result::Result<_, _>>()?;
        }
        Self::of(columns)
    }

    fn filtered(&self, stays: &BooleanArray) -> Result<Self> {
        let column = |index: usize| Ok(filter(&self.column(index, 0..self.rows)?, stays)?);
        Self::of((0..NUMBERS).map(column).collect::<Result<_>>()?)
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn times(&self) -> &[i64] {
        self.numbers[OCCURRED_AT].as_ref().map_or(&[], |column| column.as_primitive::<Int64Type>().values())
    }

    /// Whether any row has a value in this column.
    pub fn has(&self, column: usize) -> bool {
        column >= NUMBERS || self.numbers[column].is_some()
    }

    /// All values of a column.
    fn wide(&self, index: usize) -> Result<Int64Array> {
        Ok(self.column(index, 0..self.rows)?.as_primitive::<Int64Type>().clone())
    }

    /// Whether any row names a campaign and any a contact.
    pub fn names_people(&self) -> bool {
        self.has(CAMPAIGN) && self.has(CONTACT)
    }

    /// Campaign and contact of each row that names both.
    pub fn people(&self) -> Result<impl Iterator<Item = Option<(i64, i64)>>> {
        let (campaigns, contacts) = (self.wide(CAMPAIGN)?, self.wide(CONTACT)?);
        let value = |column: &Int64Array, row: usize| column.is_valid(row).then(|| column.value(row));
        Ok((0..self.rows).map(move |row| value(&campaigns, row).zip(value(&contacts, row))))
    }

    /// Calls with the contact of each of some rows that has one.
    pub fn each_contact(&self, rows: Range<usize>, call: impl FnMut(i64)) -> Result<()> {
        self.numbers[CONTACT].as_ref().map_or(Ok(()), |contacts| each(contacts, rows, call))
    }

    /// Some rows of a column as questions see them.
    fn column(&self, index: usize, rows: Range<usize>) -> Result<ArrayRef> {
        match &self.numbers[index] {
            Some(column) => unpacked(&column.slice(rows.start, rows.len()), &DataType::Int64),
            None => Ok(new_null_array(&DataType::Int64, rows.len())),
        }
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
            Some(code) => Ok(constant(&shared.codes[code], length)),
            None => self.column(*index, rows.clone()),
        };
        let arrays = columns.iter().map(column).collect::<Result<_>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(length));
        Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::month;
    use store::copying::Sink;

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
        let again = Part::from_batches(&mut batches.into_iter().map(Ok)).unwrap();
        assert_eq!(again.runs.keys().collect::<Vec<_>>(), joined.runs.keys().collect::<Vec<_>>());
        let less = joined.without(&BTreeSet::from([2])).unwrap().unwrap();
        assert_eq!((less.part.rows, less.part.runs.len(), less.shared.len()), (2, 2, 1));
        assert!(joined.without(&BTreeSet::from([9])).unwrap().is_none());
    }
}
