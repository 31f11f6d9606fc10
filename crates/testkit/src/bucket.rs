//! A storage of others that speaks S3: moto's server, with a bucket in it, behind a gate of our own that can be shut.

use crate::{
    http,
    setting::{free_port, program},
};
use std::process::Stdio;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

/// The bucket's name.
pub const NAME: &str = "knowledge-of-tests";

/// What must never be written anywhere.
pub const SECRET: &str = "a-secret-key-nobody-logs";

/// A running storage. Dropped, it ends and everything in it is gone.
pub struct Bucket {
    _process: Child,
    port: u16,
    gate: u16,
    open: Arc<AtomicBool>,
}

impl Bucket {
    pub async fn start() -> Self {
        let python = program("KUNDENKREIS_TEST_S3", "target/tools/s3/bin/python");
        let port = free_port();
        let mut command = Command::new(python);
        command.args(["-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", &port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let process = command.spawn().expect("moto's server");
        let since = Instant::now();
        let bucket = format!("http://127.0.0.1:{port}/{NAME}");
        while !http::request("PUT", &bucket, &[], b"").await.is_ok_and(|answer| answer.status == 200) {
            assert!(since.elapsed() < Duration::from_secs(60), "moto's server does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let open = Arc::new(AtomicBool::new(true));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gate = listener.local_addr().expect("a port").port();
        tokio::spawn(keep_gate(listener, port, open.clone()));
        Self { _process: process, port, gate, open }
    }

    /// Settings of a product whose knowledgebase lies here, under a prefix.
    pub fn settings(&self, prefix: &str) -> Vec<(String, String)> {
        self.settings_of("KNOWLEDGE", "SHELF", prefix)
    }

    /// Settings of a product whose documents lie here, under a prefix.
    pub fn document_settings(&self, prefix: &str) -> Vec<(String, String)> {
        self.settings_of("DOCUMENTS", "STORE", prefix)
    }

    fn settings_of(&self, section: &str, place: &str, prefix: &str) -> Vec<(String, String)> {
        let named = |name: &str, value: String| (format!("KUNDENKREIS_{section}_{name}"), value);
        vec![
            named(place, format!("s3://{NAME}/{prefix}")),
            named("S3_ENDPOINT", format!("http://127.0.0.1:{}", self.gate)),
            named("S3_ACCESS_KEY", "tests".to_owned()),
            named("S3_SECRET_KEY", SECRET.to_owned()),
        ]
    }

    /// Whoever comes now is turned away, and whoever is inside is thrown out.
    pub fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
    }

    pub fn reopen(&self) {
        self.open.store(true, Ordering::SeqCst);
    }

    /// The names of everything in the bucket, past the gate.
    pub async fn names(&self) -> Vec<String> {
        let url = format!("http://127.0.0.1:{}/{NAME}?list-type=2", self.port);
        let listed = http::request("GET", &url, &[], b"").await.expect("a list").text();
        let between = |part: &str| part.split("</Key>").next().map(str::to_owned);
        listed.split("<Key>").skip(1).filter_map(between).collect()
    }

    /// Takes something away, as somebody who tidies up might.
    pub async fn remove(&self, name: &str) {
        let url = format!("http://127.0.0.1:{}/{NAME}/{name}", self.port);
        // moto asks who it is and believes whatever is said.
        let signed =
            "AWS4-HMAC-SHA256 Credential=tests/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let answer = http::request("DELETE", &url, &[("authorization", signed)], b"").await.expect("an answer");
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

async fn keep_gate(listener: TcpListener, port: u16, open: Arc<AtomicBool>) {
    while let Ok((mut visitor, _)) = listener.accept().await {
        let open = open.clone();
        tokio::spawn(async move {
            let thrown_out = async {
                while open.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            let served = async {
                if let Ok(mut storage) = TcpStream::connect(("127.0.0.1", port)).await {
                    // However it ends: both sides see their connection close.
                    let _ = tokio::io::copy_bidirectional(&mut visitor, &mut storage).await;
                }
            };
            tokio::select! {
                () = thrown_out => {}
                () = served => {}
            }
        });
    }
}
