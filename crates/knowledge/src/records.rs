//! A table of records in memory: chunks sorted by key, rewritten as a whole when a row of theirs changes.
//!
//! So every chunk is immutable, a snapshot is a list of pointers, and a question never has to put a base and its changes
//! together.

use crate::{
    catalogue,
    narrowing::{one_of, range_of},
    packing::{packed, unpacked},
    words::Words,
};
use datafusion::{
    arrow::{
        array::{
            Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, Int32Array, Int64Builder, RecordBatch,
            RecordBatchOptions, StringArray, StringViewBuilder, UInt32Array,
        },
        compute::{SortColumn, concat_batches, filter_record_batch, lexsort_to_indices, max, min, take_record_batch},
        datatypes::{DataType, Int32Type, Int64Type, SchemaRef},
    },
    error::Result,
    logical_expr::Expr,
};
use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};
use store::copying::{Key, Kind, Sink, Source};

/// Rows of a chunk at most; one more, and it is cut in two.
const CHUNK: usize = 32_768;

/// One immutable stretch of a table.
#[derive(Debug)]
struct Chunk {
    last: Key,
    rows: usize,
    /// Packed.
    columns: Vec<ArrayRef>,
    /// The lowest and the highest number of each column that has any.
    ranges: Vec<Option<(i64, i64)>>,
}

/// What the numbers of a column must be like.
#[derive(Clone, Debug)]
pub enum Needs {
    /// Half-open.
    Range(Range<i64>),
    OneOf(BTreeSet<i64>),
}

impl Needs {
    /// The places of columns and what a condition needs of them; nothing for conditions that say something else.
    pub fn of(source: &Source, filter: &Expr) -> Option<(usize, Self)> {
        source.columns.iter().enumerate().find_map(|(place, column)| {
            let range = || range_of(filter, column.name).map(Self::Range);
            one_of(filter, column.name).map(Self::OneOf).or_else(range).map(|needs| (place, needs))
        })
    }

    /// Whether any number from the lowest to the highest can be like it.
    fn meets(&self, low: i64, high: i64) -> bool {
        match self {
            Self::Range(range) => low < range.end && range.start <= high,
            Self::OneOf(numbers) => numbers.range(low..=high).next().is_some(),
        }
    }
}

impl Chunk {
    /// Some columns as questions see them.
    fn columns(&self, schema: &SchemaRef, wanted: &[usize]) -> Result<RecordBatch> {
        let schema = Arc::new(schema.project(wanted)?);
        let columns = wanted.iter().zip(schema.fields());
        let columns = columns.map(|(index, field)| unpacked(&self.columns[*index], field.data_type()));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        Ok(RecordBatch::try_new_with_options(schema.clone(), columns.collect::<Result<_>>()?, &options)?)
    }

    /// Whether any of its rows can be what is needed.
    fn meets(&self, needs: &[(usize, Needs)]) -> bool {
        needs.iter().all(|(place, needs)| self.ranges[*place].is_some_and(|(low, high)| needs.meets(low, high)))
    }

    fn batch(&self, schema: &SchemaRef) -> Result<RecordBatch> {
        self.columns(schema, &(0..self.columns.len()).collect::<Vec<_>>())
    }
}

/// The lowest and the highest of whole numbers.
fn range(column: &ArrayRef) -> Option<(i64, i64)> {
    let numbers = column.as_primitive_opt::<Int64Type>()?;
    min(numbers).zip(max(numbers))
}

/// All rows of one table at one moment.
#[derive(Clone, Debug)]
pub struct Records {
    pub source: &'static Source,
    pub schema: SchemaRef,
    chunks: Arc<Vec<Arc<Chunk>>>,
    codes: Arc<Vec<Codes>>,
}

/// The words of one column so far; they only grow, so that every chunk's dictionary is a beginning of the newest one.
#[derive(Clone, Debug)]
struct Codes {
    places: Arc<HashMap<Arc<str>, i32>>,
    words: Arc<StringArray>,
}

impl Records {
    pub fn new(source: &'static Source) -> Self {
        let codes = source.columns.iter().map(|_| Codes::none()).collect();
        Self { source, schema: catalogue::schema(source), chunks: Arc::default(), codes: Arc::new(codes) }
    }

