//! Somebody who is there twice is found, compared, merged and separated again with nothing but the keyboard; every page on the
//! way is open to everybody.

use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{browser::Theme, person::Person, process::Product};

/// A person who has no mouse.
struct Typist(Person);

impl Typist {
    async fn key(&self, key: &str, code: &str, number: i64) {
        let mut event = json!({ "key": key, "code": code, "windowsVirtualKeyCode": number });
        // What a key writes: letters, and the line break that sends a form.
        let text = match key {
            "Enter" => "\r",
            key if key.len() == 1 => key,
            _ => "",
        };
        if !text.is_empty() {
            event["text"] = json!(text);
        }
        for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            event["type"] = json!(kind);
            self.0.browser.devtools("Input.dispatchKeyEvent", event.clone()).await;
        }
    }

    /// Goes on with Tab until the focus is on something that says this.
    async fn tab_to(&self, words: &str) {
        for _ in 0..120 {
            const SAID: &str = "const a = document.activeElement; return (a?.ariaLabel || a?.textContent || '').trim()";
            let said = self.0.browser.script(SAID, &[]).await;
            if said.as_str().is_some_and(|said| said.starts_with(words)) {
                return;
            }
            self.key("Tab", "Tab", 9).await;
        }
        panic!("Tab never comes to “{words}”");
    }

    /// Presses Enter and waits for a page whose text holds these words.
    async fn enter_until(&self, words: &str) {
        self.key("Enter", "Enter", 13).await;
        self.until(words).await;
    }

    async fn until(&self, words: &str) {
        let since = Instant::now();
        loop {
            let text = self.0.browser.script("return document.querySelector('body')?.textContent ?? ''", &[]).await;
            if text.as_str().is_some_and(|text| text.contains(words)) {
                return;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "“{words}” never comes: {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn is_open_to_everybody(&self) {
        for theme in [Theme::Light, Theme::Dark] {
            self.0.browser.theme(theme).await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            let found = self.0.browser.axe().await;
            assert!(found.is_empty(), "{}", found.join("\n\n"));
        }
        self.0.browser.theme(Theme::Light).await;
    }
}

const CONTACTS: &str = "Kundennummer;Vorname;Nachname;Geburtsdatum;Telefon;E-Mail;Straße;PLZ;Ort\n\
    1;Anna;Müller;03.04.1980;0221 998877;;Am Markt 3;50667;Köln\n\
    2;Ana;Mueller;04.03.1980;+49 221 998877;anna@example.org;Am Markt 3;50667;Köln\n\
    3;Emil;Vogel;02.01.1990;;;;;\n\
    4;Ida;Brandt;21.08.1975;;;;;\n";

#[tokio::test(flavor = "multi_thread")]
async fn two_records_become_one_and_two_again_by_keyboard() {
    let api = testkit::api::Api::of(Product::start(&[]).await).await;
    api.import("contacts", "kontakte.csv", CONTACTS.as_bytes()).await;
    let jana = Person::hired(&api.product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    let jana = Typist(jana);
    // The task comes by itself; the page says what it knows.
    let since = Instant::now();
    loop {
        jana.0.goto("/kontakte/dubletten").await;
        let rows = jana.0.browser.script("return document.querySelectorAll('[data-row]').length", &[]).await;
        if rows == 1 {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(90), "nobody is found");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    jana.is_open_to_everybody().await;
    jana.key("j", "KeyJ", 74).await;
    jana.enter_until("Was danach erlaubt ist").await;
    jana.is_open_to_everybody().await;
    jana.tab_to("Zusammenführen").await;
    jana.enter_until("wurde zusammengeführt").await;
    jana.is_open_to_everybody().await;
    jana.tab_to("Rückgängig").await;
    jana.enter_until("Die Zusammenführung ist zurückgenommen").await;
    jana.0.goto("/kontakte/dubletten/verlauf").await;
    jana.until("Zurückgenommen von Jana Hoffmann").await;
    jana.is_open_to_everybody().await;
    jana.0.goto("/kontakte/dubletten").await;
    jana.tab_to("Verschieden: Anna Müller und Ana Mueller").await;
    jana.enter_until("Als verschiedene Personen gemerkt").await;
    jana.until("Keine Dubletten").await;
    jana.is_open_to_everybody().await;
    let complaints = jana.0.browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}
