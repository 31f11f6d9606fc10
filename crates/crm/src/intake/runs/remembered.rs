//! Mappings that were used before: a file with the same columns is read the same way the next time.

use super::ImportKind;
use crate::intake::{Mapping, fields::plain};
use kernel::{Fault, Timestamp, seal::fingerprint};
use serde_json::json;
use store::{FromQueryResult, Rows, Write, values};

/// What columns of these names are known by: their order counts, their spelling does not.
fn known_by(header: &[String]) -> String {
    fingerprint(&header.iter().map(|name| plain(name)).collect::<Vec<_>>().join("\u{1f}"))
}

#[derive(FromQueryResult)]
struct Stored {
    mapping: String,
}

/// The mapping an import of the same kind and columns was run with last; served by the primary key.
pub(super) async fn recalled(rows: &Rows, kind: ImportKind, header: &[String]) -> Result<Option<Mapping>, Fault> {
    if header.is_empty() {
        return Ok(None);
    }
    const SQL: &str = "SELECT mapping FROM import_mapping WHERE kind = $1 AND headers = $2";
    let stored: Option<Stored> = rows.one(SQL, values![kind.code(), known_by(header)]).await?;
    let mapping = stored.and_then(|stored| serde_json::from_str::<Mapping>(&stored.mapping).ok());
    // A field that is no longer there is asked for again.
    let sound = |mapping: &Mapping| mapping.0.len() <= header.len() && mapping.check(kind, header.len()).is_ok();
    Ok(mapping.filter(sound))
}

/// Keeps the mapping an import is run with.
pub(super) async fn remember(
    unit: &Write,
    kind: ImportKind,
    header: &[String],
    name: &str,
    mapping: &Mapping,
    now: Timestamp,
) -> Result<(), Fault> {
    if header.is_empty() {
        return Ok(());
    }
    const SQL: &str = "INSERT INTO import_mapping (kind, headers, name, mapping, used_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (kind, headers) DO UPDATE SET name = excluded.name, mapping = excluded.mapping, used_at = excluded.used_at";
    unit.run(SQL, values![kind.code(), known_by(header), name, json!(mapping).to_string(), now.0]).await?;
    Ok(())
}