    pub fn rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.rows).sum()
    }

    pub fn bytes(&self) -> usize {
        let columns = self.chunks.iter().flat_map(|chunk| &chunk.columns);
        // The words behind the codes are shared by all chunks.
        let own = |column: &ArrayRef| match column.as_any_dictionary_opt() {
            Some(dictionary) => dictionary.keys().get_array_memory_size(),
            None => column.get_array_memory_size(),
        };
        columns.map(own).sum()
    }

    /// The lowest and the highest number of the first column of the key.
    pub fn span(&self) -> Option<(i64, i64)> {
        let ranges = self.chunks.iter().filter_map(|chunk| chunk.ranges[0]);
        ranges.reduce(|(low, high), (lower, higher)| (low.min(lower), high.max(higher)))
    }

    /// The words behind the codes of a column, those of every chunk among them in the same places.
    pub fn words(&self, column: usize) -> ArrayRef {
        self.codes[column].words.clone()
    }

    /// All rows, chunk by chunk.
    pub fn batches(&self) -> impl Iterator<Item = Result<RecordBatch>> {
        self.chunks.iter().map(|chunk| chunk.batch(&self.schema))
    }

    /// Some columns, chunk by chunk, without chunks that hold nothing of what is needed.
    pub fn columns(&self, wanted: &[usize], needs: &[(usize, Needs)]) -> impl Iterator<Item = Result<RecordBatch>> {
        self.chunks.iter().filter(|chunk| chunk.meets(needs)).map(|chunk| chunk.columns(&self.schema, wanted))
    }

    /// Whether both are the very same rows, not only equal ones.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.chunks, &other.chunks)
    }

    /// Rows under their keys in place of whatever stood under `changed` before: a key without a row is gone.
    pub fn with(&self, changed: &BTreeSet<Key>, rows: Collected) -> Result<Self> {
        let mut codes = Vec::clone(&self.codes);
        let fresh = rows.batch(&self.schema, &mut codes)?;
        let fresh = self.sorted(fresh)?;
        let keys: Vec<Key> = self.keys(&fresh);
        let mut chunks: Vec<Arc<Chunk>> = Vec::with_capacity(self.chunks.len() + 1);
        let mut begun = 0;
        let mut left: Vec<Key> = changed.iter().copied().collect();
        left.reverse();
        for (index, chunk) in self.chunks.iter().enumerate() {
            let last = index + 1 == self.chunks.len();
            let mut here = BTreeSet::new();
            while left.last().is_some_and(|key| last || *key <= chunk.last) {
                here.extend(left.pop());
            }
            let ends = if last { keys.len() } else { keys.partition_point(|key| *key <= chunk.last) };
            if here.is_empty() && ends == begun {
                chunks.push(chunk.clone());
                continue;
            }
            let mine = fresh.slice(begun, ends - begun);
            begun = ends;
            self.rewrite(&chunk.batch(&self.schema)?, &here, &mine, &codes, &mut chunks)?;
        }
        if self.chunks.is_empty() {
            self.cut(fresh, &mut chunks)?;
        }
        Ok(Self { source: self.source, schema: self.schema.clone(), chunks: Arc::new(chunks), codes: Arc::new(codes) })
    }

    /// The rows of a file, whose keys are in order.
    pub fn from_batches(
        source: &'static Source,
        batches: &mut dyn Iterator<Item = Result<RecordBatch>>,
    ) -> Result<Self> {
        let records = Self::new(source);
        let mut codes = Vec::clone(&records.codes);
        let mut chunks = Vec::new();
        for batch in batches {
            let batch = batch?;
            let mut columns = Vec::with_capacity(batch.num_columns());
            for (index, column) in source.columns.iter().enumerate() {
                let found = batch.column(index);
                columns.push(if column.kind == Kind::Code {
                    let words = datafusion::arrow::compute::cast(found, &DataType::Utf8)?;
                    let words = words.as_string::<i32>();
                    let places: Int32Array =
                        words.iter().map(|word| word.map(|word| codes[index].place(word))).collect();
                    Arc::new(places) as ArrayRef
                } else {
                    found.clone()
                });
            }
            codes.iter_mut().for_each(Codes::settle);
            for (index, column) in columns.iter_mut().enumerate() {
                if source.columns[index].kind == Kind::Code {
                    *column = codes[index].dictionary(column.as_primitive::<Int32Type>().clone())?;
                }
            }
            records.cut(RecordBatch::try_new(records.schema.clone(), columns)?, &mut chunks)?;
        }
        Ok(Self { chunks: Arc::new(chunks), codes: Arc::new(codes), ..records })
    }

    fn rewrite(
        &self,
        old: &RecordBatch,
        gone: &BTreeSet<Key>,
        fresh: &RecordBatch,
        codes: &[Codes],
        into: &mut Vec<Arc<Chunk>>,
    ) -> Result<()> {
        let new: BTreeSet<Key> = self.keys(fresh).into_iter().collect();
        let stays: BooleanArray =
            self.keys(old).iter().map(|key| Some(!gone.contains(key) && !new.contains(key))).collect();
        let stay = filter_record_batch(old, &stays)?;
        let both = [self.newest(&stay, codes)?, self.newest(fresh, codes)?];
        self.cut(self.sorted(concat_batches(&self.schema, &both)?)?, into)
    }

    /// Each chunk gets rows of its own: a slice would keep the whole batch in memory for as long as any of its parts lives.
    fn cut(&self, batch: RecordBatch, into: &mut Vec<Arc<Chunk>>) -> Result<()> {
        let rows = batch.num_rows();
        let parts = rows.div_ceil(CHUNK);
        for part in 0..parts {
            let (from, to) = (rows * part / parts, rows * (part + 1) / parts);
            let rows = UInt32Array::from_iter_values((from..to).filter_map(|row| u32::try_from(row).ok()));
            let batch = take_record_batch(&batch, &rows)?;
            if let Some(last) = self.keys(&batch.slice(to - from - 1, 1)).first() {
                let columns = batch.columns().iter().map(packed).collect::<Result<_>>()?;
                let ranges = batch.columns().iter().map(range).collect();
                into.push(Arc::new(Chunk { last: *last, rows: to - from, columns, ranges }));
            }
        }
        Ok(())
    }

    fn keys(&self, batch: &RecordBatch) -> Vec<Key> {
        let first = batch.column(0).as_primitive::<Int64Type>().values();
        if self.source.key == 1 {
            return first.iter().map(|id| (*id, 0)).collect();
        }
        let second = batch.column(1).as_primitive::<Int64Type>().values();
        first.iter().copied().zip(second.iter().copied()).collect()
    }

    fn sorted(&self, batch: RecordBatch) -> Result<RecordBatch> {
        if self.keys(&batch).is_sorted() {
            return Ok(batch);
        }
        let by: Vec<SortColumn> =
            (0..self.source.key).map(|i| SortColumn { values: batch.column(i).clone(), options: None }).collect();
        Ok(take_record_batch(&batch, &lexsort_to_indices(&by, None)?)?)
    }

    /// The same rows with the newest words behind their codes, so that chunks are joined without comparing words.
    fn newest(&self, batch: &RecordBatch, codes: &[Codes]) -> Result<RecordBatch> {
        let mut columns = batch.columns().to_vec();
        for (column, codes) in columns.iter_mut().zip(codes) {
            if let Some(dictionary) = column.as_any_dictionary_opt() {
                *column = codes.dictionary(dictionary.keys().as_primitive::<Int32Type>().clone())?;
            }
        }
        Ok(RecordBatch::try_new(self.schema.clone(), columns)?)
    }
}

