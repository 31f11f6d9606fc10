//! From a signature to a contact: the clicks are counted.

use serde_json::json;
use testkit::{browser::Theme, person::Person, process::Product};

const SIGNATURE: &str = "Mit freundlichen Grüßen\nDr. Sabine Öztürk\nLeiterin Einkauf\nÖztürk & Söhne KG\nLindenallee 64\n1010 Wien\n\
    Österreich\nTel. +43 1 5130000\nsabine.oeztuerk@oeztuerk.example";

/// Counts real clicks from now on, whatever pages follow.
async fn count(person: &Person) {
    let script = "sessionStorage.clicks ??= 0; addEventListener('click', (e) => { if (e.isTrusted || e.detail) sessionStorage.clicks++ }, true)";
    person.browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
}

async fn clicks(person: &Person) -> String {
    let counted = person.browser.script("return sessionStorage.clicks ?? '0'", &[]).await;
    counted.as_str().unwrap_or_default().to_owned()
}

/// Ctrl+V with this text in the clipboard, where the focus is.
async fn paste(person: &Person, text: &str) {
    let script = "const d = new DataTransfer(); d.setData('text/plain', arguments[0]); \
         (document.activeElement ?? document.body).dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true }))";
    person.browser.script(script, &[json!(text)]).await;
    person.browser.wait_for("form[action='/kontakte/neu'] [name=last_name]").await;
}

async fn value(person: &Person, name: &str) -> String {
    let script = "return document.querySelector(`[name=\"${arguments[0]}\"]`).value";
    person.browser.script(script, &[json!(name)]).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_becomes_a_contact_in_two_clicks() {
    let product = Product::start(&[]).await;
    let person = Person::hired(&product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    count(&person).await;
    person.goto("/kontakte").await;
    person.browser.click("#from-card").await;
    person.browser.wait_for("#card-text").await;
    for theme in [Theme::Light, Theme::Dark] {
        person.browser.theme(theme).await;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        let found = person.browser.axe().await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    paste(&person, SIGNATURE).await;
    for (name, wanted) in [
        ("title", "Dr."),
        ("first_name", "Sabine"),
        ("last_name", "Öztürk"),
        ("salutation", "ms"),
        ("company", "Öztürk & Söhne KG"),
        ("phone", "+43 1 5130000"),
        ("postal_code", "1010"),
        ("city", "Wien"),
        ("country", "AT"),
        ("email", "sabine.oeztuerk@oeztuerk.example"),
    ] {
        assert_eq!(value(&person, name).await, wanted, "{name}");
    }
    person.browser.click("form[action='/kontakte/neu'] button.primary").await;
    person.browser.wait_for(".hero").await;
    assert_eq!(clicks(&person).await, "2");
    assert!(person.browser.page_text().await.contains("Dr. Sabine Öztürk"));

    // Pasted straight into the list, and known this time.
    person.goto("/kontakte").await;
    paste(&person, "\"Öztürk, Sabine\" <Sabine.Oeztuerk@oeztuerk.example>").await;
    person.browser.wait_for("#card-known").await;
    assert!(person.browser.text("#card-known").await.contains("Dr. Sabine Öztürk"));
    assert_eq!(value(&person, "company").await, "Öztürk & Söhne KG");
    let complaints = person.browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}
