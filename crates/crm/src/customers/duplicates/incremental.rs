//! Comparing those that changed with whom they share something with, by the weights of the last whole scan.

use super::{
    pairs::{self, Candidate},
    reasons,
    scheme::{Compared, LEAST, scheme, some},
    state,
    whole::place_blocks,
};
use kernel::{ContactId, Fault, Timestamp};
use linkage::{Reading, Records, Scheme, judge, record_keys};
use std::collections::{HashMap, HashSet};
use store::{FromQueryResult, Rows, Value, Write, listed};

/// Contacts that are looked at in one unit.
pub(super) const TOGETHER: usize = 100;

#[derive(FromQueryResult)]
struct Met {
    one: i64,
    other: i64,
}

/// Brings blocks and open pairs of some contacts up to date.
pub(super) async fn follow(unit: &Write, contacts: &[i64], now: Timestamp) -> Result<(), Fault> {
    let scheme = scheme();
    let (marks, values) = listed(unit.engine(), contacts.iter().map(|id| Value::from(*id)).collect());
    unit.run(&format!("DELETE FROM contact_block WHERE contact_id IN ({marks})"), values).await?;
    pairs::forget_of(unit, contacts).await?;
    let changed = some(unit, contacts).await?;
    if changed.is_empty() {
        return Ok(());
    }
    let records = read(&scheme, &changed);
    let mut blocks = Vec::new();
    for (at, contact) in changed.iter().enumerate() {
        blocks.extend(record_keys(&records, &scheme, at as u32).into_iter().map(|key| (key, contact.id)));
    }
    place_blocks(unit, &blocks).await?;
    let keys: Vec<u64> = blocks.iter().map(|(key, _)| *key).collect();
    let sharing = sharing(unit, &keys, scheme.largest_block).await?;
    let mine: HashSet<i64> = changed.iter().map(|contact| contact.id).collect();
    let mut met = HashSet::new();
    for (key, contact) in &blocks {
        for other in sharing.get(key).into_iter().flatten().filter(|other| *other != contact) {
            // Two that both changed meet once.
            if !mine.contains(other) || contact < other {
                met.insert((*contact, *other));
            }
        }
    }
    let others: HashSet<i64> = met.iter().map(|(_, other)| *other).filter(|other| !mine.contains(other)).collect();
    let mut all = changed;
    all.extend(some(unit, &others.into_iter().collect::<Vec<_>>()).await?);
    let found = judged(unit, &scheme, &all, &met).await?;
    pairs::place(unit, &found, now).await
}

/// Who stands in these blocks; blocks that are too large are left out.
pub(super) async fn sharing(rows: &Rows, keys: &[u64], largest: usize) -> Result<HashMap<u64, Vec<i64>>, Fault> {
    let mut sharing: HashMap<u64, Vec<i64>> = HashMap::new();
    let distinct: HashSet<u64> = keys.iter().copied().collect();
    for chunk in distinct.into_iter().collect::<Vec<_>>().chunks(256) {
        let (marks, values) = listed(rows.engine(), chunk.iter().map(|key| Value::from(key.cast_signed())).collect());
        let sql = format!(
            "SELECT b.block AS one, b.contact_id AS other FROM contact_block b WHERE b.block IN ({marks}) \
             AND (SELECT COUNT(*) FROM (SELECT 1 FROM contact_block c WHERE c.block = b.block LIMIT {}) few) <= {largest}",
            largest + 1
        );
        for Met { one, other } in rows.all::<Met>(&sql, values).await? {
            sharing.entry(one.cast_unsigned()).or_default().push(other);
        }
    }
    Ok(sharing)
}

fn read(scheme: &Scheme, contacts: &[Compared]) -> Records {
    let mut reading = Reading::new(scheme);
    contacts.iter().for_each(|contact| reading.add(contact.values()));
    reading.finish()
}

/// The pairs that are likely enough.
async fn judged(
    rows: &Rows,
    scheme: &Scheme,
    contacts: &[Compared],
    met: &HashSet<(i64, i64)>,
) -> Result<Vec<Candidate>, Fault> {
    if met.is_empty() {
        return Ok(Vec::new());
    }
    let model = state::model(rows).await?;
    let place: HashMap<i64, u32> = contacts.iter().enumerate().map(|(at, contact)| (contact.id, at as u32)).collect();
    let pairs = met.iter().filter_map(|(one, other)| Some((*place.get(one)?, *place.get(other)?)));
    let judged = judge(&read(scheme, contacts), scheme, &model, pairs);
    let likely = judged.into_iter().filter(|(pair, _)| pair.probability >= LEAST);
    let candidate = |(pair, evidence): (linkage::Pair, Vec<linkage::Evidence>)| Candidate {
        one: ContactId(contacts[pair.one as usize].id),
        other: ContactId(contacts[pair.other as usize].id),
        probability: pair.probability,
        reasons: reasons::named(scheme, &evidence),
    };
    Ok(likely.map(candidate).collect())
}
