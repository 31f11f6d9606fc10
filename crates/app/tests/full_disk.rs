//! The disk of the embedded database runs full: whoever wants to save is told so in their language, whoever reads goes on
//! reading, and with room again everything goes on by itself. Nothing that was answered with success is lost.

use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashSet},
    time::{Duration, Instant},
};
use testkit::{api::Api, disk::SmallDisk, http, person::Person, process::Product, python::python, sink::Sink};

/// Bytes of a disk that takes a small house and what it sets aside, and is full quickly.
const SMALL: u64 = 64 << 20;
/// The same for a house with very many contacts.
const LARGE: u64 = 400 << 20;
/// How long work that was held up may take to come back to life: its pauses grow with each failure.
const PATIENCE: Duration = Duration::from_secs(180);

/// A house on a small disk, whose log lies there too. The disk goes last.
struct House {
    api: Api,
    disk: SmallDisk,
}

impl House {
    async fn on_a_disk(bytes: u64, settings: &[(&str, &str)]) -> Self {
        let disk = SmallDisk::of(bytes);
        let api = Api::of(Product::start_on(&disk.path().join("data"), settings).await).await;
        Self { api, disk }
    }

    /// Fills the disk and adds contacts until one is refused: what the database has set aside before is used up then.
    /// Answers the numbers of those that were taken.
    async fn fill(&self) -> BTreeSet<String> {
        self.disk.fill();
        let number = |n: usize| format!("voll-{n:05}");
        let taken = self.until_refused(
            "contacts",
            |n| json!({ "number": number(n), "last_name": "x".repeat(90), "street": "y".repeat(90) }),
        );
        (0..taken.await).map(number).collect()
    }

    /// Asks for one after the other until one is refused, in words; how many were taken.
    async fn until_refused(&self, path: &str, wish: impl Fn(usize) -> Value) -> usize {
        for n in 0..20_000 {
            let answer = self.api.try_post(path, &wish(n)).await;
            if answer.status != 201 {
                refused(&answer);
                return n;
            }
        }
        panic!("the disk is full and everything is still taken");
    }

    /// Everything is there as promised and the file is sound.
    async fn ends_sound(mut self, taken: &BTreeSet<String>) {
        for number in taken {
            self.api.get(&format!("contacts/by-number/{number}")).await;
        }
        let log = self.api.product.log();
        assert!(!log.contains("panicked"), "{log}");
        let ended = self.api.product.stop().await;
        assert!(ended.success(), "{ended}");
        let database = self.api.product.data().join("kundenkreis.sqlite");
        let script = format!(
            "import sqlite3\ndb = sqlite3.connect({:?})\n\
             print(db.execute('PRAGMA integrity_check').fetchall(), db.execute('PRAGMA foreign_key_check').fetchall())",
            database.to_str().expect("a plain path")
        );
        assert_eq!(python(&script, b"").trim(), "[('ok',)] []");
    }
}

/// The answer says in German that the disk is full.
fn refused(answer: &http::Answer) {
    let problem = answer.json();
    assert_eq!((answer.status, &problem["code"]), (507, &json!("disk_full")), "{problem}");
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(detail.contains("Auf dem Datenträger des Servers ist kein Platz mehr."), "{detail}");
}

