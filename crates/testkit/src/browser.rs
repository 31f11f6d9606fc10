//! A real Chromium, driven through WebDriver (W3C), as a person would use the product: by what is to be seen.
//! WebDriver is JSON over HTTP, so [`crate::http`] is all the client it takes.
//!
//! Every step waits until it can be done and fails the test, with what the page shows, when it cannot within ten seconds.

use crate::axe;
use crate::http;
use crate::setting::{free_port, program};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(10);
/// The name the W3C gave to the key of an element's reference.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// No sandbox: tests also run as root in containers. The pipe ends the browser together with its driver.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
    "--lang=de-DE",
];

/// Which of the two looks of the product the browser asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Theme {
    Light,
    Dark,
}

/// How wide the window is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Screen {
    /// 1440 × 900.
    Desk,
    /// 390 × 844, a phone held upright.
    Phone,
}

/// One browser with an empty profile and one window. Dropped, it ends.
pub struct Browser {
    _driver: Child,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Opens an empty window, light, as wide as a desk's.
    pub async fn open() -> Self {
        let port = free_port();
        let driver = Command::new(program("KUNDENKREIS_TEST_CHROMEDRIVER", "/usr/bin/chromedriver"))
            .args([&format!("--port={port}"), "--log-level=OFF"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver");
        let since = Instant::now();
        while http::request("GET", &format!("http://127.0.0.1:{port}/status"), &[], &[]).await.is_err() {
            assert!(since.elapsed() < PATIENCE, "chromedriver does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let profile = tempfile::Builder::new().prefix("kundenkreis-browser-").tempdir().expect("a temporary folder");
        let mut flags: Vec<String> = FLAGS.iter().map(|f| f.to_string()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"binary": program("KUNDENKREIS_TEST_CHROMIUM", "/usr/bin/chromium"), "args": flags},
        }}});
        let address = format!("http://127.0.0.1:{port}/session");
        let made = call("POST", &address, Some(wanted)).await.unwrap_or_else(|e| panic!("no browser: {e}"));
        let session = format!("{address}/{}", made["sessionId"].as_str().expect("a session"));
        let browser = Self { _driver: driver, session, _profile: profile };
        browser.screen(Screen::Desk).await;
        browser
    }

    /// Goes to an address and waits until the page is loaded.
    pub async fn goto(&self, url: &str) {
        self.must("POST", "/url", Some(json!({"url": url}))).await;
    }

    pub async fn url(&self) -> String {
        self.must("GET", "/url", None).await.as_str().unwrap_or_default().to_string()
    }

    pub async fn title(&self) -> String {
        self.must("GET", "/title", None).await.as_str().unwrap_or_default().to_string()
    }

    pub async fn back(&self) {
        self.must("POST", "/back", Some(json!({}))).await;
    }

    pub async fn reload(&self) {
        self.must("POST", "/refresh", Some(json!({}))).await;
    }

    /// Everything to be read on the page.
    pub async fn page_text(&self) -> String {
        self.text("body").await
    }

    /// What is to be read in the first element of this CSS selector.
    pub async fn text(&self, css: &str) -> String {
        let text = self.on(&Place::css(css), "GET", "/text", None).await;
        text.as_str().unwrap_or_default().to_string()
    }

