//! Websites that tell what their visitors do, in the words of Segment's API: how many events a second are taken, each
//! answered after its commit, while the columns follow.

use super::{PEOPLE, Row, Visit, open};
use crate::table::median;
use kernel::{Clock, time::SECOND};
use serde_json::{Value, json};
use std::time::Instant;
use testkit::{http::Line, process::Product};

const ROUNDS: usize = 4;
const EVENTS: usize = 128_000;
/// Events of a request: what Segment's server libraries send at once.
const LIST: usize = 100;
const SENDERS: usize = 32;
/// Browsers that visit during a round; the first ones far more often than the last.
const VISITORS: usize = 20_000;

/// Makes a source; its write key.
pub async fn source(product: &Product) -> String {
    let made = product.command(&["source", "create", "Website"]).output().await.expect("the program");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8_lossy(&made.stdout).trim().to_owned()
}

pub async fn measure(product: &Product, visit: &mut Visit, key: &str) -> Vec<Row> {
    let (mut rates, mut behind) = (Vec::new(), Vec::new());
    let entries = (0..EVENTS).filter(|n| !only_says_who(*n)).count() as i64;
    for round in 0..ROUNDS {
        let before = newest(product).await;
        rates.push(flood(product, key, round).await);
        assert_eq!(told_since(product, before).await, entries, "everything answered is in the log");
        behind.push(visit.get("/segmente/neu").await.1);
        println!("{:.0} events/s", rates[round]);
    }
    let first = rates.remove(0);
    let name = |who| format!("/v1/batch, lists of {LIST}, {SENDERS} senders, columns following, {who}");
    vec![
        Row::ours(name("visitors nobody has seen before"), first, "events/s"),
        Row::ours(name("known visitors"), median(rates), "events/s"),
        Row::ours("a page with a count right after it", median(behind), "ms"),
    ]
}

/// Events a second of one round.
async fn flood(product: &Product, key: &str, round: usize) -> f64 {
    let bodies: Vec<Vec<Vec<u8>>> = (0..SENDERS)
        .map(|sender| {
            let lists = (sender..EVENTS / LIST).step_by(SENDERS);
            lists.map(|list| body(&format!("flood-{round}"), list * LIST..(list + 1) * LIST)).collect()
        })
        .collect();
    let since = Instant::now();
    let senders: Vec<_> = bodies
        .into_iter()
        .map(|bodies| {
            let mut sender = Sender::new(product, key);
            tokio::spawn(async move {
                for body in bodies {
                    sender.send(&body).await;
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.expect("a sender");
    }
    EVENTS as f64 / since.elapsed().as_secs_f64()
}

pub async fn newest(product: &Product) -> i64 {
    let mut db = open(product.data(), true).await;
    sqlx::query_scalar("SELECT MAX(seq) FROM interaction").fetch_one(&mut db).await.expect("a number")
}

/// Entries of the log behind a position; what the product itself found out about baskets is not told by a website.
async fn told_since(product: &Product, position: i64) -> i64 {
    let mut db = open(product.data(), true).await;
    let told = "SELECT COUNT(*) FROM interaction WHERE seq > ? AND kind <> 'basket_abandoned'";
    sqlx::query_scalar(told).bind(position).fetch_one(&mut db).await.expect("a number")
}

/// Sends bodies over one connection, as a company's server does.
pub struct Sender {
    url: String,
    authorization: String,
    line: Option<Line>,
}

impl Sender {
    pub fn new(product: &Product, key: &str) -> Self {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let authorization = format!("Basic {}", STANDARD.encode(format!("{key}:")));
        Self { url: product.url("/v1/batch"), authorization, line: None }
    }

    pub async fn send(&mut self, body: &[u8]) {
        if self.line.is_none() {
            self.line = Some(Line::to(&self.url).await.expect("a connection"));
        }
        let Some(line) = &mut self.line else { return };
        let headers = [("authorization", self.authorization.as_str()), ("content-type", "application/json")];
        let answer = line.request("POST", &self.url, &headers, body).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

fn visitor(n: usize) -> usize {
    let part = (n * 7_919 % 100_003) as f64 / 100_003.0;
    (part * part * VISITORS as f64) as usize
}

/// An identify is no entry of the log.
fn only_says_who(n: usize) -> bool {
    n.is_multiple_of(100) && visitor(n).is_multiple_of(4)
}

/// A list of events as a library sends them: visits, looks at products, a basket now and then, one in a hundred says who it is;
/// one visitor in four is a customer who signed in.
pub fn body(run: &str, events: std::ops::Range<usize>) -> Vec<u8> {
    let now = Clock::System.now();
    let batch: Vec<Value> = events
        .map(|n| {
            let who = visitor(n);
            let mut event = json!({
                "messageId": format!("{run}-{n}"),
                "anonymousId": format!("{who:08x}-7d1c-4b6e-9f3a-0242ac120002"),
                "timestamp": now.plus(-((n % 60) as i64) * SECOND).rfc3339(),
                "context": {
                    "library": { "name": "analytics.js", "version": "4.4.7" },
                    "locale": "de-DE",
                    "userAgent": format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                         Chrome/{}.0.0.0 Safari/537.36", 110 + who % 40),
                    "page": { "path": format!("/reisen/{}", n % 400), "title": format!("Reise {}", n % 400),
                        "url": format!("https://www.almara.example/reisen/{}?quelle=mail", n % 400),
                        "referrer": "https://www.almara.example/" },
                },
            });
            if who.is_multiple_of(4) {
                event["userId"] = json!(format!("K{:07}", who * 37 % PEOPLE as usize + 1));
            }
            let more = match n % 100 {
                _ if only_says_who(n) => json!({ "type": "identify", "traits": { "plan": "Stammkunde" } }),
                0..20 => json!({ "type": "track", "event": "Product Viewed", "properties": { "sku": format!("P{}", n % 400 + 1),
                    "name": format!("Reise {}", n % 400 + 1), "price": 899.5, "currency": "EUR" } }),
                20..24 => json!({ "type": "track", "event": "Product Added", "properties": { "sku": format!("P{}", n % 400 + 1),
                    "name": format!("Reise {}", n % 400 + 1), "price": 899.5, "quantity": 2, "currency": "EUR" } }),
                _ => json!({ "type": "page", "name": "Reise", "properties": { "path": format!("/reisen/{}", n % 400),
                    "title": format!("Reise {}", n % 400), "url": format!("https://www.almara.example/reisen/{}?quelle=mail", n % 400) } }),
            };
            if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
                event.extend(more);
            }
            event
        })
        .collect();
    json!({ "batch": batch, "sentAt": now.rfc3339() }).to_string().into_bytes()
}
