//! Documents on real stores and in a real browser: Apache with mod_dav, an S3-compatible storage, a store that goes away in the middle,
//! a file far too large, a drawing that would like to run, and everything by keyboard.

use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{
    api::Api,
    browser::{Browser, Theme},
    bucket::{Bucket, SECRET},
    http,
    person::Person,
    process::Product,
    webdav::{PASSWORD, USER, WebDav},
};

const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const BOOM: &str = "localStorage.setItem('boom','1');try{top.document.title='BOOM'}catch(e){}";

/// A red dot of one pixel.
const DOT: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0x0c, 0x49, 0x44, 0x41, 0x54, 8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0,
    3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

async fn start(settings: &[(String, String)]) -> Api {
    Api::start(&settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()).await
}

fn dav_settings(dav: &WebDav, section: &str) -> Vec<(String, String)> {
    let named = |name: &str, value: String| (format!("KUNDENKREIS_{section}_{name}"), value);
    vec![
        named("STORE", dav.url()),
        named("USER", USER.to_owned()),
        named("PASSWORD_FILE", dav.password_file().display().to_string()),
    ]
}

async fn ada(api: &Api) -> i64 {
    let made = api.post("contacts", json!({ "first_name": "Ada", "last_name": "Lovelace" })).await;
    made["id"].as_i64().expect("an id")
}

/// Attaches a file; its id.
async fn attach(api: &Api, contact: i64, name: &str, bytes: &[u8]) -> i64 {
    let path = format!("contacts/{contact}/documents?name={name}");
    api.call("POST", &path, "application/octet-stream", bytes).await["id"].as_i64().expect("an id")
}