fn people(count: usize) -> Vec<u8> {
    let mut file = "Kundennr;Nachname;E-Mail;Einwilligung E-Mail\n".to_owned();
    for n in 0..count {
        file += &format!("{n};Nummer {n};p{n}@d{}.example;ja\n", n % 7);
    }
    file.into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_waits_for_room_and_ends_whole() {
    const ROWS: usize = 150_000;
    let house = House::on_a_disk(LARGE, &[]).await;
    let api = &house.api;
    let jana = Person::hired(&api.product, "jana@almara.example", "Jana", &["marketing_manager"]).await;
    let run = api.call("POST", "imports?kind=contacts&name=viele.csv", "text/csv", &people(ROWS)).await;
    let path = format!("imports/{}", run["id"]);
    api.post(&format!("{path}/run"), json!({})).await;
    api.until(&path, |run| run["lines"].as_u64() > Some(0)).await;
    let taken = house.fill().await;

    let before = api.get(&path).await;
    assert_eq!(before["state"], "running", "{before}");
    refused(&api.ask("POST", "imports?kind=contacts&name=mehr.csv", "text/csv", &people(100)).await);
    let segments =
        house.until_refused("segments", |n| json!({ "name": format!("Alle {n}"), "definition": { "all": [] } }));
    let segments = segments.await;
    reading_goes_on(api).await;
    for page in ["/", "/kontakte", "/kontakte/1", "/import", "/import/1", "/segmente", "/kampagnen"] {
        jana.goto(page).await;
        jana.browser.wait_for(".side").await;
        assert!(!jana.browser.has(".stopped").await, "{page}: {}", jana.browser.page_text().await);
    }
    jana.goto("/kontakte/neu").await;
    jana.browser.fill("[name=last_name]", "Spät").await;
    jana.press("form[action='/kontakte/neu'] button.primary", "h1").await;
    jana.browser.wait_for_text("Auf dem Datenträger des Servers ist kein Platz mehr.").await;

    house.disk.make_room();
    let done = api.until_within(PATIENCE, &path, |run| run["state"] != "running").await;
    assert_eq!((&done["state"], &done["rejected"]), (&json!("done"), &json!(0)), "{done}");
    let everybody = json!({ "definition": { "all": [{ "field": "email", "op": "is_set" }] } });
    assert_eq!(api.post("segments/count", everybody).await["count"], ROWS);
    assert_eq!(api.get("segments").await["items"].as_array().map(Vec::len), Some(segments));
    house.ends_sound(&taken).await;
}

async fn reading_goes_on(api: &Api) {
    for path in ["contacts", "contacts?search=Nummer", "contacts/1", "segments", "campaigns", "imports", "me"] {
        api.get(path).await;
    }
    assert_eq!(http::get(&api.product.url("/healthz")).await.status, 200);
    let count = json!({ "definition": { "all": [{ "field": "last_name", "op": "is_set" }] } });
    assert!(api.post("segments/count", count).await["count"].as_u64() > Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_stops_and_goes_on_and_nobody_gets_two() {
    const PEOPLE: usize = 6_000;
    let sink = Sink::start().await;
    let port = sink.port().to_string();
    let settings = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
    ];
    let mut house = House::on_a_disk(SMALL, &settings).await;
    assert_eq!(house.api.import("contacts", "viele.csv", &people(PEOPLE)).await["created"], PEOPLE);
    // After a good end the database has nothing set aside: from here every commit needs room.
    house.api.product.stop().await;
    house.api.product.restart().await;
    let api = &house.api;
    let agreed = json!({ "field": "consent.email.marketing", "op": "eq", "value": true });
    let segment = api.post("segments", json!({ "name": "Alle", "definition": { "all": [agreed] } })).await;
    let wish = json!({
        "name": "Viele", "goal": "information", "segment": segment["id"], "subject": "Guten Tag",
        "links": ["https://shop.example/a"],
    });
    let campaign = format!("campaigns/{}", api.post("campaigns", wish).await["id"]);
    api.post(&format!("{campaign}/approve"), json!({})).await;
    api.post(&format!("{campaign}/launch"), json!({})).await;
    let since = Instant::now();
    while sink.count() == 0 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is sent");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let taken = house.fill().await;
    reading_goes_on(api).await;
    let state = api.get(&campaign).await;
    assert_eq!(state["state"], "running", "the disk was full too late to matter: {state}");

    house.disk.make_room();
    let done = api.until_within(PATIENCE, &campaign, |campaign| campaign["state"] == "finished").await;
    let count = |name: &str| done["progress"][name].as_u64().unwrap_or_else(|| panic!("{name} in {done}")) as usize;
    assert_eq!(count("sent") + count("in_doubt"), PEOPLE, "{done}");
    assert_eq!(count("in_doubt"), 0, "the answers of the mail server were kept until they could be written: {done}");
    let mails = sink.messages();
    let people: HashSet<&str> = mails.iter().map(|mail| mail.to[0].as_str()).collect();
    assert_eq!((mails.len(), people.len()), (PEOPLE, PEOPLE), "somebody got two, or none");
    house.ends_sound(&taken).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_is_answered_with_success_when_it_is_safe_and_only_then() {
    let mut house = House::on_a_disk(SMALL, &[]).await;
    let api = &house.api;
    api.post("contacts", json!({ "number": "1", "last_name": "Lovelace" })).await;
    let call =
        |n: usize| json!({ "id": format!("anruf-{n}"), "kind": "call_in", "contact_number": "1", "subject": "Ruf" });
    let mut recorded = 0;
    for n in 0..50 {
        api.post("interactions", call(n)).await;
        recorded += 1;
    }
    let taken = house.fill().await;
    let mut refusals = Vec::new();
    for n in 50..80 {
        let answer = api.try_post("interactions", &call(n)).await;
        if answer.status >= 300 {
            refused(&answer);
            refusals.push(n);
        } else {
            recorded += 1;
        }
    }
    assert!(!refusals.is_empty(), "everything was recorded on a full disk");
    assert_eq!(timeline(api).await, recorded);

    // What was answered with success survives a crash, and a start needs no room.
    house.api.product.kill().await;
    house.api.product.restart().await;
    let api = &house.api;
    assert_eq!(timeline(api).await, recorded);
    reading_goes_on(api).await;
    house.disk.make_room();
    // Whoever was refused sends it again, and whoever was not sure as well: the sender's id makes it one.
    for n in 0..80 {
        let answer: Value = api.post("interactions", call(n)).await;
        assert_eq!(answer["recorded"][0]["duplicate"], !refusals.contains(&n), "{n}: {answer}");
    }
    assert_eq!(timeline(api).await, 80);
    house.ends_sound(&taken).await;
}

/// How many calls the log knows of the first contact.
async fn timeline(api: &Api) -> usize {
    let first = api.get("contacts/by-number/1").await["id"].clone();
    let page = api.get(&format!("contacts/{first}/interactions?limit=200")).await;
    page["items"].as_array().expect("interactions").iter().filter(|item| item["kind"] == "call_in").count()
}
