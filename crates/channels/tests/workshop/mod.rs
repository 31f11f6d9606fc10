//! What the tests of the machines share: mails, foreign programs, a mail server that follows a script.
#![allow(dead_code, reason = "each test binary uses its share")]

use kernel::{
    EmailAddress, MessageId, Timestamp,
    mail::{ComposedMail, OutgoingMail, RenderedMail},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// 2026-11-22T10:00:00Z
pub const MORNING: Timestamp = Timestamp(1_795_341_600_000_000);

pub fn outgoing(number: i64) -> OutgoingMail {
    let headers = [
        ("List-Unsubscribe", "<https://crm.example/u/abc>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", "7:news:kundenkreis"),
    ];
    OutgoingMail {
        message: MessageId(number),
        return_path: format!("bounce+c7-{number}-0123abcd@reisen.example"),
        from_name: "Möwe Reisen".into(),
        from: EmailAddress::parse("news@reisen.example").unwrap(),
        reply_to: EmailAddress::parse("service@reisen.example"),
        to_name: "Jürgen Groß, Köln".into(),
        to: EmailAddress::parse(&format!("kunde{number}@kunden.example")).unwrap(),
        message_id: format!("c7.{number}.0123abcd@reisen.example"),
        content: RenderedMail {
            subject: "Schöne Grüße von der Nordsee – jetzt 20 % günstiger für Sie und Ihre ganze Familie".into(),
            html: format!("<p>Grüß Gott, Jürgen!</p>\n<p>{}</p>\n.\n..\n", "Über das Meer ".repeat(90)),
            text: format!("Grüß Gott, Jürgen!\n.\n..Punkt\nFrom hier\n{}\n", "Über das Meer ".repeat(90)),
        },
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}

pub fn composed(number: i64) -> ComposedMail {
    ComposedMail {
        message: MessageId(number),
        return_path: "bounce@reisen.example".into(),
        to: EmailAddress::parse(&format!("kunde{number}@kunden.example")).unwrap(),
        raw: format!("Message-ID: <{number}@reisen.example>\r\nSubject: Hallo\r\n\r\n.Punkt\r\n..\r\nEnde\r\n")
            .into_bytes(),
    }
}

pub fn batch(count: i64) -> Vec<ComposedMail> {
    (1..=count).map(composed).collect()
}

/// A foreign program; a test without it fails and says what to install.
pub fn program(name: &str, package: &str) -> PathBuf {
    let search = "PATH=\"$PATH:/usr/sbin\"; command -v \"$0\"";
    let found = Command::new("sh").args(["-c", search, name]).output().unwrap();
    assert!(found.status.success(), "this test needs `{name}`: install {package}");
    PathBuf::from(String::from_utf8(found.stdout).unwrap().trim())
}

/// The Python the tests were given with its packages, else the one on the PATH.
#[allow(clippy::disallowed_methods, reason = "tests are configured by their runner")]
fn interpreter() -> PathBuf {
    std::env::var_os("KUNDENKREIS_TEST_PYTHON").map_or_else(|| program("python3", "python3"), PathBuf::from)
}

/// Runs a Python program with the standard library and the named module; its output.
pub fn python(module: &str, package: &str, source: &str, input: &[u8]) -> String {
    use std::io::Write;
    let interpreter = interpreter();
    let present = Command::new(&interpreter).args(["-c", &format!("import {module}")]).output().unwrap();
    assert!(present.status.success(), "this test needs Python's module `{module}`: pip install {package}");
    let mut child = Command::new(interpreter)
        .args(["-c", source])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Debian's `smtp-sink`, gone when dropped.
pub struct Sink {
    child: Child,
    pub address: SocketAddr,
}

impl Sink {
    pub async fn start(arguments: &[&str]) -> Self {
        let program = program("smtp-sink", "Debian's package postfix");
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
        let child = Command::new(program)
            .args(if root { &["-u", "postfix"][..] } else { &[] })
            .args(arguments)
            .args([&address.to_string(), "100"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let sink = Self { child, address };
        for _ in 0..200 {
            if TcpStream::connect(address).await.is_ok() {
                return sink;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("smtp-sink did not start");
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// What the scripted server does when it meets a line of the given kind.
#[derive(Clone, Debug)]
pub enum Act {
    Say(&'static str),
    /// Says nothing and hangs up.
    HangUp,
    /// Says nothing and keeps the line.
    Sulk,
}

/// A server that follows a script: `on` maps `greeting`, a verb, `body` (the final dot) or `inside` (the first line of a
/// body), optionally with `#n` for the n-th mail of the conversation, to an act. Everything else goes well.
pub struct Scripted {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Scripted {
    pub async fn start(pipelining: bool, on: &[(&'static str, Act)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let on: BTreeMap<&'static str, Act> = on.iter().cloned().collect();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let _closed = play(stream, pipelining, &on).await;
            }
        });
        Self { address, task }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn play(stream: TcpStream, pipelining: bool, on: &BTreeMap<&'static str, Act>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = 0;
    perform(&mut stream, on, "greeting", mail, "220 hello").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if !pipelining {
            tokio::time::sleep(Duration::from_millis(5)).await;
            assert!(stream.buffer().is_empty(), "the client did not wait for the answer");
        }
        let verb = line.split_whitespace().next().unwrap_or_default().to_owned();
        match verb.as_str() {
            "EHLO" if pipelining => {
                perform(&mut stream, on, "EHLO", mail, "250-x\r\n250 PIPELINING").await?;
            }
            "MAIL" => {
                mail += 1;
                perform(&mut stream, on, "MAIL", mail, "250 ok").await?;
            }
            "DATA" => {
                if !perform(&mut stream, on, "DATA", mail, "354 go").await? {
                    continue;
                }
                let mut lines = 0;
                loop {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await.ok()? == 0 {
                        return None;
                    }
                    lines += 1;
                    if lines == 1 {
                        perform(&mut stream, on, "inside", mail, "").await?;
                    }
                    if line == ".\r\n" {
                        break;
                    }
                }
                perform(&mut stream, on, "body", mail, "250 taken").await?;
            }
            "QUIT" => {
                perform(&mut stream, on, "QUIT", mail, "221 bye").await?;
                return None;
            }
            other => {
                perform(&mut stream, on, other, mail, "250 ok").await?;
            }
        }
    }
}

/// `None`: the conversation is over; otherwise whether it went well.
async fn perform(
    stream: &mut BufReader<TcpStream>,
    on: &BTreeMap<&'static str, Act>,
    what: &str,
    mail: usize,
    well: &'static str,
) -> Option<bool> {
    let act = on.get(format!("{what}#{mail}").as_str()).or_else(|| on.get(what)).cloned();
    match act.unwrap_or(Act::Say(well)) {
        Act::Say("") => Some(true),
        Act::Say(text) => {
            stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
            Some(text == well)
        }
        Act::HangUp => None,
        Act::Sulk => {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            None
        }
    }
}
