//! Acceptance case A through the real doors: files over HTTP, segment and campaign over the API, mails through a real
//! SMTP server, reactions through the addresses found in the received mails, replies, calls and orders over the API. Every
//! number of `expected.json` must be met exactly, on SQLite and on PostgreSQL.

use mail_parser::MessageParser;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    time::{Duration, Instant},
};
use testkit::{
    api::Api,
    http::{self, Answer},
    postgres,
    sink::Sink,
};

const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

/// People wait this long after a mail came; machines do not.
const HUMAN: Duration = Duration::from_millis(5_500);

fn case(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/acceptance/case-a").join(file)
}

fn read_json(file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(case(file)).expect("a file of the case")).expect("JSON")
}

/// What one person found in their mail.
struct Letter {
    at: Instant,
    pixel: String,
    links: Vec<String>,
    unsubscribe: String,
    to_number: String,
}

fn open_letter(message: &str, targets: usize) -> (String, Vec<String>, String) {
    let parsed = MessageParser::default().parse(message.as_bytes()).expect("a mail");
    let text = parsed.body_text(0).expect("a text part").into_owned();
    let html = parsed.body_html(0).expect("an HTML part").into_owned();
    let addresses = |text: &str, part: &str| -> Vec<String> {
        let ends = |c: char| c.is_whitespace() || "\"'<>()[]".contains(c);
        let words = text.split(ends).filter(|word| word.starts_with("http://") && word.contains(part));
        words.map(|word| word.replace("&amp;", "&")).collect()
    };
    let mut links = addresses(&text, "/c/");
    let mut seen = HashSet::new();
    links.retain(|link| seen.insert(link.clone()));
    assert_eq!(links.len(), targets, "links of the text part: {text}");
    for link in &links {
        assert!(html.contains(link.as_str()), "the HTML part leads elsewhere");
    }
    let pixel = addresses(&html, "/o/").pop().expect("a pixel");
    let header = parsed.header_raw("List-Unsubscribe").expect("List-Unsubscribe").trim();
    let post = parsed.header_raw("List-Unsubscribe-Post").expect("List-Unsubscribe-Post").trim();
    assert_eq!(post, "List-Unsubscribe=One-Click");
    let unsubscribe = header.split(['<', '>']).find(|part| part.starts_with("http")).expect("an address").to_owned();
    (pixel, links, unsubscribe)
}

async fn fetch(method: &str, url: &str, agent: &str) -> Answer {
    http::request(method, url, &[("user-agent", agent)], b"").await.expect("an answer")
}

async fn machine_acts(letter: &Letter, acts: &[Value]) {
    for act in acts {
        match act.as_str() {
            Some("machine_open") => assert_eq!(fetch("GET", &letter.pixel, "Mozilla/5.0").await.status, 200),
            Some("scanner_click") => {
                for link in &letter.links {
                    assert_eq!(fetch("HEAD", link, BROWSER).await.status, 302);
                    assert_eq!(fetch("GET", link, BROWSER).await.status, 302);
                }
            }
            _ => {}
        }
    }
}

async fn human_acts(api: &Api, letter: &Letter, acts: &[Value], targets: &[String]) {
    let number = letter.to_number.as_str();
    for act in acts {
        match act.as_str() {
            Some("machine_open" | "scanner_click") => {}
            Some("open") => {
                let answer = fetch("GET", &letter.pixel, BROWSER).await;
                assert_eq!(answer.status, 200);
                assert!(answer.header("cache-control").is_some_and(|kept| kept.contains("no-store")));
            }
            Some("bounce") => record(api, "bounced", number).await,
            Some("reply") => record(api, "replied", number).await,
            Some("call") => record(api, "call_in", number).await,
            Some("unsubscribe") => {
                let headers = [("content-type", "application/x-www-form-urlencoded")];
                let body = b"List-Unsubscribe=One-Click";
                let answer = http::request("POST", &letter.unsubscribe, &headers, body).await.expect("an answer");
                assert_eq!(answer.status, 200, "{}", answer.text());
            }
            Some(click) => {
                let n: usize = click.strip_prefix("click:").expect("a known act").parse().expect("a number");
                let answer = fetch("GET", &letter.links[n], BROWSER).await;
                assert_eq!((answer.status, answer.header("location")), (302, Some(targets[n].as_str())));
            }
            None => order(api, number, &act["order"]).await,
        }
    }
}

async fn record(api: &Api, kind: &str, number: &str) {
    api.post("interactions", json!({ "id": format!("{kind}-{number}"), "kind": kind, "contact_number": number })).await;
}

async fn order(api: &Api, number: &str, order: &Value) {
    let item = json!({ "sku": order["sku"], "quantity": order["quantity"], "unit_price": order["price"] });
    let body = json!({ "number": format!("NEU-{number}-{}", order["sku"]), "contact_number": number, "items": [item] });
    let placed = api.post("orders", body).await;
    if order["cancelled"] == true {
        api.post(&format!("orders/{}/cancel", placed["id"]), json!({})).await;
    }
}

async fn import(api: &Api, kind: &str, file: &str) -> Value {
    api.import(kind, file, &std::fs::read(case(file)).expect("a file of the case")).await
}

