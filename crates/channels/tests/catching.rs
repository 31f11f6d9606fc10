//! The mail catcher keeps what it is given, forgets the oldest, and is not impressed by nonsense.

mod workshop;

use channels::{Catcher, Security, SmtpConfig, SmtpCourier};
use kernel::{
    Clock,
    mail::{CaughtMails, Courier, Handover},
};
use std::path::Path;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use workshop::{MORNING, outgoing};

async fn catcher(folder: &Path, keep: usize) -> Catcher {
    let address = ([127, 0, 0, 1], 0).into();
    Catcher::start(address, folder.to_owned(), keep, Clock::standing(MORNING)).await.unwrap()
}

async fn send(catcher: &Catcher, numbers: std::ops::RangeInclusive<i64>) {
    let config = SmtpConfig {
        host: "127.0.0.1".into(),
        port: catcher.address().port(),
        security: Security::None,
        ..SmtpConfig::default()
    };
    let courier = SmtpCourier::new(config, Clock::standing(MORNING)).unwrap();
    let mails: Vec<_> =
        courier.compose(numbers.map(outgoing).collect()).await.into_iter().map(Result::unwrap).collect();
    for (_, handover) in courier.hand_over(mails).await {
        assert!(matches!(handover, Handover::Accepted { .. }), "{handover:?}");
    }
}

/// Says something to the catcher and gives everything it answers until it hangs up.
async fn talk(catcher: &Catcher, words: &[u8]) -> String {
    let mut stream = TcpStream::connect(catcher.address()).await.unwrap();
    // A catcher that hangs up early closes the line while we still speak.
    let _closed = stream.write_all(words).await;
    let _closed = stream.shutdown().await;
    let mut answers = Vec::new();
    let _closed = stream.read_to_end(&mut answers).await;
    String::from_utf8(answers).unwrap()
}

#[tokio::test]
async fn a_caught_mail_can_be_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let catcher = catcher(folder.path(), 100).await;
    send(&catcher, 1..=3).await;
    let page = catcher.list(1, "").await;
    assert_eq!((page.total, page.pages), (3, 1));
    assert_eq!(page.mails[0].to, "Jürgen Groß, Köln <kunde3@kunden.example>");
    assert_eq!(page.mails[0].from, "Möwe Reisen <news@reisen.example>");
    assert_eq!(page.mails[0].received_at, MORNING);
    let mail = catcher.get(&page.mails[0].id).await.unwrap();
    let sent = outgoing(3);
    assert_eq!(mail.subject, sent.content.subject);
    assert_eq!(mail.html.unwrap().replace("\r\n", "\n").trim_end(), sent.content.html.trim_end());
    assert_eq!(mail.text.unwrap().replace("\r\n", "\n").trim_end(), sent.content.text.trim_end());
    let header = |name: &str| mail.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    assert_eq!(header("List-Unsubscribe"), Some("<https://crm.example/u/abc>"));
    assert_eq!(header("Return-Path"), Some("<bounce+c7-3-0123abcd@reisen.example>"));
    assert_eq!(header("Delivered-To"), Some("kunde3@kunden.example"));
    assert!(catcher.get("../../etc/passwd").await.is_none());
}

#[tokio::test]
async fn the_newest_are_kept_found_and_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("not-a-mail.txt"), "stays").unwrap();
    let first = catcher(folder.path(), 70).await;
    send(&first, 1..=100).await;
    let page = first.list(2, "").await;
    assert_eq!((page.total, page.pages, page.page, page.mails.len()), (70, 2, 2, 20));
    assert_eq!(first.list(1, "KUNDE99@").await.total, 1);
    assert_eq!(first.list(1, "groß, koeln").await.total, 70);
    assert_eq!(first.list(9, "nobody").await.mails, vec![]);
    let newest = first.list(1, "").await.mails;
    drop(first);
    let second = catcher(folder.path(), 70).await;
    assert_eq!(second.list(1, "").await.mails, newest);
    send(&second, 101..=101).await;
    let page = second.list(1, "").await;
    assert_eq!((page.total, page.mails[0].to.contains("kunde101@")), (70, true));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 71);
}

#[tokio::test]
async fn nonsense_is_answered_and_limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let catcher = catcher(folder.path(), 100).await;
    let rude = talk(&catcher, "GET / HTTP/1.1\r\n".repeat(30).as_bytes()).await;
    assert!(rude.contains("502 5.5.2") && rude.trim_end().ends_with("421 4.7.0 Too much nonsense"), "{rude}");
    let long = talk(&catcher, format!("{}\r\nQUIT\r\n", "A".repeat(100_000)).as_bytes()).await;
    assert!(long.contains("500 5.5.2 Line too long") && long.contains("221"), "{long}");
    talk(&catcher, &[0xff, 0x00, 0x0a, 0x0d, 0x0a]).await;
    let order =
        talk(&catcher, b"DATA\r\nRCPT TO:<a@b.de>\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nRCPT TO:<>\r\nQUIT\r\n").await;
    let codes: Vec<&str> = order.lines().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["220", "503", "503", "250", "503", "501", "221"]);
    let many = format!("MAIL FROM:<>\r\n{}QUIT\r\n", "RCPT TO:<a@b.de>\r\n".repeat(101));
    assert!(talk(&catcher, many.as_bytes()).await.contains("452 4.5.3"));
    let forged = talk(&catcher, b"MAIL FROM:<a\rBcc: b@c.de>\r\nQUIT\r\n").await;
    assert!(forged.contains("501 5.1.7"), "{forged}");
    let mut big = b"MAIL FROM:<>\r\nRCPT TO:<a@b.de>\r\nDATA\r\n".to_vec();
    big.extend("viel\r\n".repeat(2_000_000).bytes());
    big.extend(b".\r\nQUIT\r\n");
    assert!(talk(&catcher, &big).await.contains("552 5.3.4"));
    assert_eq!(catcher.list(1, "").await.total, 0);
    send(&catcher, 1..=1).await;
    assert_eq!(catcher.list(1, "").await.total, 1);
}

#[tokio::test]
async fn only_the_true_end_ends_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let catcher = catcher(folder.path(), 100).await;
    let smuggled = b"MAIL FROM:<>\r\nRCPT TO:<a@b.de>\r\nDATA\r\nSubject: one\r\n\r\na\n.\nMAIL FROM:<x@y.de>\r\nb\r\n.\nc\r\n..\r\n.\r\nQUIT\r\n";
    talk(&catcher, smuggled).await;
    let page = catcher.list(1, "").await;
    assert_eq!(page.total, 1);
    let mail = catcher.get(&page.mails[0].id).await.unwrap();
    assert!(
        mail.raw.ends_with(b"Subject: one\r\n\r\na\n.\nMAIL FROM:<x@y.de>\r\nb\r\n\nc\r\n.\r\n"),
        "{:?}",
        String::from_utf8(mail.raw)
    );
}
