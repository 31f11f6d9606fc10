//! What is done with one contact of 10,000 interactions among a million others: merged into another and back, handed over as
//! a package (Art. 15 and 20 GDPR), erased with everything of it (Art. 17), each through the pages people use.

use crate::{
    door::sign_in_as,
    people,
    table::{Row, median},
};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use testkit::{
    http::{self, Answer},
    process::Product,
};

const PEOPLE: usize = 1_000_000;
const INTERACTIONS: usize = 10_000;
const TURNS: usize = 5;
/// Contacts with so many interactions: two to be merged, as many to be erased.
const LOUD: [usize; 4] = [1, 2, 3, 4];

pub async fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    people::imported(&data, PEOPLE).await;
    loud(&data.join("kundenkreis.sqlite")).await;
    let product = Product::start_on(&data, &[]).await;
    let manager = Visit::new(&product, "jana@almara.example", "marketing_manager").await;
    let officer = Visit::new(&product, "petra@almara.example", "data_protection_officer").await;
    quiet(&product).await;

    let (mut merges, mut undos) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let compare =
            manager.get(&format!("/kontakte/zusammenfuehren?bleibt={}&geht={}", LOUD[0], LOUD[1])).await.text();
        let fields = [
            ("csrf", value(&compare, "csrf")),
            ("bleibt", value(&compare, "bleibt")),
            ("geht", value(&compare, "geht")),
            ("bleibt-version", value(&compare, "bleibt-version")),
            ("geht-version", value(&compare, "geht-version")),
        ];
        let since = Instant::now();
        let done = manager.post("/kontakte/zusammenfuehren", &fields).await;
        merges.push(since.elapsed().as_secs_f64());
        assert_eq!(done.status, 303, "{}", done.text());
        let history = manager.get("/kontakte/dubletten/verlauf").await.text();
        let undo = history.split("action=\"/kontakte/zusammenfuehrung/").nth(1).expect("a merge to undo");
        let undo = format!("/kontakte/zusammenfuehrung/{}", undo.split('"').next().unwrap_or_default());
        let since = Instant::now();
        let done = manager.post(&undo, &[("csrf", value(&history, "csrf"))]).await;
        undos.push(since.elapsed().as_secs_f64());
        assert_eq!(done.status, 303, "{}", done.text());
    }

    let mut packages = Vec::new();
    for _ in 0..TURNS {
        packages.push(packed(&officer, LOUD[0]).await);
    }
    let mut erasures = Vec::new();
    for contact in &LOUD[1..] {
        erasures.push(erased(&officer, *contact).await);
    }
    vec![
        Row::ours("merge of two with 10,000 interactions each (aim 1)", median(merges), "s"),
        Row::ours("the same undone (aim 1)", median(undos), "s"),
        Row::ours("package of a contact with 10,000 interactions (aim 10)", median(packages), "s"),
        Row::ours("erasure of a contact with 10,000 interactions, everywhere (aim 60)", median(erasures), "s"),
    ]
}

/// From the press of the button to a package that can be fetched.
async fn packed(officer: &Visit, contact: usize) -> f64 {
    let page = format!("/verwaltung/datenschutz/person/{contact}");
    let before = officer.get(&page).await.text();
    let had = before.matches(".zip\"").count();
    let since = Instant::now();
    let done = officer.post(&format!("{page}/paket"), &[("csrf", value(&before, "csrf"))]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    while officer.get(&page).await.text().matches(".zip\"").count() == had {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    since.elapsed().as_secs_f64()
}

/// From the press of the button to the protocol that says nothing is left.
async fn erased(officer: &Visit, contact: usize) -> f64 {
    let page = format!("/verwaltung/datenschutz/person/{contact}");
    let secret = value(&officer.get(&page).await.text(), "csrf");
    let since = Instant::now();
    let done = officer.post(&format!("{page}/loeschen"), &[("csrf", secret)]).await;
    let protocol = done.header("location").expect("a protocol").to_owned();
    while !officer.get(&protocol).await.text().contains("Nichts mehr gefunden") {
        assert!(since.elapsed() < Duration::from_secs(600), "it does not end");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    since.elapsed().as_secs_f64()
}

/// Waits until what a start brings along (columns, index, duplicates) is done, so that it is not measured.
async fn quiet(product: &Product) {
    let mut idle = 0;
    let mut before = product.processor_time();
    while idle < 5 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = product.processor_time();
        idle = if now - before < Duration::from_millis(200) { idle + 1 } else { 0 };
        before = now;
    }
}

/// Gives some contacts their interactions.
async fn loud(file: &Path) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = SqliteConnection::connect_with(&options).await.expect("our database");
    for contact in LOUD {
        let fill = format!(
            "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {}) \
             INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, url, subject, verdict) \
             SELECT 1730000000000000 + n * 3000000000, 1730000000000000 + n * 3000000000, {contact}, \
             CASE n % 3 WHEN 0 THEN 'email' ELSE 'web' END, CASE n % 3 WHEN 0 THEN 'clicked' ELSE 'page_viewed' END, \
             'https://shop.example/reisen/' || (n % 400), 'Reise ' || n, 'human' FROM n",
            INTERACTIONS - 1
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut db).await.expect("interactions");
    }
    db.close().await.expect("closed");
}

/// Somebody signed in.
struct Visit {
    base: String,
    cookie: String,
}

impl Visit {
    async fn new(product: &Product, login: &str, role: &str) -> Self {
        Self { base: product.url(""), cookie: sign_in_as(product, login, role).await }
    }

    async fn get(&self, path: &str) -> Answer {
        let answer = http::request("GET", &format!("{}{path}", self.base), &[("cookie", &self.cookie)], b"").await;
        answer.expect("an answer")
    }

    async fn post(&self, path: &str, fields: &[(&str, String)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        let url = format!("{}{path}", self.base);
        http::request("POST", &url, &headers, form.finish().as_bytes()).await.expect("an answer")
    }
}

/// The value of a hidden field.
fn value(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = after.and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name} in {page}")).to_owned()
}
