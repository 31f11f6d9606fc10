//! Finding somebody, choosing them in the list and changing many, with nothing but the keyboard.

use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{
    browser::{Browser, Theme},
    person::Person,
    process::Product,
};

const CONTROL: i64 = 2;

/// A person who has no mouse.
struct Typist(Person);

impl Typist {
    async fn key(&self, key: &str, code: &str, number: i64, modifiers: i64) {
        let mut event = json!({ "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers });
        let text = if key == "Enter" { "\r" } else { key };
        if text.chars().count() == 1 && modifiers == 0 {
            event["text"] = json!(text);
        }
        for kind in [if event["text"].is_null() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            event["type"] = json!(kind);
            self.browser().devtools("Input.dispatchKeyEvent", event.clone()).await;
        }
    }

    async fn letter(&self, letter: &str, modifiers: i64) {
        let upper = letter.to_uppercase();
        self.key(letter, &format!("Key{upper}"), i64::from(upper.as_bytes()[0]), modifiers).await;
    }

    async fn enter(&self) {
        self.key("Enter", "Enter", 13, 0).await;
    }

    async fn down(&self) {
        self.key("ArrowDown", "ArrowDown", 40, 0).await;
    }

    async fn escape(&self) {
        self.key("Escape", "Escape", 27, 0).await;
    }

    /// Writes into the field that has the focus.
    async fn write(&self, text: &str) {
        self.browser().devtools("Input.insertText", json!({ "text": text })).await;
    }

    fn browser(&self) -> &Browser {
        &self.0.browser
    }

    /// What the palette would open now, as a screen reader is told.
    async fn chosen(&self) -> String {
        const CHOSEN: &str = "const id = document.querySelector('#palette input').getAttribute('aria-activedescendant'); \
             return id ? document.getElementById(id).querySelector('span').textContent : ''";
        self.browser().script(CHOSEN, &[]).await.as_str().unwrap_or_default().to_owned()
    }

    async fn until_chosen(&self, name: &str) {
        let since = Instant::now();
        while self.chosen().await != name {
            assert!(since.elapsed() < Duration::from_secs(10), "“{}” is chosen, not {name}", self.chosen().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Goes on with Tab until the focus is on what the selector names.
    async fn tab_to(&self, css: &str) {
        for _ in 0..120 {
            let there =
                self.browser().script("return document.activeElement.matches(arguments[0])", &[json!(css)]).await;
            if there == true {
                return;
            }
            self.key("Tab", "Tab", 9, 0).await;
        }
        panic!("Tab never comes to {css}");
    }

    async fn looks_well(&self, what: &str) {
        for theme in [Theme::Light, Theme::Dark] {
            self.browser().theme(theme).await;
            // Colours fade over a fifth of a second; halfway they are nobody's.
            tokio::time::sleep(Duration::from_millis(400)).await;
            let found = self.browser().axe().await;
            assert!(found.is_empty(), "{what}: {}", found.join("\n"));
        }
        self.browser().theme(Theme::Light).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_found_opened_and_found_again_by_keyboard_alone() {
    let product = Product::start(&[]).await;
    let person = Person::hired(&product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    let jana = Typist(person);
    for (first, last) in [("Beate", "Müller"), ("Emil", "Vogel"), ("Ute", "Vogel")] {
        jana.0.goto("/kontakte/neu").await;
        jana.browser().fill("[name=first_name]", first).await;
        jana.browser().fill("[name=last_name]", last).await;
        jana.0.press("form.sheet-form button.primary", ".hero, #eintraege, #aeltere").await;
    }
    jana.0.goto("/").await;
    jana.letter("k", CONTROL).await;
    jana.browser().wait_for("#palette[open]").await;
    jana.browser().wait_for("#pal-latest [role=option]").await;
    jana.looks_well("the palette").await;
    jana.write("mulelr").await;
    jana.until_chosen("Beate Müller").await;
    jana.looks_well("the hits").await;
    jana.enter().await;
    jana.browser().wait_for_url("/kontakte/1").await;

    // A page, by a word with a mistake.
    jana.letter("k", CONTROL).await;
    jana.write("kampagen").await;
    jana.until_chosen("Kampagnen").await;
    jana.escape().await;

    // Rows with J and X, many with one value, undone from the toast.
    jana.0.goto("/kontakte").await;
    jana.letter("j", 0).await;
    jana.letter("x", 0).await;
    jana.letter("j", 0).await;
    jana.letter("x", 0).await;
    jana.browser().wait_for("#bulk:not([hidden])").await;
    assert_eq!(jana.browser().text("[data-bulk-n]").await, "2");
    jana.looks_well("the list with a choice").await;
    jana.tab_to("[popovertarget=b-art]").await;
    jana.enter().await;
    jana.tab_to("#b-art button[value='kind:customer']").await;
    jana.enter().await;
    jana.browser().wait_for("form[action$='/los']").await;
    jana.looks_well("what would happen").await;
    jana.tab_to("form[action$='/los'] button").await;
    jana.enter().await;
    jana.browser().wait_for(".toast form button").await;
    // A toast fades in, and what is not to be seen yet is no text.
    jana.browser().wait_for_text("2 Kontakte geändert").await;
    jana.tab_to(".toast form button").await;
    jana.enter().await;
    jana.browser().wait_for_text("Bei 2 Kontakten zurückgenommen").await;

    // The sheet of keys, and single keys switched off.
    jana.key("?", "Slash", 191, 0).await;
    jana.browser().wait_for("#keys[open]").await;
    jana.tab_to("[data-keys]").await;
    jana.key(" ", "Space", 32, 0).await;
    jana.escape().await;
    jana.browser().wait_until_gone("#keys[open]").await;
    jana.key("?", "Slash", 191, 0).await;
    jana.letter("k", CONTROL).await;
    jana.browser().wait_for("#palette[open]").await;
    assert!(!jana.browser().has("#keys[open]").await, "single keys do nothing any more, Ctrl K still does");
    jana.down().await;
    assert!(!jana.chosen().await.is_empty());
}