impl Codes {
    fn none() -> Self {
        Self { places: Arc::default(), words: Arc::new(StringArray::new_null(0)) }
    }

    fn place(&mut self, word: &str) -> i32 {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = i32::try_from(self.places.len()).unwrap_or(i32::MAX);
        Arc::make_mut(&mut self.places).insert(Arc::from(word), place);
        place
    }

    /// Makes the words that were added part of the dictionary.
    fn settle(&mut self) {
        if self.places.len() == self.words.len() {
            return;
        }
        let mut words: Vec<(&Arc<str>, i32)> = self.places.iter().map(|(word, place)| (word, *place)).collect();
        words.sort_unstable_by_key(|(_, place)| *place);
        self.words = Arc::new(StringArray::from_iter_values(words.into_iter().map(|(word, _)| word)));
    }

    fn dictionary(&self, places: Int32Array) -> Result<ArrayRef> {
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(places, self.words.clone())?))
    }
}

/// Rows on their way from the truth into columns.
pub struct Collected {
    source: &'static Source,
    columns: Vec<Column>,
}

enum Column {
    Int(Int64Builder),
    Code(Vec<Option<Arc<str>>>, Words),
    Text(StringViewBuilder),
}

impl Collected {
    pub fn new(source: &'static Source) -> Self {
        let column = |kind| match kind {
            Kind::Int | Kind::Flag => Column::Int(Int64Builder::new()),
            Kind::Code => Column::Code(Vec::new(), Words::default()),
            Kind::Text => Column::Text(StringViewBuilder::new()),
        };
        Self { source, columns: source.columns.iter().map(|c| column(c.kind)).collect() }
    }

    /// The key of the last row taken in.
    pub fn last(&self) -> Option<Key> {
        let half = |index: usize| match &self.columns[index] {
            Column::Int(values) => values.values_slice().last().copied(),
            _ => None,
        };
        let second = if self.source.key == 2 { half(1)? } else { 0 };
        half(0).map(|first| (first, second))
    }

    fn batch(self, schema: &SchemaRef, codes: &mut [Codes]) -> Result<RecordBatch> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for (column, codes) in self.columns.into_iter().zip(codes) {
            arrays.push(match column {
                Column::Int(mut values) => Arc::new(values.finish()),
                Column::Text(mut builder) => Arc::new(builder.finish()),
                Column::Code(words, _) => {
                    let places = words.iter().map(|word| word.as_deref().map(|word| codes.place(word))).collect();
                    codes.settle();
                    codes.dictionary(places)?
                }
            });
        }
        Ok(RecordBatch::try_new(schema.clone(), arrays)?)
    }
}

impl Sink for Collected {
    fn int(&mut self, column: usize, value: Option<i64>) {
        if let Column::Int(values) = &mut self.columns[column] {
            values.append_option(value);
        }
    }

    fn text(&mut self, column: usize, value: Option<&str>) {
        match &mut self.columns[column] {
            Column::Text(builder) => builder.append_option(value),
            Column::Code(words, known) => words.push(value.map(|word| known.shared(word))),
            Column::Int(_) => {}
        }
    }
}
