//! What changed since when: triggers note the key of every row that is written, so that a copy can follow the truth without
//! any writer having to remember it.
//!
//! The interaction log grows by `seq` alone; of it only what is changed or deleted later is noted.

use crate::{Engine, Rows, Write, settings, values};
use kernel::{Fault, Timestamp, time::DAY};
use sea_orm::FromQueryResult;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A table whose changes are noted, and the one or two columns of its key.
pub struct Noted {
    pub table: &'static str,
    pub key: &'static str,
    pub part: Option<&'static str>,
    /// Whether new rows are noted, too.
    pub inserts: bool,
}

const fn noted(table: &'static str, key: &'static str, part: Option<&'static str>) -> Noted {
    Noted { table, key, part, inserts: true }
}

/// Every table that is followed.
pub const NOTED: &[Noted] = &[
    noted("company", "id", None),
    noted("contact", "id", None),
    noted("consent", "id", None),
    noted("attribute_value", "contact_id", Some("attribute_id")),
    noted("contact_tag", "contact_id", Some("tag_id")),
    noted("category", "id", None),
    noted("product", "id", None),
    noted("purchase", "id", None),
    noted("purchase_item", "purchase_id", Some("position")),
    noted("campaign", "id", None),
    noted("audience", "campaign_id", Some("contact_id")),
    noted("message", "id", None),
    Noted { table: "interaction", key: "seq", part: None, inserts: false },
];

/// A row that was written or is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, FromQueryResult)]
pub struct Change {
    /// No two changes share one.
    pub seq: i64,
    pub what: String,
    pub id: i64,
    pub part: i64,
}

/// How far a reader has come. On SQLite the newest `seq` it saw; on PostgreSQL the oldest transaction that was still open
/// when it looked, because there numbers are given out before the commit and out of order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub i64);

/// A reader that was not seen for so long is forgotten and has to begin anew.
const FORGOTTEN: i64 = 3 * DAY;

/// Where somebody stands who has read everything this unit sees.
pub async fn cursor(rows: &Rows) -> Result<Cursor, Fault> {
    let sql = match rows.engine() {
        Engine::Sqlite => "SELECT COALESCE(MAX(seq), 0) FROM change",
        Engine::Postgres => "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)",
    };
    Ok(Cursor(rows.number(sql, values![]).await?))
}

/// What a reader has not seen for sure, in no order. On PostgreSQL changes are told again as long as a transaction that began
/// before them is open; their numbers tell whether they are new.
pub async fn since(rows: &Rows, cursor: Cursor) -> Result<Vec<Change>, Fault> {
    let sql = match rows.engine() {
        Engine::Sqlite => "SELECT seq, what, id, part FROM change WHERE seq > $1",
        Engine::Postgres => "SELECT seq, what, id, part FROM change WHERE tx >= $1",
    };
    rows.all(sql, values![cursor.0]).await
}

/// Ids of the rows of one table that a reader has not seen for sure, ascending; nothing where there are more than `most`.
pub async fn changed(rows: &Rows, cursor: Cursor, table: &str, most: usize) -> Result<Option<Vec<i64>>, Fault> {
    #[derive(FromQueryResult)]
    struct Changed {
        id: i64,
    }
    let sql = match rows.engine() {
        Engine::Sqlite => "SELECT DISTINCT id FROM change WHERE seq > $1 AND what = $2 ORDER BY id LIMIT $3",
        Engine::Postgres => "SELECT DISTINCT id FROM change WHERE tx >= $1 AND what = $2 ORDER BY id LIMIT $3",
    };
    let ids: Vec<Changed> = rows.all(sql, values![cursor.0, table, most as i64 + 1]).await?;
    Ok((ids.len() <= most).then(|| ids.into_iter().map(|row| row.id).collect()))
}

/// Whether everything after the cursor is still written down.
pub async fn reaches(rows: &Rows, cursor: Cursor) -> Result<bool, Fault> {
    let pruned = settings::get(rows, PRUNED).await?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(cursor.0 >= pruned)
}

const PRUNED: &str = "changes.pruned";

