//! Is the copy what the truth is? Every row of both is read and compared by a sum that does not depend on their order.

use crate::{
    catalogue::{CODES, LOG, NUMBERS, REACHED, RECORDS},
    copy::Knowledge,
    incoming::LogRows,
    ledger::Ledger,
    log::{BATCH, Part},
    trouble,
};
use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, RecordBatch},
        compute::cast,
        datatypes::{DataType, Int64Type},
    },
    error::Result as EngineResult,
};
use kernel::Fault;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};
use store::{
    Rows, changes,
    copying::{self, Key, Kind, Sink, Source},
};

/// One table, in the truth and in the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub table: &'static str,
    pub truth: Sum,
    pub copy: Sum,
}

impl Compared {
    pub fn is_equal(&self) -> bool {
        self.truth == self.copy
    }
}

/// How many rows, and a sum over all their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    values: u64,
}

/// What stands in the files.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Name, rows, files and bytes of each table.
    pub tables: Vec<(String, usize, usize, u64)>,
    /// All interactions up to here are in the files.
    pub seq: i64,
    /// Where the truth's log ends.
    pub newest: i64,
}

impl Knowledge {
    /// What stands in the files, beside a server that may be running; nothing when there are none.
    pub async fn status(&self) -> Result<Option<Status>, Fault> {
        let Some(manifest) = self.0.shelf.manifest().await? else { return Ok(None) };
        let mut status = Status { seq: manifest.seq, ..Status::default() };
        for source in RECORDS.iter().chain([&LOG, &REACHED]) {
            let mine = manifest.files.iter().filter(|file| file.table == source.table);
            let (rows, files, bytes) = mine.fold((0, 0, 0), |(r, f, b), file| (r + file.rows, f + 1, b + file.bytes));
            status.tables.push((source.table.to_owned(), rows, files, bytes));
        }
        let rows = self.0.db.read().await?;
        status.newest = copying::last(&rows, &LOG).await?;
        Ok(Some(status))
    }

    /// Compares every row of the truth at one moment with the copy at the same moment.
    pub async fn verify(&self) -> Result<Vec<Compared>, Fault> {
        let _following = self.0.following.lock().await;
        let Some(mut snapshot) = self.snapshot() else {
            return Err(Fault::Busy("the knowledgebase is still being made".to_owned()));
        };
        let rows = self.0.db.read().await?;
        // Whoever visits a running server's files may be left behind by it.
        if !changes::reaches(&rows, snapshot.cursor).await? {
            return Err(Fault::Busy("the files were written anew meanwhile".to_owned()));
        }
        loop {
            let (next, complete) = self.0.advance(&snapshot, &rows).await?;
            snapshot = next;
            if complete {
                break;
            }
        }
        let mut compared = Vec::new();
        for source in RECORDS {
            let mut copy = Sum::default();
            if let Some(records) = snapshot.records.get(source.table) {
                for batch in records.batches() {
                    copy.take(source, &batch.map_err(trouble::engine)?).map_err(trouble::engine)?;
                }
            }
            compared.push(Compared { table: source.table, truth: truth(&rows, source).await?, copy });
        }
        let mut copy = Sum::default();
        for part in &snapshot.parts {
            copy.take_part(part).map_err(trouble::engine)?;
        }
        for filed in &snapshot.cold {
            let part = Arc::new(self.0.shelf.part(filed).await?);
            copy.take_part(&part).map_err(trouble::engine)?;
        }
        let (log, ledger) = true_log(&rows).await?;
        compared.push(Compared { table: LOG.table, truth: log, copy });
        compared.push(Compared { table: REACHED.table, truth: Sum::of(&ledger)?, copy: Sum::of(&snapshot.ledger)? });
        Ok(compared)
    }
}

