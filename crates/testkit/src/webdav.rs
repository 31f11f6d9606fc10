//! A document store of others that speaks WebDAV: a real Apache with mod_dav, a folder, a user and a password. It can be stopped in
//! the middle and started again on what lies there.

use crate::setting::{free_port, is_root, program};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command as Program, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

const PATIENCE: Duration = Duration::from_secs(20);
/// Who may use the store.
pub const USER: &str = "kundenkreis";
/// What must never be written anywhere.
pub const PASSWORD: &str = "a-password-nobody-logs";

/// A running Apache. Dropped, it ends and its folder goes with it.
pub struct WebDav {
    process: Option<Child>,
    port: u16,
    folder: TempDir,
}

impl WebDav {
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("kundenkreis-webdav-").tempdir().expect("a temporary folder");
        let port = free_port();
        furnish(folder.path(), port);
        let mut server = Self { process: None, port, folder };
        server.restart().await;
        server
    }

    /// The address of the store.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dms", self.port)
    }

    /// A file with the password, as an administrator lays it down.
    pub fn password_file(&self) -> PathBuf {
        self.folder.path().join("password")
    }

    /// Where its files lie on the disk.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("dms")
    }

    /// Lays a file there, as another program of the company might.
    pub fn lay(&self, path: &str, bytes: &[u8]) {
        let file = self.files().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, bytes).expect("a file");
        open_to_all(&self.files());
    }

    /// The paths of everything that lies there.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.files(), &self.files(), &mut found);
        found.sort();
        found
    }

    /// Stops it where it stands.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.expect("Apache can be stopped");
        }
    }

    /// Starts it, or starts it again on the same port.
    pub async fn restart(&mut self) {
        self.stop().await;
        let mut command = Command::new(program("KUNDENKREIS_TEST_APACHE", "/usr/sbin/apache2"));
        // One process in the foreground, so that stopping it stops all of it.
        command.arg("-X").arg("-f").arg(self.folder.path().join("apache.conf"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().expect("Apache can be started");
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if let Ok(Some(status)) = process.try_wait() {
                panic!("Apache ended with {status}:\n{}", self.log());
            }
            assert!(since.elapsed() < PATIENCE, "Apache does not answer:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.process = Some(process);
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }
}

fn collect(top: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(top, &path, found);
        } else if let Ok(inside) = path.strip_prefix(top) {
            found.push(inside.display().to_string());
        }
    }
}

fn furnish(folder: &Path, port: u16) {
    for name in ["dms", "locks"] {
        fs::create_dir(folder.join(name)).expect("a folder");
    }
    fs::write(folder.join("password"), format!("{PASSWORD}\n")).expect("a file");
    let hashed = Program::new("htpasswd").args(["-nbB", USER, PASSWORD]).output().expect("htpasswd");
    fs::write(folder.join("users"), hashed.stdout).expect("a file");
    let modules: String = [
        ("mpm_event", "mpm_event"),
        ("authn_core", "authn_core"),
        ("authn_file", "authn_file"),
        ("authz_core", "authz_core"),
        ("authz_user", "authz_user"),
        ("auth_basic", "auth_basic"),
        ("dav", "dav"),
        ("dav_fs", "dav_fs"),
    ]
    .map(|(name, file)| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{file}.so\n"))
    .concat();
    // Started as root, Apache works as somebody without rights.
    let user = if is_root() { "User www-data\nGroup www-data\n" } else { "" };
    let at = folder.display();
    let conf = format!(
        "ServerRoot {at}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {at}/pid\nErrorLog {at}/error.log\n{user}\
         {modules}DocumentRoot {at}\nDavLockDB {at}/locks/db\n\
         <Directory {at}>\nRequire all denied\n</Directory>\n\
         <Directory {at}/dms>\nDav On\nAuthType Basic\nAuthName dms\nAuthUserFile {at}/users\nRequire valid-user\n</Directory>\n"
    );
    fs::write(folder.join("apache.conf"), conf).expect("a file");
    open_to_all(folder);
}

/// Apache gives up its rights and must still read and write here.
fn open_to_all(folder: &Path) {
    let done = Program::new("chmod").args(["-R", "a+rwX"]).arg(folder).status().expect("chmod");
    assert!(done.success(), "chmod");
}
