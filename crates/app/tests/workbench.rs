//! Building a nested segment with nothing but the keyboard, and the pages around it on a phone.

use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{
    browser::{Browser, Screen, Theme},
    person::Person,
    process::Product,
};

const ALT: i64 = 1;
const SHIFT: i64 = 8;

/// A person who has no mouse.
struct Typist(Person);

impl Typist {
    async fn key(&self, key: &str, code: &str, number: i64, modifiers: i64) {
        let mut event = json!({ "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers });
        // What a key writes: letters, and the line break that sends a form.
        let text = if key == "Enter" {
            "\r"
        } else if key.len() == 1 {
            key
        } else {
            ""
        };
        if !text.is_empty() && modifiers & ALT == 0 {
            event["text"] = json!(text);
        }
        for kind in [if event["text"].is_null() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            event["type"] = json!(kind);
            self.0.browser.devtools("Input.dispatchKeyEvent", event.clone()).await;
        }
    }

    async fn letter(&self, letter: &str) {
        let upper = letter.to_uppercase();
        self.key(letter, &format!("Key{upper}"), i64::from(upper.as_bytes()[0]), 0).await;
    }

    /// Writes into the field that has the focus.
    async fn write(&self, text: &str) {
        self.0.browser.devtools("Input.insertText", json!({ "text": text })).await;
    }

    async fn focus(&self) -> String {
        let id = self.0.browser.script("return document.activeElement?.id ?? ''", &[]).await;
        id.as_str().unwrap_or_default().to_owned()
    }

    async fn until_focus(&self, id: &str) {
        let since = Instant::now();
        while self.focus().await != id {
            assert!(since.elapsed() < Duration::from_secs(10), "the focus is on “{}”, not on {id}", self.focus().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Goes on with Tab until the focus is there.
    async fn tab_to(&self, id: &str) {
        for _ in 0..80 {
            if self.focus().await == id {
                return;
            }
            self.key("Tab", "Tab", 9, 0).await;
        }
        panic!("Tab never comes to {id}");
    }

    /// Waits until the rows were drawn anew and nothing is under way.
    async fn settled(&self, css: &str) {
        self.0.browser.wait_for(css).await;
        self.0.browser.wait_for("body:not(:has(.htmx-request))").await;
    }
}

/// What the browser complained about, but for the requests that were taken back: htmx notes them, too.
async fn faults(browser: &Browser) -> Vec<String> {
    let mut complaints = browser.complaints().await;
    complaints.retain(|complaint| !complaint.contains("htmx:"));
    complaints
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nested_segment_is_built_by_keyboard_alone() {
    let product = Product::start(&[]).await;
    let typist = Typist(Person::hired(&product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await);
    typist.0.goto("/segmente/neu").await;
    typist.tab_to("s-name").await;
    typist.write("Mit der Tastatur").await;

    typist.tab_to("n1-field").await;
    typist.letter("L").await;
    typist.settled("#n1-v option[value=DE]").await;
    typist.until_focus("n1-field").await;
    typist.tab_to("n1-v").await;
    for letter in ["D", "e", "u"] {
        typist.letter(letter).await;
    }

    typist.key("Enter", "Enter", 13, ALT).await;
    typist.until_focus("n2-field").await;
    typist.letter("A").await;
    typist.settled("#n2-v option[value=customer]").await;
    typist.tab_to("n2-v").await;
    typist.letter("K").await;
    typist.key("G", "KeyG", 71, ALT | SHIFT).await;
    typist.settled(".grp .grp #n2-v").await;
    typist.until_focus("n2-v").await;

    typist.key("Enter", "Enter", 13, ALT).await;
    typist.until_focus("n4-field").await;
    typist.letter("P").await;
    typist.settled("input#n4-v").await;
    typist.tab_to("n4-v").await;
    typist.write("89073").await;
    typist.key("ArrowUp", "ArrowUp", 38, ALT | SHIFT).await;
    typist.settled(".seg-row:has(#n4-v) + .seg-row:has(#n2-v)").await;
    typist.until_focus("n4-v").await;

    typist.key("Backspace", "Backspace", 8, ALT | SHIFT).await;
    typist.until_focus("n2-field").await;
    assert!(!typist.0.browser.has("#n4-v").await);
    typist.key("Z", "KeyZ", 90, ALT | SHIFT).await;
    typist.until_focus("n4-field").await;

    // Two steps before the first answer: none is lost.
    typist.key("ArrowLeft", "ArrowLeft", 37, ALT | SHIFT).await;
    typist.key("ArrowRight", "ArrowRight", 39, ALT | SHIFT).await;
    typist.settled(".grp .grp .seg-row:has(#n2-v) + .seg-row:has(#n4-v)").await;
    typist.tab_to("n4-v").await;
    typist.key("Enter", "Enter", 13, 0).await;
    typist.0.browser.wait_for_url("gespeichert=1").await;

    typist.0.goto("/segmente/1/json").await;
    let stored = typist.0.browser.script("return JSON.parse(document.getElementById('s-json').value)", &[]).await;
    let leaf = |field: &str, value: &str| json!({ "field": field, "op": "eq", "value": value });
    let group = json!({ "any": [leaf("kind", "customer"), leaf("postal_code", "89073")] });
    assert_eq!(stored, json!({ "all": [leaf("country", "DE"), group] }));
    assert_eq!(faults(&typist.0.browser).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bench_answers_while_one_types_and_fits_on_a_phone() {
    let folder = tempfile::Builder::new().prefix("kundenkreis-test-").tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let filled = Product::command_on(&data, &[], &["demo", "--fill-only"]).output().await.expect("the program");
    assert!(filled.status.success(), "{filled:?}");
    let product = Product::start_on(&data, &[]).await;
    let person = Person::hired(&product, "ida@almara.example", "Ida Brandt", &["marketing_manager"]).await;
    let browser = &person.browser;
    person.goto("/segmente/1?warum=1").await;
    browser.wait_for("#segment-reach svg").await;
    browser.wait_for("#segment-sample a").await;
    browser.wait_for("#n0-n b").await;
    let drawn = browser.texts("#segment-sample li").await;
    person.press("#andere", "#andere[value='3']").await;
    assert_ne!(browser.texts("#segment-sample li").await, drawn);

    browser.fill("#wer", "a").await;
    browser.wait_for("#wer-treffer input:not(:checked):not([value=''])").await;
    let chosen =
        browser.attribute("#wer-treffer input:not(:checked):not([value=''])", "value").await.unwrap_or_default();
    person.press("#wer-treffer input:not(:checked):not([value=''])", ".seg-verdict").await;
    browser.wait_for_url(&format!("warum={chosen}")).await;

    for path in [
        "/segmente/1?warum=1",
        "/segmente/1/menschen?mit=2",
        "/segmente/1/versionen",
        "/segmente/1/sql",
        "/segmente/1/json",
    ] {
        browser.screen(Screen::Phone).await;
        person.goto(path).await;
        assert!(!browser.scrolls_sideways().await, "{path}");
        browser.screen(Screen::Desk).await;
        for theme in [Theme::Light, Theme::Dark] {
            browser.theme(theme).await;
            // Colours fade over a fifth of a second; halfway they are nobody's.
            tokio::time::sleep(Duration::from_millis(400)).await;
            let found = browser.axe().await;
            assert!(found.is_empty(), "{path}, {theme:?}: {}", found.join("\n"));
        }
        browser.theme(Theme::Light).await;
    }
    assert_eq!(faults(browser).await, Vec::<String>::new());
}