    /// What is to be read in every element of this selector, now, without waiting; none is fine.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())";
        let texts = self.script(script, &[json!(css)]).await;
        texts.as_array().into_iter().flatten().filter_map(|t| t.as_str().map(str::to_string)).collect()
    }

    /// An attribute of the first element of this selector.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.on(&Place::css(css), "GET", &format!("/attribute/{name}"), None).await.as_str().map(str::to_string)
    }

    /// Clicks the first element of this CSS selector.
    pub async fn click(&self, css: &str) {
        self.on(&Place::css(css), "POST", "/click", Some(json!({}))).await;
    }

    /// Clicks the button, link, tab, label or menu line that reads exactly so.
    pub async fn click_text(&self, text: &str) {
        self.on(&Place::reading(text), "POST", "/click", Some(json!({}))).await;
    }

    /// Writes into a field, in place of what stood there.
    pub async fn fill(&self, css: &str, text: &str) {
        let place = Place::css(css);
        self.on(&place, "POST", "/clear", Some(json!({}))).await;
        self.on(&place, "POST", "/value", Some(json!({"text": text}))).await;
    }

    /// Types keys into an element without clearing it; for special keys see WebDriver's code points (`\u{E007}` is Enter).
    pub async fn type_into(&self, css: &str, keys: &str) {
        self.on(&Place::css(css), "POST", "/value", Some(json!({"text": keys}))).await;
    }

    /// Chooses the option with this value in a `<select>`.
    pub async fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value=\"{value}\"]")).await;
    }

    /// Gives a file to an `<input type="file">`, also a hidden one.
    pub async fn upload(&self, css: &str, file: &Path) {
        let path = file.canonicalize().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.on(&Place::css(css), "POST", "/value", Some(json!({"text": path}))).await;
    }

    /// Waits until there is an element of this selector.
    pub async fn wait_for(&self, css: &str) {
        self.element(&Place::css(css)).await;
    }

    /// Waits until the page shows this text.
    pub async fn wait_for_text(&self, text: &str) {
        self.wait_until(&format!("the text {text:?}"), "return document.body.innerText.includes(arguments[0])", text)
            .await;
    }

    /// Waits until the address contains this.
    pub async fn wait_for_url(&self, part: &str) {
        self.wait_until(&format!("the address …{part}…"), "return location.href.includes(arguments[0])", part).await;
    }

    /// Waits until no element of this selector is left.
    pub async fn wait_until_gone(&self, css: &str) {
        self.wait_until(&format!("{css} to go"), "return !document.querySelector(arguments[0])", css).await;
    }

    /// Whether there is such an element now.
    pub async fn has(&self, css: &str) -> bool {
        self.script("return !!document.querySelector(arguments[0])", &[json!(css)]).await == json!(true)
    }

    /// Runs JavaScript in the page (past its content security policy, as WebDriver does); what it returns.
    pub async fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.must("POST", "/execute/sync", Some(json!({"script": script, "args": arguments}))).await
    }

    /// Runs JavaScript that calls its last argument with the result when it is done.
    pub async fn script_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.must("POST", "/execute/async", Some(json!({"script": script, "args": arguments}))).await
    }

    /// Writes a PNG of what the window shows; folders are made.
    pub async fn screenshot(&self, file: &Path) {
        let image = self.must("GET", "/screenshot", None).await;
        let image = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, image.as_str().expect("base64"));
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for pictures");
        std::fs::write(file, image.expect("a picture")).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }

    /// Light or dark, as the system's setting would say it to a page.
    pub async fn theme(&self, theme: Theme) {
        let value = if theme == Theme::Dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    pub async fn screen(&self, screen: Screen) {
        let (width, height, mobile) = match screen {
            Screen::Desk => (1440, 900, false),
            Screen::Phone => (390, 844, true),
        };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Whether the page is wider than its window: on a phone that is a defect.
    pub async fn scrolls_sideways(&self) -> bool {
        self.script("return document.documentElement.scrollWidth > window.innerWidth", &[]).await == json!(true)
    }

    /// What axe-core finds wrong with the page as it stands: one readable paragraph for each violation.
    pub async fn axe(&self) -> Vec<String> {
        axe::violations(self).await
    }

    /// What the browser complained about since the last call: script errors, refused resources, violations of the
    /// content security policy.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.must("POST", "/se/log", Some(json!({"type": "browser"}))).await;
        let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].as_str().unwrap_or_default().to_string()).collect()
    }

    /// A command of the DevTools protocol, for what WebDriver has no word for.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.must("POST", "/goog/cdp/execute", Some(json!({"cmd": command, "params": parameters}))).await
    }

    async fn must(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let done = call(method, &format!("{}{path}", self.session), body).await;
        done.unwrap_or_else(|trouble| panic!("{method} {path}: {trouble}"))
    }

    async fn wait_until(&self, what: &str, script: &str, argument: &str) {
        let since = Instant::now();
        let body = json!({"script": script, "args": [argument]});
        loop {
            // While a page is being left, a script may fail: that is no answer yet.
            let asked = call("POST", &format!("{}/execute/sync", self.session), Some(body.clone())).await;
            if asked.as_ref().is_ok_and(|yes| *yes == json!(true)) {
                return;
            }
            if since.elapsed() > PATIENCE {
                panic!("waited in vain for {what} ({asked:?}) on {}", self.sight().await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn element(&self, place: &Place) -> String {
        let since = Instant::now();
        let body = json!({"using": place.using, "value": place.value});
        loop {
            match call("POST", &format!("{}/element", self.session), Some(body.clone())).await {
                Ok(element) => return element[ELEMENT].as_str().expect("a reference").to_string(),
                Err(trouble) if since.elapsed() > PATIENCE => {
                    panic!("{} is not there ({trouble}) on {}", place.spoken, self.sight().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Does something with an element. A page that is still moving (covered, replaced, not yet shown) gets its time.
    async fn on(&self, place: &Place, method: &str, path: &str, body: Option<Value>) -> Value {
        let since = Instant::now();
        loop {
            let element = self.element(place).await;
            match call(method, &format!("{}/element/{element}{path}", self.session), body.clone()).await {
                Ok(value) => return value,
                Err(trouble) if since.elapsed() > PATIENCE => {
                    panic!("{}: {trouble}\non {}", place.spoken, self.sight().await)
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Where we are and what is to be read there, for the message of a failed test.
    async fn sight(&self) -> String {
        let text = "return location.href + '\\n' + document.title + '\\n' + document.body.innerText.slice(0, 3000)";
        self.script(text, &[]).await.as_str().unwrap_or_default().to_string()
    }
}

/// Where an element is, for WebDriver and for the reader of a failure.
struct Place {
    using: &'static str,
    value: String,
    spoken: String,
}

impl Place {
    fn css(css: &str) -> Self {
        Self { using: "css selector", value: css.into(), spoken: format!("the element {css}") }
    }

    fn reading(text: &str) -> Self {
        // XPath 1.0 has no escape: a text with both kinds of quotes is put together.
        let literal = format!("concat('{}', '')", text.replace('\'', "', \"'\", '"));
        let kinds = "self::a or self::button or self::summary or self::label or @role='button' or @role='tab' \
                     or @role='menuitem' or @role='option'";
        let value = format!("//*[{kinds}][normalize-space(.)={literal}]");
        Self { using: "xpath", value, spoken: format!("the button or link that reads {text:?}") }
    }
}

/// One command of WebDriver: its value, or in words what went wrong.
async fn call(method: &str, url: &str, body: Option<Value>) -> Result<Value, String> {
    let body = body.map(|b| b.to_string()).unwrap_or_default();
    let headers = [("content-type", "application/json; charset=utf-8")];
    let answer = http::request(method, url, &headers, body.as_bytes()).await.map_err(|e| e.to_string())?;
    let mut said: Value = serde_json::from_slice(&answer.body).map_err(|e| format!("{e}: {}", answer.text()))?;
    if answer.status == 200 {
        return Ok(said["value"].take());
    }
    let message = said["value"]["message"].as_str().unwrap_or_default();
    Err(format!("{}: {}", said["value"]["error"], message.lines().next().unwrap_or_default()))
}
