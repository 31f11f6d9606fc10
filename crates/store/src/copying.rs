//! Reading rows for a copy of the truth: whole tables page by page, or the rows behind a list of keys.
//!
//! Values go straight from the row into the copy's own columns; nothing is kept here.

use crate::{Engine, Rows, fault, listed, marks};
use kernel::Fault;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use sqlx::Row;

/// What a copied column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A whole number.
    Int,
    /// 0 or 1.
    Flag,
    /// One of a few words.
    Code,
    /// Any text.
    Text,
}

/// A column of a copied table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Copied {
    pub name: &'static str,
    pub kind: Kind,
}

/// A table that is copied; the columns of its key, one or two, are the first ones.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Source {
    pub table: &'static str,
    /// How many columns the key has.
    pub key: usize,
    pub columns: &'static [Copied],
}

/// The key of a row; the second half is 0 where the key is one column.
pub type Key = (i64, i64);

/// Takes in one value after the other, row by row.
pub trait Sink {
    fn int(&mut self, column: usize, value: Option<i64>);
    fn text(&mut self, column: usize, value: Option<&str>);
}

impl Source {
    fn select(&self) -> String {
        let columns = self.columns.iter().map(|column| match column.kind {
            // PostgreSQL keeps them in two bytes.
            Kind::Flag => format!("CAST({} AS BIGINT)", column.name),
            _ => column.name.to_owned(),
        });
        format!("SELECT {} FROM {}", columns.collect::<Vec<_>>().join(", "), self.table)
    }

    fn keys(&self) -> String {
        self.columns[..self.key].iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }
}

/// At most `limit` rows behind a key, in the order of the keys; answers how many.
pub async fn page(
    rows: &Rows,
    source: &Source,
    after: Key,
    limit: i64,
    sink: &mut (impl Sink + ?Sized),
) -> Result<usize, Fault> {
    let (keys, select) = (source.keys(), source.select());
    let behind = if source.key == 1 { format!("{keys} > $1") } else { format!("({keys}) > ($1, $2)") };
    let mut values = vec![Value::from(after.0), Value::from(after.1)];
    values.truncate(source.key);
    values.push(limit.into());
    let sql = format!("{select} WHERE {behind} ORDER BY {keys} LIMIT ${}", source.key + 1);
    read(rows, source, &sql, values, sink).await
}

/// The largest first half of a key; 0 where there are no rows.
pub async fn last(rows: &Rows, source: &Source) -> Result<i64, Fault> {
    let sql = format!("SELECT COALESCE(MAX({}), 0) FROM {}", source.columns[0].name, source.table);
    rows.number(&sql, Vec::new()).await
}

/// The rows behind these keys, as far as there are any, in no order.
pub async fn these(
    rows: &Rows,
    source: &Source,
    wanted: &[Key],
    sink: &mut (impl Sink + ?Sized),
) -> Result<usize, Fault> {
    let (keys, select) = (source.keys(), source.select());
    let mut found = 0;
    for chunk in wanted.chunks(500) {
        let (sql, values): (String, Vec<Value>) = if source.key == 1 {
            let values = chunk.iter().map(|key| key.0.into()).collect();
            (format!("{select} WHERE {keys} IN ({})", marks(1, chunk.len())), values)
        } else {
            let pairs: Vec<String> = (0..chunk.len()).map(|n| format!("(${}, ${})", 2 * n + 1, 2 * n + 2)).collect();
            let values = chunk.iter().flat_map(|key| [key.0.into(), key.1.into()]).collect();
            let pairs = match rows.engine() {
                Engine::Sqlite => format!("VALUES {}", pairs.join(", ")),
                Engine::Postgres => pairs.join(", "),
            };
            (format!("{select} WHERE ({keys}) IN ({pairs})"), values)
        };
        found += read(rows, source, &sql, values, sink).await?;
    }
    Ok(found)
}

/// The rows with one of these values in a column of whole numbers, in no order.
pub async fn with_value(
    rows: &Rows,
    source: &Source,
    column: &str,
    wanted: &[i64],
    sink: &mut (impl Sink + ?Sized),
) -> Result<usize, Fault> {
    let mut found = 0;
    for chunk in wanted.chunks(512) {
        let (marks, values) = listed(rows.engine(), chunk.iter().map(|value| (*value).into()).collect());
        let sql = format!("{} WHERE {column} IN ({marks})", source.select());
        found += read(rows, source, &sql, values, sink).await?;
    }
    Ok(found)
}

async fn read(
    rows: &Rows,
    source: &Source,
    sql: &str,
    values: Vec<Value>,
    sink: &mut (impl Sink + ?Sized),
) -> Result<usize, Fault> {
    let found = rows.tx().query_all_raw(rows.statement(sql, values)).await.map_err(fault)?;
    for row in &found {
        for (index, column) in source.columns.iter().enumerate() {
            match column.kind {
                Kind::Int | Kind::Flag => sink.int(index, int(row, index)?),
                Kind::Code | Kind::Text => text(row, index, |value| sink.text(index, value))?,
            }
        }
    }
    Ok(found.len())
}

fn int(row: &QueryResult, index: usize) -> Result<Option<i64>, Fault> {
    let value = match (row.try_as_sqlite_row(), row.try_as_pg_row()) {
        (Some(row), _) => row.try_get_unchecked(index),
        (_, Some(row)) => row.try_get_unchecked(index),
        _ => return Err(Fault::Unreadable("a row of neither engine".to_owned())),
    };
    value.map_err(|error| Fault::Database(Box::new(error)))
}

fn text(row: &QueryResult, index: usize, take: impl FnOnce(Option<&str>)) -> Result<(), Fault> {
    let value: Result<Option<&str>, _> = match (row.try_as_sqlite_row(), row.try_as_pg_row()) {
        (Some(row), _) => row.try_get_unchecked(index),
        (_, Some(row)) => row.try_get_unchecked(index),
        _ => return Err(Fault::Unreadable("a row of neither engine".to_owned())),
    };
    take(value.map_err(|error| Fault::Database(Box::new(error)))?);
    Ok(())
}
