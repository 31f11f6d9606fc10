//! The knowledgebase beside the analytic databases a user would set next to a CRM, on ten million interactions.

pub mod generated;
mod questions;

use crate::table::{Row, median, quantile};
use generated::Scale;
use kernel::{Cell, Clock, Lens, Seq, Table};
use knowledge::{Knowledge, Limits, Shelf};
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};
use store::{Db, RowLens, StoreConfig};

/// Rounds of all engines by turns.
const ROUNDS: usize = 15;
/// The same where each takes long.
const FEW_ROUNDS: usize = 5;

pub async fn measure(scale: Scale) -> Vec<Row> {
    let rounds = if scale == Scale::TenMillion { ROUNDS } else { FEW_ROUNDS };
    let data = filled(scale).await;
    let file = data.join("kundenkreis.sqlite");
    let db = Db::open(&StoreConfig::Sqlite { file }).await.expect("the database");
    let shelf = data.join("knowledge");
    let open = |limits: Limits| {
        let shelf = Shelf::folder(&shelf).expect("a shelf");
        Knowledge::new(db.clone(), Clock::System, shelf, limits).expect("a knowledgebase")
    };
    // All in memory, as whoever has so many rows would set it; the default is measured at the end.
    let limits = || match scale {
        Scale::TenMillion => Limits::default(),
        Scale::HundredMillion => Limits { rows_in_memory: 120_000_000, ..Limits::default() },
    };
    let mut rows = Vec::new();
    let knowledge = open(limits());
    let since = Instant::now();
    knowledge.rebuild().await.expect("a rebuild");
    rows.push(Row::ours("rebuild of everything", since.elapsed().as_secs_f64(), "s"));
    rows.push(Row::ours("most memory while rebuilding", memory("VmHWM:") / f64::from(1 << 20), "MiB"));
    drop(knowledge);
    let knowledge = open(limits());
    let since = Instant::now();
    knowledge.prepare().await.expect("the files");
    rows.push(Row::ours("reading the files at a start", since.elapsed().as_secs_f64(), "s"));
    let snapshot = knowledge.snapshot().expect("a snapshot");
    let mib = f64::from(1 << 20);
    rows.push(Row::ours("interactions", snapshot.log_rows() as f64, "rows"));
    rows.push(Row::ours("held in columns", snapshot.bytes() as f64 / mib, "MiB"));
    rows.push(Row::ours("files", folder_bytes(&shelf) as f64 / mib, "MiB"));

    let mut others = Others::start(&shelf, &data.join("others"));
    for asked in questions::all() {
        let (plain, quick) = (asked.plain(), asked.quick());
        let (mut ours, mut quickest, mut duckdb, mut chdb) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            knowledge.forget_answers();
            let since = Instant::now();
            let table = knowledge.columns(&plain).await.expect("an answer").expect("from columns");
            ours.push(since.elapsed().as_secs_f64() * 1000.0);
            knowledge.forget_answers();
            let since = Instant::now();
            let same = knowledge.ask(&quick, Seq(0)).await.expect("an answer");
            quickest.push(since.elapsed().as_secs_f64() * 1000.0);
            assert_eq!((same.rows.len(), numbers(&same)), (table.rows.len(), numbers(&table)), "{}", asked.name);
            let (took, count, sum) = others.ask("duckdb", &asked.duckdb);
            duckdb.push(took);
            assert_eq!((table.rows.len(), numbers(&table)), (count, sum), "DuckDB: {}", asked.name);
            let (took, count, sum) = others.ask("chdb", &asked.chdb);
            chdb.push(took);
            assert_eq!((table.rows.len(), numbers(&table)), (count, sum), "chDB: {}", asked.name);
        }
        rows.push(Row::beside(format!("{}: plain columns, beside DuckDB", asked.name), ours, duckdb.clone(), "ms"));
        rows.push(Row::beside("the quickest way, beside DuckDB", quickest.clone(), duckdb, "ms"));
        rows.push(Row::beside("the same, beside chDB", quickest.clone(), chdb, "ms"));
        rows.push(Row::ours("the same, p95", quantile(quickest, 0.95), "ms"));
        println!("{}", asked.name);
    }
    drop(others);
    if scale == Scale::TenMillion {
        rows.extend(fresh_after_a_write(&db, &knowledge).await);
    }
    rows.push(Row::ours("memory of this process at the end", memory("VmRSS:") / mib, "MiB"));
    rows.push(Row::ours("most memory of this process", memory("VmHWM:") / mib, "MiB"));
    if scale == Scale::HundredMillion {
        drop(knowledge);
        rows.extend(mostly_in_files(&open(Limits::default())).await);
    }
    rows
}

