//! The real product as a process of its own: started on a free port with a data folder, killed, started again.
//! `cargo xtask test` builds it before the tests run.

use crate::http;
use crate::setting::{free_port, setting};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running `kundenkreis serve`. Dropped, it is killed.
pub struct Product {
    child: Child,
    port: u16,
    data: PathBuf,
    settings: Vec<(String, String)>,
    /// Our own folder, when the test gave none.
    _folder: Option<TempDir>,
}

impl Product {
    /// Starts on a new data folder that goes with it. `settings` are environment variables, `KUNDENKREIS_…`.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("kundenkreis-test-").tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let mut product = Self::start_on(&data, settings).await;
        product._folder = Some(folder);
        product
    }

    /// Starts on this data folder and waits until it is ready.
    pub async fn start_on(data: &Path, settings: &[(&str, &str)]) -> Self {
        let settings: Vec<_> = settings.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        let port = free_port();
        let child = spawn(data, port, &settings);
        let mut product = Self { child, port, data: data.into(), settings, _folder: None };
        product.ready().await;
        product
    }

    /// The built program: where the runner says, else beside the test programs.
    pub fn binary() -> PathBuf {
        let beside = || {
            let test = std::env::current_exe().expect("the path of this test");
            test.parent().and_then(Path::parent).expect("target/debug/deps").join("kundenkreis")
        };
        let binary = setting("KUNDENKREIS_TEST_BINARY").map_or_else(beside, PathBuf::from);
        assert!(binary.is_file(), "{} is missing: build it with `cargo build -p app`", binary.display());
        binary
    }

    /// Another command of the program on the same data and settings: `user add …`, `import …`, `doctor`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(&self.data, &self.settings, arguments)
    }

    /// A command of the program on a data folder where no server needs to run.
    pub fn command_on(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Command {
        let settings: Vec<_> = settings.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        command(data, &settings, arguments)
    }

    /// `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The process, while it runs.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("the product runs")
    }

    /// All it has logged so far, over all its lives.
    pub fn log(&self) -> String {
        fs::read_to_string(log_file(&self.data)).unwrap_or_default()
    }

    /// The most memory it has held so far, in bytes (`VmHWM` of proc(5)).
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// The memory it holds now, in bytes (`VmRSS` of proc(5)).
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The time its threads have computed so far (`utime` and `stime` of proc(5), in hundredths of a second on Linux).
    pub fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).expect("the product runs");
        // The name in parentheses may hold anything; the fields behind it begin with the third.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).expect("the product runs");
        let line = status.lines().find_map(|l| l.strip_prefix(name)).expect("a line of this name");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kB");
        kib * 1024
    }

    /// `kill -9`: no good-bye.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("the product can be killed");
    }

    /// SIGTERM, and how it ended.
    pub async fn stop(&mut self) -> ExitStatus {
        let pid = self.pid().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill");
        assert!(told.success(), "the product was not there any more:\n{}", self.log());
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it stops when told to").expect("an exit status")
    }

    /// Starts again on the same data, port and settings; how long it took until it was ready.
    pub async fn restart(&mut self) -> Duration {
        let since = Instant::now();
        self.child = spawn(&self.data, self.port, &self.settings);
        self.ready().await;
        since.elapsed()
    }

    async fn ready(&mut self) {
        let since = Instant::now();
        loop {
            let asked = http::request("GET", &self.url("/readyz"), &[], &[]).await;
            if asked.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the product ended with {status} before it was ready:\n{}", self.log());
            }
            assert!(since.elapsed() < PATIENCE, "the product does not get ready:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn log_file(data: &Path) -> PathBuf {
    data.with_extension("log")
}

fn command(data: &Path, settings: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(Product::binary());
    command.args(arguments).env("KUNDENKREIS_DATA_FOLDER", data).stdin(Stdio::null()).kill_on_drop(true);
    for (name, value) in settings {
        command.env(name, value);
    }
    command
}

fn spawn(data: &Path, port: u16, settings: &[(String, String)]) -> Child {
    let log = fs::File::options().create(true).append(true).open(log_file(data)).expect("a log beside the data folder");
    command(data, settings, &["serve"])
        .env("KUNDENKREIS_HTTP_LISTEN", format!("127.0.0.1:{port}"))
        .stdout(log.try_clone().expect("one log for both"))
        .stderr(log)
        .spawn()
        .expect("the product can be started")
}
