//! The door of trackers: how they show their key, what they are answered, what the administration sees of it.

use super::furnished::{Answer, Place, csrf};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use crm::staff::Role;
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

struct Office<'a> {
    place: &'a Place,
    cookie: String,
    csrf: String,
    page: String,
    key: String,
}

impl<'a> Office<'a> {
    /// A source for a website on this origin.
    async fn open(place: &'a Place, origins: &str) -> Self {
        place.hire("sabine@almara.example", "Sabine Ritter", &[Role::Administrator]).await;
        let cookie = place.sign_in("sabine@almara.example").await;
        let csrf = csrf(&place.get("/verwaltung/tracking", &cookie).await.text);
        let fields = [("csrf", csrf.as_str()), ("name", "Website <b>"), ("origins", origins), ("darf", "anonym")];
        let made = place.post("/verwaltung/tracking", &cookie, &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let page = made.header("location").split('?').next().unwrap().to_owned();
        let key = Self { place, cookie, csrf, page, key: String::new() };
        let key_now = key.key_now().await;
        Self { key: key_now, ..key }
    }

    async fn key_now(&self) -> String {
        let shown = self.place.get(&self.page, &self.cookie).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(shown.text.contains("Website &#60;b&#62;"));
        shown.text.split("id=\"key\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
    }

    async fn act(&self, what: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> =
            [("csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.place.post(&format!("{}/{what}", self.page), &self.cookie, &fields).await
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path).header("user-agent", FIREFOX);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.place.send(request.body(body.into()).unwrap()).await
    }

    fn basic(&self) -> String {
        basic(&self.key)
    }

    async fn entries(&self) -> i64 {
        self.place.house.db.read().await.unwrap().number("SELECT COUNT(*) FROM interaction", vec![]).await.unwrap()
    }
}

fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

fn page(id: &str) -> Value {
    json!({ "type": "page", "anonymousId": "a", "messageId": id, "context": { "page": { "url": "https://a.example/x" } } })
}

#[tokio::test]
async fn every_address_of_the_api_is_there_and_takes_any_content_type() {
    for place in Place::both().await {
        let office = Office::open(&place, "").await;
        let key = office.basic();
        let behaviour = ["track", "t", "page", "p", "screen", "s"];
        for call in behaviour.into_iter().chain(["identify", "i", "group", "g", "alias", "a"]) {
            let body = json!({ "anonymousId": "a", "userId": "u", "event": "Katalog bestellt", "messageId": call, "previousId": "b" });
            let headers = [("authorization", key.as_str()), ("content-type", "text/plain")];
            let answer = office.send(&format!("/v1/{call}"), &headers, body.to_string()).await;
            assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "success": true })), "{call}");
        }
        for (call, kind) in
            [("batch", "application/x-www-form-urlencoded"), ("b", "application/json"), ("import", "x/y")]
        {
            let body = json!({ "batch": [page(call)], "writeKey": office.key }).to_string();
            let answer = office.send(&format!("/v1/{call}"), &[("content-type", kind)], body).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
        assert_eq!(office.entries().await, 9);
        assert_eq!(office.send("/v1/m", &[], "{}").await.status, StatusCode::OK);
        assert_eq!(office.send("/v1/nothing", &[], "{}").await.status, StatusCode::NOT_FOUND);
        let settings = place.get(&format!("/v1/projects/{}/settings", office.key), "").await;
        assert_eq!(settings.json()["integrations"]["Segment.io"]["apiHost"], "localhost:8080/v1");
        assert_eq!(place.get("/v1/projects/nobody/settings", "").await.status, StatusCode::NOT_FOUND);
        let config = place.get(&format!("/sourceConfig/?writeKey={}&p=npm", office.key), "").await;
        assert_eq!(config.json()["source"]["enabled"], true);
        let script = place.get("/k.js", "").await;
        assert_eq!((script.status, script.header("content-type")), (StatusCode::OK, "text/javascript; charset=utf-8"));
    }
}

