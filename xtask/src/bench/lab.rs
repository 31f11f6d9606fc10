//! What a measurement can use: the release build, running servers, an HTTP request, the description of the machine.

use crate::{machine, shell};
use anyhow::{Context, Result, bail};
use std::cell::OnceCell;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Builds the product once, when the first measurement asks for it.
pub struct Lab {
    binary: OnceCell<PathBuf>,
}

impl Lab {
    pub fn new() -> Self {
        Self { binary: OnceCell::new() }
    }

    /// The product, built for release.
    pub fn binary(&self) -> Result<&Path> {
        if self.binary.get().is_none() {
            shell::run(shell::cargo().args(["build", "--release", "--locked"]))?;
            let _ = self.binary.set(shell::target().join("release/kundenkreis"));
        }
        Ok(self.binary.get().expect("just set"))
    }

    /// `kundenkreis serve` on a data folder; `settings` are further `KUNDENKREIS_…` variables. Returns at once.
    pub fn serve(&self, data: &Path, settings: &[(&str, &str)]) -> Result<Server> {
        let port = machine::free_port()?;
        let log = fs::File::create(data.with_extension("log"))?;
        let mut command = Command::new(self.binary()?);
        command.arg("serve").env("KUNDENKREIS_DATA_FOLDER", data);
        command.env("KUNDENKREIS_HTTP_LISTEN", format!("127.0.0.1:{port}")).envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Ok(Server { process: command.spawn().context("kundenkreis")?, port })
    }
}

/// A server on a port of the loopback. Dropped, it is killed.
pub struct Server {
    pub process: Child,
    pub port: u16,
}

impl Server {
    /// Waits until `GET path` is answered with a page (redirections followed); its body.
    pub fn first_page(&mut self, path: &str) -> Result<String> {
        let since = Instant::now();
        loop {
            match get(self.port, path) {
                Ok((200, _, body)) => return Ok(body),
                Ok((301..=308, to, _)) if to.starts_with('/') => return self.first_page(&to),
                Ok((status, ..)) if status != 503 => bail!("{path} was answered with {status}"),
                Ok(_) | Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status}");
            }
            if since.elapsed() > PATIENCE {
                bail!("no page within {PATIENCE:?}");
            }
        }
    }

    /// Waits until the port takes connections.
    fn listening(mut self) -> Result<Self> {
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.process.try_wait()?.is_some() || since.elapsed() > PATIENCE {
                bail!("nothing listens on port {}", self.port);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(self)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A GET over a connection of its own: status, `location`, body as it came.
fn get(port: u16, path: &str) -> Result<(u16, String, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status")?;
    let location = head.lines().find_map(|l| l.strip_prefix("location: ")).unwrap_or_default();
    Ok((status, location.trim().to_string(), body.to_string()))
}

/// Postfix' `smtp-sink`, taking everything and keeping nothing.
pub fn smtp_sink() -> Result<Server> {
    let port = machine::free_port()?;
    let mut command = Command::new(shell::which("smtp-sink").context("smtp-sink: `cargo xtask test` installs it")?);
    if machine::is_root() {
        command.args(["-u", "postfix"]);
    }
    command.arg(format!("127.0.0.1:{port}")).arg("1000").stdout(Stdio::null()).stderr(Stdio::null());
    Server { process: command.spawn()?, port }.listening()
}

/// What a reader needs to know about the conditions, in one line.
pub fn machine() -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|l| l.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, |n| n.get());
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    let rust = shell::output(Command::new("rustc").arg("--version")).unwrap_or_default();
    let commit = shell::output(shell::git().args(["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    format!("{cores} cores ({model}), load {load} at the start, {}, commit {}", rust.trim(), commit.trim())
}
