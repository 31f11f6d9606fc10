//! A tour operator of a million contacts and ten million interactions, the same on every run and skewed as in life: few
//! people do most of what is done, most live in one country, one in three opens.

use sqlx::{
    AssertSqlSafe, Connection, Row,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::path::Path;
use testkit::process::Product;

pub const PEOPLE: i64 = 1_000_000;
pub const CAMPAIGNS: i64 = 300;
const SENT: i64 = 10_000;
const ORDERS: i64 = 600_000;
/// 2026-11-22T12:00:00Z, the moment everything is counted back from.
pub const NOW: i64 = 1_795_348_800_000_000;
pub const DAY: i64 = 86_400_000_000;

/// How much of it.
#[derive(Clone, Copy, PartialEq)]
pub enum Scale {
    TenMillion,
    /// The same people, mails and orders, but a website that is visited far more.
    HundredMillion,
}

impl Scale {
    /// What is no mail: pages, products, calls, likes.
    fn other(self) -> i64 {
        match self {
            Self::TenMillion => 5_130_000,
            Self::HundredMillion => 95_130_000,
        }
    }

    pub fn folder(self) -> &'static str {
        match self {
            Self::TenMillion => "ten-million",
            Self::HundredMillion => "hundred-million",
        }
    }

    /// Whether the rows answer nothing here: what their answers would need takes longer to write than all rows.
    fn leaves_out(self, index: &str) -> bool {
        const LARGE: [&str; 3] = ["interaction_contact_at", "interaction_kind_at", "interaction_at"];
        self == Self::HundredMillion && LARGE.contains(&index)
    }
}

/// A number between 0 and 1 that looks drawn (two rounds of a multiplicative hash, D. Knuth, TAOCP 3, 6.4).
fn drawn(n: &str, salt: i64) -> String {
    format!("(((({n}) * 1597334677 + {salt}) % 4294967296 * 1103515245 + 12345) % 4294967296 / 4294967296.0)")
}

/// A person, the first ones far more often than the last.
fn skewed(n: &str, salt: i64) -> String {
    let u = drawn(n, salt);
    format!("1 + CAST({PEOPLE} * {u} * {u} * {u} AS INTEGER)")
}

fn numbers(count: i64) -> String {
    format!("WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count})")
}

/// Fills a new data folder.
pub async fn fill(data: &Path, scale: Scale) {
    let made = Product::command_on(data, &[], &["user", "list"]).output().await.expect("the program");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let options = SqliteConnectOptions::new().filename(data.join("kundenkreis.sqlite")).foreign_keys(false);
    let mut db = SqliteConnection::connect_with(&options).await.expect("our database");
    let of = |kind: &str| format!("SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL");
    let mut kept = Vec::new();
    for (kind, drop) in [("trigger", "TRIGGER"), ("index", "INDEX")] {
        let found = sqlx::query(AssertSqlSafe(of(kind))).fetch_all(&mut db).await.expect("the catalogue");
        for row in found {
            let (name, sql): (String, String) = (row.get(0), row.get(1));
            if !sql.contains("UNIQUE") {
                run(&mut db, &format!("DROP {drop} {name}")).await;
                if !scale.leaves_out(&name) {
                    kept.push(sql);
                }
            }
        }
    }
    for sql in ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -2000000", "PRAGMA temp_store = FILE"] {
        run(&mut db, sql).await;
    }
    for sql in records().into_iter().chain(log(scale)).chain(kept) {
        run(&mut db, &sql).await;
    }
    db.close().await.expect("closed");
}

async fn run(db: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}

