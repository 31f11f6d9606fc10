//! Rows of the truth become entries of the index.

use crate::build::Entry;
use kernel::Fault;
use std::collections::HashMap;
use store::{
    Rows,
    copying::{self, Copied, Key, Kind, Sink, Source},
};

const fn int(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Int }
}

const fn text(name: &'static str) -> Copied {
    Copied { name, kind: Kind::Text }
}

/// What stands beside the main mail address and number, with a bar between them; both engines know `string_agg`.
const FURTHER_MAILS: &str =
    "(SELECT string_agg(p.text, '|') FROM contact_point p WHERE p.contact_id = contact.id AND p.what = 'email')";
const FURTHER_PHONES: &str =
    "(SELECT string_agg(p.text, '|') FROM contact_point p WHERE p.contact_id = contact.id AND p.what = 'phone')";

pub const CONTACT: Source = Source {
    table: "contact",
    key: 1,
    columns: &[
        int("id"),
        int("company_id"),
        int("archived_at"),
        text("first_name"),
        text("last_name"),
        text("city"),
        text("postal_code"),
        text("number"),
        text("email"),
        text("phone"),
        text(FURTHER_MAILS),
        text(FURTHER_PHONES),
    ],
};

pub const COMPANY: Source = Source { table: "company", key: 1, columns: &[int("id"), text("name")] };
pub const CAMPAIGN: Source = Source { table: "campaign", key: 1, columns: &[int("id"), text("name")] };
const LOG: Source =
    Source { table: "interaction", key: 1, columns: &[int("seq"), int("contact_id"), int("occurred_at")] };

/// Rows read at once.
pub const PAGE: i64 = 20_000;
/// News older than so many interactions are not worth reading: the order of people nobody has heard of for long says little.
const NEWS: i64 = 500_000;
/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// One row: whole numbers and texts in the order of the columns of their kind.
#[derive(Default)]
struct Row {
    ints: Vec<Option<i64>>,
    texts: Vec<String>,
}

#[derive(Default)]
struct Collected(Vec<Row>);

impl Sink for Collected {
    fn int(&mut self, column: usize, value: Option<i64>) {
        if column == 0 {
            self.0.push(Row::default());
        }
        if let Some(row) = self.0.last_mut() {
            row.ints.push(value);
        }
    }

    fn text(&mut self, _: usize, value: Option<&str>) {
        if let Some(row) = self.0.last_mut() {
            row.texts.push(value.unwrap_or_default().to_owned());
        }
    }
}

impl Collected {
    fn ids(&self) -> Vec<i64> {
        self.0.iter().filter_map(|row| row.ints.first().copied().flatten()).collect()
    }
}

/// Entries of a page behind an id, and the id the next page begins behind; nothing at the end.
pub async fn page(rows: &Rows, source: &'static Source, after: i64) -> Result<(Vec<Entry>, Option<i64>), Fault> {
    let mut page = Collected::default();
    copying::page(rows, source, (after, 0), PAGE, &mut page).await?;
    let last = page.ids().last().copied();
    Ok((entries(rows, source, page).await?, last))
}

/// Entries of these ids, as far as they still stand.
pub async fn these(rows: &Rows, source: &'static Source, ids: &[i64]) -> Result<Vec<Entry>, Fault> {
    let mut found = Collected::default();
    let keys: Vec<Key> = ids.iter().map(|id| (*id, 0)).collect();
    copying::these(rows, source, &keys, &mut found).await?;
    entries(rows, source, found).await
}

/// Ids of the contacts of companies.
pub async fn people_of(rows: &Rows, companies: &[i64]) -> Result<Vec<i64>, Fault> {
    const WHO: Source = Source { table: "contact", key: 1, columns: &[int("id")] };
    let mut found = Collected::default();
    copying::with_value(rows, &WHO, "company_id", companies, &mut found).await?;
    Ok(found.ids())
}

async fn entries(rows: &Rows, source: &'static Source, page: Collected) -> Result<Vec<Entry>, Fault> {
    if source.table != CONTACT.table {
        let entry = |row: Row| {
            let id = row.ints.first().copied().flatten()?;
            Some(Entry { id, texts: row.texts, ..Entry::default() })
        };
        return Ok(page.0.into_iter().filter_map(entry).collect());
    }
    let companies = companies(rows, &page).await?;
    let entry = |row: Row| {
        let [Some(id), company, None] = row.ints[..] else { return None };
        let mut texts = row.texts;
        let further = |texts: &mut Vec<String>| texts.pop().unwrap_or_default();
        let (calls, mails) = (further(&mut texts), further(&mut texts));
        let apart =
            |joined: &str| -> Vec<String> { joined.split('|').filter(|s| !s.is_empty()).map(str::to_owned).collect() };
        let phones = texts.split_off(6).into_iter().chain(apart(&calls)).collect();
        let keys = [texts.remove(4), texts.remove(4)].into_iter().chain(apart(&mails)).collect();
        texts.extend(company.and_then(|company| companies.get(&company)).cloned());
        Some(Entry { id, texts, keys, phones, heard: 0 })
    };
    Ok(page.0.into_iter().filter_map(entry).collect())
}

async fn companies(rows: &Rows, people: &Collected) -> Result<HashMap<i64, String>, Fault> {
    let mut ids: Vec<Key> = people.0.iter().filter_map(|row| Some((row.ints.get(1).copied()??, 0))).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = Collected::default();
    copying::these(rows, &COMPANY, &ids, &mut found).await?;
    let pair = |mut row: Row| Some((row.ints.first().copied()??, row.texts.pop()?));
    Ok(found.0.into_iter().filter_map(pair).collect())
}

/// Where the news begin that are worth reading.
pub async fn news_from(rows: &Rows) -> Result<i64, Fault> {
    Ok((copying::last(rows, &LOG).await? - NEWS).max(0))
}

/// Who was heard of, and in which minute, behind a position of the log; and the position of the last one. Interactions of
/// nobody are passed by.
pub async fn news(rows: &Rows, after: i64) -> Result<(Vec<(i64, u32)>, Option<i64>), Fault> {
    let mut page = Collected::default();
    copying::page(rows, &LOG, (after, 0), PAGE, &mut page).await?;
    let last = page.ids().last().copied();
    let heard = |row: Row| {
        let [_, Some(contact), Some(at)] = row.ints[..] else { return None };
        Some((contact, u32::try_from(at / MINUTE).unwrap_or(0)))
    };
    Ok((page.0.into_iter().filter_map(heard).collect(), last))
}