async fn imports(api: &Api, expected: &Value) {
    let contacts = import(api, "contacts", "contacts.csv").await;
    assert_eq!(contacts["created"], expected["contacts"]);
    assert_eq!(contacts["rejected"], expected["rejected"]);
    assert_eq!(contacts["updated"].as_i64(), expected["updated_again"].as_array().map(|list| list.len() as i64));
    let rejections = api.get(&format!("imports/{}/rejections", contacts["id"])).await;
    let list = rejections["items"].as_array().expect("rejections");
    let lines: Vec<&Value> = list.iter().map(|r| &r["line"]).collect();
    let reasons: Vec<&Value> = list.iter().map(|r| &r["reason"]).collect();
    assert_eq!(json!(lines), expected["rejected_lines"]);
    assert_eq!(json!(reasons), expected["rejected_reasons"]);

    let orders = import(api, "orders", "orders.csv").await;
    assert_eq!(orders["created"], expected["orders"]);
    assert_eq!(orders["rejected"], expected["order_lines_of_unknown_customers"]);
    let rejections = api.get(&format!("imports/{}/rejections", orders["id"])).await;
    assert!(rejections["items"].as_array().expect("rejections").iter().all(|r| r["reason"] == "unknown_customer"));

    for (kind, file) in [("contacts", "contacts.csv"), ("orders", "orders.csv")] {
        let again = import(api, kind, file).await;
        assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(0)), "a second import of {file}");
    }
}

async fn segment(api: &Api, expected: &Value) -> i64 {
    let body = json!({ "name": "Griechenland, dieses Jahr noch nicht", "definition": read_json("segment.json") });
    let segment = api.post("segments", body).await["id"].as_i64().expect("an id");
    let count = api.get(&format!("segments/{segment}/count")).await;
    assert_eq!(count["count"], expected["count"]);
    let members = api.get(&format!("segments/{segment}/members?limit=200")).await;
    let mut numbers: Vec<&str> =
        members["items"].as_array().expect("members").iter().filter_map(|m| m["number"].as_str()).collect();
    numbers.sort_unstable();
    assert_eq!(json!(numbers), expected["numbers"]);
    segment
}

async fn case_a(settings: &[(&str, &str)]) {
    let sink = Sink::start().await;
    let port = sink.port().to_string();
    let mail = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
    ];
    let api = Api::start(&[settings, &mail].concat()).await;
    let expected = read_json("expected.json");
    imports(&api, &expected["import"]).await;
    let segment = segment(&api, &expected["segment"]).await;

    let mut wish = read_json("campaign.json");
    let targets: Vec<String> = wish["links"].as_array().expect("links").iter().map(address).collect();
    wish["segment"] = json!(segment);
    let campaign = api.post("campaigns", wish).await["id"].as_i64().expect("an id");
    let ready = api.get(&format!("campaigns/{campaign}/pre-flight")).await;
    assert_eq!(ready["recipients"], expected["evaluation"]["sent"], "{ready}");
    api.post(&format!("campaigns/{campaign}/approve"), json!({})).await;
    api.post(&format!("campaigns/{campaign}/launch"), json!({})).await;

    let reactions = read_json("reactions.json");
    let acts: HashMap<&str, (&str, &[Value])> = reactions
        .as_array()
        .expect("reactions")
        .iter()
        .map(|r| {
            let text = |key: &str| r[key].as_str().expect("text");
            (text("email"), (text("number"), r["acts"].as_array().expect("acts").as_slice()))
        })
        .collect();
    let sent = expected["evaluation"]["sent"].as_u64().expect("a count") as usize;
    let mut letters: HashMap<String, Letter> = HashMap::new();
    let since = Instant::now();
    while letters.len() < sent {
        assert!(since.elapsed() < Duration::from_secs(60), "{} of {sent} mails came", letters.len());
        for received in sink.messages() {
            let to = received.to[0].clone();
            if letters.contains_key(&to) {
                continue;
            }
            let (pixel, links, unsubscribe) = open_letter(&received.message, targets.len());
            let (number, acts) = acts.get(to.as_str()).copied().unwrap_or(("", &[]));
            let letter = Letter { at: Instant::now(), pixel, links, unsubscribe, to_number: number.to_owned() };
            machine_acts(&letter, acts).await;
            letters.insert(to, letter);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for (email, (_, acts)) in &acts {
        let letter = &letters[*email];
        tokio::time::sleep(HUMAN.saturating_sub(letter.at.elapsed())).await;
        human_acts(&api, letter, acts, &targets).await;
    }
    assert_eq!(sink.messages().len(), sent, "nobody gets two");

    let evaluation = api.get(&format!("campaigns/{campaign}/evaluation")).await;
    for (metric, value) in expected["evaluation"].as_object().expect("metrics") {
        let found = &evaluation[metric];
        match value.as_i64() {
            Some(count) => assert_eq!(found.as_i64(), Some(count), "{metric} in {evaluation}"),
            None => {
                let rounded = found.as_f64().map(|x| (x * 1e6).round() / 1e6);
                assert_eq!(rounded, value.as_f64(), "{metric} in {evaluation}");
            }
        }
    }
}

/// The target as a browser would be sent there: non-ASCII bytes of the query percent-encoded (RFC 3986).
fn address(link: &Value) -> String {
    url::Url::parse(link.as_str().expect("a link")).expect("a URL").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_closes_on_sqlite() {
    case_a(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_closes_on_postgresql() {
    let Some(url) = postgres::fresh_url().await else { return };
    case_a(&[("KUNDENKREIS_DATABASE_URL", url.as_str())]).await;
}