async fn doctor(api: &Api) -> String {
    let output = api.product.command(&["doctor"]).output().await.expect("the program");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Nine megabytes that are no repetition of one piece.
fn long_text() -> Vec<u8> {
    (0..600_000).flat_map(|n| format!("Zeile {n}: Kreta\n").into_bytes()).take(9 * 1024 * 1024).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn apache_keeps_the_documents_and_may_stop_in_the_middle() {
    let mut dav = WebDav::start().await;
    let api = start(&dav_settings(&dav, "DOCUMENTS")).await;
    let contact = ada(&api).await;
    let long = long_text();
    let offer = attach(&api, contact, "Angebot.pdf", PDF).await;
    let notes = attach(&api, contact, "Notizen.txt", &long).await;
    assert_eq!(dav.paths().len(), 2, "{:?}", dav.paths());
    assert!(dav.paths().iter().all(|path| !path.contains("Angebot") && !path.contains("Notizen")), "{:?}", dav.paths());
    let read = api.ask("GET", &format!("documents/{notes}/content"), "", b"").await;
    assert!(read.body == long, "{} bytes came back: {}", read.body.len(), api.product.log());
    assert!(doctor(&api).await.contains(&format!("ok      document store: {}", dav.url())), "{}", doctor(&api).await);

    dav.stop().await;
    let since = Instant::now();
    let record = api.ask("GET", &format!("contacts/{contact}"), "", b"").await;
    let list = api.get(&format!("contacts/{contact}/documents")).await;
    assert_eq!((record.status, list["items"].as_array().expect("a list").len()), (200, 2));
    let away = api.ask("GET", &format!("documents/{offer}/content"), "", b"").await;
    assert_eq!((away.status, away.json()["code"].as_str()), (503, Some("away")));
    assert!(away.text().contains("Der Dokumentenspeicher antwortet gerade nicht."), "{}", away.text());
    let refused = api.ask("POST", &format!("contacts/{contact}/documents?name=x.pdf"), "application/pdf", PDF).await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert!(since.elapsed() < Duration::from_secs(60), "every call ends by itself");
    assert!(doctor(&api).await.contains("WRONG   document store"));

    dav.restart().await;
    let read = api.ask("GET", &format!("documents/{offer}/content"), "", b"").await;
    assert_eq!((read.status, &*read.body), (200, PDF));
    let config = api.product.command(&["config"]).output().await.expect("the program");
    for text in [api.product.log(), doctor(&api).await, String::from_utf8_lossy(&config.stdout).into_owned()] {
        assert!(!text.contains(PASSWORD), "the password is written somewhere");
        assert!(!text.contains("panicked"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_the_documents_and_may_be_out_of_reach() {
    let bucket = Bucket::start().await;
    let api = start(&bucket.document_settings("kunden")).await;
    let contact = ada(&api).await;
    let long = long_text();
    let offer = attach(&api, contact, "Angebot.pdf", PDF).await;
    let notes = attach(&api, contact, "Notizen.txt", &long).await;
    for (id, bytes) in [(offer, PDF), (notes, long.as_slice())] {
        let read = api.ask("GET", &format!("documents/{id}/content"), "", b"").await;
        assert_eq!(read.status, 200, "{}: {}", read.text(), api.product.log());
        assert!(read.body == bytes, "{} bytes came back: {}", read.body.len(), api.product.log());
    }
    bucket.shut();
    let away = api.ask("GET", &format!("documents/{offer}/content"), "", b"").await;
    assert_eq!((away.status, away.json()["code"].as_str()), (503, Some("away")));
    assert_eq!(api.ask("GET", &format!("contacts/{contact}"), "", b"").await.status, 200);
    bucket.reopen();
    let read = api.ask("GET", &format!("documents/{offer}/content"), "", b"").await;
    assert_eq!((read.status, &*read.body), (200, PDF));
    assert!(!api.product.log().contains(SECRET), "the secret key is written somewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_megabytes_are_refused_at_once_and_cost_no_memory() {
    let api = start(&[]).await;
    let contact = ada(&api).await;
    attach(&api, contact, "Angebot.pdf", PDF).await;
    let before = api.product.peak_memory();
    let huge = vec![b'a'; 200 * 1024 * 1024];
    let path = format!("contacts/{contact}/documents?name=riesig.txt");
    let refused = api.ask("POST", &path, "text/plain", &huge).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (413, Some("too_large")), "{}", refused.text());
    // As a stream without a length it is cut off at the limit.
    let url = api.product.url(&format!("/api/v1/{path}"));
    let authorization = api.authorization();
    let headers =
        [("authorization", authorization.as_str()), ("transfer-encoding", "chunked"), ("content-type", "text/plain")];
    let mut chunked = format!("{:x}\r\n", huge.len()).into_bytes();
    chunked.extend(&huge);
    chunked.extend(b"\r\n0\r\n\r\n");
    let refused = http::request_raw("POST", &url, &headers, &chunked).await.expect("an answer");
    assert_eq!(refused.status, 413, "{}", refused.text());
    let grown = api.product.peak_memory().saturating_sub(before);
    assert!(grown < 40 * 1024 * 1024, "the server grew by {grown} bytes");
    let uploads = api.product.data().join("uploads");
    assert_eq!(std::fs::read_dir(uploads).expect("the folder").count(), 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawing_with_a_script_never_runs_wherever_it_lies() {
    let dav = WebDav::start().await;
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"{BOOM}\"><script>{BOOM}</script></svg>");
    let page = format!("<!doctype html><script>{BOOM}</script>");
    dav.lay("Ablage/bild.svg", svg.as_bytes());
    dav.lay("Ablage/seite.html", page.as_bytes());
    dav.lay("Ablage/Vertrag.pdf", PDF);
    let api = start(&dav_settings(&dav, "LINKED_DOCUMENTS")).await;
    let contact = ada(&api).await;
    let mut ids = Vec::new();
    for (name, bytes) in [("bild.svg", svg.as_bytes()), ("foto.png", svg.as_bytes()), ("notiz.txt", page.as_bytes())] {
        ids.push(attach(&api, contact, name, bytes).await);
    }
    let person = Person::hired(&api.product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    for id in ids {
        person.goto(&format!("/dokumente/{id}")).await;
        assert!(!person.browser.has("iframe.doc-frame, img.doc-picture").await);
        person.goto(&format!("/dokumente/{id}/inhalt")).await;
        harmless(&person.browser).await;
        person.goto(&format!("/dokumente/{id}/datei")).await;
        harmless(&person.browser).await;
    }
    person.goto(&format!("/dokumente/speicher?zu=contact-{contact}&pfad=Ablage")).await;
    person.browser.wait_for_text("bild.svg").await;
    for file in ["bild.svg", "seite.html"] {
        person.goto(&format!("/dokumente/speicher/datei?zu=contact-{contact}&pfad=Ablage%2F{file}")).await;
        harmless(&person.browser).await;
    }
    person.goto(&format!("/dokumente/speicher?zu=contact-{contact}&pfad=Ablage")).await;
    person.press("button[aria-label=\"Vertrag.pdf verknüpfen\"]", "#dokumente .docs a").await;
    person.browser.wait_for_text("Dokument verknüpft.").await;

    // Somebody else puts a page where the contract was.
    dav.lay("Ablage/Vertrag.pdf", page.as_bytes());
    let linked = person.browser.attribute("#dokumente .docs a", "href").await.expect("an address");
    person.goto(&format!("{linked}/inhalt")).await;
    harmless(&person.browser).await;
    person.goto(&linked).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    harmless(&person.browser).await;
}

async fn harmless(browser: &Browser) {
    let boom = browser.script("let boom = null; try { boom = localStorage.getItem('boom') } catch { /* a sandbox has none */ } return [boom, document.title]", &[]).await;
    assert!(boom[0].is_null() && boom[1] != "BOOM", "a stranger's script ran: {boom}");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_attached_looked_at_and_brought_back_by_keyboard_alone() {
    let api = start(&[]).await;
    let contact = ada(&api).await;
    let person = Person::hired(&api.product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    let browser = &person.browser;
    let folder = tempfile::tempdir().expect("a folder");
    let (photo, offer) = (folder.path().join("Foto Kreta.png"), folder.path().join("Angebot.pdf"));
    std::fs::write(&photo, DOT).expect("a file");
    std::fs::write(&offer, PDF).expect("a file");

    person.goto(&format!("/kontakte/{contact}")).await;
    tab_to(browser, "#dokument-dateien").await;
    browser.upload("#dokument-dateien", &photo).await;
    browser.wait_for_text("Dokument hinzugefügt.").await;
    browser.wait_for_text("Foto Kreta.png").await;
    browser.upload("#dokument-dateien", &offer).await;
    browser.wait_for_text("Angebot.pdf").await;
    assert_eq!(browser.texts("#dokumente .files a.trunc").await, ["Angebot.pdf", "Foto Kreta.png"]);
    look(browser, "the record").await;

    // What is too large is said before it travels.
    let huge = folder.path().join("riesig.txt");
    std::fs::write(&huge, vec![b'a'; 26 * 1024 * 1024]).expect("a file");
    browser.upload("#dokument-dateien", &huge).await;
    browser.wait_for_text("riesig.txt: Die Datei ist zu groß: höchstens 25 MB.").await;

    tab_to(browser, "#dokumente li:nth-child(2) a.trunc").await;
    key(browser, "Enter", 13).await;
    browser.wait_for("img.doc-picture").await;
    let whole = "const i = document.querySelector('img.doc-picture'); return i.complete && i.naturalWidth === 1";
    let since = Instant::now();
    while browser.script(whole, &[]).await != json!(true) {
        assert!(since.elapsed() < Duration::from_secs(10), "the picture is not shown");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    look(browser, "a picture").await;
    tab_to(browser, "#d-name").await;
    browser.fill("#d-name", "Strand.png").await;
    key(browser, "Enter", 13).await;
    browser.wait_for_text("Dokument umbenannt.").await;

    person.goto("/dokumente/2").await;
    browser.wait_for("iframe.doc-frame").await;
    look(browser, "a PDF").await;

    person.goto(&format!("/kontakte/{contact}")).await;
    tab_to(browser, "#dokumente li:nth-child(1) button[type=submit]").await;
    key(browser, "Enter", 13).await;
    browser.wait_for_text("„Angebot.pdf“ entfernt.").await;
    assert_eq!(browser.texts("#dokumente .files a.trunc").await, ["Strand.png"]);
    tab_to(browser, ".toast button").await;
    key(browser, "Enter", 13).await;
    browser.wait_for("#dokumente li:nth-child(2)").await;
    assert_eq!(browser.texts("#dokumente .files a.trunc").await, ["Angebot.pdf", "Strand.png"]);
    let faults = browser.complaints().await;
    assert!(faults.is_empty(), "{faults:?}");
}

/// Nothing is wrong with the page for anybody, light or dark.
async fn look(browser: &Browser, what: &str) {
    for theme in [Theme::Dark, Theme::Light] {
        browser.theme(theme).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let violations = browser.axe().await;
        assert!(violations.is_empty(), "{what}: {violations:#?}");
    }
}

async fn key(browser: &Browser, key: &str, number: i64) {
    let mut event = json!({ "key": key, "code": key, "windowsVirtualKeyCode": number });
    if key == "Enter" {
        event["text"] = json!("\r");
    }
    for kind in [if event["text"].is_null() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
        event["type"] = json!(kind);
        browser.devtools("Input.dispatchKeyEvent", event.clone()).await;
    }
}

/// Goes on with Tab until the focus is there.
async fn tab_to(browser: &Browser, css: &str) {
    browser.wait_for(css).await;
    for _ in 0..120 {
        let there = "return document.activeElement === document.querySelector(arguments[0])";
        if browser.script(there, &[json!(css)]).await == json!(true) {
            return;
        }
        key(browser, "Tab", 9).await;
    }
    panic!("Tab never comes to {css}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_whose_store_is_nowhere_still_starts_and_says_so() {
    let product = Product::start(&[("KUNDENKREIS_DOCUMENTS_STORE", "http://127.0.0.1:9/dav")]).await;
    let api = Api::of(product).await;
    let contact = ada(&api).await;
    let person = Person::hired(&api.product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    person.goto(&format!("/kontakte/{contact}")).await;
    person.browser.wait_for_text("Der Dokumentenspeicher antwortet gerade nicht").await;
    assert!(person.browser.page_text().await.contains("Stammdaten"));
    look(&person.browser, "the notice").await;
}
