//! Comparing everybody with everybody they share something with.

use super::{
    pairs::{self, Candidate},
    reasons,
    scheme::{EDITION, LEAST, page, scheme},
    state::{self, Standing, TooLarge},
};
use kernel::{ContactId, Fault, Timestamp};
use linkage::{Found, Reading, Records, find, judge, record_keys};
use std::time::Duration;
use store::{Batch, Db, Write, changes, tasks::Lease, values};

/// Contacts read in one unit, rows written in one.
const PAGE: i64 = 5_000;
/// Most candidates kept; the likeliest.
const MOST: usize = 50_000;

/// Reads, compares and writes all; `false` where it was interrupted and has to begin anew. Small units, so that nobody waits
/// for it; what counts is noted last.
pub(super) async fn scan(db: &Db, now: Timestamp, lease: Option<&Lease>) -> Result<bool, Fault> {
    let scheme = scheme();
    let cursor = changes::cursor(&db.read().await?).await?;
    let (mut reading, mut ids) = (Reading::new(&scheme), Vec::new());
    loop {
        let read = page(&db.read().await?, ids.last().copied().unwrap_or(0), PAGE).await?;
        read.iter().for_each(|contact| {
            reading.add(contact.values());
            ids.push(contact.id);
        });
        if read.len() < PAGE as usize {
            break;
        }
        if !goes_on(lease).await? {
            return Ok(false);
        }
    }
    let Some((records, found, candidates)) = compared(reading, ids.clone(), lease).await? else { return Ok(false) };

    let unit = db.write().await?;
    unit.run("DELETE FROM contact_block", values![]).await?;
    unit.save().await?;
    for (from, chunk) in ids.chunks(PAGE as usize).enumerate() {
        let unit = db.write().await?;
        let mut blocks = Vec::new();
        for (at, id) in chunk.iter().enumerate() {
            let record = (from * PAGE as usize + at) as u32;
            blocks.extend(record_keys(&records, &scheme, record).into_iter().map(|key| (key, *id)));
        }
        place_blocks(&unit, &blocks).await?;
        unit.save().await?;
        if !goes_on(lease).await? {
            return Ok(false);
        }
    }
    for chunk in candidates.chunks(PAGE as usize) {
        let unit = db.write().await?;
        pairs::place(&unit, chunk, now).await?;
        unit.save().await?;
    }
    let unit = db.write().await?;
    pairs::forget_unseen(&unit, now).await?;
    state::keep_model(&unit, &found.model).await?;
    let too_large = |skipped: &linkage::Skipped| TooLarge {
        rule: skipped.rule,
        contacts: skipped.records,
        example: ids[skipped.example as usize],
    };
    let skipped: Vec<TooLarge> = found.skipped.iter().map(too_large).collect();
    let standing = Standing {
        edition: EDITION,
        cursor: cursor.0,
        contacts: ids.len() as i64,
        scanned_at: now.0,
        skipped: skipped.into_iter().take(100).collect(),
    };
    state::keep(&unit, &standing).await?;
    unit.save().await?;
    Ok(true)
}

/// Compares on a thread of its own, beside which the lease is kept.
async fn compared(
    reading: Reading,
    ids: Vec<i64>,
    lease: Option<&Lease>,
) -> Result<Option<(Records, Found, Vec<Candidate>)>, Fault> {
    let work = move || {
        let scheme = scheme();
        let records = reading.finish();
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
        let mut found = find(&records, &scheme, LEAST, threads);
        found.pairs.truncate(MOST);
        let judged = judge(&records, &scheme, &found.model, found.pairs.iter().map(|pair| (pair.one, pair.other)));
        let evidence = judged.into_iter().map(|(pair, evidence)| ((pair.one, pair.other), evidence));
        let evidence: std::collections::HashMap<_, _> = evidence.collect();
        let candidate = |pair: &linkage::Pair| Candidate {
            one: ContactId(ids[pair.one as usize]),
            other: ContactId(ids[pair.other as usize]),
            probability: pair.probability,
            reasons: reasons::named(&scheme, &evidence[&(pair.one, pair.other)]),
        };
        let candidates = found.pairs.iter().map(candidate).collect();
        (records, found, candidates)
    };
    let mut working = tokio::task::spawn_blocking(work);
    loop {
        tokio::select! {
            done = &mut working => {
                return done.map(Some).map_err(|error| Fault::Unreadable(format!("the comparison of contacts: {error}")));
            }
            () = tokio::time::sleep(Duration::from_secs(8)) => {
                if !goes_on(lease).await? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Whether this process may still work; keeps its right.
async fn goes_on(lease: Option<&Lease>) -> Result<bool, Fault> {
    match lease {
        Some(lease) => Ok(!lease.closing() && lease.renew().await?),
        None => Ok(true),
    }
}

pub(super) async fn place_blocks(unit: &Write, blocks: &[(u64, i64)]) -> Result<(), Fault> {
    let mut batch = Batch::new("contact_block", &["block", "contact_id"], "ON CONFLICT (block, contact_id) DO NOTHING");
    for (block, contact) in blocks {
        batch.push(values![block.cast_signed(), *contact]);
    }
    batch.write(unit).await?;
    Ok(())
}
