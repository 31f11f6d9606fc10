//! Files nobody should send, and one that is merely very long, through the doors people and programs use.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{api::Api, http::Answer, person::Person, process::Product};

/// Takes a file in through the API.
async fn upload(api: &Api, name: &str, bytes: &[u8]) -> Answer {
    api.ask("POST", &format!("imports?kind=contacts&name={name}"), "text/csv", bytes).await
}

/// Files that wait or were imported; what was refused leaves nothing behind.
fn kept(product: &Product) -> usize {
    std::fs::read_dir(product.data().join("uploads")).map_or(0, Iterator::count)
}

/// How many contacts there are.
async fn contacts(api: &Api) -> Value {
    let everybody = json!({ "definition": { "all": [{ "field": "last_name", "op": "is_set" }] } });
    api.post("segments/count", everybody).await["count"].clone()
}

fn ten_thousand_columns() -> Vec<u8> {
    let line: Vec<String> = (0..10_000).map(|n| format!("Spalte {n}")).collect();
    format!("{}\n{}\n", line.join(";"), line.join(";")).into_bytes()
}

/// As a printer driver writes it: text first, then bytes.
fn pdf() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec();
    file.extend((0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8));
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_is_refused_in_words_and_leaves_nothing_behind() {
    let api = Api::start(&[]).await;
    let files: [(&str, Vec<u8>, &str); 5] = [
        ("rechnung.csv", pdf(), "not_a_table"),
        ("leer.csv", vec![], "empty"),
        ("kopf.csv", b"Kundennr;Nachname\r\n".to_vec(), "empty"),
        ("breit.csv", ten_thousand_columns(), "too_many_columns"),
        ("nullen.csv", vec![0; 100_000], "not_a_table"),
    ];
    for (name, bytes, code) in files {
        let answer = upload(&api, name, &bytes).await;
        let problem = answer.json();
        assert_eq!(answer.status, 422, "{name}: {problem}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!("file"), &json!(code)));
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(detail.len() > 20 && detail.ends_with('.') && !detail.contains('⟨'), "{name}: {detail}");
    }
    assert_eq!(kept(&api.product), 0);
    assert_eq!(api.get("imports").await["items"], json!([]));
    assert!(!api.product.log().contains("panicked"), "{}", api.product.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_byte_rejects_its_row_alone() {
    let api = Api::start(&[]).await;
    let mut file = b"Kundennr;Nachname\n1;Lovelace\n2;By\0ron\n".to_vec();
    file.extend_from_slice(b"3;King\0\0\0\n\0;Noel\n4;Milbanke\n");
    let run = api.import("contacts", "nul.csv", &file).await;
    assert_eq!((&run["created"], &run["rejected"]), (&json!(2), &json!(3)), "{run}");
    let rejected = api.get(&format!("imports/{}/rejections", run["id"])).await;
    let rejected: Vec<_> =
        rejected["items"].as_array().expect("rows").iter().map(|r| (&r["line"], &r["reason"])).collect();
    let reason = json!("control_characters");
    assert_eq!(rejected, [(&json!(3), &reason), (&json!(4), &reason), (&json!(5), &reason)]);
    let again = api.ask("GET", &format!("imports/{}/rejections.csv", run["id"]), "text/csv", b"").await;
    assert_eq!(again.status, 200);
    assert!(!again.body.contains(&0), "the file of rejected rows can be opened by everything");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_browser_the_form_says_what_is_wrong_with_a_file() {
    let product = Product::start(&[]).await;
    let jana = Person::hired(&product, "jana@almara.example", "Jana", &["marketing_manager"]).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [
        ("rechnung.csv", pdf(), "Das ist keine Tabelle"),
        ("leer.csv", vec![], "Diese Datei ist leer."),
        ("breit.csv", ten_thousand_columns(), "Diese Datei hat 10000 Spalten."),
    ];
    for (name, bytes, words) in files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        jana.goto("/import").await;
        jana.browser.upload("#i-file", &path).await;
        jana.press("form[action='/import'] button.primary", "#i-file-e").await;
        jana.browser.wait_for_text(words).await;
    }
    assert_eq!(kept(&product), 0);
    jana.goto("/kontakte").await;
    jana.browser.wait_for("h1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_rows_go_in_with_little_memory() {
    const ROWS: usize = 1_000_000;
    let api = Api::start(&[]).await;
    let mut file = String::with_capacity(ROWS * 20);
    file += "Kundennr;Nachname\n";
    for n in 0..ROWS {
        file += &format!("{n};Nummer {n}\n");
    }
    let run = upload(&api, "million.csv", file.as_bytes()).await;
    assert_eq!(run.status, 201, "{}", run.text());
    let run = format!("imports/{}", run.json()["id"]);
    let since = Instant::now();
    api.post(&format!("{run}/run"), json!({})).await;
    let done = api.until_within(Duration::from_secs(900), &run, |run| run["state"] != "running").await;
    println!("{ROWS} rows in {:?}, at most {} MB of memory", since.elapsed(), api.product.peak_memory() >> 20);
    assert_eq!((&done["state"], &done["created"], &done["rejected"]), (&json!("done"), &json!(ROWS), &json!(0)));
    assert_eq!(contacts(&api).await, ROWS);
    // Less than 300 MB for the import itself; the rest are the copies the knowledgebase and the search take of the million
    // meanwhile.
    assert!(api.product.peak_memory() < 1_000 << 20, "{} MB", api.product.peak_memory() >> 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_keeps_what_is_in_and_goes_on_when_started_again() {
    const ROWS: usize = 60_000;
    let api = Api::start(&[]).await;
    let mut file = "Kundennr;Nachname;E-Mail;Einwilligung E-Mail\n".to_owned();
    for n in 0..ROWS {
        file += &format!("{n};Nummer {n};p{n}@kunden.example;ja\n");
    }
    let run = upload(&api, "menschen.csv", file.as_bytes()).await.json();
    let run = format!("imports/{}", run["id"]);
    api.post(&format!("{run}/run"), json!({})).await;
    api.until(&run, |run| run["lines"].as_u64() > Some(0)).await;
    api.post(&format!("{run}/cancel"), json!({})).await;
    let cancelled = api.until(&run, |run| run["state"] != "running").await;
    assert_eq!(cancelled["state"], "cancelled", "{cancelled}");
    let kept = cancelled["created"].as_u64().expect("a count");
    assert!(kept > 0 && kept < ROWS as u64, "{kept}");
    assert_eq!(contacts(&api).await, kept, "what is counted is in");
    let whole = json!({ "definition": { "all": [{ "field": "consent.email.marketing", "op": "eq", "value": true }] } });
    assert_eq!(api.post("segments/count", whole).await["count"], kept, "and whole");

    api.post(&format!("{run}/run"), json!({})).await;
    let done = api.until(&run, |run| run["state"] != "running").await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!((&done["created"], &done["unchanged"]), (&json!(ROWS as u64 - kept), &json!(kept)), "{done}");
    assert_eq!(contacts(&api).await, ROWS);
}
