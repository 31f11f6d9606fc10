//! How long finding somebody among a million takes over HTTP, beside what one would take instead: SQLite's FTS5 with trigrams
//! and PostgreSQL's pg_trgm, asked in their own process for the same words.

use crate::{
    door::sign_in,
    people,
    table::{Row, median, quantile},
};
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use testkit::{http::Line, process::Product};

const PEOPLE: usize = 1_000_000;
const ASKED: usize = 25;
/// Hits that are shown.
const HITS: usize = 8;

/// What people type: a name, its beginning, two words, a mistake, pieces of a phone number, an address, a customer number.
const WORDS: [(&str, &str); 7] = [
    ("a name", "schröder"),
    ("the beginning of a name", "schr"),
    ("name and town", "günter rostock"),
    ("a name with a mistake", "hofmannn"),
    ("part of a phone number", "0771231"),
    ("part of a mail address", "p77123@"),
    ("a customer number", "K0512345"),
];

pub async fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    people::imported(&data, PEOPLE).await;
    let since = Instant::now();
    let product = Product::start_on(&data, &[]).await;
    let bytes = ready(&product).await;
    let mut rows = vec![
        Row::ours("from the start until the index is ready", since.elapsed().as_secs_f64(), "s"),
        Row::ours("the index in memory, a contact", bytes / PEOPLE as f64, "bytes"),
    ];
    let cookie = sign_in(&product).await;
    let mut line = Line::to(&product.url("/")).await.expect("a connection");
    let mut trigrams = Trigrams::of(&data.join("kundenkreis.sqlite"), &folder.path().join("fts.sqlite")).await;
    let mut postgres = Similar::of(&data.join("kundenkreis.sqlite")).await;
    let mut all = Vec::new();
    for (name, words) in WORDS {
        let path: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
        let url = product.url(&format!("/suche?q={path}"));
        let (mut ours, mut fts, mut pg) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ASKED {
            let since = Instant::now();
            let answer = line.request("GET", &url, &[("cookie", &cookie)], b"").await.expect("an answer");
            ours.push(since.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(answer.status, 200, "{url}");
            fts.push(trigrams.find(words).await);
            if let Some(postgres) = &mut postgres {
                pg.push(postgres.find(words).await);
            }
        }
        all.extend(ours.clone());
        rows.push(Row::beside(format!("{name}, beside FTS5 with trigrams"), ours.clone(), fts, "ms"));
        if !pg.is_empty() {
            rows.push(Row::beside(format!("{name}, beside pg_trgm"), ours, pg, "ms"));
        }
    }
    rows.push(Row::ours("all words: median", median(all.clone()), "ms"));
    rows.push(Row::ours("all words: p95 (aim 30)", quantile(all, 0.95), "ms"));
    rows
}

/// Waits for the line of the log that says so; answers the bytes of the index.
async fn ready(product: &Product) -> f64 {
    for _ in 0..1_200 {
        if let Some(line) = product.log().lines().find(|line| line.contains("The search is ready")) {
            let after = line.split("bytes=").nth(1).or_else(|| line.split("\"bytes\":").nth(1)).unwrap_or("");
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            return digits.parse().unwrap_or(f64::NAN);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the index is not ready after two minutes");
}

/// What both others search in: everything somebody may remember in one text.
const TEXT: &str = "SELECT c.id, lower(c.first_name || ' ' || c.last_name || ' ' || COALESCE(c.city, '') || ' ' || c.number \
     || ' ' || COALESCE(c.email, '') || ' ' || replace(replace(COALESCE(c.phone, ''), '+49', '0'), ' ', '')) AS text FROM contact c";

struct Trigrams(SqliteConnection);

impl Trigrams {
    async fn of(contacts: &Path, file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let options = options.journal_mode(SqliteJournalMode::Off);
        let mut db = SqliteConnection::connect_with(&options).await.expect("a database");
        let attach = format!("ATTACH '{}' AS crm", contacts.display());
        let text = TEXT.replace("FROM contact", "FROM crm.contact");
        for sql in [
            attach,
            "CREATE VIRTUAL TABLE people USING fts5(text, tokenize = 'trigram', content = '')".to_owned(),
            format!("INSERT INTO people (rowid, text) {text}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await.expect("a statement");
        }
        Self(db)
    }

    async fn find(&mut self, words: &str) -> f64 {
        let words: Vec<String> = words.to_lowercase().split(' ').map(|word| format!("\"{word}\"")).collect();
        let since = Instant::now();
        let found = sqlx::query("SELECT rowid FROM people WHERE people MATCH $1 ORDER BY rank LIMIT $2");
        let found = found.bind(words.join(" ")).bind(HITS as i64);
        found.fetch_all(&mut self.0).await.expect("an answer");
        since.elapsed().as_secs_f64() * 1000.0
    }
}

/// PostgreSQL where the tests were given a server with the extension.
struct Similar(PgConnection);

impl Similar {
    #[allow(clippy::disallowed_methods, reason = "a switch of this measurement, not a setting of the product")]
    async fn of(contacts: &Path) -> Option<Self> {
        let url = std::env::var("KUNDENKREIS_TEST_POSTGRES").ok()?;
        let mut db = PgConnection::connect(&url).await.ok()?;
        if db.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm").await.is_err() {
            return None;
        }
        db.execute("CREATE TEMPORARY TABLE people (id BIGINT, text TEXT)").await.ok()?;
        let options = SqliteConnectOptions::new().filename(contacts).read_only(true);
        let mut source = SqliteConnection::connect_with(&options).await.expect("our database");
        let rows: Vec<(i64, String)> =
            sqlx::query_as(AssertSqlSafe(TEXT.to_owned())).fetch_all(&mut source).await.expect("people");
        for chunk in rows.chunks(20_000) {
            let (ids, texts): (Vec<i64>, Vec<String>) = chunk.iter().cloned().unzip();
            let insert = sqlx::query("INSERT INTO people SELECT * FROM UNNEST($1::bigint[], $2::text[])");
            insert.bind(ids).bind(texts).execute(&mut db).await.expect("rows");
        }
        db.execute("CREATE INDEX ON people USING gin (text gin_trgm_ops)").await.expect("an index");
        db.execute("ANALYZE people").await.expect("statistics");
        Some(Self(db))
    }

    async fn find(&mut self, words: &str) -> f64 {
        let since = Instant::now();
        let found = sqlx::query("SELECT id FROM people WHERE $1 <% text ORDER BY $1 <<-> text LIMIT $2");
        let found = found.bind(words.to_lowercase()).bind(HITS as i64);
        found.fetch_all(&mut self.0).await.expect("an answer");
        since.elapsed().as_secs_f64() * 1000.0
    }
}
