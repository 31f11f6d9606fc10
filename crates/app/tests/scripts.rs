//! Scripts typed into every field a person can type into: each page shows them as the text they are, and no mail carries
//! them any further. The pages are opened in a real browser, where a script that ran would be noticed.

use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};
use testkit::{api::Api, browser::Browser, person::Person};

/// Ends attributes, elements and templates, runs in three ways, and turns the direction of writing (U+202E).
const EVIL: &str = "\"'></textarea></title><script>__hit=1;alert(1)</script><img src=x onerror=__hit=1>{{7*7}}\u{202e}";
/// For fields that take no more.
const SHORT: &str = "\"'><script>__hit=1;</script>";
/// What is looked for where it must be shown.
const LITERAL: &str = "<script>__hit=1;alert(1)</script>";
/// What is left of it in the name of a file, which begins after the last slash.
const FILE: &str = "<img src=x onerror=__hit=1>";
/// The same for texts that are templates themselves.
const EVIL_TEMPLATE: &str =
    "\"'></textarea></title><script>__hit=1;alert(1)</script><img src=x onerror=__hit=1>\u{202e}";
const EVIL_URL: &str = "https://shop.example/\"><script>__hit=1;alert(1)</script>";

/// What a script that came alive would leave on a page.
const TRACES: &str = r#"
const addresses = [...document.querySelectorAll('[href],[src],[action],[formaction],[data-href]')].flatMap((e) =>
    ['href', 'src', 'action', 'formaction', 'data-href'].map((a) => e.getAttribute(a) || ''));
const handlers = [...document.querySelectorAll('*')].filter((e) =>
    e.getAttributeNames().some((name) => name.startsWith('on')));
const scripts = [...document.scripts].filter((s) => s.textContent.includes('__hit') || s.getAttribute('src') === 'x');
const values = [...document.querySelectorAll('input,textarea,option')].map((e) => e.value);
return {
    hit: typeof window.__hit !== 'undefined',
    images: document.querySelectorAll('img[src="x"]').length,
    handlers: handlers.map((e) => e.outerHTML.slice(0, 200)),
    scripts: scripts.length,
    addresses: addresses.filter((a) => /^\s*(javascript|data|vbscript):/i.test(a)),
    computed: document.title.includes('49'),
    text: [document.title, document.body.innerText, document.body.textContent, ...values].join('\n'),
    links: [...document.links].map((l) => l.href),
};"#;

/// Everything that can be entered, entered with the script.
async fn enter(api: &Api) {
    let contact = api
        .post(
            "contacts",
            json!({
                "number": "1", "salutation": "ms", "title": SHORT, "first_name": EVIL, "last_name": EVIL,
                "email": "ada@kunden.example", "phone": SHORT, "street": EVIL, "postal_code": "89073", "city": EVIL,
                "country": "DE", "company": EVIL, "industry": EVIL, "source": EVIL,
            }),
        )
        .await;
    let consent =
        json!({ "channel": "email", "purpose": "marketing", "granted": true, "source": EVIL, "wording": EVIL });
    api.post(&format!("contacts/{}/consents", contact["id"]), consent).await;
    for kind in ["call_in", "page_viewed", "feedback_given", "mentioned"] {
        let props = json!({ "comment": EVIL, EVIL: EVIL });
        let seen = json!({ "kind": kind, "contact_number": "1", "subject": EVIL, "url": EVIL_URL, "props": props });
        api.post("interactions", seen).await;
    }
    let item = json!({ "sku": SHORT, "name": EVIL, "category": EVIL, "quantity": 1, "unit_price": 100 });
    api.post("orders", json!({ "number": SHORT, "contact_number": "1", "items": [item] })).await;
    for url in ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>"] {
        let seen = json!({ "kind": "page_viewed", "contact_number": "1", "subject": "x", "url": url });
        let answer = api.try_post("interactions", &seen).await;
        assert!(matches!(answer.status, 201 | 422), "{}", answer.text());
        let letter = json!({ "name": "x", "goal": "information", "subject": "x", "body": format!("[hier]({url})") });
        assert_eq!(api.try_post("campaigns", &letter).await.status, 422, "a link to {url}");
    }
}

