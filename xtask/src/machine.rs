//! What the machine must offer: Debian packages, Python packages, the network. Everything here may run any number of
//! times; what is there already is left alone.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Whether we run as root.
pub fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A command with the rights to install: directly as root, else through sudo.
fn as_root(program: &str) -> Result<Command> {
    if is_root() {
        return Ok(Command::new(program));
    }
    if shell::which("sudo").is_none() {
        bail!("{program} needs root: run as root or install sudo");
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    Ok(command)
}

/// Installs Debian packages. `needs` pairs a test "is it there already?" with the package that brings it.
/// Services that come with a package are not started: the tests run their own, private ones.
pub fn debian(needs: &[(bool, &str)]) -> Result<()> {
    let missing: Vec<&str> = needs.iter().filter(|(present, _)| !present).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        shell::note("nothing to install");
        return Ok(());
    }
    if shell::which("apt-get").is_none() {
        bail!("please install what Debian calls {}: this machine has no apt-get", missing.join(" "));
    }
    shell::note(&format!("installing from Debian: {}", missing.join(" ")));
    let apt = |arguments: &[&str]| -> Result<()> {
        let mut command = as_root("env")?;
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]);
        command.args(arguments);
        // dpkg tells at length what it unpacks; it is read only when something went wrong.
        shell::note(&format!("$ {}", shell::spoken(&command)));
        shell::output(&mut command).map(drop)
    };
    apt(&["update"])?;
    if missing.contains(&"postfix") {
        preseed("postfix postfix/main_mailer_type select No configuration")?;
    }
    let quiet = NoServices::declare()?;
    let installed = apt(&[&["install", "-y", "--no-install-recommends"], missing.as_slice()].concat());
    drop(quiet);
    installed.with_context(|| format!("Debian could not install {}", missing.join(" ")))
}

/// Answers a package's question beforehand, so that its installation asks nobody.
fn preseed(answer: &str) -> Result<()> {
    let mut command = as_root("debconf-set-selections")?;
    let mut child = command.stdin(Stdio::piped()).spawn().context("debconf-set-selections")?;
    child.stdin.take().context("a pipe")?.write_all(format!("{answer}\n").as_bytes())?;
    if !child.wait()?.success() {
        bail!("debconf refused: {answer}");
    }
    Ok(())
}

/// While this lives, Debian starts no service on installation (this file is the documented switch).
struct NoServices {
    declared: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn declare() -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { declared: false });
        }
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(b"#!/bin/sh\nexit 101\n")?;
        shell::output(as_root("install")?.args(["-m", "755"]).arg(file.path()).arg(POLICY))?;
        Ok(Self { declared: true })
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if !self.declared {
            return;
        }
        let removed = as_root("rm").and_then(|mut rm| shell::output(rm.arg(POLICY)));
        if let Err(trouble) = removed {
            shell::note(&format!("please remove {POLICY}: {trouble:#}"));
        }
    }
}

/// A virtual environment in `folder` with exactly these requirements (lines of a requirements file, digests included);
/// the interpreter's path. Kept until the list changes.
pub fn python_with(folder: &Path, requirements: &[&str]) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    let wanted = requirements.join("\n") + "\n";
    let list = folder.join("requirements.txt");
    if python.is_file() && fs::read_to_string(&list).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    if shell::which("python3").is_none() {
        debian(&[(false, "python3"), (false, "python3-venv")])?;
    }
    let make = |interpreter: &str| shell::output(Command::new(interpreter).args(["-m", "venv"]).arg(folder));
    if make("python3").is_err() {
        debian(&[(false, "python3-venv")])?;
        make("/usr/bin/python3")?;
    }
    let asked = folder.join("asked.txt");
    fs::write(&asked, &wanted)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r"])
        .arg(&asked);
    shell::note(&format!("$ {}", shell::spoken(&pip)));
    shell::output(&mut pip)?;
    fs::rename(&asked, &list)?;
    Ok(python)
}

/// The packages of a lock file (`package.json` and `package-lock.json` in `list`, digests included) in `folder`; the path of
/// its `node_modules`. No script of a package is run. Kept until the list changes.
pub fn npm_with(folder: &Path, list: &Path) -> Result<PathBuf> {
    const LISTS: [&str; 2] = ["package.json", "package-lock.json"];
    let modules = folder.join("node_modules");
    let same = |name: &str| fs::read(folder.join(name)).ok() == fs::read(list.join(name)).ok();
    if modules.is_dir() && LISTS.iter().all(|name| same(name)) {
        return Ok(modules);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for name in LISTS {
        fs::copy(list.join(name), folder.join(name)).with_context(|| format!("{name} in {}", list.display()))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    shell::note(&format!("$ {}", shell::spoken(&npm)));
    if let Err(trouble) = shell::output(&mut npm) {
        // Half a folder would look like a whole one next time.
        fs::remove_dir_all(folder)?;
        return Err(trouble);
    }
    Ok(modules)
}

/// Whether the host of this address answers within five seconds.
pub fn reachable(address: &str) -> bool {
    let host = address.trim_start_matches("https://").split('/').next().unwrap_or_default();
    let Ok(mut places) = (host, 443).to_socket_addrs() else { return false };
    places.any(|place| TcpStream::connect_timeout(&place, Duration::from_secs(5)).is_ok())
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
