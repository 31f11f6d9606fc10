//! Everything that is kept about a person, as sheets of text: one for each table, named or not.

use super::super::{
    catalogue::{self, Basis},
    sweep,
};
use kernel::{Currency, Fault, Locale, Timestamp, Zone, sentence::knows, sentence::say};
use store::{Rows, schema::Column, values};

/// Rows of one table.
pub struct Sheet {
    pub table: String,
    pub title: String,
    pub purpose: String,
    pub basis: String,
    pub keep: String,
    /// Names of the database and what they are called.
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Vec<Option<String>>>,
}

/// Columns that say nothing about the person: keys for searching and the machine's own marks.
const INNER: &[&str] =
    &["name_key", "first_key", "email_key", "city_key", "text_key", "owner", "lease_until", "version", "digest"];

/// Tables handed over although the house is not asked for its own work: what others did is theirs.
const LEFT_OUT: &[&str] = &["privacy_package", "notification", "erasure", "duplicate_pair"];

/// Reads all sheets; those without a row are left out.
pub async fn sheets(rows: &Rows, contact: i64, locale: Locale) -> Result<Vec<Sheet>, Fault> {
    let tables = store::schema::tables(rows).await?;
    let mut sheets = Vec::new();
    let mut named: Vec<&catalogue::Holding> = catalogue::HOLDINGS.iter().rev().collect();
    named.sort_by_key(|holding| usize::from(holding.table != "contact"));
    for holding in named {
        let Some(columns) = tables.get(holding.table) else { continue };
        let sheet = sheet(rows, holding.table, columns, holding.whose, contact, locale).await?;
        let told = |what: &str, code: &str| say(locale, &format!("privacy-{what}-{code}"), None);
        sheets.push(Sheet {
            purpose: told("purpose", holding.purpose),
            basis: told("basis", holding.basis.code()),
            keep: told("keep", holding.keep),
            ..sheet
        });
    }
    for (table, columns) in sweep::searched(rows).await? {
        let tied = columns.iter().any(|column| column.name == "contact_id");
        if tied && catalogue::of(&table).is_none() {
            let sheet = sheet(rows, &table, &columns, "contact_id = $1", contact, locale).await?;
            let told = |key: &str| say(locale, key, None);
            sheets.push(Sheet {
                purpose: told("privacy-purpose-relation"),
                basis: told(&format!("privacy-basis-{}", Basis::Contract.code())),
                keep: told("privacy-keep-relation"),
                ..sheet
            });
        }
    }
    sheets.retain(|sheet| !sheet.rows.is_empty() && !LEFT_OUT.contains(&sheet.table.as_str()));
    Ok(sheets)
}

async fn sheet(
    rows: &Rows,
    table: &str,
    columns: &[Column],
    whose: &str,
    contact: i64,
    locale: Locale,
) -> Result<Sheet, Fault> {
    let columns: Vec<&Column> = columns.iter().filter(|column| !INNER.contains(&column.name.as_str())).collect();
    let cells: Vec<String> = columns.iter().map(|column| format!("CAST(\"{}\" AS TEXT)", column.name)).collect();
    let sql = format!("SELECT {} FROM \"{table}\" WHERE {whose} ORDER BY 1", cells.join(", "));
    let found = rows.texts(&sql, values![contact]).await?;
    let called = |column: &&Column| {
        let key = format!("privacy-column-{}", column.name.replace('_', "-"));
        (column.name.clone(), if knows(locale, &key) { say(locale, &key, None) } else { column.name.clone() })
    };
    let key = format!("privacy-table-{}", table.replace('_', "-"));
    Ok(Sheet {
        table: table.to_owned(),
        title: if knows(locale, &key) { say(locale, &key, None) } else { table.to_owned() },
        purpose: String::new(),
        basis: String::new(),
        keep: String::new(),
        columns: columns.iter().map(called).collect(),
        rows: found,
    })
}

impl Sheet {
    /// A cell as people read it: times on the clock of the house, money with its places, codes in words.
    pub fn shown(&self, row: &[Option<String>], column: usize, locale: Locale, zone: &Zone) -> String {
        let Some(Some(text)) = row.get(column) else { return String::new() };
        let name = self.columns[column].0.as_str();
        let number = text.parse::<i64>().ok();
        match number {
            Some(at) if name == "at" || name.ends_with("_at") => locale.moment(Timestamp(at), zone),
            Some(minor) if name.ends_with("_minor") => {
                let code = self.columns.iter().position(|(name, _)| name.ends_with("currency"));
                let code = code.and_then(|place| row.get(place)?.as_deref()).and_then(Currency::parse);
                locale.money(minor, code.unwrap_or_default())
            }
            _ => {
                let code = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                let keys = [
                    format!("audit-word-{text}"),
                    format!("customers-kind-{text}"),
                    format!("contact-source-{text}"),
                    format!("contact-channel-{text}"),
                    format!("interactions-kind-{}", text.replace('_', "-")),
                ];
                let known = keys.iter().find(|key| code && knows(locale, key));
                known.map_or_else(|| text.clone(), |key| say(locale, key, None))
            }
        }
    }
}
