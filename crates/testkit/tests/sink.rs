//! The mail sink, fed by Postfix' own `smtp-source`: what goes in comes out.

use std::process::Stdio;
use testkit::sink::Sink;
use tokio::process::Command;

/// Sends `count` mails with `smtp-source`; whether all were taken.
async fn send(count: usize, sink: &Sink) -> bool {
    let mut source = Command::new("/usr/sbin/smtp-source");
    source.args(["-m", &count.to_string(), "-f", "us@example.org", "-t", "ada@example.org", "-S", "Frühling"]);
    source.arg(format!("127.0.0.1:{}", sink.port())).stderr(Stdio::null());
    source.status().await.expect("smtp-source: `cargo xtask test` installs it").success()
}

#[tokio::test]
async fn every_message_is_kept_with_its_envelope() {
    let sink = Sink::start().await;
    assert!(send(3, &sink).await);
    let messages = sink.messages();
    assert_eq!(messages.len(), 3);
    for received in messages {
        assert_eq!((received.from.as_str(), received.to), ("us@example.org", vec!["ada@example.org".to_string()]));
        assert!(received.message.contains("Subject: Frühling"), "{}", received.message);
        assert!(!received.message.contains("X-Rcpt-Args"));
    }
}

#[tokio::test]
async fn a_refusing_sink_keeps_nothing() {
    let sink = Sink::with(&["-f", "RCPT"]).await;
    assert!(!send(1, &sink).await);
    assert_eq!(sink.messages(), []);
}
