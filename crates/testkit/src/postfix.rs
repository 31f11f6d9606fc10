//! A real Postfix for a domain of its own: it takes mail encrypted, refuses mailboxes it does not know, and delivers the
//! others into Maildirs, where a test reads what arrived. Its configuration, queue and mail lie in a temporary folder.

use crate::setting::{free_port, is_root, program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(20);

/// The programs of Postfix a server for one domain needs (master(5)); none of them in a chroot.
const SERVICES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
";

/// A running Postfix. Dropped, it ends and its mail goes with it.
pub struct Postfix {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Postfix {
    /// Receives for `domain`, whose only mailboxes are these (the part before the `@`).
    pub async fn receiving(domain: &str, mailboxes: &[&str]) -> Self {
        assert!(is_root(), "Postfix starts as root and gives up its rights itself");
        let folder = tempfile::Builder::new().prefix("kundenkreis-postfix-").tempdir().expect("a temporary folder");
        let port = free_port();
        furnish(folder.path(), domain, mailboxes, port);
        let launcher = program("KUNDENKREIS_TEST_POSTFIX", "/usr/sbin/postfix");
        let conf = folder.path().join("conf");
        // Makes the queue's folders with the owners Postfix insists on.
        run(Program::new(&launcher).arg("-c").arg(&conf).arg("check"));
        let daemons = run(Program::new("postconf").args(["-d", "-h", "daemon_directory"]));
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig=TERM", "--"]).arg(Path::new(daemons.trim()).join("master"));
        // In the foreground; its children end when it does.
        command.arg("-c").arg(&conf).arg("-d");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut server = Self { process: command.spawn().expect("Postfix can be started"), port, folder };
        server.ready().await;
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate it shows, which only those believe who are told to: it is signed by itself.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("conf/cert.pem")
    }

    /// The messages in a mailbox, as delivered.
    pub fn mails(&self, mailbox: &str) -> Vec<Vec<u8>> {
        let Ok(files) = fs::read_dir(self.folder.path().join("mail").join(mailbox).join("new")) else { return vec![] };
        files.map(|file| fs::read(file.expect("a file").path()).expect("a mail")).collect()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    async fn ready(&mut self) {
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if let Ok(Some(status)) = self.process.try_wait() {
                panic!("Postfix ended with {status}:\n{}", self.log());
            }
            assert!(since.elapsed() < PATIENCE, "Postfix does not answer:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn furnish(folder: &Path, domain: &str, mailboxes: &[&str], port: u16) {
    let place = |name: &str| folder.join(name);
    for name in ["conf", "queue", "data", "mail"] {
        fs::create_dir(place(name)).expect("a folder");
    }
    run(Program::new("chmod").arg("755").arg(folder));
    run(Program::new("chown").arg("postfix:").args([place("data"), place("mail")]));
    let (user, group) =
        (run(Program::new("id").args(["-u", "postfix"])), run(Program::new("id").args(["-g", "postfix"])));
    let at = folder.display();
    let main = format!(
        "compatibility_level = 3.6\n\
         queue_directory = {at}/queue\n\
         data_directory = {at}/data\n\
         maillog_file = {at}/log\n\
         maillog_file_prefixes = {at}\n\
         inet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\n\
         disable_dns_lookups = yes\n\
         myhostname = mx.{domain}\n\
         mydestination =\n\
         alias_maps =\n\
         local_transport = error:nobody has a mailbox here\n\
         virtual_mailbox_domains = {domain}\n\
         virtual_mailbox_base = {at}/mail\n\
         virtual_mailbox_maps = texthash:{at}/conf/mailboxes\n\
         virtual_minimum_uid = 1\n\
         virtual_uid_maps = static:{}\n\
         virtual_gid_maps = static:{}\n\
         smtpd_recipient_restrictions = reject_unauth_destination\n\
         smtpd_tls_security_level = encrypt\n\
         smtpd_tls_cert_file = {at}/conf/cert.pem\n\
         smtpd_tls_key_file = {at}/conf/key.pem\n",
        user.trim(),
        group.trim()
    );
    let list: String = mailboxes.iter().map(|name| format!("{name}@{domain} {name}/\n")).collect();
    let services = format!("127.0.0.1:{port} inet n - n - - smtpd\n{SERVICES}");
    for (name, text) in [("main.cf", main), ("master.cf", services), ("mailboxes", list)] {
        fs::write(place("conf").join(name), text).expect("a file of the configuration");
    }
    let mut certify = Program::new(program("KUNDENKREIS_TEST_OPENSSL", "/usr/bin/openssl"));
    certify.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=127.0.0.1"]);
    certify.args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]);
    run(certify.arg("-keyout").arg(place("conf/key.pem")).arg("-out").arg(place("conf/cert.pem")));
}

/// What a program that must succeed prints.
fn run(command: &mut Program) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