/// Notes where a reader stands and forgets what all have read; the newest change stays, so that numbers go on growing.
pub async fn read_until(unit: &Write, reader: &str, cursor: Cursor, now: Timestamp) -> Result<(), Fault> {
    const NOTE: &str = "INSERT INTO change_reader (name, cursor, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, seen_at = excluded.seen_at";
    unit.run(NOTE, values![reader, cursor.0, now.0]).await?;
    unit.run("DELETE FROM change_reader WHERE seen_at < $1", values![now.0 - FORGOTTEN]).await?;
    let slowest = unit.number("SELECT MIN(cursor) FROM change_reader", values![]).await?;
    let forget = match unit.engine() {
        Engine::Sqlite => "DELETE FROM change WHERE seq <= $1 AND seq < (SELECT MAX(seq) FROM change)",
        Engine::Postgres => "DELETE FROM change WHERE tx < $1 AND seq < (SELECT MAX(seq) FROM change)",
    };
    if unit.run(forget, values![slowest]).await? > 0 {
        settings::set(unit, PRUNED, &slowest.to_string()).await?;
    }
    Ok(())
}

/// Another number as soon as anything that is followed could read differently.
pub(crate) async fn stamp(rows: &Rows) -> Result<u64, Fault> {
    #[derive(FromQueryResult)]
    struct Stamp {
        stamp: String,
    }
    let sql = match rows.engine() {
        Engine::Sqlite => {
            "SELECT (SELECT COALESCE(MAX(seq), 0) FROM change) || ':' || (SELECT COALESCE(MAX(seq), 0) FROM interaction) AS stamp"
        }
        Engine::Postgres => "SELECT CAST(pg_current_snapshot() AS TEXT) AS stamp",
    };
    let row: Option<Stamp> = rows.one(sql, values![]).await?;
    let mut hasher = DefaultHasher::new();
    row.map(|row| row.stamp).hash(&mut hasher);
    Ok(hasher.finish())
}

/// The triggers as one script. It is no migration: it follows from [`NOTED`], and is run again when that changes.
pub(crate) fn script(engine: Engine) -> String {
    let mut script = String::new();
    if engine == Engine::Postgres {
        script += "CREATE OR REPLACE FUNCTION note_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             EXECUTE format('INSERT INTO change (what, id, part) SELECT %L, %s, %s FROM changed', \
             TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1]); RETURN NULL; END $$;\n";
    }
    for Noted { table, key, part, inserts } in NOTED {
        for (event, row, noted) in [("INSERT", "NEW", *inserts), ("UPDATE", "NEW", true), ("DELETE", "OLD", true)] {
            let name = format!("{table}_{}_noted", event.to_lowercase());
            script += &match engine {
                Engine::Sqlite => format!("DROP TRIGGER IF EXISTS {name};\n"),
                Engine::Postgres => format!("DROP TRIGGER IF EXISTS {name} ON {table};\n"),
            };
            if !noted {
                continue;
            }
            script += &match engine {
                Engine::Sqlite => {
                    let part = part.map_or("0".to_owned(), |part| format!("{row}.{part}"));
                    format!(
                        "CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN \
                         INSERT INTO change (what, id, part) VALUES ('{table}', {row}.{key}, {part}); END;\n"
                    )
                }
                Engine::Postgres => format!(
                    "CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {row} TABLE AS changed \
                     FOR EACH STATEMENT EXECUTE FUNCTION note_changes('{key}', '{}');\n",
                    part.unwrap_or("0")
                ),
            };
        }
    }
    script
}

/// Brings the triggers up to date.
pub(crate) async fn install(unit: &Write) -> Result<(), Fault> {
    const KEY: &str = "changes.triggers";
    if unit.engine() == Engine::Postgres {
        // Several processes may open one new database at the same time.
        unit.run("SELECT pg_advisory_xact_lock($1)", values![LOCK]).await?;
    }
    let script = script(unit.engine());
    let mut hasher = DefaultHasher::new();
    script.hash(&mut hasher);
    let version = hasher.finish().to_string();
    if settings::get(unit, KEY).await?.as_deref() != Some(version.as_str()) {
        unit.script(&script).await?;
        settings::set(unit, KEY, &version).await?;
    }
    Ok(())
}

/// "changes" in ASCII, cut to eight bytes.
const LOCK: i64 = 0x63_68_61_6e_67_65_73;
