//! Stories of tracking: who visitors turn out to be, what is kept of them, and what is not.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use crm::{
    interactions::{
        Channel, Interaction, Kind, NewInteraction, Recorder, RecorderConfig, Verdict, append,
        baskets::AbandonedBaskets,
        timeline,
        tracking::{
            self, Call, Delivery, Outcome, Source, SourceDraft, Switches, Taken, Tracking, Unreadable, sources,
        },
        verdict::Rejudge,
        visitors,
    },
    staff::Actor,
};
use kernel::{
    ContactId, chance,
    time::{DAY, HOUR, MINUTE},
};
use serde_json::{Value, json};
use store::values;
use testkit::House;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

struct Shop {
    house: House,
    tracking: Tracking,
    source: Source,
}

impl Shop {
    async fn both(switches: Switches) -> Vec<Self> {
        let mut shops = Vec::new();
        for house in House::both().await {
            let recorder = Recorder::start(house.db.clone(), house.clock.clone(), RecorderConfig::default());
            let tracking = Tracking::new(house.db.clone(), house.clock.clone(), house.zone.clone(), recorder);
            let source = source(&house, switches).await;
            shops.push(Self { house, tracking, source });
        }
        shops
    }

    async fn tell(&self, events: Value) -> Taken {
        let body = json!({ "batch": events }).to_string();
        let delivery = Delivery::read(body.as_bytes(), None).unwrap();
        self.tracking.take(self.source.clone(), delivery, FIREFOX).await.unwrap()
    }

    async fn timeline(&self, contact: ContactId) -> Vec<Interaction> {
        timeline(&self.house.db.read().await.unwrap(), contact, None, None, 100).await.unwrap()
    }

    async fn titles(&self, contact: ContactId) -> Vec<String> {
        let mut titles: Vec<String> = self.timeline(contact).await.into_iter().filter_map(|i| i.subject).collect();
        titles.sort();
        titles
    }

    async fn count(&self, sql: &str) -> i64 {
        self.house.db.read().await.unwrap().number(sql, vec![]).await.unwrap()
    }

    async fn seen(&self) -> Vec<(String, Outcome)> {
        // Written by itself half a second after the last event.
        for _ in 0..100 {
            let rows = self.house.db.read().await.unwrap();
            let seen = tracking::seen(&rows, self.source.id, None, "", 50).await.unwrap();
            if !seen.is_empty() {
                return seen.into_iter().rev().map(|sight| (sight.name, sight.outcome)).collect();
            }
            drop(rows);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Vec::new()
    }
}

async fn source(house: &House, switches: Switches) -> Source {
    let unit = house.db.write().await.unwrap();
    let draft = SourceDraft { name: "Website".into(), origins: String::new(), switches };
    let id = sources::create(&unit, &house.sabine(), &draft, house.now(), &mut chance::system()).await.unwrap();
    let source = sources::find(&unit, id).await.unwrap().unwrap();
    unit.save().await.unwrap();
    source
}

async fn person(house: &House, number: &str, email: &str) -> ContactId {
    let unit = house.db.write().await.unwrap();
    const SQL: &str = "INSERT INTO contact (number, kind, first_name, last_name, name_key, first_key, email, email_key, created_at, \
         updated_at) VALUES ($1, 'customer', 'Ada', $1, $1, 'ada', $2, $2, 1, 1) RETURNING id";
    let id = unit.insert(SQL, values![number, email]).await.unwrap();
    unit.save().await.unwrap();
    ContactId(id)
}

fn page(who: &str, title: &str) -> Value {
    json!({ "type": "page", "anonymousId": who, "messageId": format!("{who}-{title}"), "properties": { "title": title,
        "url": format!("https://www.almara.example/{title}?x=1") } })
}

fn identify(who: &str, user: Option<&str>, traits: Value) -> Value {
    json!({ "type": "identify", "anonymousId": who, "userId": user, "traits": traits })
}

#[tokio::test]
async fn a_visitor_who_says_who_they_are_brings_their_history_along() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "10001", "ada@kunden.example").await;
        shop.tell(json!([page("a", "Kreta"), page("a", "Samos"), page("b", "Rhodos")])).await;
        assert!(shop.timeline(ada).await.is_empty());
        shop.tell(json!([identify("a", Some("10001"), json!({})), page("a", "Buchen")])).await;
        assert_eq!(shop.titles(ada).await, ["Buchen", "Kreta", "Samos"]);
        shop.tell(json!([identify("b", None, json!({ "email": "ADA@kunden.example" }))])).await;
        assert_eq!(shop.titles(ada).await, ["Buchen", "Kreta", "Rhodos", "Samos"]);
        let rows = shop.house.db.read().await.unwrap();
        let edges = visitors::edges_of(&rows, ada, 10).await.unwrap();
        assert_eq!(edges.iter().map(|edge| edge.entries).collect::<Vec<_>>(), [1, 3]);
    }
}

