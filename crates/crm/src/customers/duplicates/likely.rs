//! Who a contact that is about to be made may already be.

use super::{
    incremental::sharing,
    reasons::{self, Reason},
    scheme::{Compared, scheme, some},
    state,
};
use crate::{
    Trouble,
    customers::{ContactDraft, contact::display_names, master::name_key},
    staff::{Actor, Right},
};
use kernel::ContactId;
use linkage::{Reading, judge, record_keys};
use std::collections::HashSet;
use store::{Rows, values};

/// Somebody who is there already.
#[derive(Clone, Debug, PartialEq)]
pub struct Likely {
    pub contact: ContactId,
    pub name: String,
    /// 0 to 1.
    pub probability: f64,
    pub reasons: Vec<Reason>,
}

/// Below this nobody is asked.
const WORTH_ASKING: f64 = 0.2;
/// Most who are offered.
const FEW: usize = 5;
/// Records of one name or mailbox that are looked at beyond the blocks.
const NAMESAKES: i64 = 50;

/// The few contacts a draft is most likely about, the likeliest first; `except` is the contact being edited. Asks the stored
/// blocks, and mailbox and name directly, because what was made a moment ago stands in no block yet.
pub async fn likely_duplicates(
    rows: &Rows,
    actor: &Actor,
    draft: &ContactDraft,
    except: Option<ContactId>,
) -> Result<Vec<Likely>, Trouble> {
    actor.must(Right::SeeContacts)?;
    let scheme = scheme();
    let drafted: [&str; 9] = [
        &draft.first_name,
        &draft.last_name,
        &draft.birth_date,
        &draft.email,
        &draft.phone,
        &draft.street,
        &draft.postal_code,
        &draft.city,
        &draft.company,
    ];
    let mut alone = Reading::new(&scheme);
    alone.add(drafted);
    let keys = record_keys(&alone.finish(), &scheme, 0);
    let mut ids: HashSet<i64> = sharing(rows, &keys, scheme.largest_block).await?.into_values().flatten().collect();
    if !draft.email.trim().is_empty() {
        const SQL: &str = "SELECT id FROM contact WHERE email_key = $1 LIMIT $2";
        ids.extend(rows.numbers(SQL, values![draft.email.trim().to_lowercase(), NAMESAKES]).await?);
    }
    let name = name_key(&draft.first_name, &draft.last_name);
    if !name.is_empty() {
        const SQL: &str = "SELECT id FROM contact WHERE name_key = $1 LIMIT $2";
        ids.extend(rows.numbers(SQL, values![name, NAMESAKES]).await?);
    }
    ids.remove(&except.map_or(0, i64::from));
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    let known: Vec<Compared> = some(rows, &ids).await?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let mut reading = Reading::new(&scheme);
    reading.add(drafted);
    known.iter().for_each(|contact| reading.add(contact.values()));
    let model = state::model(rows).await?;
    let judged = judge(&reading.finish(), &scheme, &model, (1..=known.len() as u32).map(|other| (0, other)));
    let best: Vec<_> = judged.into_iter().filter(|(pair, _)| pair.probability >= WORTH_ASKING).take(FEW).collect();
    let id = |other: u32| ContactId(known[other as usize - 1].id);
    let names = display_names(rows, &best.iter().map(|(pair, _)| id(pair.other)).collect::<Vec<_>>()).await?;
    let likely = |(pair, evidence): (linkage::Pair, Vec<linkage::Evidence>)| Likely {
        contact: id(pair.other),
        name: names.get(&id(pair.other)).cloned().unwrap_or_default(),
        probability: pair.probability,
        reasons: reasons::named(&scheme, &evidence),
    };
    Ok(best.into_iter().map(likely).collect())
}
