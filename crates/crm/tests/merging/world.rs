//! Two contacts with everything that can hang on one, and a way to look at all of it.

use crm::customers::{
    ContactDraft, Statement, create_contact,
    merge::{MOVED, Wish, merge, preview},
    note_consent,
};
use jiff::civil::{Date, date};
use kernel::{ContactId, MergeId, time::MINUTE};
use serde_json::Value as Json;
use store::{Write, values};
use testkit::House;

pub const TODAY: Date = date(2026, 11, 24);

pub async fn made(house: &House, draft: ContactDraft) -> ContactId {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let contact = create_contact(&unit, &house.jana(), draft, house.now(), TODAY).await.unwrap();
    unit.save().await.unwrap();
    contact.contact_id()
}

/// Everything the tables say of some contacts, but for the counted versions: those only grow.
pub async fn contents(house: &House, contacts: &[ContactId]) -> Vec<(String, Vec<Json>)> {
    let rows = house.db.read().await.unwrap();
    let ids = contacts.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(", ");
    let mut all = Vec::new();
    let sql = format!("SELECT * FROM contact WHERE id IN ({ids}) ORDER BY id");
    let mut masters: Vec<Json> = rows.all(&sql, vec![]).await.unwrap();
    for master in &mut masters {
        master.as_object_mut().unwrap().remove("version");
    }
    all.push(("contact".to_owned(), masters));
    for moved in MOVED {
        let sql = format!("SELECT * FROM {} WHERE {} IN ({ids}) AND {}", moved.table, moved.owner, moved.about);
        let mut found: Vec<Json> = rows.all(&sql, vec![]).await.unwrap();
        found.sort_by_key(ToString::to_string);
        all.push((moved.table.to_owned(), found));
    }
    all
}

/// What one contact has, drawn or written down.
#[derive(Clone, Debug, Default)]
pub struct Belongings {
    pub interactions: i64,
    pub purchases: i64,
    pub visitors: i64,
    /// Channel and whether it was granted, the older first.
    pub consents: Vec<(&'static str, bool)>,
    /// Campaigns (1 to 3) that wrote to them.
    pub campaigns: Vec<i64>,
}

/// The campaigns and the source everything else hangs on.
pub async fn furnish(house: &House) {
    let unit = house.db.write().await.unwrap();
    for n in 1..=3_i64 {
        let campaign = "INSERT INTO campaign (id, name, goal, state, created_at, updated_at) VALUES ($1, 'K', 'loyalty', 'running', 0, 0)";
        unit.run(campaign, values![n]).await.unwrap();
        let step = "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) \
                    VALUES ($1, $1, 1, 'email', 'A', 'a@almara.example', 'S', 'B')";
        unit.run(step, values![n]).await.unwrap();
    }
    let source = "INSERT INTO tracking_source (id, name, write_key, origins, created_at, updated_at) VALUES (1, 'W', 'k', '[]', 0, 0)";
    unit.run(source, vec![]).await.unwrap();
    unit.save().await.unwrap();
}

pub async fn give(house: &House, contact: ContactId, belongings: &Belongings) {
    let unit = house.db.write().await.unwrap();
    let Belongings { interactions, purchases, visitors, consents, campaigns } = belongings;
    // One statement, so that ten thousand are quick.
    let log = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict) \
               WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
               SELECT 1000000 * i, 1000000 * i, $1, 'web', 'page_viewed', 'human' FROM n WHERE i <= $2";
    unit.run(log, values![contact.0, *interactions]).await.unwrap();
    for n in 0..*purchases {
        let sql = "INSERT INTO purchase (number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) \
                   VALUES ($1, $2, $3, 4900, 'EUR', 'shop', 0, 0)";
        unit.run(sql, values![format!("{contact}-{n}"), contact.0, n]).await.unwrap();
        // Who bought something has the invoice in their documents; a company of the same id has its own.
        let sql = "INSERT INTO document (subject_kind, subject_id, name, current, created_at, changed_at) \
                   VALUES ('contact', $1, 'Rechnung.pdf', 1, 0, 0), ('company', $1, 'Vertrag.pdf', 1, 0, 0)";
        unit.run(sql, values![contact.0]).await.unwrap();
    }
    for n in 0..*visitors {
        seen(&unit, contact, n).await;
    }
    for (channel, granted) in consents {
        let at = house.now();
        house.clock.forward(MINUTE);
        let statement =
            Statement { contact, channel, purpose: "marketing", granted: *granted, source: "agent", wording: "Ja", at };
        note_consent(&unit, &house.jana(), &statement, house.now()).await.unwrap();
    }
    for campaign in campaigns {
        let sql = "INSERT INTO audience (campaign_id, contact_id, fate) VALUES ($1, $2, 'treated')";
        unit.run(sql, values![*campaign, contact.0]).await.unwrap();
        let sql = "INSERT INTO message (campaign_id, step_id, contact_id, address, domain, state, due_at) \
                   VALUES ($1, $1, $2, 'x@example.org', 'example.org', 'sent', 0)";
        unit.run(sql, values![*campaign, contact.0]).await.unwrap();
    }
    unit.save().await.unwrap();
}

async fn seen(unit: &Write, contact: ContactId, n: i64) {
    let visitor =
        "INSERT INTO visitor (source_id, known_as, contact_id, first_seen_at) VALUES (1, $1, $2, 0) RETURNING id";
    let visitor = unit.insert(visitor, values![format!("anon-{contact}-{n}"), contact.0]).await.unwrap();
    let edge =
        "INSERT INTO identity_edge (visitor_id, contact_id, at, evidence) VALUES ($1, $2, 0, 'email') RETURNING id";
    let edge = unit.insert(edge, values![visitor, contact.0]).await.unwrap();
    unit.run("UPDATE visitor SET edge_id = $1 WHERE id = $2", values![edge, visitor]).await.unwrap();
    let log = "INSERT INTO interaction (occurred_at, received_at, contact_id, visitor_id, edge_id, channel, kind, verdict) \
               VALUES (5, 5, $1, $2, $3, 'web', 'page_viewed', 'human')";
    unit.run(log, values![contact.0, visitor, edge]).await.unwrap();
}

/// Merges the second into the first as suggested.
pub async fn merged(house: &House, survivor: ContactId, other: ContactId) -> MergeId {
    let unit = house.db.write().await.unwrap();
    house.clock.forward(MINUTE);
    let preview = preview(&unit, &house.jana(), survivor, other).await.unwrap();
    let id = merge(&unit, &house.jana(), &Wish::suggested(&preview), house.now()).await.unwrap();
    unit.save().await.unwrap();
    id
}
