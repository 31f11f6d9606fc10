//! Draws the pictures of README and manual: `cargo xtask pictures`. A freshly filled demonstration is looked at through a
//! real browser, so that the pictures show what the product is and not what it was.

use serde_json::json;
use std::path::{Path, PathBuf};
use testkit::{
    browser::{Browser, Screen, Theme},
    process::Product,
};

/// What the demonstration presets; its server is started here like any other.
const SETTINGS: &[(&str, &str)] = &[
    ("KUNDENKREIS_ORGANISATION_NAME", "Almara Reisen"),
    ("KUNDENKREIS_MAIL_SENDER_NAME", "Almara Reisen"),
    ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
];
const PASSWORD: &str = "einmal-im-kreis";
/// To the other language.
const SWITCH: &str = "document.querySelector(\"form[action='/sprache'] button\").click()";
/// So that a README loads quickly.
const LARGEST: u64 = 200_000;

/// Name, address and height of what is shown. The campaigns are numbered in the order the demonstration makes them.
const PAGES: &[(&str, &str, u32)] = &[
    ("overview", "/", 860),
    ("contacts", "/kontakte", 760),
    ("contact", "a[href^='/kontakte/']:not([href='/kontakte/neu'])", 860),
    ("segment", "/segmente/5", 1010),
    ("segment-people", "/segmente/5/menschen?mit=3", 700),
    ("change", "/veraenderungen/1", 760),
    ("campaigns", "/kampagnen", 700),
    ("planning", "/kampagnen/6/planung", 900),
    ("selection", "/kampagnen/6/selektion", 860),
    ("execution", "/kampagnen/4/ausfuehrung", 760),
    ("evaluation", "/kampagnen/2/auswertung", 900),
    ("import", "/import", 760),
];

struct Painter {
    product: Product,
    browser: Browser,
    folder: PathBuf,
}

impl Painter {
    /// 1280 pixels wide.
    async fn window(&self, height: u32) {
        let metrics = json!({ "width": 1280, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// A bar at the edge says nothing in a picture.
    async fn without_scrollbars(&self) {
        self.browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
    }

    async fn goto(&self, path: &str) {
        self.browser.goto(&self.product.url(path)).await;
    }

    /// Writes the picture when fonts are there and nothing is loading any more.
    async fn take(&self, name: &str) {
        let settled = "const done = arguments[arguments.length - 1]; \
                       document.fonts.ready.then(() => setTimeout(() => done(true), 700))";
        self.browser.script_async(settled, &[]).await;
        let file = self.folder.join(format!("{name}.png"));
        self.browser.screenshot(&file).await;
        let size = std::fs::metadata(&file).expect("the picture").len();
        assert!(size <= LARGEST, "{} has {size} bytes", file.display());
    }

    async fn sign_in(&self, login: &str) {
        self.browser.devtools("Network.clearBrowserCookies", json!({})).await;
        self.window(860).await;
        self.goto("/anmelden").await;
        self.browser.fill("[name=email]", login).await;
        self.browser.fill("[name=passwort]", PASSWORD).await;
        self.browser.script("document.querySelector('form button.primary').click()", &[]).await;
        self.browser.wait_for(".side").await;
    }

    async fn in_english(&mut self, root: &Path) {
        self.browser.script(SWITCH, &[]).await;
        self.browser.wait_for("html[lang=en]").await;
        self.folder = root.join("en");
    }

    async fn administration(&self) {
        self.window(900).await;
        self.goto("/verwaltung/tracking/1").await;
        self.take("tracking").await;
    }

    async fn pages(&self) {
        for (name, place, height) in PAGES {
            self.window(*height).await;
            if place.starts_with('/') {
                self.goto(place).await;
            } else {
                // Whoever was heard of last among the customers.
                self.goto("/kontakte?art=customer&sort=letzte").await;
                let first = self.browser.attribute(place, "href").await.expect("a customer");
                self.goto(&first).await;
            }
            self.take(name).await;
        }
        self.goto("/").await;
        self.window(860).await;
        self.browser.theme(Theme::Dark).await;
        self.take("overview-dark").await;
        self.browser.theme(Theme::Light).await;
        self.browser.screen(Screen::Phone).await;
        self.goto("/").await;
        self.take("overview-phone").await;
    }
}

#[tokio::main]
async fn main() {
    let data = tempfile::Builder::new().prefix("kundenkreis-pictures-").tempdir().expect("a temporary folder");
    let fill = Product::command_on(data.path(), SETTINGS, &["demo", "--fill-only"]).output().await;
    assert!(fill.expect("the program runs").status.success());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
    let mut painter = Painter {
        product: Product::start_on(data.path(), SETTINGS).await,
        browser: Browser::open().await,
        folder: root.join("de"),
    };
    painter.without_scrollbars().await;
    painter.sign_in("jana@almara.example").await;
    painter.pages().await;
    painter.in_english(&root).await;
    painter.pages().await;
    painter.sign_in("sabine@almara.example").await;
    painter.in_english(&root).await;
    painter.administration().await;
    painter.browser.script(SWITCH, &[]).await;
    painter.browser.wait_for("html[lang=de]").await;
    painter.folder = root.join("de");
    painter.administration().await;
}
