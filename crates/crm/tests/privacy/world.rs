//! Thomas Engel, who is everywhere, and his sister, who shares his phone.

use crm::{
    customers::{ContactDraft, ContactPoint, Statement, create_contact, note_consent},
    staff::{Actor, ActorKind, Role},
};
use jiff::civil::{Date, date};
use kernel::{ContactId, UserId};
use store::{Write, values};
use testkit::House;

pub const TODAY: Date = date(2026, 11, 24);

/// The data protection officer.
pub fn petra() -> Actor {
    Actor {
        kind: ActorKind::User(UserId(9)),
        name: "Petra Sommer".to_owned(),
        roles: vec![Role::DataProtectionOfficer],
        address: "192.0.2.9".to_owned(),
    }
}

pub fn thomas() -> ContactDraft {
    ContactDraft {
        number: "K-4711".into(),
        kind: "customer".into(),
        first_name: "Thomas".into(),
        last_name: "Engel".into(),
        birth_date: "1971-03-04".into(),
        email: "t.engel@post.example".into(),
        phone: "+49 40 555777".into(),
        street: "Himmelsleiter 77".into(),
        postal_code: "20095".into(),
        city: "Hamburg".into(),
        country: "DE".into(),
        language: "de".into(),
        source: "Messe".into(),
        points: vec![ContactPoint {
            what: "email".into(),
            kind: "work".into(),
            text: "engel@schreinerei.example".into(),
            ..ContactPoint::default()
        }],
        ..ContactDraft::default()
    }
}

fn sister() -> ContactDraft {
    ContactDraft {
        number: "K-4712".into(),
        first_name: "Anna".into(),
        birth_date: "1974-05-06".into(),
        email: "anna@post.example".into(),
        street: "Seeweg 1".into(),
        points: Vec::new(),
        ..thomas()
    }
}

/// Makes both with all that hangs on them.
pub async fn furnish(house: &House) -> (ContactId, ContactId) {
    let unit = house.db.write().await.unwrap();
    let (now, jana) = (house.now(), house.jana());
    let one = create_contact(&unit, &jana, thomas(), now, TODAY).await.unwrap().contact_id();
    let other = create_contact(&unit, &jana, sister(), now, TODAY).await.unwrap().contact_id();
    for (contact, channel) in [(one, "email"), (one, "phone"), (other, "email")] {
        let wording = "Ja, Thomas Engel möchte Angebote.";
        let statement =
            Statement { contact, channel, purpose: "marketing", granted: true, source: "form", wording, at: now };
        note_consent(&unit, &jana, &statement, now).await.unwrap();
    }
    everywhere(&unit, one, other).await;
    unit.save().await.unwrap();
    (one, other)
}

