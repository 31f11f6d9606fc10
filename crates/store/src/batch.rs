//! Many rows in one statement: what imports, the recorder and the ledger write with.

use crate::{Engine, Write, fault};
use futures::join;
use kernel::Fault;
use sea_orm::{ConnectionTrait, ExecResult, QueryResult, Value};

/// Rows collected for one table, written as `INSERT … VALUES (…), (…)`.
///
/// Chunks have one fixed size as long as rows last, and what is left comes in powers of two, so that few statements are
/// prepared and used again and again. SQLite takes 32,766 binds in a statement, PostgreSQL 65,535.
pub struct Batch<'a> {
    head: String,
    tail: &'a str,
    width: usize,
    values: Vec<Value>,
    /// Rows that are made when their turn comes.
    later: Option<Box<dyn ExactSizeIterator<Item = Vec<Value>> + Send + 'a>>,
}

impl<'a> Batch<'a> {
    /// `tail` follows the rows: empty, `ON CONFLICT …` or `RETURNING …`.
    pub fn new(table: &str, columns: &[&str], tail: &'a str) -> Self {
        Self::of(format!("INSERT INTO {table} ({}) VALUES ", columns.join(", ")), columns.len(), tail)
    }

    /// Rows of `width` cells between a beginning that ends with `VALUES` and the rest of the statement.
    pub fn of(head: String, width: usize, tail: &'a str) -> Self {
        Self { head, tail, width, values: Vec::new(), later: None }
    }

    /// Rows for one table, made while the database works on those before them.
    pub fn made(table: &str, columns: &[&str], rows: impl ExactSizeIterator<Item = Vec<Value>> + Send + 'a) -> Self {
        Self { later: Some(Box::new(rows)), ..Self::new(table, columns, "") }
    }

    /// Adds one row; it must have a value for each column.
    pub fn push(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.width, "a row of {} has another width", self.head);
        self.values.extend(row);
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.width + self.later.as_ref().map_or(0, |rows| rows.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes all rows; answers how many the database took.
    pub async fn write(self, unit: &Write) -> Result<u64, Fault> {
        Ok(self.execute(unit).await?.iter().map(|(_, done)| done.rows_affected()).sum())
    }

    /// Each statement with the number of its rows and what became of it. While the database works on one, the next is made.
    async fn execute(self, unit: &Write) -> Result<Vec<(i64, ExecResult)>, Fault> {
        let (engine, width) = (unit.engine(), self.width);
        let mut chunks = self.chunks(engine);
        let mut done = Vec::new();
        let mut next = chunks.next();
        while let Some((sql, values)) = next {
            let rows = (values.len() / width) as i64;
            let statement = unit.statement(&sql, values);
            let (result, following) = join!(unit.tx().execute_raw(statement), async { chunks.next() });
            done.push((rows, result.map_err(fault)?));
            next = following;
        }
        Ok(done)
    }

    /// Writes all rows of a batch whose tail returns something, and answers what came back, in the order of the rows.
    pub async fn write_returning(self, unit: &Write) -> Result<Vec<QueryResult>, Fault> {
        let mut rows = Vec::new();
        for (sql, values) in self.chunks(unit.engine()) {
            rows.extend(unit.tx().query_all_raw(unit.statement(&sql, values)).await.map_err(fault)?);
        }
        Ok(rows)
    }

    /// Writes all rows and answers the growing keys they were given, in the order of the rows; the batch has no tail. On
    /// SQLite, where one connection writes, the keys of a statement have no gaps and the last one says all of them.
    pub async fn write_numbered(self, unit: &Write, key: &str) -> Result<Vec<i64>, Fault> {
        let mut keys = Vec::with_capacity(self.len());
        if unit.engine() == Engine::Sqlite {
            for (rows, done) in self.execute(unit).await? {
                let last = done.last_insert_id() as i64;
                keys.extend(last - rows + 1..=last);
            }
            return Ok(keys);
        }
        let returning = format!("RETURNING {key}");
        for row in (Batch { tail: &returning, ..self }).write_returning(unit).await? {
            keys.push(row.try_get_by_index(0).map_err(fault)?);
        }
        // Rows of one statement are numbered in its order; only the order of what RETURNING gives is not promised.
        keys.sort_unstable();
        Ok(keys)
    }

    fn chunks(self, engine: Engine) -> impl Iterator<Item = (String, Vec<Value>)> + use<'a> {
        let limit = if engine == Engine::Sqlite { 32_000 } else { 60_000 };
        let rows_per_chunk = (limit / self.width).clamp(1, 500);
        let mut left = self.len();
        let Self { head, tail, width, values, later } = self;
        let mut values = values.into_iter().chain(later.into_iter().flatten().flatten());
        std::iter::from_fn(move || {
            let rows = match left {
                0 => return None,
                left if left >= rows_per_chunk => rows_per_chunk,
                left => 1 << left.ilog2(),
            };
            left -= rows;
            let mut chunk = Vec::with_capacity(rows * width);
            chunk.extend(values.by_ref().take(rows * width));
            Some((sql(engine, &head, tail, width, rows), chunk))
        })
    }
}

/// `$from,$from+1,…`: the binds of an `IN (…)` list or of a row.
pub fn marks(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(",")
}

/// The binds of an `IN (…)` list of a statement that has no others, and their values: the last one again and again up to a
/// power of two, so that few statements are prepared.
pub fn listed(engine: Engine, mut values: Vec<Value>) -> (String, Vec<Value>) {
    let wanted = values.len().next_power_of_two();
    if let Some(last) = values.last().cloned() {
        values.resize(wanted, last);
    }
    let marks = if engine == Engine::Sqlite { vec!["?"; values.len()].join(",") } else { marks(1, values.len()) };
    (marks, values)
}

/// SQLite looks a named bind such as `$7` up among all others each time it is bound, which grows with the square of
/// their number; there the binds stay nameless.
fn sql(engine: Engine, head: &str, tail: &str, width: usize, rows: usize) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * width * 7);
    sql += head;
    let mut n = 0;
    for row in 0..rows {
        sql += if row == 0 { "(" } else { ", (" };
        for column in 0..width {
            n += 1;
            if column > 0 {
                sql.push(',');
            }
            if engine == Engine::Sqlite {
                sql.push('?');
            } else {
                sql.push('$');
                sql += &n.to_string();
            }
        }
        sql.push(')');
    }
    sql.push(' ');
    sql += tail;
    sql
}
