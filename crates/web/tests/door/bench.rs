//! What programs learn from the bench of segments, and what becomes of a question nobody waits for any more.

use super::furnished::{Place, csrf};
use crm::{
    customers::{ContactDraft, create_contact},
    staff::{Actor, Role},
};
use kernel::{Fault, Lens, People, Question, Seq, Table};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_program_asks_line_by_line_why_overlap_reach_versions_and_sql() {
    for place in Place::both().await {
        let unit = place.house.db.write().await.unwrap();
        let (by, now) = (Actor::system("test"), place.house.now());
        for (name, country) in [("Müller", "DE"), ("Huber", "AT"), ("Meier", "DE")] {
            let draft = ContactDraft { last_name: name.into(), country: country.into(), ..ContactDraft::default() };
            create_contact(&unit, &by, draft, now, place.house.zone.day(now)).await.unwrap();
        }
        unit.save().await.unwrap();
        let token = place.token(&[Role::MarketingManager]).await;
        let leaf = |value: &str| json!({ "field": "country", "op": "eq", "value": value });
        for definition in [json!({ "all": [leaf("DE")] }), json!({ "any": [leaf("DE"), leaf("AT")] })] {
            let body = json!({ "name": "S", "definition": definition }).to_string();
            let made = place.call("POST", "/api/v1/segments", &token, &body).await;
            assert_eq!(made.status.as_u16(), 201, "{}", made.text);
        }
        let get = async |path: &str| place.call("GET", &format!("/api/v1/segments/{path}"), &token, "").await;
        let lines = get("2/lines").await.json();
        let told: Vec<_> = lines["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| (l["path"].as_str().unwrap(), l["count"].as_i64().unwrap()))
            .collect();
        assert_eq!(told, [("", 3), ("any[0]", 2), ("any[1]", 1)]);
        let why = get("1/why?contact=2").await.json();
        assert_eq!(
            (&why["holds"], &why["lines"][1]["holds"], &why["lines"][1]["actual"]),
            (&json!(false), &json!(false), &json!("Austria"))
        );
        assert_eq!(get("1/why?contact=99").await.status.as_u16(), 404);
        assert_eq!(get("1/why").await.status.as_u16(), 422);
        assert_eq!(get("1/overlap?with=2").await.json(), json!({ "both": 2, "only_first": 0, "only_second": 1 }));
        let reach = get("2/reach").await.json();
        assert_eq!((&reach["matched"], &reach["no_consent"], &reach["reachable"]), (&json!(3), &json!(3), &json!(0)));
        assert!(get("1/sql").await.json()["sql"].as_str().unwrap().contains("'DE'"));

        let changed = json!({ "name": "T", "version": 1, "definition": leaf("AT") }).to_string();
        assert_eq!(place.call("PUT", "/api/v1/segments/1", &token, &changed).await.status.as_u16(), 200);
        let versions = get("1/versions").await.json();
        assert_eq!((&versions["items"][0]["version"], &versions["items"][1]["name"]), (&json!(2), &json!("S")));
        let back = "/api/v1/segments/1/versions/1/restore";
        assert_eq!(place.call("POST", back, &token, r#"{ "version": 1 }"#).await.status.as_u16(), 409);
        let restored = place.call("POST", back, &token, r#"{ "version": 2 }"#).await.json();
        assert_eq!((&restored["version"], &restored["name"]), (&json!(3), &json!("S")));
    }
}

/// A lens that never answers and notes when nobody waits for it any more.
#[derive(Default)]
struct Endless {
    asked: AtomicUsize,
    dropped: AtomicUsize,
}

struct Waiting(Arc<Endless>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, SeqCst);
    }
}

struct Port(Arc<Endless>);

#[async_trait::async_trait]
impl Lens for Port {
    async fn ask(&self, _: &Question, _: Seq) -> Result<Table, Fault> {
        Ok(Table::default())
    }

    async fn people(&self, _: &Question, _: Seq) -> Result<People, Fault> {
        let waiting = Waiting(self.0.clone());
        self.0.asked.fetch_add(1, SeqCst);
        std::future::pending::<()>().await;
        drop(waiting);
        Ok(People::default())
    }

    async fn stamp(&self) -> Result<u64, Fault> {
        Ok(1)
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}

#[tokio::test]
async fn a_count_the_browser_takes_back_is_dropped_on_the_server() {
    let place = Place::both().await.remove(0);
    place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
    let cookie = place.sign_in("jana@almara.example").await;
    let secret = csrf(&place.get("/segmente", &cookie).await.text);
    let endless = Arc::new(Endless::default());
    let house = place.house.clone().with_lens(Arc::new(Port(endless.clone())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, web::router(house)).await });

    let body = format!("csrf={secret}&n0.is=all&n1.is=attribute&n1.parent=0&n1.field=country&n1.op=eq&n1.v=DE");
    let request = format!(
        "POST /segmente/zaehlen HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut browser = tokio::net::TcpStream::connect(address).await.unwrap();
    browser.write_all(request.as_bytes()).await.unwrap();
    until("the questions are asked", || endless.asked.load(SeqCst) == 2).await;
    assert_eq!(endless.dropped.load(SeqCst), 0);
    drop(browser);
    until("nobody asks any more", || endless.dropped.load(SeqCst) == 2).await;
    server.abort();
}
