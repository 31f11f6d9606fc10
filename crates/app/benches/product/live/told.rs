//! From the answer to an event until an open overview is told of it, and until it shows it.

use super::{
    Row, Visit, open,
    trackers::{Sender, body},
};
use crate::table::quantile;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use testkit::{http::Line, process::Product};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::watch,
};

/// Two thousand events a second: so many senders, each with so many events every tenth of a second.
const SENDERS: usize = 4;
const LIST: usize = 50;
const LISTS: usize = 300;
const EVERY: Duration = Duration::from_millis(100);

/// When a position of the log was told or shown.
type Moments = Vec<(i64, Instant)>;
type Noted = Arc<Mutex<Moments>>;

pub async fn measure(product: &Product, visit: &mut Visit, key: &str) -> Vec<Row> {
    // An overview that is open was drawn once.
    visit.get("/").await;
    let (tell, told) = watch::channel(0);
    let listening = listen(product, visit, tell).await;
    let looking = look(product, visit, told).await;
    let since = Instant::now();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let mut line = Sender::new(product, key);
            tokio::spawn(async move {
                let mut answered = Vec::with_capacity(LISTS);
                let mut next = tokio::time::interval(EVERY);
                for list in 0..LISTS {
                    next.tick().await;
                    let run = format!("told-{sender}");
                    line.send(&body(&run, list * LIST..(list + 1) * LIST)).await;
                    // The last event of a list is a page: it stands in the log.
                    answered.push((format!("{run}-{}", (list + 1) * LIST - 1), Instant::now()));
                }
                answered
            })
        })
        .collect();
    let mut answered = Vec::new();
    for sender in senders {
        answered.extend(sender.await.expect("a sender"));
    }
    let rate = (SENDERS * LISTS * LIST) as f64 / since.elapsed().as_secs_f64();
    let positions = positions(product, &answered).await;
    let newest = positions.iter().map(|(seq, _)| *seq).max().unwrap_or_default();
    let (heard, shown) = (until(&listening, newest).await, until(&looking, newest).await);
    let mut rows = vec![Row::ours("events sent in meanwhile", rate, "events/s")];
    for (name, moments) in [("told over /live", heard), ("shown by /stand", shown)] {
        let late: Vec<f64> = positions.iter().map(|(seq, at)| lateness(*seq, *at, &moments)).collect();
        for (label, share) in [("median", 0.5), ("p99", 0.99), ("longest", 1.0)] {
            let name = format!("from the answer to an event until it is {name}: {label}");
            rows.push(Row::ours(name, quantile(late.clone(), share), "ms"));
        }
    }
    rows
}

/// What was noted, once it reaches this position; a minute at most.
async fn until(noted: &Noted, newest: i64) -> Moments {
    for _ in 0..600 {
        let moments = noted.lock().expect("moments").clone();
        if moments.last().is_some_and(|(seq, _)| *seq >= newest) {
            return moments;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{newest} was never told");
}

/// Milliseconds from an answer until something of this position or later was told; what was told before counts as none.
fn lateness(seq: i64, answered: Instant, moments: &Moments) -> f64 {
    let first = moments.iter().find(|(known, _)| *known >= seq).map(|(_, at)| *at);
    first.map_or(f64::INFINITY, |at| at.saturating_duration_since(answered).as_secs_f64() * 1000.0)
}

/// Reads the stream of server-sent events as a browser does.
async fn listen(product: &Product, visit: &Visit, tell: watch::Sender<i64>) -> Noted {
    let address = product.url("").replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let head = format!("GET /live HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\n\r\n", visit.cookie);
    stream.write_all(head.as_bytes()).await.expect("a request");
    let mut lines = BufReader::new(stream).lines();
    let noted = Noted::default();
    let notes = noted.clone();
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(seq) = line.strip_prefix("id:").and_then(|text| text.trim().parse().ok()) {
                notes.lock().expect("moments").push((seq, Instant::now()));
                tell.send_replace(seq);
            }
        }
    });
    noted
}

/// Asks for the page again whenever it was told, as `live.js` does: never twice at a time, and 300 ms after an answer that was
/// late already.
async fn look(product: &Product, visit: &Visit, mut told: watch::Receiver<i64>) -> Noted {
    let (url, cookie) = (product.url("/stand"), visit.cookie.clone());
    let mut line = Line::to(&url).await.expect("a connection");
    let noted = Noted::default();
    let notes = noted.clone();
    tokio::spawn(async move {
        while told.changed().await.is_ok() {
            loop {
                told.borrow_and_update();
                let headers = [("cookie", cookie.as_str()), ("hx-request", "true")];
                let answer = line.request("GET", &url, &headers, b"").await.expect("an answer");
                assert_eq!(answer.status, 200, "{}", answer.text());
                let page = answer.text();
                let seq = page.split("data-live-seq=\"").nth(1).and_then(|rest| rest.split('"').next());
                let seq = seq.and_then(|seq| seq.parse().ok()).expect("where the page stands");
                notes.lock().expect("moments").push((seq, Instant::now()));
                if !told.has_changed().unwrap_or(false) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
    });
    noted
}

/// Where the log has the last event of each list, with the moment it was answered.
async fn positions(product: &Product, answered: &[(String, Instant)]) -> Moments {
    let mut db = open(product.data(), true).await;
    let source: i64 =
        sqlx::query_scalar("SELECT MAX(id) FROM tracking_source").fetch_one(&mut db).await.expect("an id");
    let mut positions = Moments::with_capacity(answered.len());
    for (id, at) in answered {
        let sql = "SELECT seq FROM interaction_key WHERE event_id = ?";
        let seq: i64 =
            sqlx::query_scalar(sql).bind(format!("t{source}:{id}")).fetch_one(&mut db).await.expect("an entry");
        positions.push((seq, *at));
    }
    positions
}
