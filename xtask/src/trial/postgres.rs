//! A throw-away PostgreSQL: its own cluster in a temporary folder, on a free port of the loopback, without fsync.
//! It dies with this process.

use crate::{machine, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// Where Debian keeps the newest server's programs, if there is one.
pub fn folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|v| v.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|newest| PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin")))
        .filter(|folder| folder.join("initdb").is_file())
}

pub struct Server {
    process: Child,
    port: u16,
    /// Removed last, when nobody writes to it any more.
    data: TempDir,
}

impl Server {
    pub fn start() -> Result<Self> {
        let programs = folder().context("PostgreSQL is not on this machine although it was installed")?;
        let data = tempfile::Builder::new().prefix("kundenkreis-postgres-").tempdir()?;
        if machine::is_root() {
            shell::output(Command::new("chown").arg("postgres:").arg(data.path()))?;
        }
        let mut init = as_postgres(&programs.join("initdb"));
        init.arg("-D").arg(data.path().join("cluster"));
        init.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        shell::output(init.current_dir(data.path()))?;

        let port = machine::free_port()?;
        let log = fs::File::create(data.path().join("log"))?;
        let mut serve = as_postgres(&programs.join("postgres"));
        serve.arg("-D").arg(data.path().join("cluster")).arg("-k").arg(data.path());
        serve.args(["-p", &port.to_string(), "-h", "127.0.0.1"]);
        for setting in ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400"] {
            serve.args(["-c", setting]);
        }
        serve.current_dir(data.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut server = Self { process: serve.spawn().context("postgres")?, port, data };
        server.wait(&programs)?;
        Ok(server)
    }

    /// A superuser's address; tests make databases of their own there.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let since = Instant::now();
        loop {
            let mut ask = Command::new(programs.join("pg_isready"));
            if shell::output(ask.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])).is_ok() {
                return Ok(());
            }
            if since.elapsed() > PATIENCE || self.process.try_wait()?.is_some() {
                let log = fs::read_to_string(self.data.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL does not answer:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server; what it kept goes with it.
    pub fn stop(mut self) {
        self.end();
    }

    /// SIGQUIT: PostgreSQL's "immediate"; nothing here is worth a clean shutdown.
    fn end(&mut self) {
        let pid = self.process.id().to_string();
        if shell::output(Command::new("kill").args(["-QUIT", &pid])).is_ok() {
            let _ = self.process.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// PostgreSQL refuses to run as root. `setpriv` replaces itself with the server (so its process id is ours to end)
/// and lets it die with us.
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if machine::is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.args(["--pdeathsig=QUIT", "--"]).arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_comes_and_goes() {
        let programs = folder().expect("PostgreSQL is installed by `cargo xtask test`");
        let server = Server::start().unwrap();
        let port = server.port.to_string();
        let answers =
            || shell::output(Command::new(programs.join("pg_isready")).args(["-h", "127.0.0.1", "-p", &port]));
        answers().unwrap();
        let data = server.data.path().to_path_buf();
        server.stop();
        assert!(answers().is_err());
        assert!(!data.exists());
    }
}