async fn everywhere(unit: &Write, one: ContactId, other: ContactId) {
    let text = "Guten Tag Thomas Engel";
    for (sql, binds) in [
        (
            "INSERT INTO campaign (id, name, goal, state, launched_at, created_at, updated_at) VALUES (1, 'Kreta', 'loyalty', 'running', 5, 1, 1)",
            vec![],
        ),
        (
            "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) VALUES (1, 1, 1, 'email', 'x', 'x', 'x', 'x')",
            vec![],
        ),
        (
            "INSERT INTO campaign_link (id, step_id, position, url) VALUES (1, 1, 1, 'https://shop.example/kreta')",
            vec![],
        ),
        (
            "INSERT INTO audience (campaign_id, contact_id, fate) VALUES (1, $1, 'treated'), (1, $2, 'treated')",
            values![one.0, other.0],
        ),
        (
            "INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, reply, due_at, sent_at) VALUES (1, 1, 1, $1, 't.engel@post.example', 'post.example', 'sent', '250 t.engel@post.example', 5, 6)",
            values![one.0],
        ),
        (
            "INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, due_at) VALUES (2, 1, 1, $1, 'anna@post.example', 'post.example', 'planned', 5)",
            values![other.0],
        ),
        (
            "INSERT INTO interaction (seq, occurred_at, received_at, contact_id, channel, kind, campaign_id, message_id, subject, verdict) VALUES (90001, 6, 6, $1, 'email', 'sent', 1, 1, $2, 'human')",
            values![one.0, text],
        ),
        (
            "INSERT INTO interaction (seq, occurred_at, received_at, contact_id, channel, kind, campaign_id, message_id, url, verdict, props) VALUES (90002, 7, 7, $1, 'email', 'clicked', 1, 1, 'https://shop.example/kreta', 'human', $2)",
            values![one.0, r#"{"agent":"T.Engel@post.example"}"#],
        ),
        (
            "INSERT INTO interaction (seq, occurred_at, received_at, contact_id, channel, kind, url, verdict) VALUES (90003, 8, 8, $1, 'web', 'page_viewed', 'https://shop.example/konto?mail=t.engel%40post.example', 'human')",
            values![one.0],
        ),
        (
            "INSERT INTO interaction (seq, occurred_at, received_at, contact_id, channel, kind, subject, verdict) VALUES (90004, 9, 9, $1, 'phone', 'call_in', 'Bruder THOMAS ENGEL lässt grüßen, Engelhardt auch', 'human')",
            values![other.0],
        ),
        (
            "INSERT INTO purchase (id, number, contact_id, placed_at, total_minor, currency, source, created_at, updated_at) VALUES (1, 'A-1', $1, 8, 120000, 'EUR', 'erp', 8, 8)",
            values![one.0],
        ),
        (
            "INSERT INTO tracking_source (id, name, write_key, origins, created_at, updated_at) VALUES (1, 'Shop', 'wk', '[]', 1, 1)",
            vec![],
        ),
        (
            "INSERT INTO visitor (id, source_id, known_as, user_id, contact_id, edge_id, first_seen_at) VALUES (1, 1, 'user:K-4711', 'K-4711', $1, 1, 1)",
            values![one.0],
        ),
        (
            "INSERT INTO identity_edge (id, visitor_id, contact_id, at, evidence, user_id) VALUES (1, 1, $1, 1, 'customer_number', 'K-4711')",
            values![one.0],
        ),
        (
            "INSERT INTO tracking_sight (source_id, at, call, name, who, outcome) VALUES (1, 1, 'track', 'x', 'K-4711', 'recorded')",
            vec![],
        ),
        ("INSERT INTO suppression (email_key, reason, at) VALUES ('t.engel@post.example', 'hard_bounce', 1)", vec![]),
        (
            "INSERT INTO job (kind, state, payload, created_at) VALUES ('x', 'done', $1, 1)",
            values![r#"{"number":"K-4711","value":4711}"#],
        ),
        (
            "INSERT INTO repeated_request (caller, idempotency_key, fingerprint, status, body, at) VALUES ('t', 'k', 'f', 200, $1, 1)",
            values![r#"{"email":"t.engel@post.example"}"#],
        ),
        (
            "INSERT INTO import_run (id, kind, file_name, file_path, file_bytes, dialect, mapping, state, created_at) VALUES (901, 'contacts', 'Engel, Thomas.csv', '/nowhere', 1, '{}', '{}', 'done', 1)",
            vec![],
        ),
        (
            "INSERT INTO import_rejection (import_id, line, field, reason, sentence, raw) VALUES (901, 2, 'x', 'x', '{}', 'K-4711;Thomas;Engel;x')",
            vec![],
        ),
    ] {
        unit.run(sql, binds).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
}

/// Every text of every table in one long one.
pub async fn everything(house: &House) -> String {
    let rows = house.db.read().await.unwrap();
    let mut all = String::new();
    for (table, columns) in store::schema::tables(&rows).await.unwrap() {
        let cells: Vec<String> = columns.iter().map(|column| format!("CAST(\"{}\" AS TEXT)", column.name)).collect();
        let sql = format!("SELECT {} FROM \"{table}\"", cells.join(", "));
        for row in rows.texts(&sql, vec![]).await.unwrap() {
            let row: Vec<String> = row.into_iter().flatten().collect();
            all += &format!("{table}: {}\n", row.join(" | "));
        }
    }
    all
}

/// Places where the person still stands.
pub fn traces(all: &str) -> Vec<&str> {
    const THOMAS: [&str; 8] = [
        "thomas engel",
        "engel, thomas",
        "thomas;engel",
        "t.engel@",
        "t.engel%40",
        "k-4711",
        "himmelsleiter",
        "1971-03-04",
    ];
    all.lines().filter(|line| THOMAS.iter().any(|trace| line.to_lowercase().contains(trace))).collect()
}