#[tokio::test]
async fn an_address_of_two_people_says_nothing() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "1", "familie@kunden.example").await;
        let bo = person(&shop.house, "2", "familie@kunden.example").await;
        shop.tell(json!([
            page("a", "Kreta"),
            identify("a", Some("u-9"), json!({ "email": "familie@kunden.example" }))
        ]))
        .await;
        assert!(shop.timeline(ada).await.is_empty() && shop.timeline(bo).await.is_empty());
        assert_eq!(shop.count("SELECT COUNT(*) FROM identity_edge").await, 0);
    }
}

#[tokio::test]
async fn taking_back_gives_exactly_those_entries_back_and_is_remembered() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "10001", "ada@kunden.example").await;
        let unit = shop.house.db.write().await.unwrap();
        let call =
            NewInteraction { subject: Some("Anruf".into()), ..NewInteraction::new(Kind::CallIn, shop.house.now()) };
        append(&unit, &[call.of(ada)], shop.house.now()).await.unwrap();
        unit.save().await.unwrap();
        let said = json!({ "email": "ada@kunden.example" });
        shop.tell(json!([page("a", "Kreta"), identify("a", None, said), page("a", "Samos")])).await;
        assert_eq!(shop.titles(ada).await, ["Anruf", "Kreta", "Samos"]);

        let unit = shop.house.db.write().await.unwrap();
        let edge = visitors::edges_of(&unit, ada, 10).await.unwrap()[0].id;
        let entries = visitors::undo(&unit, &shop.house.jana(), ada, edge, shop.house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!((entries, shop.titles(ada).await), (2, vec!["Anruf".to_owned()]));
        assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE visitor_id IS NOT NULL").await, 2);

        shop.tell(json!([identify("a", None, json!({ "email": "ada@kunden.example" })), page("a", "Rhodos")])).await;
        assert_eq!(shop.titles(ada).await, ["Anruf"], "what was taken back is not made again by itself");
        let unit = shop.house.db.write().await.unwrap();
        let refused = visitors::undo(&unit, &shop.house.sabine(), ada, edge, shop.house.now()).await;
        assert!(refused.is_err(), "an administrator edits no contacts");
        let again = visitors::undo(&unit, &shop.house.jana(), ada, edge, shop.house.now()).await;
        assert!(again.is_err(), "there is nothing left to take back");
    }
}

#[tokio::test]
async fn the_second_person_on_one_device_is_another_visitor() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "1", "ada@kunden.example").await;
        let bo = person(&shop.house, "2", "bo@kunden.example").await;
        shop.tell(json!([
            page("tablet", "vorher"),
            identify("tablet", Some("1"), json!({})),
            page("tablet", "Ada"),
            identify("tablet", Some("2"), json!({})),
            page("tablet", "Bo"),
        ]))
        .await;
        shop.tell(json!([page("tablet", "danach")])).await;
        assert_eq!(shop.titles(ada).await, ["Ada", "vorher"]);
        assert_eq!(shop.titles(bo).await, ["Bo", "danach"]);
        shop.tell(json!([identify("tablet", Some("nobody-we-know"), json!({})), page("tablet", "fremd")])).await;
        assert_eq!((shop.titles(ada).await.len(), shop.titles(bo).await.len()), (2, 2));
        assert_eq!(shop.count("SELECT COUNT(*) FROM visitor").await, 3);
    }
}

