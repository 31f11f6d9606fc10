//! Looks through every text of every table for a person, also of tables nobody named, and blots them out.

use super::{catalogue, needles::Needles};
use kernel::{ContactId, Fault};
use std::collections::BTreeMap;
use store::{
    Db, Rows, Value,
    schema::{self, Column},
    values,
};

/// Rows or cells by table and deed, for the protocol.
pub type Counts = BTreeMap<String, i64>;

pub fn count(counts: &mut Counts, table: &str, deed: &str, number: u64) {
    if number > 0 {
        *counts.entry(format!("{table}.{deed}")).or_default() += number as i64;
    }
}

/// Rows changed in one unit, so that nobody waits long for the writer.
const AT_ONCE: usize = 500;

/// A row that names the person: where it is, and its columns with what they hold now and should hold.
struct Hit {
    place: String,
    cells: Vec<(String, String, String)>,
}

/// Tables whose text is looked through, with their text columns.
pub async fn searched(rows: &Rows) -> Result<Vec<(String, Vec<Column>)>, Fault> {
    let tables = schema::tables(rows).await?;
    Ok(tables.into_iter().filter(|(table, _)| !catalogue::SPARED.contains(&table.as_str())).collect())
}

/// Blots the person out of everything that is not tied to them by a key; answers how many cells still name them.
///
/// Looking takes no lock: what is found is changed only where it is still as it was seen, and looked at again.
pub async fn blot(db: &Db, contact: ContactId, needles: &Needles, counts: &mut Counts) -> Result<i64, Fault> {
    let tables = searched(&db.read().await?).await?;
    let mut left = 0;
    for (table, columns) in &tables {
        for turn in 0..4 {
            let hits = hits(&db.read().await?, table, columns, contact, needles).await?;
            if hits.is_empty() {
                break;
            }
            if turn == 3 {
                left += hits.len() as i64;
                break;
            }
            for chunk in hits.chunks(AT_ONCE) {
                change(db, table, chunk, counts).await?;
            }
        }
    }
    Ok(left)
}

async fn change(db: &Db, table: &str, hits: &[Hit], counts: &mut Counts) -> Result<(), Fault> {
    let unit = db.write().await?;
    let (_, at) = schema::place(unit.engine());
    for hit in hits {
        let mut binds: Vec<Value> = values![hit.place.as_str()];
        let mut same = String::new();
        for (column, held, _) in &hit.cells {
            binds.push(held.as_str().into());
            same += &format!(" AND \"{column}\" = ${}", binds.len());
        }
        if catalogue::PASSING.contains(&table) {
            let sql = format!("DELETE FROM \"{table}\" WHERE {at}{same}");
            count(counts, table, "deleted", unit.run(&sql, binds).await?);
            continue;
        }
        let mut set = Vec::new();
        for (column, _, blotted) in &hit.cells {
            binds.push(blotted.as_str().into());
            set.push(format!("\"{column}\" = ${}", binds.len()));
        }
        let sql = format!("UPDATE \"{table}\" SET {} WHERE {at}{same}", set.join(", "));
        count(counts, table, "blotted", unit.run(&sql, binds).await?);
    }
    unit.save().await
}

async fn hits(
    rows: &Rows,
    table: &str,
    columns: &[Column],
    contact: ContactId,
    needles: &Needles,
) -> Result<Vec<Hit>, Fault> {
    let codes = catalogue::CODES.iter().find(|(name, _)| *name == table).map_or(&[][..], |(_, codes)| codes);
    let open = |column: &&Column| column.is_text && !codes.contains(&column.name.as_str());
    let texts: Vec<&str> = columns.iter().filter(open).map(|column| column.name.as_str()).collect();
    if texts.is_empty() || needles.is_empty() {
        return Ok(Vec::new());
    }
    let engine = rows.engine();
    let mut binds: Vec<Value> = needles.rough().iter().map(|text| schema::lowered(engine, text).into()).collect();
    let found = schema::holds(engine, &texts, binds.len());
    // What is tied to the person by a key is emptied as a whole elsewhere.
    let own = if columns.iter().any(|column| column.name == "contact_id") {
        binds.push(contact.0.into());
        format!("(contact_id IS NULL OR contact_id <> ${}) AND ", binds.len())
    } else {
        String::new()
    };
    let cells: Vec<String> = texts.iter().map(|column| format!("\"{column}\"")).collect();
    let (place, _) = schema::place(engine);
    let sql = format!("SELECT {place}, {} FROM \"{table}\" WHERE {own}({found})", cells.join(", "));
    let mut hits = Vec::new();
    for row in rows.texts(&sql, binds).await? {
        let mut row = row.into_iter();
        let Some(Some(place)) = row.next() else { continue };
        let cells: Vec<(String, String, String)> = texts
            .iter()
            .zip(row)
            .filter_map(|(column, held)| {
                let held = held?;
                let blotted = needles.blotted(&held)?;
                Some(((*column).to_owned(), held, blotted))
            })
            .collect();
        if !cells.is_empty() {
            hits.push(Hit { place, cells });
        }
    }
    Ok(hits)
}