/// One import that waits to be understood and one that is through, with rejected rows; their names are scripts as well.
async fn import(api: &Api) {
    let quoted = EVIL.replace('"', "\"\"");
    let file = format!(
        "Kundennr;Nachname;E-Mail;Ort;\"{quoted}\"\n2;\"{quoted}\";bo@kunden.example;\"{quoted}\";\"{quoted}\"\n\
         3;Noel;\"{quoted}\";\"{quoted}\";\"{quoted}\"\n"
    );
    let name = url::form_urlencoded::byte_serialize(format!("{EVIL}.csv").as_bytes()).collect::<String>();
    let run = api.import("contacts", &name, file.as_bytes()).await;
    assert_eq!((&run["created"], &run["rejected"]), (&json!(1), &json!(1)), "{run}");
    api.call("POST", &format!("imports?kind=contacts&name={name}"), "text/csv", file.as_bytes()).await;
}

/// A segment and a campaign, sent into the catcher.
async fn send(api: &Api) {
    let definition = json!({ "any": [
        { "field": "city", "op": "eq", "value": EVIL },
        { "field": "company.industry", "op": "eq", "value": EVIL },
        { "did": { "kind": "order_placed", "where": [{ "field": "category", "op": "eq", "value": EVIL }] } },
    ] });
    let wish = json!({ "name": EVIL, "description": EVIL, "definition": definition });
    let segment = api.post("segments", wish).await["id"].clone();
    let campaign = api
        .post(
            "campaigns",
            json!({
                "name": EVIL, "goal": "information", "goal_text": EVIL, "segment": segment, "from_name": EVIL,
                "subject": format!("{EVIL_TEMPLATE} {{{{ contact.last_name }}}}"),
                "body": format!("# {EVIL_TEMPLATE}\n\n{{{{ contact.first_name }}}} {{{{ contact.city }}}}\n\n\
                                 [[{EVIL_TEMPLATE}](<{}>)]", "https://shop.example/a?b=1&c=2"),
            }),
        )
        .await;
    let campaign = format!("campaigns/{}", campaign["id"]);
    api.post(&format!("{campaign}/approve"), json!({})).await;
    api.post(&format!("{campaign}/launch"), json!({})).await;
    let finished = api.until(&campaign, |campaign| campaign["state"] == "finished").await;
    assert_eq!(finished["progress"]["sent"], 1, "{finished}");
}