#[tokio::test]
async fn a_shops_own_id_is_learned_and_servers_may_use_it_alone() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "10001", "ada@kunden.example").await;
        let order = |user: &str, id: &str| {
            json!({ "type": "track", "event": "Order Completed", "userId": user,
            "messageId": id, "properties": { "order_id": id, "total": 899 } })
        };
        shop.tell(json!([order("shop-7", "A-1")])).await;
        assert!(shop.timeline(ada).await.is_empty());
        shop.tell(json!([identify("a", Some("shop-7"), json!({ "email": "ada@kunden.example" }))])).await;
        assert_eq!(shop.titles(ada).await, ["A-1"], "the order before comes along");
        shop.tell(json!([order("shop-7", "A-2"), order("10001", "A-3")])).await;
        assert_eq!(shop.titles(ada).await, ["A-1", "A-2", "A-3"]);
        let unit = shop.house.db.write().await.unwrap();
        let edge = visitors::edges_of(&unit, ada, 10).await.unwrap()[0].id;
        visitors::undo(&unit, &shop.house.jana(), ada, edge, shop.house.now()).await.unwrap();
        unit.save().await.unwrap();
        assert_eq!(shop.titles(ada).await, ["A-3"], "what named the customer number itself stays");
    }
}

#[tokio::test]
async fn without_consent_it_is_counted_without_a_person_or_not_at_all() {
    for shop in Shop::both(Switches { counts_anonymously: true, ..Switches::default() }).await {
        let ada = person(&shop.house, "1", "ada@kunden.example").await;
        let refused = json!({ "consent": { "categoryPreferences": { "analytics": false } } });
        let silent = |mut event: Value| {
            event["context"] = refused.clone();
            event["userId"] = json!("1");
            event
        };
        let events = json!([silent(page("a", "Kreta")), silent(identify("a", Some("1"), json!({})))]);
        assert_eq!(shop.tell(events.clone()).await.recorded, 1);
        assert!(shop.timeline(ada).await.is_empty());
        for (what, sql) in [
            ("a person", "SELECT COUNT(*) FROM interaction WHERE contact_id IS NOT NULL OR visitor_id IS NOT NULL"),
            ("a query", "SELECT COUNT(*) FROM interaction WHERE url LIKE '%?%' OR props IS NOT NULL"),
            ("a visitor", "SELECT COUNT(*) FROM visitor"),
        ] {
            assert_eq!(shop.count(sql).await, 0, "{what}");
        }
        assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE kind = 'page_viewed'").await, 1);
        assert_eq!(shop.seen().await, [("Kreta".into(), Outcome::Counted), (String::new(), Outcome::Dropped)]);
    }
    for shop in Shop::both(Switches::default()).await {
        let mut event = page("a", "Kreta");
        event["context"] = json!({ "consent": { "categoryPreferences": { "advertising": true } } });
        assert_eq!(shop.tell(json!([event])).await.recorded, 0);
        assert_eq!(shop.count("SELECT COUNT(*) FROM interaction").await, 0);
        assert_eq!(shop.seen().await, [("Kreta".into(), Outcome::Dropped)]);
    }
}

