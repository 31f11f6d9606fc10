//! Deliveries that are written together: one that the database refuses costs no other.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::interactions::{
    Recorder, RecorderConfig, hold,
    tracking::{Delivery, SourceDraft, Switches, Tracking, sources},
};
use kernel::chance;
use serde_json::json;
use std::time::Duration;
use store::Engine;
use testkit::House;

async fn run(house: &House, statements: &[&str]) {
    let unit = house.db.write().await.unwrap();
    for sql in statements {
        unit.run(sql, Vec::new()).await.unwrap();
    }
    unit.save().await.unwrap();
}

/// The database takes no entry of this name, as if it were damaged just there.
async fn refuse(house: &House) {
    match house.engine() {
        Engine::Sqlite => {
            const TRIGGER: &str = "CREATE TRIGGER refusing BEFORE INSERT ON interaction WHEN NEW.subject = 'damaged' \
                 BEGIN SELECT RAISE(ABORT, 'refused'); END";
            run(house, &[TRIGGER]).await;
        }
        Engine::Postgres => {
            const FUNCTION: &str = "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$ \
                 LANGUAGE plpgsql";
            const TRIGGER: &str = "CREATE TRIGGER refusing BEFORE INSERT ON interaction FOR EACH ROW \
                 WHEN (NEW.subject = 'damaged') EXECUTE FUNCTION refuse()";
            run(house, &[FUNCTION, TRIGGER]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_written_costs_no_other() {
    for house in House::both().await {
        let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig::default());
        let tracking = Tracking::new(house.db.clone(), house.clock.clone(), house.zone.clone(), recorder);
        let unit = house.db.write().await.unwrap();
        let draft = SourceDraft { name: "Website".into(), origins: String::new(), switches: Switches::default() };
        let id = sources::create(&unit, &house.sabine(), &draft, house.now(), &mut chance::system()).await.unwrap();
        unit.save().await.unwrap();
        let source = sources::find(&house.db.read().await.unwrap(), id).await.unwrap().unwrap();
        refuse(&house).await;

        // Whoever writes now makes the others wait until all of them are there.
        let unit = house.db.write().await.unwrap();
        hold(&unit).await.unwrap();
        let told: Vec<_> = ["Startseite", "damaged", "Kreta"]
            .map(|title| {
                let page = json!({ "type": "page", "anonymousId": title, "messageId": title,
                    "properties": { "title": title, "url": "https://www.almara.example/" } });
                let body = json!({ "batch": [page] }).to_string();
                let delivery = Delivery::read(body.as_bytes(), None).unwrap();
                let (tracking, source) = (tracking.clone(), source.clone());
                tokio::spawn(async move { tracking.take(source, delivery, "Firefox").await })
            })
            .into();
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(unit);
        let mut taken = Vec::new();
        for one in told {
            taken.push(one.await.unwrap().ok().map(|taken| taken.recorded));
        }
        assert_eq!(taken, [Some(1), None, Some(1)], "on {:?}", house.engine());
        let rows = house.db.read().await.unwrap();
        let count = rows.number("SELECT COUNT(*) FROM interaction", Vec::new()).await.unwrap();
        let keys = rows.number("SELECT COUNT(*) FROM interaction_key", Vec::new()).await.unwrap();
        let visitors = rows.number("SELECT COUNT(*) FROM visitor", Vec::new()).await.unwrap();
        assert_eq!((count, keys, visitors), (2, 2, 2), "nothing is left of the refused one on {:?}", house.engine());
    }
}