#[tokio::test]
async fn what_is_sent_again_or_cannot_be_read_is_answered_as_trackers_expect() {
    for place in Place::both().await {
        let office = Office::open(&place, "").await;
        let auth = office.basic();
        let auth = [("authorization", auth.as_str())];
        for _ in 0..2 {
            let again = office.send("/v1/p", &auth, page("same").to_string()).await;
            assert_eq!(again.status, StatusCode::OK);
        }
        assert_eq!(office.entries().await, 1);
        let large = json!({ "batch": [page("1"), { "type": "track", "event": "x".repeat(40_000) }, page("2")] });
        let answer = office.send("/v1/batch", &auth, large.to_string()).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["event"]), (StatusCode::BAD_REQUEST, &json!(1)));
        assert_eq!(office.entries().await, 3, "its neighbours are taken");
        for body in ["", "{", "[]", "7", "{\"batch\":{}}", "\u{0}"] {
            let answer = office.send("/v1/batch", &auth, body).await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (StatusCode::BAD_REQUEST, "application/json"),
                "{body}"
            );
        }
        let packed = [auth[0], ("content-encoding", "br")];
        assert_eq!(office.send("/v1/batch", &packed, "x").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let endless = vec![b' '; 4 * 1024 * 1024 + 1];
        assert_eq!(office.send("/v1/batch", &auth, endless).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn an_unknown_key_is_refused_and_whoever_tries_many_waits_while_the_real_one_goes_on() {
    for place in Place::both().await {
        let office = Office::open(&place, "").await;
        let body = json!({ "batch": [page("1")], "writeKey": office.key }).to_string();
        let wrong = basic("nobody");
        let mut answers = Vec::new();
        for _ in 0..70 {
            // Basic comes first, even where the body holds a real key.
            answers.push(office.send("/v1/batch", &[("authorization", wrong.as_str())], body.clone()).await);
        }
        assert_eq!(answers[0].status, StatusCode::UNAUTHORIZED);
        let last = answers.last().unwrap();
        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(last.header("retry-after").parse::<i64>().is_ok_and(|seconds| seconds > 0));
        assert_eq!(office.send("/v1/batch", &[], body).await.status, StatusCode::OK);
        assert_eq!(office.entries().await, 1);
    }
}

#[tokio::test]
async fn browsers_speak_for_a_source_only_from_its_own_pages() {
    for place in Place::both().await {
        let office = Office::open(&place, "www.almara.example").await;
        let (auth, origin) = (office.basic(), "https://www.almara.example");
        let ask = |origin: &'static str| {
            let request = Request::builder().method(Method::OPTIONS).uri("/v1/t").header(header::ORIGIN, origin);
            let request = request.header("access-control-request-headers", "authorization,content-type");
            place.send(request.body(Body::empty()).unwrap())
        };
        let asked = ask(origin).await;
        assert_eq!(asked.header("access-control-allow-origin"), origin);
        assert_eq!(asked.header("access-control-allow-headers"), "authorization,content-type");
        assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), "");
        let from = |origin: &'static str| {
            [("authorization", auth.as_str()), ("origin", origin)].map(|(n, v)| (n, v.to_owned()))
        };
        for (from, status) in [(from(origin), StatusCode::OK), (from("https://evil.example"), StatusCode::FORBIDDEN)] {
            let headers: Vec<(&str, &str)> = from.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = office.send("/v1/p", &headers, page("1").to_string()).await;
            assert_eq!(answer.status, status);
            let readable = answer.header("access-control-allow-origin");
            assert_eq!(readable, if status == StatusCode::OK { origin } else { "" });
        }
        let server = office.send("/v1/p", &[("authorization", auth.as_str())], page("2").to_string()).await;
        assert_eq!(server.status, StatusCode::OK, "a server names no origin");
    }
}

