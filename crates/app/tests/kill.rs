//! Sending survives being killed: twenty times `kill -9` while twenty thousand mails go out, and nobody gets two.

use serde_json::json;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use testkit::{api::Api, sink::Sink};

const PEOPLE: usize = 20_000;
const KILLS: usize = 20;
/// Connections × mails marked together: what one kill may leave in doubt.
const CONNECTIONS: usize = 4;
const BATCH: usize = 50;

fn people() -> Vec<u8> {
    let mut file = "Kundennr;Vorname;Nachname;E-Mail;Einwilligung E-Mail\n".to_owned();
    for n in 0..PEOPLE {
        file += &format!("{n:06};Person;Nummer {n};p{n}@d{}.example;ja\n", n % 7);
    }
    file.into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_two_mails_however_often_the_server_is_killed() {
    let sink = Sink::start().await;
    let (port, connections, batch) = (sink.port().to_string(), CONNECTIONS.to_string(), BATCH.to_string());
    let settings = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_SMTP_CONNECTIONS", connections.as_str()),
        ("KUNDENKREIS_SMTP_BATCH", batch.as_str()),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
    ];
    let mut api = Api::start(&settings).await;
    assert_eq!(api.import("contacts", "people.csv", &people()).await["created"], PEOPLE);
    let definition = json!({ "field": "consent.email.marketing", "op": "eq", "value": true });
    let segment = api.post("segments", json!({ "name": "Alle", "definition": { "all": [definition] } })).await;
    let wish = json!({
        "name": "Zwanzigtausend", "goal": "information", "channel": "email", "subject": "Guten Tag {{ contact.last_name }}",
        "links": ["https://shop.example/a"], "segment": segment["id"],
    });
    let campaign = api.post("campaigns", wish).await["id"].as_i64().expect("an id");
    api.post(&format!("campaigns/{campaign}/approve"), json!({})).await;
    api.post(&format!("campaigns/{campaign}/launch"), json!({})).await;

    // Moments from a small generator of our own: the same on every run, at no regular distance.
    let mut moment = 7_u64;
    let mut slowest = Duration::ZERO;
    for _ in 0..KILLS {
        // Each life sends before it ends: only then has the kill something to tear apart.
        let (before, since) = (sink.count(), Instant::now());
        while sink.count() == before {
            assert!(since.elapsed() < Duration::from_secs(30), "nothing is sent any more after {before} mails");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis((moment >> 33) % 300)).await;
        api.product.kill().await;
        slowest = slowest.max(api.product.restart().await);
    }
    println!("slowest restart: {slowest:?}");

    let path = format!("campaigns/{campaign}");
    let since = Instant::now();
    let state = loop {
        let state = api.get(&path).await;
        if state["state"] == "finished" {
            break state;
        }
        assert!(since.elapsed() < Duration::from_secs(300), "the campaign stays at {state}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    let count = |name: &str| state["progress"][name].as_u64().unwrap_or_else(|| panic!("{name} in {state}")) as usize;
    let (sent, in_doubt) = (count("sent"), count("in_doubt"));
    println!("{sent} sent, {in_doubt} in doubt");
    assert_eq!(sent + in_doubt, PEOPLE, "{state}");
    assert!(in_doubt <= KILLS * CONNECTIONS * BATCH, "{in_doubt} are in doubt");

    let mut received: HashMap<String, usize> = HashMap::new();
    for mail in sink.messages() {
        *received.entry(mail.to[0].clone()).or_default() += 1;
    }
    let twice: Vec<_> = received.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "got more than one: {twice:?}");
    // Whoever is written down as sent has it; of those in doubt some have it and some do not.
    assert!(
        received.len() >= sent && received.len() <= sent + in_doubt,
        "{} received, {sent} sent, {in_doubt} in doubt",
        received.len()
    );
}
