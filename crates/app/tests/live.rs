//! The overview in a real browser: what another system reports is seen in feed and figures without a reload, a paused page
//! catches up, and nothing moves under a hand.

use serde_json::json;
use std::time::Duration;
use testkit::{api::Api, person::Person, process::Product};

/// The figure of the first tile, the interactions.
async fn interactions(person: &Person) -> String {
    let text = person.browser.text(".stats .stat .v").await;
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

async fn visit(api: &Api, subject: &str) {
    let event = json!({ "kind": "page_viewed", "contact_number": "4711", "subject": subject });
    api.post("interactions", event).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_seen_without_a_reload() {
    let product = Product::start(&[]).await;
    let jana = Person::hired(&product, "jana@almara.example", "Jana Hoffmann", &["marketing_manager"]).await;
    let api = Api::of(product).await;
    let ada = json!({ "number": "4711", "first_name": "Ada", "last_name": "Beer", "kind": "customer" });
    api.post("contacts", ada).await;
    visit(&api, "Kreta im Mai").await;

    jana.goto("/").await;
    jana.browser.script("window.unchanged = true", &[]).await;
    assert_eq!(interactions(&jana).await, "1");
    jana.browser.wait_for_text("Kreta im Mai").await;
    // Somebody has a tile in focus and has scrolled; neither may change.
    jana.browser.script("document.querySelector('.stats a.stat').focus(); window.scrollTo(0, 40)", &[]).await;
    let before = jana.browser.script("return [scrollY, document.activeElement.className]", &[]).await;
    visit(&api, "Madeira im Herbst").await;
    jana.browser.wait_for_text("Madeira im Herbst").await;
    assert_eq!(interactions(&jana).await, "2");
    assert_eq!(jana.browser.script("return [scrollY, document.activeElement.className]", &[]).await, before);

    jana.press("[data-live-pause]", "[data-live-pause][aria-pressed=true]").await;
    visit(&api, "Zypern im Winter").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!jana.browser.page_text().await.contains("Zypern im Winter"), "a paused page stands still");
    jana.press("[data-live-pause]", "[data-live-pause][aria-pressed=false]").await;
    // The pause button keeps the focus; the feed waits only while somebody points at it or is inside it.
    jana.browser.wait_for_text("Zypern im Winter").await;
    assert_eq!(interactions(&jana).await, "3");
    assert_eq!(jana.browser.script("return window.unchanged", &[]).await, true, "it was one page all the time");
    let complaints = jana.browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}
