//! Work that must not be done twice is not, however often the server is killed in the middle: the mail that sums up the
//! day, and the note that a basket was abandoned.

use kernel::{Clock, Timestamp, time::HOUR};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, SqlitePool, sqlite::SqliteConnectOptions};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use testkit::{api::Api, process::Product, sink::Sink};

const KILLS: usize = 12;

/// Moments from a small generator of our own: the same on every run, at no regular distance.
struct Moments(u64);

impl Moments {
    async fn next(&mut self, most: u64) {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis((self.0 >> 33) % most)).await;
    }
}

struct Truth(SqlitePool);

impl Truth {
    async fn of(product: &Product) -> Self {
        let file = product.data().join("kundenkreis.sqlite");
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(Duration::from_secs(20));
        Self(SqlitePool::connect_with(options).await.expect("the database"))
    }

    async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.0).await.expect(sql)
    }

    async fn run(&self, sql: String) {
        sqlx::query(AssertSqlSafe(sql)).execute(&self.0).await.expect("the statement");
    }

    /// Asks again until the number is reached; a minute at most.
    async fn until(&self, sql: &'static str, wanted: impl Fn(i64) -> bool) -> i64 {
        let since = Instant::now();
        loop {
            let number = self.number(sql).await;
            if wanted(number) {
                return number;
            }
            assert!(since.elapsed() < Duration::from_secs(60), "{sql} stays at {number}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A zone in which it is late morning now: the mail of the day goes out after seven.
fn morning_somewhere(now: Timestamp) -> String {
    let hour = now.micros().div_euclid(HOUR).rem_euclid(24);
    match 11 - hour {
        0 => "Etc/GMT".to_owned(),
        // The sign of these zones is turned round (tz database, file `etcetera`).
        east if east > 0 => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", -west),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_the_mail_of_the_day_twice_however_often_the_server_is_killed() {
    const STAFF: i64 = 300;
    const CLAIMED: &str = "SELECT COUNT(*) FROM notification_digest";
    let sink = Sink::start().await;
    let (port, zone) = (sink.port().to_string(), morning_somewhere(Clock::System.now()));
    let settings = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_ORGANISATION_ZONE", zone.as_str()),
    ];
    let mut product = Product::start(&settings).await;
    product.stop().await;
    let truth = Truth::of(&product).await;
    let numbers = format!("WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {STAFF})");
    let now = Clock::System.now().micros();
    truth
        .run(format!(
            "{numbers} INSERT INTO staff_user (login, name, locale, active, created_at) \
             SELECT 'p' || n || '@haus.example', 'Person ' || n, 'de', 1, 1 FROM n"
        ))
        .await;
    truth
        .run(format!(
            "INSERT INTO notification (user_id, source, kind, what, link, at) \
             SELECT id, 'alert:1', 'channel', '{{\"key\":\"alert-digest-lead\"}}', '/', {now} FROM staff_user WHERE login LIKE 'p%'"
        ))
        .await;
    let mut moments = Moments(5);
    let (mut killed, mut before) = (0, 0);
    while killed < KILLS && before < STAFF - 20 {
        product.restart().await;
        truth.until(CLAIMED, |claimed| claimed > before).await;
        moments.next(120).await;
        product.kill().await;
        killed += 1;
        before = truth.number(CLAIMED).await;
    }
    assert!(killed >= 5, "only {killed} kills found somebody at work");
    product.restart().await;
    truth.until(CLAIMED, |claimed| claimed == STAFF).await;
    truth.until("SELECT COUNT(*) FROM setting WHERE key = 'watch.looked'", |looked| looked == 1).await;
    let open = truth.number("SELECT COUNT(*) FROM notification_digest WHERE state = 'sending'").await;
    assert!(open <= killed as i64 + 1, "{open} were in the middle of it after {killed} kills");
    product.stop().await;

    let mut received: HashMap<String, usize> = HashMap::new();
    for mail in sink.messages() {
        *received.entry(mail.to[0].clone()).or_default() += 1;
    }
    let twice: Vec<_> = received.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "got more than one: {twice:?}");
    let sent = truth.number("SELECT COUNT(*) FROM notification_digest WHERE state = 'sent'").await;
    println!("{killed} kills, {sent} sent, {} received", received.len());
    assert!(received.len() as i64 >= sent && received.len() as i64 <= STAFF);
    assert!(sent >= STAFF - killed as i64 - 1, "a kill costs one mail at most, {sent} were sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_basket_is_abandoned_once_however_often_the_server_is_killed() {
    const PEOPLE: usize = 6_000;
    const ABANDONED: &str = "SELECT COUNT(*) FROM interaction WHERE kind = 'basket_abandoned'";
    let mut api = Api::start(&[]).await;
    let mut file = "Kundennr;Vorname;Nachname\n".to_owned();
    for n in 0..PEOPLE {
        file += &format!("{n};Person;Nummer {n}\n");
    }
    api.import("contacts", "people.csv", file.as_bytes()).await;
    let at = Clock::System.now().plus(-30 * HOUR);
    let baskets: Vec<Value> = (0..PEOPLE)
        .map(|n| json!({ "kind": "basket_changed", "contact_number": n.to_string(), "occurred_at": at.plus(n as i64 * 1_000).rfc3339() }))
        .collect();
    for list in baskets.chunks(1_000) {
        api.post("interactions", json!(list)).await;
    }
    let truth = Truth::of(&api.product).await;
    // The task of this life looked before the baskets came and remembers that: it is to look at the day before again.
    api.product.kill().await;
    let again = "DELETE FROM setting WHERE key = 'baskets.until'";
    truth.run(again.to_owned()).await;
    let mut moments = Moments(9);
    let mut torn = 0;
    for _ in 0..KILLS {
        api.product.restart().await;
        moments.next(150).await;
        api.product.kill().await;
        let found = truth.number(ABANDONED).await;
        torn += usize::from(found > 0 && found < PEOPLE as i64);
        // However far it came: it begins again.
        truth.run(again.to_owned()).await;
    }
    println!("{torn} of {KILLS} kills found the task between two units");
    api.product.restart().await;
    truth.until(ABANDONED, |found| found >= PEOPLE as i64).await;
    truth.until("SELECT COUNT(*) FROM setting WHERE key = 'baskets.until'", |there| there == 1).await;
    assert_eq!(truth.number(ABANDONED).await, PEOPLE as i64);
    let baskets = "SELECT COUNT(DISTINCT contact_id) FROM interaction WHERE kind = 'basket_abandoned'";
    assert_eq!(truth.number(baskets).await, PEOPLE as i64, "each of them once");
}