/// What can be seen of the page, after it was found harmless.
async fn harmless(browser: &Browser, path: &str) -> Value {
    let found = browser.script(TRACES, &[]).await;
    for (trace, none) in
        [("hit", json!(false)), ("images", json!(0)), ("scripts", json!(0)), ("computed", json!(false))]
    {
        assert_eq!(found[trace], none, "{trace} on {path}");
    }
    assert_eq!((&found["handlers"], &found["addresses"]), (&json!([]), &json!([])), "{path}");
    let mut complaints = browser.complaints().await;
    // A part of a page that is opened alone names no picture, so the browser looks for one; a page that is not there is
    // meant not to be there.
    let meant = |c: &str| c.contains("/favicon.ico ") || path.starts_with("/nirgends/") && c.contains("of 404");
    complaints.retain(|complaint| !meant(complaint));
    assert!(complaints.is_empty(), "{path}: {complaints:?}");
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_in_any_field_is_text_on_every_page_and_in_every_mail() {
    let api = Api::start(&[("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example")]).await;
    enter(&api).await;
    import(&api).await;
    send(&api).await;
    let token = api.product.command(&["token", "create", EVIL, "--role", "analyst"]).output().await.expect("a token");
    assert!(token.status.success(), "{token:?}");
    let user = ["user", "add", "mallory@almara.example", "--name", EVIL, "--role", "analyst"];
    let user = api.product.command(&user).output().await.expect("a person");
    assert!(user.status.success(), "{user:?}");
    // Their own name stands on every page; it must not be taken for what else is to be read there.
    let name = EVIL.replace("__hit=1", "__hit=2");
    let person =
        Person::hired(&api.product, "eve@almara.example", &name, &["marketing_manager", "administrator"]).await;
    let browser = &person.browser;

    // Entered by hand, so that what is said about it afterwards is seen, too.
    person.goto("/kontakte/neu").await;
    browser.fill("[name=last_name]", &EVIL.replace('\u{202e}', "")).await;
    person.press("form[action='/kontakte/neu'] button.primary", "h1").await;
    harmless(browser, "a new contact").await;

    let search = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>();
    let mut ahead: VecDeque<String> = ["/", "/kampagnen/neu", "/passwort"].map(str::to_owned).into();
    ahead.extend([format!("/suche?q={search}"), format!("/kontakte?q={search}"), format!("/nirgends/{search}")]);
    let mut seen: BTreeSet<String> = ahead.iter().map(|path| plain(path).to_owned()).collect();
    let mut shown = BTreeSet::new();
    while let Some(path) = ahead.pop_front() {
        person.goto(&path).await;
        let found = harmless(browser, &path).await;
        if found["text"].as_str().is_some_and(|text| text.contains(LITERAL) || text.contains(FILE)) {
            shown.insert(plain(&path).to_owned());
        }
        for link in found["links"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some(path) = link.strip_prefix(&api.product.url("")).map(|path| path.split('#').next().unwrap_or(path))
            else {
                continue;
            };
            let download = [".csv", ".json", "/quelltext"].iter().any(|end| plain(path).ends_with(end));
            let leaves = ["/c/", "/o/", "/static/", "/abmelden", "/api"].iter().any(|start| path.starts_with(start));
            if !download && !leaves && seen.insert(plain(path).to_owned()) {
                ahead.push_back(path.to_owned());
            }
        }
        assert!(seen.len() < 150, "the pages do not end: {seen:?}");
    }
    person.goto("/kontakte/1").await;
    let whole = harmless(browser, "/kontakte/1").await;
    assert!(whole["text"].as_str().is_some_and(|text| text.contains(EVIL)), "{whole}");
    println!("{} pages, on {} of them the script is to be read:\n{shown:?}", seen.len(), shown.len());
    for path in [
        "/",
        "/kontakte",
        "/kontakte/1",
        "/kontakte/1/bearbeiten",
        "/segmente",
        "/segmente/1",
        "/import",
        "/import/1",
        "/import/2",
        "/kampagnen",
        "/kampagnen/1/planung",
        "/kampagnen/1/selektion",
        "/kampagnen/1/ausfuehrung",
        "/kampagnen/1/auswertung",
        "/postfang",
        "/verwaltung/benutzer",
        "/verwaltung/zugaenge",
        "/verwaltung/protokoll",
        "/suche",
    ] {
        assert!(shown.contains(path), "{path} does not show what was entered; these do: {shown:?}");
    }
    let mail = seen.iter().find(|path| path.starts_with("/postfang/")).expect("a caught mail");
    assert!(shown.contains(mail), "{mail}");
    mail_is_harmless(&person, mail).await;
}

fn plain(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

/// The caught mail says what was entered, in words: nothing was computed, and its unsubscribe page is as harmless.
async fn mail_is_harmless(person: &Person, mail: &str) {
    let browser = &person.browser;
    person.goto(&format!("{mail}/html")).await;
    let found = harmless(browser, "the mail").await;
    let text = found["text"].as_str().expect("text");
    assert!(text.contains(LITERAL) && text.contains("{{7*7}}") && !text.contains("49"), "{text}");
    let away = found["links"].as_array().into_iter().flatten().filter_map(Value::as_str).find(|l| l.contains("/u/"));
    browser.goto(away.expect("a way to unsubscribe")).await;
    harmless(browser, "the page to unsubscribe").await;
}