/// The five questions where most rows lie in files.
async fn mostly_in_files(knowledge: &Knowledge) -> Vec<Row> {
    knowledge.prepare().await.expect("the files");
    let mut rows = Vec::new();
    for asked in questions::all() {
        let (question, mut times) = (asked.quick(), Vec::new());
        for _ in 0..FEW_ROUNDS {
            knowledge.forget_answers();
            let since = Instant::now();
            knowledge.ask(&question, Seq(0)).await.expect("an answer");
            times.push(since.elapsed().as_secs_f64() * 1000.0);
        }
        rows.push(Row::ours(format!("{}: most rows in files", asked.name), median(times), "ms"));
    }
    rows
}

/// A count of a segment right after something was committed: following included.
async fn fresh_after_a_write(db: &Db, knowledge: &Knowledge) -> Vec<Row> {
    let question = questions::all().remove(2).plain();
    let mut times = Vec::new();
    for n in 0..40_i64 {
        let unit = db.write().await.expect("a unit");
        let sql = "INSERT INTO interaction (occurred_at, received_at, contact_id, channel, kind, verdict) \
                   VALUES ($1, $1, $2, 'email', 'opened', 'human')";
        unit.run(sql, vec![generated::NOW.into(), (n + 1).into()]).await.expect("an event");
        unit.save().await.expect("saved");
        let since = Instant::now();
        knowledge.ask(&question, Seq(0)).await.expect("an answer");
        times.push(since.elapsed().as_secs_f64() * 1000.0);
    }
    let ours = knowledge.ask(&question, Seq(0)).await.expect("an answer");
    let rows = RowLens(db.clone()).ask(&question, Seq(0)).await.expect("an answer");
    assert_eq!(ours, rows, "columns and rows after forty events");
    // The others keep what they loaded: the next run finds what they know.
    let unit = db.write().await.expect("a unit");
    let sql = "DELETE FROM interaction WHERE occurred_at = $1 AND received_at = $1 AND campaign_id IS NULL AND contact_id <= 40";
    unit.run(sql, vec![generated::NOW.into()]).await.expect("deleted");
    unit.save().await.expect("saved");
    vec![
        Row::ours("segment right after a commit: median", median(times.clone()), "ms"),
        Row::ours("p95", quantile(times, 0.95), "ms"),
    ]
}

fn numbers(table: &Table) -> i128 {
    let cells = table.rows.iter().flatten();
    cells.map(|cell| if let Cell::Int(n) = cell { i128::from(*n) } else { 0 }).sum()
}

/// The folder with everything in it; generated once, for it takes minutes.
pub async fn filled(scale: Scale) -> PathBuf {
    let data = kept(scale);
    if !data.join("filled").exists() {
        let since = Instant::now();
        generated::fill(&data, scale).await;
        std::fs::write(data.join("filled"), "").expect("a mark");
        println!("generated in {:.0} s", since.elapsed().as_secs_f64());
    }
    data
}

fn kept(scale: Scale) -> PathBuf {
    let bench = std::env::current_exe().expect("the path of this bench");
    let target = bench.ancestors().nth(3).expect("target/release/deps");
    let data = target.join("bench-data").join(scale.folder());
    std::fs::create_dir_all(&data).expect("a folder");
    data
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| if e.path().is_dir() { folder_bytes(&e.path()) } else { e.metadata().map_or(0, |m| m.len()) }).sum()
}

/// A line of proc(5)'s status, in bytes: `VmRSS:` what is held, `VmHWM:` the most that was.
fn memory(of: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(of));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(f64::NAN) * 1024.0
}

/// DuckDB and chDB in a process of their own.
struct Others {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Others {
    fn start(shelf: &Path, work: &Path) -> Self {
        std::fs::create_dir_all(work).expect("a folder");
        let mut child = Command::new(testkit::python::interpreter())
            .args(["-c", include_str!("others.py")])
            .args([shelf, work])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python with duckdb and chdb");
        let questions = child.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut ready = String::new();
        answers.read_line(&mut ready).expect("ready");
        assert_eq!(ready, "ready\n", "the others did not load their tables");
        Self { child, questions, answers }
    }

    /// Milliseconds, rows, sum of all numbers.
    fn ask(&mut self, engine: &str, sql: &str) -> (f64, usize, i128) {
        writeln!(self.questions, "{engine}\t{sql}").expect("a question");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        let mut parts = line.split_whitespace();
        let mut next = || parts.next().unwrap_or_else(|| panic!("{engine} ended at {sql}"));
        (next().parse().expect("ms"), next().parse().expect("rows"), next().parse().expect("a sum"))
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _ = self.child.kill();
    }
}
