//! The tables as they are: what must reach every cell, also of tables that were added later, asks here.

use crate::{Engine, Rows, values};
use kernel::Fault;
use std::collections::BTreeMap;

/// A column and whether it holds text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub is_text: bool,
}

/// Tables by name with their columns in order; views and the ledger of migrations are left out.
pub async fn tables(rows: &Rows) -> Result<BTreeMap<String, Vec<Column>>, Fault> {
    const SQLITE: &str = "SELECT m.name, p.name, p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.cid";
    const POSTGRES: &str = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT) \
         FROM information_schema.columns c JOIN information_schema.tables t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position";
    let sql = match rows.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in rows.texts(sql, values![]).await? {
        let [Some(table), Some(name), Some(kind)] = row.as_slice() else { continue };
        if table.starts_with("_sqlx") {
            continue;
        }
        let is_text = kind.eq_ignore_ascii_case("text");
        tables.entry(table.clone()).or_default().push(Column { name: name.clone(), is_text });
    }
    Ok(tables)
}

/// What names a row of any table for as long as nobody changes it, as text; and the same as a condition on the bind `$1`.
pub fn place(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite => ("CAST(rowid AS TEXT)", "rowid = CAST($1 AS INTEGER)"),
        Engine::Postgres => ("CAST(ctid AS TEXT)", "ctid = CAST(CAST($1 AS TEXT) AS tid)"),
    }
}

/// Whether text stands in any of these columns, whatever its case, as a condition; the binds from `$1` on hold what is looked
/// for in the letters of [`lowered`].
pub fn holds(engine: Engine, columns: &[&str], binds: usize) -> String {
    let cells: Vec<String> = columns.iter().map(|column| format!("COALESCE(\"{column}\", '')")).collect();
    let text = format!("lower({})", cells.join(" || ' ' || "));
    let finds = if engine == Engine::Sqlite { "instr" } else { "strpos" };
    let either: Vec<String> = (1..=binds).map(|bind| format!("{finds}({text}, ${bind}) > 0")).collect();
    either.join(" OR ")
}

/// Text in lower case as the engine does it: SQLite lowers ASCII letters alone.
pub fn lowered(engine: Engine, text: &str) -> String {
    match engine {
        Engine::Sqlite => text.to_ascii_lowercase(),
        Engine::Postgres => text.to_lowercase(),
    }
}
