//! How many interactions a second the HTTP door takes, each answered after its commit, beside raw inserts of the same rows
//! into the same table of the same engine.

use crate::{people, table::Row};
use serde_json::{Value, json};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
};
use std::{path::Path, time::Instant};
use testkit::{api::Api, http::Line, process::Product};

const PEOPLE: usize = 20_000;
const EVENTS: usize = 60_000;
const ROUNDS: usize = 3;
/// Events in a request, and in a transaction of the raw inserts.
const LIST: usize = 500;
const SENDERS: usize = 4;
const SINGLE_EVENTS: usize = 10_000;
const SINGLE_SENDERS: usize = 64;

pub async fn measure() -> Vec<Row> {
    let (mut lists, mut singles, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        people::imported(&data, PEOPLE).await;
        raw.push(insert(&data.join("kundenkreis.sqlite"), &folder.path().join("raw.sqlite")).await);
        let api = Api::of(Product::start_on(&data, &[]).await).await;
        lists.push(send(&api, &format!("{round}-list"), EVENTS, LIST, SENDERS).await);
        singles.push(send(&api, &format!("{round}-single"), SINGLE_EVENTS, 1, SINGLE_SENDERS).await);
    }
    vec![
        Row::beside(format!("lists of {LIST}, {SENDERS} senders, beside raw inserts"), lists, raw.clone(), "events/s"),
        Row::beside(format!("one by one, {SINGLE_SENDERS} senders, beside raw inserts"), singles, raw, "events/s"),
    ]
}

fn event(run: &str, n: usize) -> Value {
    json!({
        "id": format!("{run}-{n}"), "kind": "page_viewed", "contact": n * 7_919 % PEOPLE + 1,
        "url": format!("https://shop.example/reisen/{}", n % 400), "subject": "Reise",
    })
}

/// Events a second through `POST /api/v1/interactions`, on connections that stay open.
async fn send(api: &Api, run: &str, events: usize, list: usize, senders: usize) -> f64 {
    let bodies: Vec<Vec<Vec<u8>>> = (0..senders)
        .map(|sender| {
            let mine: Vec<Value> = (sender..events).step_by(senders).map(|n| event(run, n)).collect();
            let body = |part: &[Value]| if list == 1 { part[0].to_string() } else { json!(part).to_string() };
            mine.chunks(list).map(|part| body(part).into_bytes()).collect()
        })
        .collect();
    let url = api.product.url("/api/v1/interactions");
    let authorization = api.authorization();
    let since = Instant::now();
    let senders = bodies.into_iter().map(|bodies| {
        let (url, authorization) = (url.clone(), authorization.clone());
        tokio::spawn(async move {
            let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
            let mut line = Line::to(&url).await.expect("a connection");
            for body in bodies {
                let answer = line.request("POST", &url, &headers, &body).await.expect("an answer");
                assert_eq!(answer.status, 201, "{}", answer.text());
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.expect("a sender");
    }
    events as f64 / since.elapsed().as_secs_f64()
}

/// Rows a second by multi-row inserts, `LIST` a transaction, into tables like ours: log and sender's ids, all indexes.
async fn insert(model: &Path, made: &Path) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(made)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut raw = SqliteConnection::connect_with(&options).await.expect("a database");
    let mut ours = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(model)).await.expect("ours");
    const TABLES: &str = "SELECT sql FROM sqlite_master WHERE tbl_name IN ('interaction', 'interaction_key') \
         AND sql IS NOT NULL ORDER BY type DESC";
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut ours).await.expect("our tables");
    for table in tables {
        sqlx::raw_sql(sqlx::AssertSqlSafe(table)).execute(&mut raw).await.expect("a table");
    }
    let places = |row: &str| vec![row; LIST].join(",");
    let log = format!(
        "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, url, subject, verdict) VALUES {}",
        places("(?,?,?,'web','page_viewed',?,'Reise','unknown')")
    );
    let ids = format!("INSERT INTO interaction_key (event_id, seq, received_at) VALUES {}", places("(?,?,?)"));
    let since = Instant::now();
    for part in 0..EVENTS / LIST {
        let mut unit = raw.begin().await.expect("a transaction");
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(log.as_str()));
        let mut keys = sqlx::query(sqlx::AssertSqlSafe(ids.as_str()));
        for n in part * LIST..(part + 1) * LIST {
            let at = 1_795_518_000_000_000 + n as i64;
            let url = format!("https://shop.example/reisen/{}", n % 400);
            rows = rows.bind(at).bind(at).bind((n * 7_919 % PEOPLE + 1) as i64).bind(url);
            keys = keys.bind(format!("raw-{n}")).bind(n as i64).bind(at);
        }
        rows.execute(&mut *unit).await.expect("rows");
        keys.execute(&mut *unit).await.expect("keys");
        unit.commit().await.expect("a commit");
    }
    EVENTS as f64 / since.elapsed().as_secs_f64()
}