#[tokio::test]
async fn a_second_delivery_is_no_second_event_and_ids_of_two_sources_are_two() {
    for shop in Shop::both(Switches::default()).await {
        assert_eq!(shop.tell(json!([page("a", "Kreta"), page("a", "Kreta"), page("a", "Samos")])).await.recorded, 2);
        assert_eq!(shop.tell(json!([page("a", "Kreta")])).await.recorded, 0);
        let other = source(&shop.house, Switches::default()).await;
        let body = json!({ "batch": [page("a", "Kreta")] }).to_string();
        let delivery = Delivery::read(body.as_bytes(), None).unwrap();
        assert_eq!(shop.tracking.take(other, delivery, FIREFOX).await.unwrap().recorded, 1);
        assert_eq!(shop.count("SELECT COUNT(*) FROM visitor").await, 2);
    }
}

#[tokio::test]
async fn what_is_told_at_the_same_time_is_written_together_and_answered_to_each() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "10001", "ada@kunden.example").await;
        let bo = person(&shop.house, "10002", "bo@kunden.example").await;
        let told = (0..30).map(|n| {
            let who = format!("v{}", n % 3);
            let user = ["10001", "10002"].get(n % 3).copied();
            let events =
                json!([identify(&who, user, json!({})), page(&who, &format!("Seite {n}")), page("w", "Start")]);
            let shop = &shop;
            async move { shop.tell(events).await.recorded }
        });
        let recorded = futures::future::join_all(told).await;
        assert_eq!(recorded.iter().sum::<usize>(), 31, "thirty pages, and one that all of them tell");
        assert!(recorded.iter().all(|count| (1..=2).contains(count)), "{recorded:?}");
        for (contact, rest) in [(ada, 0), (bo, 1)] {
            let mut pages: Vec<String> = (0..30).filter(|n| n % 3 == rest).map(|n| format!("Seite {n}")).collect();
            pages.sort();
            assert_eq!(shop.titles(contact).await, pages);
        }
        assert_eq!(shop.count("SELECT COUNT(*) FROM visitor").await, 4);
        assert_eq!(shop.count("SELECT COUNT(*) FROM identity_edge").await, 2);
        assert_eq!(
            shop.count("SELECT COUNT(*) FROM visitor WHERE user_id IS NOT NULL AND edge_id IS NOT NULL").await,
            2
        );
    }
}

#[tokio::test]
async fn gaps_in_master_data_are_filled_only_where_the_source_may_and_nothing_else_is_touched() {
    let traits = json!({ "email": "other@kunden.example", "firstName": "Eve", "phone": "+49 731 1", "kind": "former",
        "address": { "city": "Ulm", "country": "Nirgendwo" } });
    for (fills, city) in [(false, 0), (true, 1)] {
        for shop in Shop::both(Switches { fills_contacts: fills, ..Switches::default() }).await {
            person(&shop.house, "1", "ada@kunden.example").await;
            shop.tell(json!([identify("a", Some("1"), traits.clone())])).await;
            let kept = "SELECT COUNT(*) FROM contact WHERE first_name = 'Ada' AND email = 'ada@kunden.example' AND \
                 kind = 'customer' AND country IS NULL";
            assert_eq!(shop.count(kept).await, 1);
            assert_eq!(
                shop.count("SELECT COUNT(*) FROM contact WHERE city = 'Ulm' AND phone = '+49 731 1'").await,
                city
            );
        }
    }
}

#[tokio::test]
async fn unknown_people_stay_visitors_unless_the_source_makes_leads() {
    let said = json!({ "email": "neu@kunden.example", "name": "Neu Noel", "country": "Nirgendwo" });
    for (leads, made) in [(false, 0), (true, 1)] {
        for shop in Shop::both(Switches { creates_leads: leads, ..Switches::default() }).await {
            let events = json!([
                page("a", "Kreta"),
                identify("a", Some("u-1"), said.clone()),
                identify("b", None, said.clone())
            ]);
            shop.tell(events).await;
            assert_eq!(shop.count("SELECT COUNT(*) FROM contact").await, made);
            let theirs = "SELECT COUNT(*) FROM interaction WHERE contact_id IS NOT NULL AND kind IN ('page_viewed', 'lead_captured')";
            assert_eq!(shop.count(theirs).await, 2 * made);
        }
    }
}