fn records() -> Vec<String> {
    let birth =
        format!("printf('%04d-%02d-%02d', 1940 + CAST(65 * {} AS INTEGER), 1 + n % 12, 1 + n % 28)", drawn("n", 1));
    let country = format!(
        "CASE WHEN {u} < 0.8 THEN 'DE' WHEN {u} < 0.92 THEN 'AT' WHEN {u} < 0.98 THEN 'CH' ELSE 'NL' END",
        u = drawn("n", 2)
    );
    let created = format!("CAST({NOW} - {} * 900 * {DAY}.0 AS INTEGER)", drawn("n", 3));
    let placed = format!("CAST({NOW} - {} * 730 * {DAY}.0 AS INTEGER)", drawn("n", 4));
    vec![
        format!(
            "{} INSERT INTO contact (id, number, kind, first_name, last_name, name_key, first_key, birth_date, country, language, \
             source, created_at, updated_at) SELECT n, printf('K%07d', n), CASE n % 4 WHEN 0 THEN 'lead' WHEN 1 THEN 'prospect' \
             ELSE 'customer' END, 'V' || n, 'N' || n, 'n' || n, 'v' || n, {birth}, {country}, 'de', 'Katalog', {created}, {created} FROM n",
            numbers(PEOPLE)
        ),
        format!(
            "{} INSERT INTO consent (contact_id, channel, purpose, granted, source, wording, at, recorded_at, current) \
             SELECT n, 'email', 'marketing', CASE WHEN n % 4 = 3 THEN 0 ELSE 1 END, 'form', 'Ja', {NOW}, {NOW}, 1 FROM n",
            numbers(PEOPLE)
        ),
        format!(
            "{} INSERT INTO category (id, name, name_key) SELECT n, 'Land ' || n, 'land ' || n FROM n",
            numbers(20)
        ),
        format!(
            "{} INSERT INTO product (id, sku, name, category_id, currency, created_at, updated_at) \
             SELECT n, 'P' || n, 'Reise ' || n, 1 + n % 20, 'EUR', {NOW}, {NOW} FROM n",
            numbers(400)
        ),
        format!(
            "{} INSERT INTO purchase (id, number, contact_id, placed_at, cancelled_at, total_minor, currency, source, created_at, \
             updated_at) SELECT n, 'A' || n, {}, {placed}, CASE WHEN n % 33 = 0 THEN {placed} + {DAY} END, \
             20000 + n * 7919 % 480000, 'EUR', 'erp', {NOW}, {NOW} FROM n",
            numbers(ORDERS),
            skewed("n", 5)
        ),
        "INSERT INTO purchase_item (purchase_id, position, product_id, quantity, unit_price_minor) \
         SELECT id, 1, 1 + id * 31 % 400, 1 + id % 3, 9900 + id % 90000 FROM purchase"
            .to_owned(),
        "INSERT INTO purchase_item (purchase_id, position, product_id, quantity, unit_price_minor) \
         SELECT id, 2, 1 + id * 17 % 397, 1, 4900 FROM purchase WHERE id % 3 = 0"
            .to_owned(),
        format!(
            "{} INSERT INTO campaign (id, name, goal, state, created_at, updated_at, launched_at) \
             SELECT n, 'Kampagne ' || n, 'cross_sell', 'finished', {NOW}, {NOW}, {NOW} - (n * 365 / {CAMPAIGNS}) * {DAY} FROM n",
            numbers(CAMPAIGNS)
        ),
        "INSERT INTO campaign_step (id, campaign_id, position, channel, from_name, from_address, subject, body) \
         SELECT id, id, 1, 'email', 'A', 'a@almara.example', 'S', 'B' FROM campaign"
            .to_owned(),
        format!(
            "{} INSERT INTO message (id, campaign_id, step_id, contact_id, address, domain, state, due_at, sent_at) \
             SELECT (c.id - 1) * {SENT} + n, c.id, c.id, (n * 97 + c.id * 3331) % {PEOPLE} + 1, '', '', 'sent', c.launched_at, \
             c.launched_at + n * 1000000 FROM campaign c, n",
            numbers(SENT)
        ),
    ]
}

fn log(scale: Scale) -> Vec<String> {
    let mails = |kind: &str, verdict: &str, after: &str, which: &str| {
        format!(
            "INSERT INTO happened SELECT m.sent_at + {after}, m.contact_id, 'email', '{kind}', m.campaign_id, m.id, NULL, \
             NULL, '{verdict}' FROM message m WHERE {which}"
        )
    };
    let later = format!("CAST({} * 3 * {DAY}.0 AS INTEGER)", drawn("m.id", 6));
    // So many need not be put in order if they come in order.
    let ago = match scale {
        Scale::TenMillion => drawn("n", 7),
        Scale::HundredMillion => format!("(1 - n / {}.0)", scale.other()),
    };
    let at = format!("CAST({NOW} - {ago} * 365 * {DAY}.0 AS INTEGER)");
    let (others, received) = match scale {
        Scale::TenMillion => ("happened", String::new()),
        Scale::HundredMillion => (
            "interaction (occurred_at, contact_id, channel, kind, campaign_id, message_id, product_id, value_minor, verdict, \
             received_at)",
            format!(", {NOW}"),
        ),
    };
    vec![
        "CREATE TEMP TABLE happened (at, contact, channel, kind, campaign, message, product, value, verdict)"
            .to_owned(),
        mails("sent", "human", "0", "1 = 1"),
        mails("opened", "human", &later, &format!("{} < 0.35", drawn("m.id", 8))),
        // Some come back to a mail the next day and the day after.
        mails("opened", "human", &format!("{later} + {DAY}"), &format!("{} < 0.07", drawn("m.id", 8))),
        mails("opened", "human", &format!("{later} + 2 * {DAY}"), &format!("{} < 0.02", drawn("m.id", 8))),
        mails("opened", "machine", "2000000", &format!("{} < 0.1", drawn("m.id", 9))),
        mails("clicked", "human", &format!("{later} + 30000000"), &format!("{} < 0.06", drawn("m.id", 8))),
        format!(
            "{} INSERT INTO {others} SELECT {at}, {}, CASE WHEN n % 27 < 22 THEN 'web' WHEN n % 27 < 25 THEN 'shop' \
             WHEN n % 27 = 25 THEN 'phone' ELSE 'social' END, CASE WHEN n % 27 < 22 THEN 'page_viewed' WHEN n % 27 < 25 THEN \
             'product_viewed' WHEN n % 27 = 25 THEN 'call_in' ELSE 'liked' END, NULL, NULL, \
             CASE WHEN n % 27 BETWEEN 22 AND 24 THEN 1 + n % 400 END, NULL, CASE n % 13 WHEN 0 THEN 'machine' ELSE 'human' END{received} FROM n",
            numbers(scale.other()),
            skewed("n", 10)
        ),
        format!(
            "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, campaign_id, message_id, product_id, \
             value_minor, verdict) SELECT at, at, contact, channel, kind, campaign, message, product, value, verdict FROM happened \
             WHERE at <= {NOW} ORDER BY at"
        ),
        "DROP TABLE happened".to_owned(),
    ]
}
