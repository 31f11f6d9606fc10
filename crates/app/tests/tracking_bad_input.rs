//! What is sent to the trackers' door although it should not be: bombs, bottomless JSON, numbers without end, halves of
//! characters, clocks that are years off, keys nobody has. Each is answered cleanly, and everybody else is served.

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::io::Write;
use testkit::{
    api::Api,
    http::{self, Answer},
};

struct Door {
    api: Api,
    key: String,
    log: SqlitePool,
}

impl Door {
    async fn open() -> Self {
        let api = Api::start(&[]).await;
        let made = api.product.command(&["source", "create", "Website"]).output().await.expect("the program");
        assert!(made.status.success(), "{made:?}");
        let key = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let file = api.product.data().join("kundenkreis.sqlite");
        let log = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file).read_only(true))
            .await
            .expect("the log");
        Self { api, key, log }
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let key = format!("Basic {}", STANDARD.encode(format!("{}:", self.key)));
        let headers: Vec<(&str, &str)> =
            [("authorization", key.as_str())].into_iter().chain(headers.iter().copied()).collect();
        let url = self.api.product.url(path);
        http::request("POST", &url, &headers, body).await.unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    async fn batch(&self, body: &str) -> u16 {
        self.send("/v1/batch", &[], body.as_bytes()).await.status
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.log).await.expect("a number")
    }

    /// A well-behaved sender is served as before, and nothing broke inside.
    async fn is_well(&self) {
        let page = json!({ "batch": [{ "type": "page", "anonymousId": "calm", "name": "x" }] });
        assert_eq!(self.batch(&page.to_string()).await, 200);
        let log = self.api.product.log();
        assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_packed_into_one_megabyte_is_refused_and_costs_little() {
    let door = Door::open().await;
    door.is_well().await;
    // Members of a gzip file follow each other (RFC 1952, 2.2).
    let bomb = gzip(&vec![b' '; 16 * 1024 * 1024]).repeat(64);
    assert!(bomb.len() < 2 * 1024 * 1024, "{}", bomb.len());
    let before = door.api.product.peak_memory();
    for _ in 0..10 {
        let answer = door.send("/v1/batch", &[("content-encoding", "gzip")], &bomb).await;
        assert_eq!((answer.status, &answer.json()["success"]), (413, &json!(false)));
    }
    let grown = door.api.product.peak_memory() - before;
    assert!(grown < 20 * 1024 * 1024, "{} MB", grown / 1024 / 1024);
    let endless = vec![b' '; 5 * 1024 * 1024];
    assert_eq!(door.send("/v1/batch", &[], &endless).await.status, 413);
    assert_eq!(door.send("/v1/batch", &[("content-encoding", "gzip")], b"no gzip").await.status, 400);
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_four_megabytes_is_taken_whole() {
    let door = Door::open().await;
    let event = |n: usize| {
        json!({ "type": "track", "event": "Katalog bestellt", "anonymousId": format!("v{}", n % 700),
        "messageId": format!("m{n}"), "properties": { "text": "x".repeat(150) } })
    };
    let events: Vec<Value> = (0..15_500).map(event).collect();
    let body = json!({ "batch": events }).to_string();
    assert!((3_500_000..4_194_304).contains(&body.len()), "{}", body.len());
    let answer = door.send("/v1/batch", &[("content-encoding", "gzip")], &gzip(body.as_bytes())).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(door.batch(&body).await, 200);
    assert_eq!(door.count("SELECT COUNT(*) FROM interaction").await, 15_500);
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_is_none_is_a_400_and_leaves_nothing_behind() {
    let door = Door::open().await;
    let depth = 100_000;
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let track = |properties: &str| {
        format!(
            "{{\"batch\":[{{\"type\":\"track\",\"event\":\"x\",\"anonymousId\":\"a\",\"properties\":{properties}}}]}}"
        )
    };
    let bodies = [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        format!("{{\"batch\":{}}}", deep("[", "]")),
        track(&deep("[", "]")),
        track(&deep("{\"a\":", "}")),
        track("{\"n\":1e400}"),
        track("{\"text\":\"\\ud800\"}"),
        track("{\"text\":\"\\udc00x\"}"),
        track("{\"a\":"),
        "{\"batch\":[],\"batch\":[]}".to_owned(),
        "\u{feff}{\"batch\":[]}".to_owned(),
        "nothing".to_owned(),
    ];
    for body in &bodies {
        let answer = door.send("/v1/batch", &[], body.as_bytes()).await;
        let start: String = body.chars().take(60).collect();
        assert_eq!((answer.status, answer.header("content-type")), (400, Some("application/json")), "{start}");
    }
    assert_eq!(door.send("/v1/track", &[], b"{\"event\":\"\xff\xfe\"}").await.status, 400);
    assert_eq!(door.send("/v1/track", &[], &vec![b'['; 3_000_000]).await.status, 400);
    assert_eq!(door.count("SELECT COUNT(*) FROM interaction").await, 0);
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_values_are_kept_clean_and_clocks_do_not_matter() {
    let door = Door::open().await;
    let nul = "a\\u0000b";
    let body = format!(
        "{{\"event\":\"{nul}\",\"anonymousId\":\"{nul}\",\"messageId\":\"{nul}\",\"userId\":\"{nul}\",\"properties\":{{\"{nul}\":\"{nul}\",\
         \"url\":\"javascript:alert(1)\",\"price\":-1e308,\"quantity\":9e99}},\"context\":{{\"page\":{{\"url\":\"{nul}\"}}}}}}"
    );
    assert_eq!(door.send("/v1/track", &[], body.as_bytes()).await.status, 200);
    let kept = "SELECT COUNT(*) FROM interaction WHERE subject = 'a b' AND url IS NULL AND props NOT LIKE '%\\u0000%'";
    assert_eq!(door.count(kept).await, 1);
    for (n, (timestamp, sent)) in [
        ("1999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"),
        ("2083-01-01T00:00:00Z", "2083-01-01T00:00:00Z"),
        ("1970-01-01T00:00:00Z", "2026-11-24T00:00:00Z"),
        ("2099-01-01T00:00:00Z", "2026-11-24T00:00:00Z"),
        ("+999999-12-31T23:59:59Z", "-009999-01-01T00:00:00Z"),
        ("gestern", "🕰"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "batch": [{ "type": "page", "anonymousId": "clock", "messageId": format!("c{n}"), "timestamp": timestamp }],
            "sentAt": sent });
        assert_eq!(door.batch(&body.to_string()).await, 200, "{timestamp}");
    }
    const FAR: &str = "SELECT COUNT(*) FROM interaction WHERE occurred_at > received_at + 300000000 OR \
         occurred_at < received_at - 157680000000000";
    assert_eq!(door.count(FAR).await, 0);
    const NOW: &str =
        "SELECT COUNT(*) FROM interaction WHERE kind = 'page_viewed' AND ABS(occurred_at - received_at) < 60000000";
    assert_eq!(door.count(NOW).await, 4, "two clocks that are off alike, and two that say nothing");
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_and_people_who_are_gone_make_no_contact_and_no_noise() {
    let door = Door::open().await;
    let unknown = json!({ "batch": [{ "type": "track", "event": "x", "userId": "niemand" }], "writeKey": "niemands" });
    let url = door.api.product.url("/v1/batch");
    let answer = http::request("POST", &url, &[], unknown.to_string().as_bytes()).await.expect("an answer");
    assert_eq!((answer.status, &answer.json()["success"]), (401, &json!(false)));
    let wrong = format!("Basic {}", STANDARD.encode("niemands:"));
    let answer = http::request("POST", &url, &[("authorization", &wrong)], unknown.to_string().as_bytes()).await;
    assert_eq!(answer.expect("an answer").status, 401);
    assert_eq!(door.count("SELECT COUNT(*) FROM interaction").await, 0);
    assert_eq!(door.batch(&unknown.to_string()).await, 200, "the key of the header counts");
    let nobody = json!({ "batch": [{ "type": "track", "event": "x" }, { "type": "identify", "traits": { "email": "a@b.de" } }] });
    assert_eq!(door.batch(&nobody.to_string()).await, 200);
    assert_eq!(door.count("SELECT COUNT(*) FROM interaction").await, 1);
    assert_eq!(door.count("SELECT COUNT(*) FROM contact").await, 0);
    assert_eq!(door.count("SELECT COUNT(*) FROM visitor").await, 1);
    door.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_erased_people_are_taken_and_bring_nobody_back() {
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    let door = Door::open().await;
    door.api.post("contacts", json!({ "number": "17", "last_name": "Ada", "email": "ada@kunden.example" })).await;
    let told = |page: &str| {
        json!({ "batch": [{ "type": "identify", "anonymousId": "a", "userId": "17", "traits": { "email": "ada@kunden.example" } },
            { "type": "page", "anonymousId": "a", "userId": "17", "name": page, "context": { "userAgent": FIREFOX } }] })
        .to_string()
    };
    assert_eq!(door.batch(&told("davor")).await, 200);
    const HERS: &str = "SELECT COUNT(*) FROM interaction WHERE contact_id IS NOT NULL";
    assert!(door.count(HERS).await > 0, "while she is known her visits are hers");
    let count = json!({ "definition": { "did": { "kind": "page_viewed" } } });
    assert_eq!(door.api.post("segments/count", count.clone()).await["count"], 1);

    let file = door.api.product.data().join("kundenkreis.sqlite");
    let truth = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await.expect("the database");
    for sql in ["DELETE FROM consent", "DELETE FROM interaction", "DELETE FROM contact"] {
        sqlx::query(sql).execute(&truth).await.expect(sql);
    }
    for again in 0..2 {
        assert_eq!(door.batch(&told(&format!("danach {again}"))).await, 200);
    }
    assert_eq!(door.count("SELECT COUNT(*) FROM contact").await, 0);
    assert_eq!(door.count(HERS).await, 0, "what comes later belongs to a visitor nobody knows");
    assert_eq!(door.count("SELECT COUNT(*) FROM interaction WHERE subject LIKE 'danach %'").await, 2);
    assert_eq!(door.api.post("segments/count", count).await["count"], 0);
    let named = json!({ "id": "x", "kind": "call_in", "contact_number": "17" });
    let answer = door.api.try_post("interactions", &named).await;
    assert_eq!(answer.status, 422, "the API says whom it does not know: {}", answer.text());
    let equal = door.api.product.command(&["knowledge", "verify"]).output().await.expect("the program");
    assert!(equal.status.success(), "{}", String::from_utf8_lossy(&equal.stderr));
    door.is_well().await;
}
