//! The trackers websites and shops have already, unchanged: only address and key are ours. And our own script, on a page of
//! another origin in a real browser.

use serde_json::{Value, json};
use sqlx::{Row, SqlitePool, sqlite::SqliteConnectOptions};
use std::time::{Duration, Instant};
use testkit::{
    api::Api,
    browser::Browser,
    node::{modules, node},
    python::python,
    site::Site,
};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36";

/// A product with one customer and one source.
struct Shop {
    api: Api,
    key: String,
    log: SqlitePool,
}

impl Shop {
    async fn open(origins: &[&str]) -> Self {
        Self::of(Api::start(&[]).await, origins).await
    }

    async fn of(api: Api, origins: &[&str]) -> Self {
        let mut arguments = vec!["source", "create", "Website", "--leads"];
        arguments.extend(origins.iter().flat_map(|origin| ["--origin", origin]));
        let made = api.product.command(&arguments).output().await.expect("the program");
        assert!(made.status.success(), "{made:?}");
        let key = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        api.post("contacts", json!({ "number": "10001", "last_name": "Lovelace", "email": "ada@kunden.example" }))
            .await;
        let file = api.product.data().join("kundenkreis.sqlite");
        let log = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file).read_only(true))
            .await
            .expect("the log");
        Self { api, key, log }
    }

    fn host(&self) -> String {
        self.api.product.url("")
    }

    /// Kind, subject, customer number and verdict of the entries so far, once there are as many as wanted.
    async fn entries(&self, wanted: usize) -> Vec<(String, String, String, String)> {
        const SQL: &str = "SELECT i.kind, COALESCE(i.subject, ''), COALESCE(c.number, ''), i.verdict FROM interaction i \
             LEFT JOIN contact c ON c.id = i.contact_id ORDER BY i.occurred_at, i.seq";
        let since = Instant::now();
        loop {
            let rows = sqlx::query(SQL).fetch_all(&self.log).await.expect("the log");
            if rows.len() >= wanted || since.elapsed() > Duration::from_secs(20) {
                return rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The same without the verdicts, in the order of their names.
    async fn told(&self, wanted: usize) -> Vec<String> {
        let entries = self.entries(wanted).await.into_iter();
        let mut told: Vec<String> =
            entries.map(|(kind, subject, number, _)| format!("{kind} {subject} {number}")).collect();
        told.sort();
        told
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.log).await.expect("a number")
    }
}

/// What all server libraries are asked to tell, and what becomes of it.
const TOLD: [&str; 4] = [
    "order_placed B-7 10001",
    "page_viewed Kreta im Mai 10001",
    "product_viewed Kreta 10001",
    "tracked Katalog bestellt 10001",
];

#[tokio::test(flavor = "multi_thread")]
async fn segments_library_for_python() {
    let shop = Shop::open(&[]).await;
    for gzip in ["False", "True"] {
        let script = format!(
            r#"
from segment.analytics.client import Client
def wrong(error, items): raise SystemExit(f"{{error}}")
client = Client("{key}", host="{host}", gzip={gzip}, sync_mode=False, on_error=wrong, max_retries=1)
client.page(anonymous_id="browser", category="Reisen", name="Kreta im Mai", message_id="p1")
client.identify("10001", {{"email": "ada@kunden.example"}}, anonymous_id="browser", message_id="i1")
client.track("10001", "Product Viewed", {{"sku": "KRE-7", "name": "Kreta", "price": 899}}, message_id="t1")
client.track("10001", "Katalog bestellt", message_id="t2")
client.track("10001", "Order Completed", {{"order_id": "B-7", "total": 1798.5, "currency": "EUR"}}, message_id="t3")
client.group("10001", "firma-1", {{"name": "Analytical Engines"}})
client.alias("browser", "10001")
client.flush(); client.join()
print("told")
"#,
            key = shop.key,
            host = shop.host(),
        );
        assert_eq!(python(&script, b"").trim(), "told");
        assert_eq!(shop.told(4).await, TOLD, "the second time all of it is known");
    }
    assert_eq!(shop.count("SELECT value_minor FROM interaction WHERE kind = 'order_placed'").await, 179_850);
    assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE verdict <> 'human'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rudders_library_for_python() {
    let shop = Shop::open(&[]).await;
    let script = format!(
        r#"
from rudderstack.analytics.client import Client
def wrong(error, items): raise SystemExit(f"{{error}}")
client = Client("{key}", host="{host}", gzip=True, on_error=wrong, max_retries=1)
client.page(anonymous_id="browser", user_id="10001", category="Reisen", name="Kreta im Mai")
client.identify("10001", {{"email": "ada@kunden.example"}}, anonymous_id="browser")
client.track("10001", "Product Viewed", {{"sku": "KRE-7", "name": "Kreta", "price": 899}})
client.track("10001", "Katalog bestellt")
client.track("10001", "Order Completed", {{"order_id": "B-7", "total": 1798.5, "currency": "EUR"}})
client.flush(); client.join()
print("told")
"#,
        key = shop.key,
        host = shop.host(),
    );
    assert_eq!(python(&script, b"").trim(), "told");
    assert_eq!(shop.told(4).await, TOLD);
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_library_for_node() {
    let shop = Shop::open(&[]).await;
    const SCRIPT: &str = r#"
const { Analytics } = require('@segment/analytics-node');
const [host, writeKey] = process.argv.slice(-2);
(async () => {
  const analytics = new Analytics({ writeKey, host, maxRetries: 1, flushInterval: 100 });
  let told = 0;
  analytics.on('error', (e) => { console.error(e); process.exit(1); });
  analytics.on('http_request', () => { told += 1; });
  analytics.page({ anonymousId: 'browser', name: 'Kreta im Mai' });
  analytics.identify({ anonymousId: 'browser', userId: '10001', traits: { email: 'ada@kunden.example' } });
  analytics.track({ userId: '10001', event: 'Product Viewed', properties: { sku: 'KRE-7', name: 'Kreta', price: 899 } });
  analytics.track({ userId: '10001', event: 'Katalog bestellt' });
  analytics.track({ userId: '10001', event: 'Order Completed', properties: { order_id: 'B-7', total: 1798.5 } });
  await analytics.closeAndFlush();
  console.log(told > 0 ? 'told' : 'nothing was sent');
})();
"#;
    assert_eq!(node(SCRIPT, &[&shop.host(), &shop.key]).await.trim(), "told");
    assert_eq!(shop.told(4).await, TOLD);
}

/// A browser that does not say that it has no window.
async fn browser() -> Browser {
    let browser = Browser::open().await;
    browser.devtools("Network.setUserAgentOverride", json!({ "userAgent": CHROME })).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_script_in_a_browser_on_another_origin() {
    let standalone = modules().join("@segment/analytics-next/dist/umd/standalone.js");
    let standalone = std::fs::read(&standalone).unwrap_or_else(|e| panic!("{}: {e}", standalone.display()));
    // The page is made before the product, whose key stands in its address.
    const PAGE: &str = r#"<!doctype html><title>Kreta im Mai</title><script>
const [key, cdn] = [new URLSearchParams(location.search).get('key'), new URLSearchParams(location.search).get('cdn')];
const waiting = window.analytics = [];
waiting.initialized = false; waiting._writeKey = key; waiting._cdn = cdn;
for (const method of ['page', 'track', 'identify', 'ready'])
  waiting[method] = (...rest) => { waiting.push([method, ...rest]); return waiting; };
analytics.page();
</script><script src="/standalone.js" async></script><h1>Kreta</h1>"#;
    let site = Site::open(vec![("/".into(), PAGE.into()), ("/standalone.js".into(), standalone)]).await;
    let shop = Shop::open(&[&site.url("")]).await;
    let browser = browser().await;
    browser.goto(&site.url(&format!("/?key={}&cdn={}", shop.key, shop.host()))).await;
    assert_eq!(shop.told(1).await, ["page_viewed Kreta im Mai "], "{:?}", browser.complaints().await);
    const MORE: &str = "const done = arguments[arguments.length - 1];
        Promise.all([analytics.track('Product Added', { sku: 'KRE-7', name: 'Kreta', price: 899, quantity: 2 }),
            analytics.identify('10001', { email: 'ada@kunden.example' })]).then(() => done('told'), (e) => done(String(e)))";
    assert_eq!(browser.script_async(MORE, &[]).await, json!("told"));
    // Identified while the basket was on its way: both orders of arrival end alike.
    let wanted = ["basket_changed Kreta 10001", "page_viewed Kreta im Mai 10001"];
    let since = Instant::now();
    while shop.told(2).await != wanted && since.elapsed() < Duration::from_secs(10) {}
    assert_eq!(shop.told(2).await, wanted, "{:?}", browser.complaints().await);
    assert!(shop.entries(2).await.iter().all(|(.., verdict)| verdict == "human"));

    // From a page that is not named, the browser gets no further than its question.
    let elsewhere = Site::open(vec![("/".into(), PAGE.into()), ("/standalone.js".into(), Vec::new())]).await;
    browser.goto(&elsewhere.url("/")).await;
    const FOREIGN: &str = "const done = arguments[arguments.length - 1], [url, key] = arguments;
        fetch(url + '/v1/t', { method: 'POST', headers: { Authorization: 'Basic ' + btoa(key + ':') },
            body: JSON.stringify({ event: 'x', anonymousId: 'x' }) }).then((a) => done(a.status), () => done('refused'))";
    assert_eq!(browser.script_async(FOREIGN, &[json!(shop.host()), json!(shop.key)]).await, json!("refused"));
    assert_eq!(shop.entries(0).await.len(), 2);
}

/// A page with our own script, its key in the address so that it can be served before the product runs.
const OWN: &str = r#"<!doctype html><title>Samos</title><h1>Samos</h1>
<form id="newsletter" name="anmeldung" action="/" onsubmit="return false"><input name="mail" value="geheim@kunden.example"><button>Los</button></form>
<script>
const asked = new URLSearchParams(location.search), s = document.createElement('script');
window.kk = function () { (kk.q = kk.q || []).push(arguments); };
s.src = asked.get('host') + '/k.js'; s.dataset.key = asked.get('key'); s.dataset.search = 'q';
document.head.append(s);
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn our_own_script_stores_nothing_before_consent_and_follows_afterwards() {
    let site = Site::open(vec![("/".into(), OWN.into())]).await;
    let shop = Shop::open(&[&site.url("")]).await;
    let browser = browser().await;
    let page = site.url(&format!("/?q=Ouzo&host={}&key={}", shop.host(), shop.key));
    browser.goto(&page).await;
    const LOADED: &str = "const done = arguments[arguments.length - 1];
        const look = () => kk.q === undefined ? done(true) : setTimeout(look, 20); look()";
    browser.script_async(LOADED, &[]).await;
    const KEPT: &str = "return [document.cookie, localStorage.length + sessionStorage.length]";
    assert_eq!(browser.script(KEPT, &[]).await, json!(["", 0]));
    browser.click("button").await;
    assert_eq!(shop.told(1).await, ["form_submitted  "], "counted without a name");
    assert_eq!(browser.script(KEPT, &[]).await, json!(["", 0]), "and nothing is stored");
    assert_eq!(shop.count("SELECT COUNT(*) FROM visitor").await, 0);

    browser.script("kk('consent', { analytics: true })", &[]).await;
    assert_eq!(shop.entries(2).await.len(), 2, "the page from before the choice");
    browser.click("button").await;
    browser
        .script(
            "kk('basket', 'added', { sku: 'SAM-1', name: 'Samos', price: 499 }); kk('search', 'Wein');
        history.pushState({}, '', '/wein?x=1')",
            &[],
        )
        .await;
    assert_eq!(shop.entries(6).await.len(), 6);
    browser.script("kk('identify', '10001', { email: 'ada@kunden.example' })", &[]).await;
    let wanted = [
        "basket_changed Samos 10001",
        "form_submitted  ",
        "form_submitted anmeldung 10001",
        "page_viewed Samos 10001",
        "page_viewed Samos 10001",
        "searched Wein 10001",
    ];
    let since = Instant::now();
    while shop.told(6).await != wanted && since.elapsed() < Duration::from_secs(10) {}
    assert_eq!(shop.told(6).await, wanted, "{:?}", browser.complaints().await);
    assert_eq!(shop.count("SELECT COUNT(*) FROM interaction WHERE props LIKE '%geheim%'").await, 0);
    let stored = browser.script("return [document.cookie, Object.keys(localStorage).sort()]", &[]).await;
    assert_eq!(stored, json!(["", ["kk_id", "kk_user"]]));

    browser.script("kk('consent', { analytics: false })", &[]).await;
    assert_eq!(browser.script(KEPT, &[]).await, json!(["", 0]), "withdrawn");
    browser.goto(&page).await;
    browser.script_async(LOADED, &[]).await;
    // Leaving without a choice is counted, and no more.
    browser.goto("about:blank").await;
    assert_eq!(shop.entries(7).await.len(), 7);
    assert_eq!(
        shop.count(
            "SELECT COUNT(*) FROM interaction WHERE contact_id IS NULL AND visitor_id IS NULL AND \
         (url IS NULL OR url NOT LIKE '%?%')"
        )
        .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_loses_nothing_that_was_answered() {
    let mut shop = Shop::open(&[]).await;
    let event = |n: usize| json!({ "type": "page", "anonymousId": format!("v{}", n % 50), "messageId": format!("m{n}"), "name": "x" });
    let body = |from: usize| {
        let events: Vec<Value> = (from..from + 100).map(event).collect();
        json!({ "batch": events, "writeKey": shop.key }).to_string()
    };
    let bodies: Vec<String> = (0..40).map(|n| body(n * 100)).collect();
    let url = shop.api.product.url("/v1/batch");
    let send = |body: String, url: String| async move {
        testkit::http::request("POST", &url, &[], body.as_bytes()).await.is_ok_and(|answer| answer.status == 200)
    };
    let sent: Vec<_> = bodies.iter().map(|body| tokio::spawn(send(body.clone(), url.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(120)).await;
    shop.api.product.kill().await;
    let mut answered = 0;
    for sent in sent {
        answered += i64::from(sent.await.expect("a sender"));
    }
    shop.api.product.restart().await;
    let kept = shop.count("SELECT COUNT(*) FROM interaction").await;
    assert!(kept >= answered * 100 && kept % 100 == 0, "{kept} entries of {answered} answered deliveries");
    for body in bodies {
        assert!(send(body, url.clone()).await, "all of it again");
    }
    assert_eq!(shop.count("SELECT COUNT(*) FROM interaction").await, 4_000);
    assert_eq!(shop.count("SELECT COUNT(DISTINCT visitor_id) FROM interaction").await, 50);
}
