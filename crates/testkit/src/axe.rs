//! axe-core: what it finds wrong with a page, for readers of a test's failure.

use crate::browser::Browser;
use serde_json::Value;

/// The rules, as their makers publish them (`vendor/axe-core`).
const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

const RUN: &str = "\
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(done, (e) => done({ error: String(e) }));";

pub(crate) async fn violations(browser: &Browser) -> Vec<String> {
    if browser.script("return typeof axe", &[]).await == "undefined" {
        browser.script(&format!("{AXE}\nwindow.axe = axe;"), &[]).await;
    }
    let found = browser.script_async(RUN, &[]).await;
    let list = found["violations"].as_array().unwrap_or_else(|| panic!("axe did not run: {found}"));
    list.iter().map(said).collect()
}

/// Rule, help, and each place with how to mend it.
fn said(violation: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let mut text = format!("{} ({}): {}", word(&violation["id"]), word(&violation["impact"]), word(&violation["help"]));
    for node in violation["nodes"].as_array().into_iter().flatten() {
        let how = word(&node["failureSummary"]).replace('\n', "\n      ");
        text += &format!("\n    {}\n      {}\n      {how}", node["target"], word(&node["html"]));
    }
    text
}
