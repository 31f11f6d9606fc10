//! What strangers and programs send although they should not: forged tokens, bottomless JSON, segments of fields that do
//! not exist, headers in names, a template that never ends. Each is answered in words, and everybody else is served.

use mail_parser::MessageParser;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{
    api::Api,
    http,
    sink::{Received, Sink},
};

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36";

/// A house whose mails go to this sink.
async fn house(sink: &Sink) -> Api {
    let port = sink.port().to_string();
    let settings = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
    ];
    Api::start(&settings).await
}

/// A person who may be written to.
async fn person(api: &Api, number: &str, more: Value) {
    let mut wish = json!({ "number": number, "last_name": "Lovelace", "email": format!("p{number}@kunden.example") });
    wish.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let made = api.post("contacts", wish).await;
    let consent =
        json!({ "channel": "email", "purpose": "marketing", "granted": true, "source": "Test", "wording": "Ja" });
    api.post(&format!("contacts/{}/consents", made["id"]), consent).await;
}

/// A campaign to everybody who agreed, launched; its path.
async fn launched(api: &Api, content: Value) -> String {
    let definition = json!({ "all": [{ "field": "consent.email.marketing", "op": "eq", "value": true }] });
    let name = content["name"].clone();
    let segment = api.post("segments", json!({ "name": name, "definition": definition })).await;
    let mut wish = json!({ "goal": "information", "channel": "email", "segment": segment["id"] });
    wish.as_object_mut().expect("fields").extend(content.as_object().expect("fields").clone());
    let campaign = format!("campaigns/{}", api.post("campaigns", wish).await["id"]);
    api.post(&format!("{campaign}/approve"), json!({})).await;
    api.post(&format!("{campaign}/launch"), json!({})).await;
    campaign
}

