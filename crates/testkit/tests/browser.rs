//! The browser itself, on a tiny page under the strictest policy: what it does there it can do in the product.

use testkit::browser::{Browser, Screen, Theme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PAGE: &str = "\
<!doctype html><html lang=\"de\"><head><title>Probe</title><link rel=\"icon\" href=\"data:,\"></head><body><main><h1>Probe</h1>
<form><label for=\"n\">Name</label> <input id=\"n\" name=\"n\" value=\"alt\">
<label for=\"c\">Land</label> <select id=\"c\" name=\"c\"><option value=\"DE\">DE</option><option value=\"AT\">AT</option></select>
<label for=\"f\">Datei</label> <input id=\"f\" type=\"file\">
<button>Sag's \"ihr\"</button></form>PLANTED</main></body></html>";

/// Serves the page, with `planted` in it, under a policy that allows nothing; its address.
async fn page(planted: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let body = PAGE.replace("PLANTED", planted);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\
                 content-security-policy: default-src 'none'; img-src data:; form-action 'self'\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn axe_finds_a_planted_violation_and_nothing_on_a_sound_page() {
    let browser = Browser::open().await;
    browser.goto(&page("").await).await;
    assert_eq!(browser.axe().await, Vec::<String>::new());

    browser.goto(&page("<img src=\"data:,\"><button></button>").await).await;
    let found = browser.axe().await;
    assert!(found.iter().any(|v| v.starts_with("image-alt (critical)")), "{found:?}");
    assert!(
        found.iter().any(|v| v.starts_with("button-name (critical)") && v.contains("<button></button>")),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_form_is_filled_and_sent_as_a_person_would() {
    let browser = Browser::open().await;
    browser.goto(&page("").await).await;
    assert_eq!(browser.title().await, "Probe");
    browser.fill("#n", "Ümit").await;
    browser.choose("#c", "AT").await;
    browser.upload("#f", std::path::Path::new("Cargo.toml")).await;
    assert_eq!(browser.script("return document.querySelector('#f').files[0].name", &[]).await, "Cargo.toml");
    browser.click_text("Sag's \"ihr\"").await;
    browser.wait_for_url("?n=").await;
    assert!(browser.url().await.ends_with("/?n=%C3%9Cmit&c=AT"), "{}", browser.url().await);
}

#[tokio::test]
async fn theme_and_width_reach_the_page() {
    let browser = Browser::open().await;
    browser.goto(&page("<p style=\"width: 700px\">breit</p>").await).await;
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    assert_eq!(browser.script(dark, &[]).await, false);
    browser.theme(Theme::Dark).await;
    assert_eq!(browser.script(dark, &[]).await, true);
    browser.screen(Screen::Phone).await;
    assert_eq!(browser.script("return [screen.width, screen.height]", &[]).await, serde_json::json!([390, 844]));

    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("shots/phone.png");
    browser.screenshot(&picture).await;
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn what_the_policy_forbids_is_heard() {
    let browser = Browser::open().await;
    browser.goto(&page("<script>document.title = 'hijacked'</script>").await).await;
    assert_eq!(browser.title().await, "Probe");
    let complaints = browser.complaints().await;
    assert!(complaints.iter().any(|c| c.contains("Content Security Policy")), "{complaints:?}");
}
