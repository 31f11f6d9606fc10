//! How long the pages of daily work take over a million contacts and five million interactions.

use crate::{
    door::sign_in,
    people,
    table::{Row, median, quantile},
};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::{path::Path, time::Instant};
use testkit::{http::Line, process::Product};

const PEOPLE: usize = 1_000_000;
const INTERACTIONS: usize = 5_000_000;
const ASKED: usize = 200;

pub async fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let took = people::imported(&data, PEOPLE).await;
    let imported = PEOPLE as f64 / took.as_secs_f64();
    interactions(&data.join("kundenkreis.sqlite")).await;

    let product = Product::start_on(&data, &[]).await;
    let cookie = sign_in(&product).await;
    let mut rows = vec![Row::ours("import of the million", imported, "rows/s")];
    let visits: [(&str, fn(usize) -> String); 8] = [
        ("contact list, first page", |_| "/kontakte".to_owned()),
        ("contact list, another order", |n| format!("/kontakte?sort={}", ["nummer", "seit", "letzte"][n % 3])),
        ("contact list, searched", |n| format!("/kontakte?q={}", ["müll", "p77123", "K0512345", "yıl"][n % 4])),
        ("contact list, narrowed by consent", |n| format!("/kontakte?email={}", ["ja", "nein"][n % 2])),
        ("contact list, all columns", |_| {
            "/kontakte?spalten=zuletzt,ort,firma,erlaubt,buchungen,umsatz,seit,art,nummer,email,telefon,plz,land,sprache,herkunft,betreuung".to_owned()
        }),
        ("palette, searched", |n| {
            format!("/suche?q={}", ["m%C3%BCller", "brandt+rostock", "0771231", "hofmannn"][n % 4])
        }),
        ("contact page", |n| format!("/kontakte/{}", n * 104_729 % PEOPLE + 1)),
        ("contact page of the most active", |n| format!("/kontakte/{}", n + 1)),
    ];
    let mut line = Line::to(&product.url("/")).await.expect("a connection");
    for (name, path) in visits {
        let mut times = Vec::with_capacity(ASKED);
        for n in 0..ASKED {
            let url = product.url(&path(n));
            let since = Instant::now();
            let answer = line.request("GET", &url, &[("cookie", &cookie)], b"").await.expect("an answer");
            times.push(since.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(answer.status, 200, "{url}: {}", answer.text());
        }
        rows.push(Row::ours(format!("{name}: median"), median(times.clone()), "ms"));
        rows.push(Row::ours(format!("{name}: p95"), quantile(times, 0.95), "ms"));
    }
    rows.push(Row::ours("memory after these pages", product.peak_memory() as f64 / f64::from(1 << 20), "MiB"));
    rows
}

/// Five million events of two years, skewed as in life: person `n` has a share that falls with the square root of `n`.
/// Indexes are made afterwards, only because that is quicker.
async fn interactions(file: &Path) {
    let mut db =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.expect("our database");
    const INDEXES: &str =
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'interaction' AND type = 'index' AND sql IS NOT NULL";
    let indexes: Vec<(String, String)> = sqlx::query_as(INDEXES).fetch_all(&mut db).await.expect("indexes");
    let fill = format!(
        "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last}) \
         INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, url, subject, verdict) \
         SELECT 1730000000000000 + n * 13000000, 1730000000000000 + n * 13000000, \
         1 + CAST({PEOPLE} * ((n * 7919 % 1000003) / 1000003.0) * ((n * 7919 % 1000003) / 1000003.0) AS INTEGER), \
         CASE n % 5 WHEN 0 THEN 'email' WHEN 1 THEN 'email' ELSE 'web' END, \
         CASE n % 5 WHEN 0 THEN 'opened' WHEN 1 THEN 'clicked' ELSE 'page_viewed' END, \
         'https://shop.example/reisen/' || (n % 400), 'Reise', CASE n % 7 WHEN 0 THEN 'machine' ELSE 'human' END FROM n",
        last = INTERACTIONS - 1
    );
    let drop = indexes.iter().map(|(name, _)| format!("DROP INDEX {name};"));
    let make = indexes.iter().map(|(_, sql)| format!("{sql};"));
    let pragmas = "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;".to_owned();
    for sql in [pragmas].into_iter().chain(drop).chain([fill]).chain(make) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut db).await.expect("a statement");
    }
    db.close().await.expect("closed");
}
