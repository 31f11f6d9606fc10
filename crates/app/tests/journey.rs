//! The loop in a real browser: first login, import, segment, campaign, send, open the caught mail, click, and the
//! evaluation shows it. On the way axe-core looks at every page, light and dark.

use serde_json::json;
use std::{path::Path, time::Duration};
use testkit::{
    browser::{Browser, Theme},
    process::Product,
};

const PASSWORD: &str = "ein langes wort 7";

/// A person at the browser.
struct Jana {
    product: Product,
    browser: Browser,
}

impl Jana {
    async fn goto(&self, path: &str) {
        self.browser.goto(&self.product.url(path)).await;
    }

    /// Presses what a keyboard would reach, wherever the page is scrolled to, and waits for what follows.
    async fn press(&self, css: &str, then: &str) {
        self.browser.script("document.querySelector(arguments[0]).click()", &[json!(css)]).await;
        self.browser.wait_for(then).await;
    }

    async fn look(&self, path: &str) {
        self.goto(path).await;
        for theme in [Theme::Light, Theme::Dark] {
            self.browser.theme(theme).await;
            // Colours fade over a fifth of a second; halfway they are nobody's.
            tokio::time::sleep(Duration::from_millis(400)).await;
            let found = self.browser.axe().await;
            assert!(found.is_empty(), "{path}, {}", found.join("\n"));
        }
        self.browser.theme(Theme::Light).await;
    }
}

/// Makes the account at the shell and chooses the password behind the one-time link.
async fn first_login() -> Jana {
    let product = Product::start(&[("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example")]).await;
    let arguments = ["user", "add", "jana@almara.example", "--name", "Jana Hoffmann", "--role", "marketing_manager"];
    let made = product.command(&arguments).output().await.expect("the program runs");
    let told = String::from_utf8_lossy(&made.stdout).into_owned();
    let (_, secret) = told.trim().rsplit_once('/').unwrap_or_else(|| panic!("no link in “{told}”"));
    let jana = Jana { product, browser: Browser::open().await };
    jana.goto(&format!("/einladung/{secret}")).await;
    jana.browser.fill("[name=passwort]", PASSWORD).await;
    jana.browser.fill("[name=wiederholung]", PASSWORD).await;
    jana.press("form button.primary", ".side").await;
    jana
}

async fn import(jana: &Jana) {
    jana.look("/import").await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/acceptance/case-a/contacts.csv");
    jana.browser.upload("#i-file", &file.canonicalize().expect("the file of the case")).await;
    jana.press("form[action='/import'] button.primary", "#mapping").await;
    jana.press("button[name=weiter]", "form[action$='/start'] button.primary:not([disabled])").await;
    jana.press("form[action$='/start'] button.primary", "a[href$='/fehler.csv']").await;
    jana.look("/import/1").await;
    jana.look("/kontakte").await;
    jana.look("/kontakte/1").await;
}

async fn segment(jana: &Jana) {
    jana.look("/segmente/neu").await;
    jana.browser.fill("[name=name]", "Mit Einwilligung").await;
    let choose = "const s = document.querySelector('[name=\"n1.field\"]'); s.value = 'consent.email.marketing'; \
                  s.dispatchEvent(new Event('change', { bubbles: true }))";
    jana.browser.script(choose, &[]).await;
    jana.browser.wait_for("[name='n1.v'] option[value=true]").await;
    jana.press("button[name=save]", "#segment-archive").await;
    jana.look("/segmente/1").await;
    jana.look("/segmente").await;
}

async fn campaign(jana: &Jana) {
    jana.look("/kampagnen").await;
    let show = "document.querySelector(\"form[action='/kampagnen'][method=post]\").closest('dialog').showModal()";
    jana.browser.script(show, &[]).await;
    jana.browser.fill("form[action='/kampagnen'] [name=name]", "Herbstgruß").await;
    jana.press("form[action='/kampagnen'][method=post] button.primary", "#plan").await;
    jana.look("/kampagnen/1/planung").await;
    jana.browser.fill("[name=subject]", "Guten Tag {{ contact.first_name }}").await;
    let target = jana.product.url("/anmelden");
    jana.browser.fill("[name=body]", &format!("Der Herbst ist da.\n\n[[Zum Angebot]({target})]")).await;
    jana.browser.choose("[name=segment]", "1").await;
    jana.press("button[name=weiter]", "form[action$='/freigabe'] button.primary:not([disabled])").await;
    jana.look("/kampagnen/1/selektion").await;
    jana.press("form[action$='/freigabe'] button.primary", "form[action$='/start']").await;
    jana.look("/kampagnen/1/ausfuehrung").await;
    jana.press("form[action$='/start'] button.primary", "a[href='/kampagnen/1/auswertung']").await;
}

async fn read_and_click(jana: &Jana) {
    let mut arrived = false;
    for _ in 0..100 {
        jana.goto("/postfang").await;
        arrived = jana.browser.has("tbody tr a").await;
        if arrived {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(arrived, "no mail was caught");
    jana.look("/postfang").await;
    jana.press("tbody tr a", "iframe").await;
    // A person needs a moment before they click; whoever clicks within two seconds of the hand-over is a machine.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let mail = jana.browser.attribute("iframe", "src").await.expect("the mail's own page");
    jana.goto(&mail).await;
    // The mail's page is sandboxed: its links open beside it, as a mail program would do it.
    let link = "return [...document.links].find((a) => a.href.includes('/c/')).href";
    let link = jana.browser.script(link, &[]).await;
    // A headless browser says so and is taken for the robot it usually is; Jana sits in front of hers.
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
    jana.browser.devtools("Network.setUserAgentOverride", json!({ "userAgent": agent })).await;
    jana.browser.goto(link.as_str().expect("a link")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marketing_manager_closes_the_loop_in_the_browser() {
    let jana = first_login().await;
    jana.look("/").await;
    import(&jana).await;
    segment(&jana).await;
    campaign(&jana).await;
    read_and_click(&jana).await;
    jana.look("/kampagnen/1/auswertung").await;
    jana.goto("/kontakte?kampagne=1&gruppe=clicked").await;
    assert_eq!(jana.browser.texts("tbody tr .who a").await.len(), 1, "{}", jana.browser.page_text().await);
    jana.look("/").await;
    let complaints = jana.browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}
