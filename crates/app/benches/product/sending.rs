//! How fast a campaign goes out: launched over the API, frozen, rendered, composed, handed over and written down mail by
//! mail, beside Postfix' `smtp-source`, which writes nothing down, into the same `smtp-sink`.

use crate::{
    people,
    table::{Row, median},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use testkit::{api::Api, process::Product, setting::program, sink::Sink};

/// Of those imported, three in four agreed to be written to.
const IMPORTED: usize = 80_000;
const SENT: usize = 60_000;
const ROUNDS: usize = 3;
/// As many as `smtp-source` gets.
const CONNECTIONS: &str = "10";
/// The large campaign whose memory is watched.
const MANY_IMPORTED: usize = 133_333;
const MANY_SENT: usize = 100_000;

pub async fn measure() -> Vec<Row> {
    let sink = Sink::forgetful().await;
    let folder = tempfile::tempdir().expect("a folder");
    let key = key(folder.path());
    let key = key.to_str().expect("a path of ours");
    let signing = [("KUNDENKREIS_MAIL_DKIM_DOMAIN", "almara.example"), ("KUNDENKREIS_MAIL_DKIM_KEY_FILE", key)];
    let (mut signed, mut unsigned, mut signatures, mut source) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        signed.push(campaign(sink.port(), &signing, IMPORTED, SENT).await.rate);
        unsigned.push(campaign(sink.port(), &[], IMPORTED, SENT).await.rate);
        signatures.push(openssl_signatures());
        source.push(smtp_source(sink.port()));
    }
    let many = campaign(sink.port(), &signing, MANY_IMPORTED, MANY_SENT).await;
    vec![
        Row::beside("signed, beside openssl only signing on both cores", signed, signatures, "RSA-2048/s"),
        Row::beside("unsigned, beside smtp-source", unsigned, source, "mails/s"),
        Row::ours("100,000 recipients, signed", many.rate, "mails/s"),
        Row::ours("100,000 recipients, signed: most memory held", median(vec![many.memory]), "MiB"),
    ]
}

struct Run {
    /// Mails a second, from the launch until the campaign says it is finished.
    rate: f64,
    /// MiB; of the server alone, its render workers are processes of their own.
    memory: f64,
}

async fn campaign(port: u16, settings: &[(&str, &str)], imported: usize, expected: usize) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    people::imported(&data, imported).await;

    let port = port.to_string();
    let mail = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "none"),
        ("KUNDENKREIS_SMTP_CONNECTIONS", CONNECTIONS),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
    ];
    let api = Api::of(Product::start_on(&data, &[&mail, settings].concat()).await).await;
    let definition = json!({ "all": [{ "field": "consent.email.marketing", "op": "eq", "value": true }] });
    let segment = api.post("segments", json!({ "name": "Alle mit Einwilligung", "definition": definition })).await;
    let wish = json!({
        "name": "Frühling", "goal": "information", "channel": "email", "segment": segment["id"],
        "subject": "{{ contact.first_name }}, der Frühling wartet",
        "links": ["https://shop.example/griechenland", "https://shop.example/portugal", "https://shop.example/fragen"],
    });
    let id = api.post("campaigns", wish).await["id"].as_i64().expect("an id");
    api.post(&format!("campaigns/{id}/approve"), json!({})).await;

    let since = Instant::now();
    api.post(&format!("campaigns/{id}/launch"), json!({})).await;
    let state = loop {
        let state = api.get(&format!("campaigns/{id}")).await;
        if state["state"] == "finished" {
            break state;
        }
        assert_ne!(state["state"], "stopped", "{state}");
        assert!(since.elapsed() < Duration::from_secs(900), "the campaign stays at {state}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let seconds = since.elapsed().as_secs_f64();
    assert_eq!(state["progress"]["sent"].as_u64(), Some(expected as u64), "{state}");
    Run { rate: expected as f64 / seconds, memory: api.product.peak_memory() as f64 / f64::from(1 << 20) }
}

fn key(folder: &Path) -> PathBuf {
    let key = folder.join("dkim.pem");
    let mut openssl = Command::new(program("KUNDENKREIS_TEST_OPENSSL", "/usr/bin/openssl"));
    openssl.args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"]).arg(&key);
    assert!(openssl.status().is_ok_and(|status| status.success()), "openssl makes no key");
    key
}

/// Signatures a second the machine can make at all, on both cores, with nothing else to do.
fn openssl_signatures() -> f64 {
    let mut openssl = Command::new(program("KUNDENKREIS_TEST_OPENSSL", "/usr/bin/openssl"));
    let output = openssl.args(["speed", "-seconds", "3", "-multi", "2", "rsa2048"]).output().expect("openssl");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = said.lines().find(|line| line.starts_with("rsa")).expect("a line of results");
    let word =
        line.split_whitespace().nth(5).expect("rsa 2048 bits, seconds a signature and a check, then both a second");
    word.parse().expect("signatures a second")
}

/// Mails a second that Postfix' `smtp-source` gets rid of, as long as ours; connections are kept (`-d`).
fn smtp_source(port: u16) -> f64 {
    let mut source = Command::new(program("KUNDENKREIS_TEST_SMTP_SOURCE", "/usr/sbin/smtp-source"));
    source.args(["-s", CONNECTIONS, "-m", &SENT.to_string(), "-l", "6000", "-d"]);
    source.args(["-f", "us@example.org", "-t", "ada@example.org"]).arg(format!("127.0.0.1:{port}"));
    let since = Instant::now();
    assert!(source.status().is_ok_and(|status| status.success()), "smtp-source failed");
    SENT as f64 / since.elapsed().as_secs_f64()
}