#[tokio::test]
async fn people_who_are_gone_are_nobody() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "1", "ada@kunden.example").await;
        shop.tell(json!([identify("a", Some("1"), json!({})), page("a", "Kreta")])).await;
        let unit = shop.house.db.write().await.unwrap();
        unit.run("DELETE FROM contact WHERE id = $1", values![ada.0]).await.unwrap();
        unit.save().await.unwrap();
        shop.tell(json!([page("a", "danach"), identify("a", Some("1"), json!({ "email": "ada@kunden.example" }))]))
            .await;
        let erased = "SELECT COUNT(*) FROM interaction WHERE subject = 'danach' AND contact_id IS NOT NULL";
        assert_eq!(shop.count(erased).await, 0);
        assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE subject = 'danach'").await, 1);
    }
}

#[tokio::test]
async fn what_cannot_be_an_event_is_named_and_its_neighbours_are_taken() {
    for shop in Shop::both(Switches::default()).await {
        let taken = shop
            .tell(json!([{ "type": "beam" }, page("a", "Kreta"), { "type": "page", "name": "x".repeat(40_000) },
                { "type": "track", "anonymousId": "a" }, { "type": "page", "name": "niemand" }]))
            .await;
        assert_eq!(taken.unreadable, [(0, Unreadable::UnknownCall), (2, Unreadable::TooLarge)]);
        assert_eq!(taken.recorded, 1);
        let refused = shop.seen().await.iter().filter(|(_, outcome)| *outcome == Outcome::Refused).count();
        assert_eq!(refused, 4);
    }
}

#[tokio::test]
async fn a_machine_is_told_from_a_person_and_better_rules_judge_again() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "1", "ada@kunden.example").await;
        let by = |title: &str, agent: &str| {
            let mut event = page("a", title);
            event["userId"] = json!("1");
            event["context"] = json!({ "userAgent": agent });
            event
        };
        shop.tell(json!([by("Mensch", FIREFOX), by("Kopflos", "Mozilla/5.0 (X11) HeadlessChrome/141.0")])).await;
        let many: Vec<Value> = (0..40).map(|n| page("runner", &format!("{n:02}"))).collect();
        shop.tell(json!(many)).await;
        let verdicts =
            |log: Vec<Interaction>| -> Vec<Verdict> { log.into_iter().rev().map(|entry| entry.verdict).collect() };
        assert_eq!(verdicts(shop.timeline(ada).await), [Verdict::Human, Verdict::Machine]);
        let machines = "SELECT COUNT(*) FROM interaction WHERE verdict = 'machine'";
        assert_eq!(shop.count(machines).await, 16, "one without a window, and fifteen pages nobody could have read");

        let unit = shop.house.db.write().await.unwrap();
        unit.run("UPDATE interaction SET verdict = 'human', reasons = NULL", vec![]).await.unwrap();
        unit.save().await.unwrap();
        let rejudge = Rejudge::new(shop.house.db.clone(), shop.house.clock.clone());
        while rejudge.page().await.unwrap() {}
        assert_eq!(shop.count(machines).await, 16);
        let unit = shop.house.db.write().await.unwrap();
        unit.run("UPDATE interaction SET verdict = 'human', reasons = NULL", vec![]).await.unwrap();
        unit.save().await.unwrap();
        assert!(!rejudge.page().await.unwrap());
        assert_eq!(shop.count(machines).await, 0, "the same rules do not judge twice");
    }
}