async fn received(sink: &Sink, count: usize) -> Vec<Received> {
    let since = Instant::now();
    loop {
        let mails = sink.messages();
        if mails.len() >= count {
            return mails;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{} of {count} mails came", mails.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The path of the first address of this kind in a mail's HTML part, e.g. `/c/…`.
fn path(mail: &Received, kind: &str) -> String {
    let parsed = MessageParser::default().parse(mail.message.as_bytes()).expect("a mail");
    let html = parsed.body_html(0).expect("an HTML part").into_owned();
    let start = html.find(kind).unwrap_or_else(|| panic!("no {kind} in {html}"));
    html[start..].split(['"', '<', '?']).next().expect("a path").to_owned()
}

async fn ask(method: &str, api: &Api, path: &str) -> http::Answer {
    http::request(method, &api.product.url(path), &[("user-agent", BROWSER)], b"").await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_truncated_and_foreign_tokens_lead_nowhere_and_leave_no_trace() {
    let (sink, elsewhere) = (Sink::start().await, Sink::start().await);
    let (ours, theirs) = (house(&sink).await, house(&elsewhere).await);
    let letter = json!({ "name": "Herbst", "subject": "Herbst", "links": ["https://shop.example/herbst"] });
    for api in [&ours, &theirs] {
        person(api, "1", json!({})).await;
        launched(api, letter.clone()).await;
    }
    let (mail, foreign) = (received(&sink, 1).await.remove(0), received(&elsewhere, 1).await.remove(0));
    for kind in ["/c/", "/o/", "/u/"] {
        let good = path(&mail, kind);
        let (stem, end) = good.strip_suffix(".gif").map_or((good.as_str(), ""), |stem| (stem, ".gif"));
        let flipped: String = stem.chars().rev().enumerate().map(turn).collect::<String>().chars().rev().collect();
        let bad = [
            format!("{}{end}", &stem[..stem.len() - 1]),
            format!("{stem}A{end}"),
            format!("{flipped}{end}"),
            path(&foreign, kind),
            format!("{kind}{}{end}", &path(&mail, if kind == "/c/" { "/o/" } else { "/c/" })[3..]),
            format!("{kind}{end}"),
            format!("{kind}..%2F..%2Fanmelden{end}"),
            format!("{kind}{}{end}", "A".repeat(4_000)),
            format!("{kind}https:%2F%2Fevil.example{end}"),
        ];
        for path in bad {
            for method in ["GET", "HEAD", "POST"] {
                let answer = ask(method, &ours, &path).await;
                assert!(matches!(answer.status, 404 | 405), "{method} {path}: {}", answer.status);
                assert_eq!(answer.header("location"), None, "{path}");
            }
        }
    }
    let figures = ours.get("campaigns/1/evaluation").await;
    for figure in ["opened", "clicked", "unsubscribed"] {
        assert_eq!(figures[figure], 0, "{figure} in {figures}");
    }
    // A target in the address changes nothing: it comes from the database.
    let good = format!("{}?url=https://evil.example&to=//evil.example", path(&mail, "/c/"));
    assert_eq!(ask("GET", &ours, &good).await.header("location"), Some("https://shop.example/herbst"));
}

/// Changes the last character of a token to another one of its alphabet.
fn turn((place, c): (usize, char)) -> char {
    match (place, c) {
        (3, 'A') => 'B',
        (3, _) => 'A',
        _ => c,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bottomless_json_is_unreadable_and_no_more() {
    let api = Api::start(&[]).await;
    let depth = 100_000;
    let bodies = [
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
        format!("{{\"name\":\"x\",\"definition\":{}1{}}}", "{\"not\":".repeat(depth), "}".repeat(depth)),
        format!("{{\"kind\":\"call_in\",\"contact\":1,\"props\":{}{}}}", "[".repeat(depth), "]".repeat(depth)),
        "[".repeat(3_000_000),
    ];
    for path in ["segments", "segments/count", "interactions", "contacts", "campaigns", "orders"] {
        for body in &bodies {
            let answer = api.ask("POST", path, "application/json", body.as_bytes()).await;
            let problem = answer.json();
            assert_eq!((answer.status, &problem["code"]), (400, &json!("unreadable")), "{path}: {problem}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        }
    }
    assert_eq!(api.get("segments").await["items"], json!([]));
    assert!(!api.product.log().contains("panicked"), "{}", api.product.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_of_an_unknown_field_is_refused_with_its_place_and_what_would_fit() {
    let api = Api::start(&[]).await;
    let leaf = |leaf: Value| json!({ "all": [{ "field": "city", "op": "is_set" }, { "any": [leaf] }] });
    let cases = [
        (leaf(json!({ "field": "shoe_size", "op": "eq", "value": 43 })), "all[1].any[0].field"),
        (leaf(json!({ "field": "city", "op": "resembles", "value": "Ulm" })), "all[1].any[0].op"),
        (leaf(json!({ "field": "budget", "op": "gte", "value": "viel" })), "all[1].any[0].value"),
        (leaf(json!({ "did": { "kind": "teleported" } })), "all[1].any[0].did.kind"),
        (leaf(json!({ "metric": "happiness", "op": "gte", "value": 1 })), "all[1].any[0].metric"),
    ];
    for (definition, place) in cases {
        for (path, body) in [
            ("segments", json!({ "name": "x", "definition": definition })),
            ("segments/count", json!({ "definition": definition })),
        ] {
            let answer = api.try_post(path, &body).await;
            let problem = answer.json();
            assert_eq!(answer.status, 422, "{problem}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            assert_eq!(problem["errors"][0]["field"], place, "{problem}");
            let detail = problem["errors"][0]["detail"].as_str().expect("a sentence");
            assert!(detail.len() > 20 && !detail.contains('⟨'), "{detail}");
        }
    }
    let definition = json!({ "field": "shoe_size", "op": "eq", "value": 1 });
    let unknown = api.try_post("segments/count", &json!({ "definition": definition })).await.json();
    let detail = unknown["errors"][0]["detail"].as_str().expect("a sentence");
    assert!(detail.contains("shoe_size") && detail.contains("last_name"), "{detail}");
    assert_eq!(api.get("segments").await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn line_ends_in_names_and_subjects_make_no_headers_and_no_second_recipient() {
    const EVIL: &str = "\r\nBcc: opfer@fremd.example\r\n\r\nEine andere Mail";
    let sink = Sink::start().await;
    let api = house(&sink).await;
    let names =
        json!({ "number": "0", "first_name": format!("Ada{EVIL}"), "last_name": "Lovelace\nCc: x@fremd.example" });
    let refused = api.try_post("contacts", &names).await;
    let places: Vec<_> =
        refused.json()["errors"].as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
    assert_eq!((refused.status, places), (422, vec![json!("first_name"), json!("last_name")]));
    person(&api, "1", json!({ "first_name": "Ada" })).await;
    // A cell may hold line ends between quotes.
    let file = format!(
        "Kundennr;Vorname;Nachname;E-Mail;Einwilligung E-Mail\n2;\"Bo{EVIL}\";\"Noel\rCc: y@fremd.example\";p2@kunden.example;ja\n"
    );
    let run = api.import("contacts", "zeilen.csv", file.as_bytes()).await;
    let campaign = launched(
        &api,
        json!({
            "name": format!("Herbst{EVIL}"),
            "subject": format!("Für {{{{ contact.first_name }}}} {{{{ contact.last_name }}}}{EVIL}"),
            "body": "{{ contact.salutation_line }}\n\n{{ contact.first_name }}",
            "from_name": format!("Almara{EVIL}"),
        }),
    )
    .await;
    let expected = 1 + run["created"].as_u64().expect("a count") as usize;
    api.until(&campaign, |campaign| campaign["state"] == "finished").await;
    let mails = received(&sink, expected).await;
    assert_eq!(mails.len(), expected);
    for mail in mails {
        assert_eq!(mail.to.len(), 1, "{mail:?}");
        assert!(mail.to[0].ends_with("@kunden.example"), "{mail:?}");
        let parsed = MessageParser::default().parse(mail.message.as_bytes()).expect("a mail");
        let names: Vec<String> = parsed.headers().iter().map(|h| h.name().to_ascii_lowercase()).collect();
        assert!(!names.iter().any(|name| name == "bcc" || name == "cc"), "{}", mail.message);
        for name in ["subject", "from", "to", "message-id", "list-unsubscribe"] {
            assert_eq!(names.iter().filter(|n| *n == name).count(), 1, "{name} in {}", mail.message);
        }
        assert!(parsed.subject().is_some_and(|subject| subject.starts_with("Für ")), "{}", mail.message);
        assert!(parsed.text_body_count() == 1 && parsed.html_body_count() == 1, "{}", mail.message);
    }
    for field in ["reply_to", "from_address"] {
        let mut wish = json!({ "name": "x", "goal": "information", "subject": "x", "body": "x" });
        wish[field] = json!(format!("a@almara.example{EVIL}"));
        let answer = api.try_post("campaigns", &wish).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!(field)), "{}", answer.text());
    }
    let evil = json!({ "number": "9", "last_name": "x", "email": "a@b.example\r\nBcc: opfer@fremd.example" });
    assert_eq!(api.try_post("contacts", &evil).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_bomb_stops_its_campaign_with_a_sentence_while_everybody_else_is_served() {
    let sink = Sink::start().await;
    let api = house(&sink).await;
    person(&api, "1", json!({})).await;
    let bombs = [
        "{{ ['x']*100000000 }}",
        "{% for a in range(10000) %}{% for b in range(10000) %}{{ a*b }}{% endfor %}{% endfor %}",
    ];
    let calm = json!({ "name": "Ruhig", "subject": "Guten Tag", "body": "{{ contact.salutation_line }}" });
    for (n, bomb) in bombs.into_iter().enumerate() {
        let name = format!("Bombe {n}");
        let campaign = launched(&api, json!({ "name": name, "subject": "Hallo", "body": bomb })).await;
        let stopped = api.until(&campaign, |campaign| campaign["state"] == "stopped").await;
        let reason = stopped["stop_reason"].as_str().expect("a sentence");
        assert!(reason.len() > 20 && !reason.contains('⟨'), "{reason}");
        assert_eq!(
            (&stopped["progress"]["planned"], &stopped["progress"]["sent"]),
            (&json!(1), &json!(0)),
            "{stopped}"
        );
    }
    assert_eq!(sink.count(), 0);
    let campaign = launched(&api, calm).await;
    api.until(&campaign, |campaign| campaign["state"] == "finished").await;
    assert_eq!(received(&sink, 1).await.len(), 1);
    assert!(!api.product.log().contains("panicked"), "{}", api.product.log());
}