#[tokio::test]
async fn the_administration_sees_what_became_of_each_event_and_keeps_the_key() {
    for place in Place::both().await {
        let office = Office::open(&place, "").await;
        let auth = office.basic();
        let events = json!({ "batch": [
            { "type": "track", "event": "Katalog <i>", "anonymousId": "besucher-7" }, { "type": "beam" },
            { "type": "page", "name": "Still", "context": { "consent": { "categoryPreferences": { "analytics": false } } } },
        ] });
        office.send("/v1/batch", &[("authorization", auth.as_str())], events.to_string()).await;
        let live = |query: &str| format!("{}/ereignisse?{query}", office.page);
        let mut text = String::new();
        for _ in 0..100 {
            text = place.get(&live(""), &office.cookie).await.text;
            if text.contains("besucher-7") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        for part in ["Katalog &#60;i&#62;", "gespeichert", "anonym gezählt", "Unbekannter Typ"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let whole = place.get(&format!("{}?ergebnis=dropped&q=%3Cb%3E", office.page), &office.cookie).await.text;
        assert!(whole.contains("/ereignisse?ergebnis=dropped&#38;q=%3Cb%3E\" hx-trigger=\"every 2s\""), "{whole}");
        let refused = place.get(&live("ergebnis=refused"), &office.cookie).await.text;
        assert!(refused.contains("Unbekannter Typ") && !refused.contains("Katalog"), "{refused}");

        assert_eq!(office.act("schluessel", &[]).await.status, StatusCode::SEE_OTHER);
        assert_ne!(office.key_now().await, office.key);
        let old = office.send("/v1/p", &[("authorization", auth.as_str())], page("x").to_string()).await;
        assert_eq!(old.status, StatusCode::UNAUTHORIZED);
        let wrong = office.act("aendern", &[("name", ""), ("origins", "ftp://x")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(office.act("aktiv", &[("aktiv", "0")]).await.status, StatusCode::SEE_OTHER);
        let fresh = basic(&office.key_now().await);
        let off = office.send("/v1/p", &[("authorization", fresh.as_str())], page("x").to_string()).await;
        assert_eq!(off.status, StatusCode::UNAUTHORIZED, "a source that is switched off");
        let log = place.get("/verwaltung/protokoll", &office.cookie).await.text;
        for word in ["Tracking-Quelle angelegt", "Schreibschlüssel erneuert", "Tracking-Quelle ausgeschaltet"] {
            assert!(log.contains(word), "{word}");
        }
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        let jana = place.sign_in("jana@almara.example").await;
        for path in ["/verwaltung/tracking", office.page.as_str(), live("").as_str()] {
            assert_eq!(place.get(path, &jana).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

#[tokio::test]
async fn a_wrong_tie_is_taken_back_on_the_contacts_page() {
    for place in Place::both().await {
        let office = Office::open(&place, "").await;
        let token = place.token(&[Role::MarketingManager]).await;
        let ada = json!({ "number": "1", "last_name": "Lovelace" }).to_string();
        let id = place.call("POST", "/api/v1/contacts", &token, &ada).await.json()["id"].clone();
        let auth = office.basic();
        let events = json!({ "batch": [page("1"), { "type": "identify", "anonymousId": "a", "userId": "1" }] });
        office.send("/v1/batch", &[("authorization", auth.as_str())], events.to_string()).await;
        place.hire("jana@almara.example", "Jana Hoffmann", &[Role::MarketingManager]).await;
        let jana = place.sign_in("jana@almara.example").await;
        let contact = format!("/kontakte/{id}");
        let shown = place.get(&contact, &jana).await.text;
        assert!(shown.contains("Seite besucht") && shown.contains("Kundennummer · ein Eintrag"), "{shown}");
        let edge = shown.split("name=\"edge\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let fields = [("csrf", csrf(&shown)), ("edge", edge)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let undone = place.post(&format!("{contact}/zuordnung"), &jana, &fields).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        let shown = place.get(&contact, &jana).await.text;
        assert!(!shown.contains("Seite besucht") && shown.contains("aufgehoben"), "{shown}");
    }
}
