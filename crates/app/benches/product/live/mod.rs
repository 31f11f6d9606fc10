//! What the product does over HTTP with a million contacts and ten million interactions: the real program on a copy of the
//! generated data, somebody signed in, websites telling what their visitors do.

mod overview;
mod told;
mod trackers;
mod workbench;

use crate::{
    door,
    knowledge::{
        self,
        generated::{PEOPLE, Scale},
    },
    table::{Row, median, quantile},
};
use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use testkit::{
    http::{Answer, Line},
    process::Product,
};

const MIB: f64 = 1_048_576.0;
/// How long may be waited until the columns answer and the tasks of a start have come to rest.
const PATIENCE: Duration = Duration::from_secs(900);

/// Segments, overview and timelines.
pub async fn measure() -> Vec<Row> {
    let mut stage = Stage::set().await;
    let mut rows = vec![Row::ours("from starting the program until the columns answer", stage.ready_after, "s")];
    let Stage { product, visit, .. } = &mut stage;
    rows.extend(workbench::measure(product, visit).await);
    rest(product).await;
    rows.extend(memory(product, "after counting segments"));
    rows.extend(overview::measure(product, visit).await);
    rows.extend(memory(product, "after these pages"));
    stage.strike().await;
    rows
}

/// Events of websites, and the overview beside them.
pub async fn tracking() -> Vec<Row> {
    let mut stage = Stage::set().await;
    let Stage { product, visit, .. } = &mut stage;
    // The tasks of a start write entries of their own.
    rest(product).await;
    let key = trackers::source(product).await;
    let mut rows = trackers::measure(product, visit, &key).await;
    rows.extend(memory(product, "after the flood"));
    rows.extend(told::measure(product, visit, &key).await);
    rows.extend(memory(product, "at the end"));
    stage.strike().await;
    rows
}

/// The program on a copy of the generated data, and somebody signed in.
struct Stage {
    product: Product,
    visit: Visit,
    /// Seconds from its start until the columns answered.
    ready_after: f64,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = copied(folder.path()).await;
        let since = Instant::now();
        let product = Product::start_on(&data, &[]).await;
        ready(&product, 1).await;
        let ready_after = since.elapsed().as_secs_f64();
        let visit = Visit::of(&product).await;
        Self { product, visit, ready_after, _folder: folder }
    }

    /// Stops the program and compares its copy with the truth.
    async fn strike(mut self) {
        let product = &mut self.product;
        assert!(product.stop().await.success(), "{}", product.log());
        let verify = Product::command_on(product.data(), &[], &["knowledge", "verify"]).output();
        let verified = verify.await.expect("the program");
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert!(verified.status.success(), "the copy differs from the truth: {said}");
        println!("{said}");
    }
}

/// A folder of our own with the kept data, as it would lie there after it has grown: judged by the present rules.
async fn copied(folder: &Path) -> PathBuf {
    let (kept, data) = (knowledge::filled(Scale::TenMillion).await, folder.join("data"));
    std::fs::create_dir_all(data.join("knowledge")).expect("a folder");
    for name in ["kundenkreis.sqlite", "kundenkreis.sqlite-wal"] {
        if kept.join(name).exists() {
            std::fs::copy(kept.join(name), data.join(name)).expect("a copy");
        }
    }
    copy(&kept.join("knowledge"), &data.join("knowledge"));
    let mut db = open(&data, false).await;
    const JUDGED: &str = "INSERT INTO setting (key, value) VALUES ('verdict.rules', '1000') \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    sqlx::query(JUDGED).execute(&mut db).await.expect("a setting");
    db.close().await.expect("closed");
    data
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            std::fs::create_dir_all(&to).expect("a folder");
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("a copy");
        }
    }
}

async fn open(data: &Path, read_only: bool) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("kundenkreis.sqlite")).read_only(read_only);
    SqliteConnection::connect_with(&options).await.expect("our database")
}

