//! The website of the demonstration: a source with a key, and an hour of its visitors, told as a tracker tells them.

use super::World;
use crate::command::said;
use anyhow::{Context, Result};
use crm::{
    interactions::{
        Recorder, RecorderConfig,
        tracking::{Delivery, SourceDraft, Switches, Tracking, sources},
    },
    staff::Actor,
};
use kernel::{Clock, chance, time::MINUTE};
use serde_json::{Value, json};
use std::time::Duration;

const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36";
const PAGES: &[(&str, &str)] = &[
    ("Startseite", ""),
    ("Kreta im Mai", "kreta"),
    ("Wandern auf Madeira", "madeira"),
    ("Frühbucher Sommer", "fruehbucher"),
    ("Katalog bestellen", "katalog"),
];

/// Visitors who look around; two of them say who they are, one may not be followed, one is a search engine.
pub async fn tell(world: &World<'_>) -> Result<()> {
    let ground = world.ground;
    let unit = ground.db.write().await?;
    let draft = SourceDraft {
        name: "Website".to_owned(),
        origins: "https://www.almara.example".to_owned(),
        switches: Switches { counts_anonymously: true, fills_contacts: true, creates_leads: false },
    };
    let by = Actor::system("demo");
    let id = sources::create(&unit, &by, &draft, world.now.plus(-MINUTE), &mut chance::system()).await.map_err(said)?;
    let source = sources::find(&unit, id).await?.context("the source that was just made")?;
    unit.save().await?;

    let clock = Clock::standing(world.now.plus(-MINUTE));
    let recorder = Recorder::start(ground.db.clone(), clock.clone(), RecorderConfig::default());
    let tracking = Tracking::new(ground.db.clone(), clock, ground.zone.clone(), recorder.clone());
    let events = visits(world.now);
    let body = json!({ "batch": events }).to_string();
    let delivery = Delivery::read(body.as_bytes(), None).context("the website's events")?;
    tracking.take(source, delivery, AGENT).await?;
    recorder.close().await;
    // What was seen of them is written from beside, half a second later.
    tokio::time::sleep(Duration::from_millis(700)).await;
    Ok(())
}

fn visits(now: kernel::Timestamp) -> Vec<Value> {
    let mut events = Vec::new();
    let mut say = |minutes: usize, mut event: Value| {
        event["timestamp"] = json!(now.plus(-(minutes as i64) * MINUTE).rfc3339());
        event["messageId"] = json!(format!("demo-{}", events.len()));
        events.push(event);
    };
    for (n, visitor) in ["v-7f31", "v-90bc", "v-1d42", "v-c2e8", "v-55aa", "v-e01f"].into_iter().enumerate() {
        for (step, (title, path)) in PAGES.iter().cycle().skip(n).take(2 + n % 3).enumerate() {
            let url = format!("https://www.almara.example/{path}");
            let mut event = json!({ "type": "page", "anonymousId": visitor, "context": { "page": { "url": url, "title": title } } });
            match visitor {
                "v-55aa" => event["context"]["consent"] = json!({ "categoryPreferences": { "analytics": false } }),
                "v-e01f" => event["context"]["userAgent"] = json!("Mozilla/5.0 (compatible; Googlebot/2.1)"),
                _ => {}
            }
            say(58 - n * 7 - step, event);
        }
    }
    let basket = json!({ "name": "Kreta, 14 Tage", "price": 899, "quantity": 2, "currency": "EUR" });
    say(24, json!({ "type": "track", "event": "Product Added", "anonymousId": "v-90bc", "properties": basket }));
    say(
        20,
        json!({ "type": "track", "event": "Form Submitted", "anonymousId": "v-1d42", "properties": { "form_name": "Katalog" } }),
    );
    say(
        18,
        json!({ "type": "track", "event": "Products Searched", "anonymousId": "v-7f31", "properties": { "query": "Samos" } }),
    );
    say(15, json!({ "type": "identify", "anonymousId": "v-90bc", "userId": "20042" }));
    say(12, json!({ "type": "identify", "anonymousId": "v-1d42", "userId": "20081" }));
    say(9, json!({ "type": "track", "anonymousId": "v-1d42" }));
    events
}
