//! A mail server of others that keeps every message: Postfix' `smtp-sink`. What it keeps is what went over the wire.

use crate::setting::{free_port, is_root, program};
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// A running `smtp-sink`. Dropped, it ends and its messages go with it.
pub struct Sink {
    process: Child,
    port: u16,
    folder: TempDir,
}

/// One message as it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The return path, without angle brackets.
    pub from: String,
    /// The recipients of the envelope, without angle brackets.
    pub to: Vec<String>,
    /// Head and body, lines ended by `\n`.
    pub message: String,
}

impl Sink {
    /// Takes every message.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Takes every message and keeps none: for measuring.
    pub async fn forgetful() -> Self {
        Self::started(&[]).await
    }

    /// With further arguments of `smtp-sink`: `["-f", "RCPT"]` refuses every recipient for good, `["-r", "RCPT"]` for
    /// now, `["-q", "DATA"]` hangs up, `["-w", "1"]` waits a second before it takes a message.
    pub async fn with(arguments: &[&str]) -> Self {
        Self::started(&[&["-d", "mail."], arguments].concat()).await
    }

    async fn started(arguments: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("kundenkreis-sink-").tempdir().expect("a temporary folder");
        let port = free_port();
        let mut command = Command::new(program("KUNDENKREIS_TEST_SMTP_SINK", "/usr/sbin/smtp-sink"));
        command.current_dir(folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        if is_root() {
            // As root it insists on giving up its rights; then the folder must be that user's.
            command.args(["-u", "postfix"]);
            let owned = std::process::Command::new("chown").arg("postfix:").arg(folder.path()).status();
            assert!(owned.is_ok_and(|s| s.success()), "there is no user postfix: `cargo xtask test` installs it");
        }
        command.arg("-c").args(arguments).arg(format!("127.0.0.1:{port}")).arg("1000");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("smtp-sink");
        let mut sink = Self { process, port, folder };
        sink.ready().await;
        sink
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything received so far, in no particular order. A message still on its way is not among them.
    pub fn messages(&self) -> Vec<Received> {
        let files = fs::read_dir(self.folder.path()).expect("the sink's folder");
        let texts = files.filter_map(|file| fs::read(file.expect("a file").path()).ok());
        texts.filter_map(|text| parse(&String::from_utf8_lossy(&text))).collect()
    }

    /// How many messages (or attempts, when it refuses) lie there, without reading them.
    pub fn count(&self) -> usize {
        fs::read_dir(self.folder.path()).expect("the sink's folder").count()
    }

    async fn ready(&mut self) {
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                panic!("smtp-sink ended with {status}");
            }
            assert!(since.elapsed() < Duration::from_secs(10), "smtp-sink does not answer");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// smtp-sink writes the envelope as `X-` lines and a `Received` header in front of the message.
fn parse(text: &str) -> Option<Received> {
    let text = text.replace("\r\n", "\n");
    let bare = |value: &str| value.trim().split(' ').next().unwrap_or_default().trim_matches(['<', '>']).to_string();
    let mut received = Received { from: String::new(), to: vec![], message: String::new() };
    let mut rest = text.as_str();
    let mut seen = false;
    while let Some((line, after)) = rest.split_once('\n') {
        if let Some(value) = line.strip_prefix("X-Mail-Args:") {
            received.from = bare(value);
            seen = true;
        } else if let Some(value) = line.strip_prefix("X-Rcpt-Args:") {
            received.to.push(bare(value));
        } else if !line.starts_with("X-Client-") && !line.starts_with("X-Helo-") {
            break;
        }
        rest = after;
    }
    if let Some(after) = rest.strip_prefix("Received:") {
        let mut end = after.find('\n')? + 1;
        while after[end..].starts_with([' ', '\t']) {
            end += after[end..].find('\n')? + 1;
        }
        rest = &after[end..];
    }
    received.message = rest.to_string();
    (seen && !received.to.is_empty()).then_some(received)
}