/// Waits until the columns answer after the `start`-th start and the tasks every start begins with are done.
async fn ready(product: &Product, start: usize) {
    let since = Instant::now();
    while product.log().matches("The knowledgebase is ready").count() < start {
        assert!(since.elapsed() < PATIENCE, "{}", product.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until the program does nothing for three seconds, give or take a tenth of a core.
async fn rest(product: &Product) {
    let (since, mut quiet) = (Instant::now(), 0);
    while quiet < 3 {
        assert!(since.elapsed() < PATIENCE, "the program does not come to rest");
        let before = ticks(product);
        tokio::time::sleep(Duration::from_secs(1)).await;
        quiet = if ticks(product) - before <= 10 { quiet + 1 } else { 0 };
    }
}

/// Processor time it has used, in hundredths of a second (fields 14 and 15 of proc(5)'s stat).
fn ticks(product: &Product) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", product.pid())).expect("the product runs");
    let rest = stat.rsplit(')').next().unwrap_or_default();
    rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

fn memory(product: &Product, when: &str) -> Vec<Row> {
    vec![
        Row::ours(format!("memory {when}"), product.memory() as f64 / MIB, "MiB"),
        Row::ours(format!("most memory until then, {when}"), product.peak_memory() as f64 / MIB, "MiB"),
    ]
}

/// Median and 95th percentile of some times in milliseconds.
fn middle_and_high(name: &str, times: Vec<f64>) -> Vec<Row> {
    vec![
        Row::ours(format!("{name}: median"), median(times.clone()), "ms"),
        Row::ours(format!("{name}: p95"), quantile(times, 0.95), "ms"),
    ]
}

/// Somebody signed in, on a connection that stays open.
struct Visit {
    base: String,
    cookie: String,
    csrf: String,
    line: Line,
}

impl Visit {
    async fn of(product: &Product) -> Self {
        let cookie = door::sign_in(product).await;
        let line = Line::to(&product.url("/")).await.expect("a connection");
        let mut visit = Self { base: product.url(""), cookie, csrf: String::new(), line };
        let page = visit.get("/segmente/neu").await.0;
        let secret = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        visit.csrf = secret.expect("a form with a secret").to_owned();
        visit
    }

    /// After a restart the connection is another one, the session the same.
    async fn again(&mut self, product: &Product) {
        self.line = Line::to(&product.url("/")).await.expect("a connection");
    }

    /// The page, and how many milliseconds it took.
    async fn get(&mut self, path: &str) -> (String, f64) {
        let (answer, took) = self.ask(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        (answer.text(), took)
    }

    async fn ask(&mut self, path: &str) -> (Answer, f64) {
        let (url, since) = (format!("{}{path}", self.base), Instant::now());
        let answer = self.line.request("GET", &url, &[("cookie", &self.cookie)], b"").await.expect("an answer");
        (answer, since.elapsed().as_secs_f64() * 1000.0)
    }

    async fn post(&mut self, path: &str, fields: &[(&str, String)]) -> (String, f64) {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
        let body = form.finish();
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("hx-request", "true"),
        ];
        let (url, since) = (format!("{}{path}", self.base), Instant::now());
        let answer = self.line.request("POST", &url, &headers, body.as_bytes()).await.expect("an answer");
        let took = since.elapsed().as_secs_f64() * 1000.0;
        assert_eq!(answer.status, 200, "{url}: {}", answer.text());
        (answer.text(), took)
    }

    /// Milliseconds of so many requests, or of as many as fit into a minute and a half; endless where a page was refused
    /// because it asks for too much.
    async fn times(&mut self, many: usize, path: impl Fn(usize) -> String) -> Vec<f64> {
        let (since, mut times) = (Instant::now(), Vec::with_capacity(many));
        for n in 0..many {
            let (answer, took) = self.ask(&path(n)).await;
            match answer.status {
                200 => times.push(took),
                503 => {
                    println!("{} was refused after {took:.0} ms", path(n));
                    times.push(f64::INFINITY);
                }
                status => panic!("{}: {status} {}", path(n), answer.text()),
            }
            if since.elapsed() > Duration::from_secs(90) {
                println!("{}: {} requests only", path(n), times.len());
                break;
            }
        }
        times
    }
}