async fn truth(rows: &Rows, source: &'static Source) -> Result<Sum, Fault> {
    const PAGE: i64 = 20_000;
    let mut summed = Summing { columns: source.columns.len(), key: source.key, ..Summing::default() };
    let mut after: Key = (i64::MIN, i64::MIN);
    loop {
        let count = copying::page(rows, source, after, PAGE, &mut summed).await?;
        after = (summed.last[0], summed.last[1]);
        if (count as i64) < PAGE {
            return Ok(summed.sum);
        }
    }
}

/// The sum of the whole log, and whom it says was reached.
async fn true_log(rows: &Rows) -> Result<(Sum, Ledger), Fault> {
    const PAGE: i64 = 20_000;
    let mut ledger = Ledger::default();
    let mut both = Both {
        summing: Summing { columns: LOG.columns.len(), key: LOG.key, ..Summing::default() },
        rows: LogRows::default(),
    };
    loop {
        let count = copying::page(rows, &LOG, (both.summing.last[0], 0), PAGE, &mut both).await?;
        let part = std::mem::take(&mut both.rows).part().map_err(trouble::engine)?;
        ledger = ledger.with(&part).map_err(trouble::engine)?.unwrap_or(ledger);
        if (count as i64) < PAGE {
            return Ok((both.summing.sum, ledger));
        }
    }
}

/// Every value taken in twice.
struct Both {
    summing: Summing,
    rows: LogRows,
}

impl Sink for Both {
    fn int(&mut self, column: usize, value: Option<i64>) {
        self.summing.int(column, value);
        self.rows.int(column, value);
    }

    fn text(&mut self, column: usize, value: Option<&str>) {
        self.summing.text(column, value);
        self.rows.text(column, value);
    }
}

#[derive(Default)]
struct Summing {
    columns: usize,
    key: usize,
    last: [i64; 2],
    row: DefaultHasher,
    sum: Sum,
}

impl Summing {
    fn ended(&mut self, column: usize) {
        if column + 1 == self.columns {
            self.sum.add(std::mem::take(&mut self.row).finish());
        }
    }
}

impl Sink for Summing {
    fn int(&mut self, column: usize, value: Option<i64>) {
        if column < self.key {
            self.last[column] = value.unwrap_or_default();
        }
        value.hash(&mut self.row);
        self.ended(column);
    }

    fn text(&mut self, column: usize, value: Option<&str>) {
        value.hash(&mut self.row);
        self.ended(column);
    }
}

impl Sum {
    fn add(&mut self, row: u64) {
        self.rows += 1;
        self.values = self.values.wrapping_add(row);
    }

    fn take(&mut self, source: &Source, batch: &RecordBatch) -> EngineResult<()> {
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(batch.num_columns());
        for (column, array) in source.columns.iter().zip(batch.columns()) {
            let number = matches!(column.kind, Kind::Int | Kind::Flag);
            columns.push(cast(array, if number { &DataType::Int64 } else { &DataType::Utf8 })?);
        }
        for row in 0..batch.num_rows() {
            let mut hasher = DefaultHasher::new();
            for column in &columns {
                match column.as_primitive_opt::<Int64Type>() {
                    Some(numbers) => numbers.is_valid(row).then(|| numbers.value(row)).hash(&mut hasher),
                    None => {
                        let words = column.as_string::<i32>();
                        words.is_valid(row).then(|| words.value(row)).hash(&mut hasher);
                    }
                }
            }
            self.add(hasher.finish());
        }
        Ok(())
    }

    fn of(ledger: &Ledger) -> Result<Self, Fault> {
        let mut sum = Self::default();
        let all: Vec<usize> = (0..REACHED.columns.len()).collect();
        for batch in ledger.batches(&all, None).map_err(trouble::engine)? {
            sum.take(&REACHED, &batch).map_err(trouble::engine)?;
        }
        Ok(sum)
    }

    fn take_part(&mut self, part: &Part) -> EngineResult<()> {
        debug_assert_eq!(LOG.columns.len(), NUMBERS + CODES);
        part.batches(BATCH).try_for_each(|batch| self.take(&LOG, &batch?))
    }
}