#[tokio::test]
async fn a_basket_nobody_comes_back_to_is_abandoned_once() {
    for shop in Shop::both(Switches::default()).await {
        let ada = person(&shop.house, "1", "ada@kunden.example").await;
        let task = AbandonedBaskets {
            db: shop.house.db.clone(),
            clock: shop.house.clock.clone(),
            zone: shop.house.zone.clone(),
        };
        assert_eq!(task.look().await.unwrap(), 0);
        let basket = |who: &str, name: &str| {
            json!({ "type": "track", "event": "Product Added", "anonymousId": who,
            "properties": { "name": name, "price": 899 } })
        };
        shop.tell(json!([
            basket("left", "Kreta"),
            basket("again", "Samos"),
            basket("bought", "Rhodos"),
            basket("ada", "Kos")
        ]))
        .await;
        shop.house.clock.forward(5 * HOUR);
        shop.tell(json!([basket("again", "Samos 2"), identify("ada", Some("1"), json!({})),
            { "type": "track", "event": "Order Completed", "anonymousId": "bought", "properties": { "total": 899 } }]))
            .await;
        let unit = shop.house.db.write().await.unwrap();
        let order = NewInteraction::new(Kind::OrderPlaced, shop.house.now()).of(ada);
        append(&unit, &[order], shop.house.now()).await.unwrap();
        unit.save().await.unwrap();
        shop.house.clock.forward(DAY - 5 * HOUR - MINUTE);
        assert_eq!(task.look().await.unwrap(), 0, "not a day yet");
        shop.house.clock.forward(2 * MINUTE);
        assert_eq!(task.look().await.unwrap(), 1);
        assert_eq!(task.look().await.unwrap(), 0, "once");
        shop.house.clock.forward(5 * HOUR);
        assert_eq!(task.look().await.unwrap(), 1, "the one that was changed later");
        let said = "SELECT COUNT(*) FROM interaction WHERE kind = 'basket_abandoned' AND subject IN ('Kreta', 'Samos 2') AND \
             value_minor = 89900";
        assert_eq!(shop.count(said).await, 2);
        assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE kind = 'basket_abandoned'").await, 2);
    }
}

#[tokio::test]
async fn only_the_administration_keeps_sources_and_every_change_is_noted() {
    for house in House::both().await {
        let unit = house.db.write().await.unwrap();
        let draft = SourceDraft {
            name: " Shop ".into(),
            origins: "www.almara.example\nhttps://shop.almara.example/kasse".into(),
            switches: Switches::default(),
        };
        let (now, mut rng) = (house.now(), chance::system());
        assert!(sources::create(&unit, &house.jana(), &draft, now, &mut rng).await.is_err());
        let sabine: Actor = house.sabine();
        let id = sources::create(&unit, &sabine, &draft, now, &mut rng).await.unwrap();
        let made = sources::find(&unit, id).await.unwrap().unwrap();
        assert_eq!(made.origins, ["https://www.almara.example", "https://shop.almara.example"]);
        assert!(made.admits("https://www.almara.example") && !made.admits("https://www.almara.example.evil.example"));
        sources::rotate(&unit, &sabine, id, now, &mut rng).await.unwrap();
        assert!(sources::by_key(&unit, &made.write_key).await.unwrap().is_none());
        sources::set_active(&unit, &sabine, id, false, now).await.unwrap();
        let fresh = sources::find(&unit, id).await.unwrap().unwrap();
        assert!(sources::by_key(&unit, &fresh.write_key).await.unwrap().is_none());
        let wrong = SourceDraft { origins: "ftp://x".into(), ..draft };
        assert!(sources::change(&unit, &sabine, id, &wrong, now).await.is_err());
        let noted = "SELECT COUNT(*) FROM audit_entry WHERE subject_kind = 'source'";
        assert_eq!(unit.number(noted, vec![]).await.unwrap(), 3);
    }
}

#[test]
fn calls_have_codes_and_every_kind_of_the_web_is_reached_by_some_name() {
    assert_eq!(Call::parse("group"), Some(Call::Group));
    let names = ["Form Submitted", "Products Searched", "Promotion Viewed", "Promotion Clicked", "anything else"];
    let kinds: Vec<Kind> = names.iter().map(|name| tracking::kind_of(name)).collect();
    let web: Vec<Kind> = Channel::Web.kinds().filter(|kind| *kind != Kind::PageViewed).collect();
    assert!(web.iter().all(|kind| kinds.contains(kind)), "{web:?} {kinds:?}");
}
