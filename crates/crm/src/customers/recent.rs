//! Who was heard of last: walks the log backwards instead of asking every contact for its newest interaction.

use kernel::Fault;
use store::{Rows, values};

/// Where the walk begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    Start,
    /// Behind this time and contact.
    Heard(i64, i64),
    /// Behind this contact, among those nobody has heard of.
    Silent(i64),
}

/// Ids of contacts that are not archived, the one heard of last first, those without an interaction behind them. Served by
/// `interaction_at` and `interaction_contact_at`.
pub(super) async fn recent(rows: &Rows, from: From, limit: i64) -> Result<Vec<i64>, Fault> {
    let mut ids = match from {
        From::Silent(_) => Vec::new(),
        From::Start | From::Heard(..) => {
            const HEARD: &str = "SELECT i.contact_id FROM interaction i JOIN contact c ON c.id = i.contact_id \
                 WHERE c.archived_at IS NULL AND i.occurred_at <= $1 AND (i.occurred_at < $1 OR i.contact_id < $2) \
                 AND NOT EXISTS (SELECT 1 FROM interaction later WHERE later.contact_id = i.contact_id \
                 AND later.occurred_at >= i.occurred_at \
                 AND (later.occurred_at > i.occurred_at OR later.seq > i.seq)) \
                 ORDER BY i.occurred_at DESC, i.contact_id DESC LIMIT $3";
            let (at, id) = if let From::Heard(at, id) = from { (at, id) } else { (i64::MAX, i64::MAX) };
            rows.numbers(HEARD, values![at, id, limit]).await?
        }
    };
    let missing = limit - ids.len() as i64;
    if missing > 0 {
        const SILENT: &str = "SELECT c.id FROM contact c WHERE c.archived_at IS NULL AND c.id < $1 \
             AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.contact_id = c.id) ORDER BY c.id DESC LIMIT $2";
        let before = if let From::Silent(id) = from { id } else { i64::MAX };
        ids.extend(rows.numbers(SILENT, values![before, missing]).await?);
    }
    Ok(ids)
}
