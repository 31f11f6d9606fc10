//! What is said about a mail when a mail server behaves well, badly, or dies at the wrong moment.

mod workshop;

use channels::{Security, SmtpConfig, SmtpCourier};
use kernel::{
    Clock, Locale,
    mail::{Courier, Handover, RefusalClass},
};
use std::net::SocketAddr;
use workshop::{Act, MORNING, Scripted, Sink, batch, composed, outgoing};

fn to(address: SocketAddr) -> SmtpConfig {
    SmtpConfig {
        host: address.ip().to_string(),
        port: address.port(),
        security: Security::None,
        command_timeout_seconds: 1,
        data_timeout_seconds: 1,
        connect_timeout_seconds: 5,
        ..SmtpConfig::default()
    }
}

fn courier(address: SocketAddr) -> SmtpCourier {
    SmtpCourier::new(to(address), Clock::standing(MORNING)).unwrap()
}

/// One letter each: accepted, deferred, refused, in doubt.
fn letters(handovers: &[(kernel::MessageId, Handover)]) -> String {
    let letter = |handover: &Handover| match handover {
        Handover::Accepted { .. } => 'a',
        Handover::Deferred { .. } => 'd',
        Handover::Refused { .. } => 'r',
        Handover::InDoubt { .. } => '?',
    };
    handovers.iter().map(|(_, handover)| letter(handover)).collect()
}

#[tokio::test]
async fn a_good_server_takes_every_mail_with_and_without_pipelining() {
    for arguments in [&[][..], &["-p"][..]] {
        let sink = Sink::start(arguments).await;
        let courier = courier(sink.address);
        courier.check().await.unwrap();
        let handovers = courier.hand_over(batch(25)).await;
        assert_eq!(letters(&handovers), "a".repeat(25));
        let again = courier.hand_over(batch(25)).await;
        assert_eq!(letters(&again), "a".repeat(25));
        let ids: Vec<i64> = again.iter().map(|(id, _)| id.0).collect();
        assert_eq!(ids, (1..=25).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_arrives_is_what_was_composed() {
    let folder = tempfile::tempdir().unwrap();
    let mut permissions = std::fs::metadata(folder.path()).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o777);
    std::fs::set_permissions(folder.path(), permissions).unwrap();
    let sink = Sink::start(&["-d", &format!("{}/%M.", folder.path().display())]).await;
    let courier = courier(sink.address);
    let mails: Vec<_> =
        courier.compose((1..=20).map(outgoing).collect()).await.into_iter().map(Result::unwrap).collect();
    let raws: Vec<String> =
        mails.iter().map(|mail| String::from_utf8(mail.raw.clone()).unwrap().replace("\r\n", "\n")).collect();
    assert_eq!(letters(&courier.hand_over(mails).await), "a".repeat(20));
    let mut arrived = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        arrived.push(std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
    assert_eq!(arrived.len(), 20);
    for raw in raws {
        assert!(arrived.iter().any(|mail| mail.contains(&raw)), "not arrived as it was composed: {raw}");
    }
}

#[tokio::test]
async fn a_soft_no_is_deferred_and_a_hard_no_is_refused_with_its_words() {
    let soft = Sink::start(&["-r", "RCPT", "-b", "450 4.7.1 Greylisted, come back"]).await;
    let handovers = courier(soft.address).hand_over(batch(3)).await;
    assert_eq!(letters(&handovers), "ddd");
    assert_eq!(handovers[2].1, Handover::Deferred { code: 450, reply: "4.7.1 Greylisted, come back".into() });

    let hard = Sink::start(&["-f", "RCPT", "-B", "550 5.1.1 User unknown"]).await;
    let handovers = courier(hard.address).hand_over(batch(3)).await;
    assert_eq!(letters(&handovers), "rrr");
    let reply = "5.1.1 User unknown".to_owned();
    assert_eq!(handovers[0].1, Handover::Refused { code: 550, class: RefusalClass::Address, reply });

    for command in ["MAIL", "DATA", "."] {
        let hard = Sink::start(&["-f", command]).await;
        assert_eq!(letters(&courier(hard.address).hand_over(batch(3)).await), "rrr", "{command}");
        let soft = Sink::start(&["-r", command]).await;
        assert_eq!(letters(&courier(soft.address).hand_over(batch(3)).await), "ddd", "{command}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_before_the_body_has_taken_nothing() {
    for arguments in [["-q", "DATA"], ["-q", "RCPT"], ["-q", "MAIL"], ["-q", "EHLO"], ["-q", "CONNECT"]] {
        let sink = Sink::start(&arguments).await;
        assert_eq!(letters(&courier(sink.address).hand_over(batch(4)).await), "dddd", "{arguments:?}");
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let handovers = courier(nobody).hand_over(batch(2)).await;
    assert_eq!(letters(&handovers), "dd");
    let trouble = courier(nobody).check().await.unwrap_err();
    assert_eq!(trouble.key, "mail-server-unreachable");
    assert!(trouble.say(Locale::De).contains(&nobody.port().to_string()));
}

#[tokio::test]
async fn a_slow_server_is_waited_for_and_a_silent_one_is_not() {
    let slow = Sink::start(&["-w", "1"]).await;
    let mut patient = to(slow.address);
    patient.command_timeout_seconds = 20;
    patient.data_timeout_seconds = 20;
    let courier_with_time = SmtpCourier::new(patient, Clock::System).unwrap();
    assert_eq!(letters(&courier_with_time.hand_over(batch(2)).await), "aa");
    let silent = Scripted::start(true, &[("RCPT", Act::Sulk)]).await;
    assert_eq!(letters(&courier(silent.address).hand_over(batch(2)).await), "dd");
    let silent = Scripted::start(true, &[("greeting", Act::Sulk)]).await;
    assert_eq!(courier(silent.address).check().await.unwrap_err().key, "mail-server-unreachable");
}

#[tokio::test]
async fn only_a_mail_whose_end_was_sent_and_never_answered_is_in_doubt() {
    for pipelining in [true, false] {
        for act in [Act::HangUp, Act::Sulk] {
            let server = Scripted::start(pipelining, &[("body#2", act.clone())]).await;
            let handovers = courier(server.address).hand_over(batch(4)).await;
            assert_eq!(letters(&handovers), "a?dd", "{pipelining} {act:?}");
        }
        let server = Scripted::start(pipelining, &[("body", Act::Say("451 4.3.0 try later"))]).await;
        assert_eq!(letters(&courier(server.address).hand_over(batch(3)).await), "ddd");
        let server = Scripted::start(pipelining, &[("body#2", Act::Say("554 5.7.1 looks like spam"))]).await;
        let handovers = courier(server.address).hand_over(batch(3)).await;
        assert_eq!(letters(&handovers), "ara");
        assert!(matches!(handovers[1].1, Handover::Refused { class: RefusalClass::Policy, .. }));
        let server = Scripted::start(pipelining, &[("body#1", Act::Say("nonsense"))]).await;
        assert_eq!(letters(&courier(server.address).hand_over(batch(2)).await), "?d");
    }
}

#[tokio::test]
async fn a_server_that_dies_inside_a_body_has_not_taken_it() {
    let server = Scripted::start(true, &[("inside", Act::HangUp)]).await;
    let mut big = composed(1);
    big.raw = format!("Subject: x\r\n\r\n{}", "Das Meer ist weit.\r\n".repeat(2_000_000)).into_bytes();
    assert_eq!(letters(&courier(server.address).hand_over(vec![big, composed(2)]).await), "dd");
}

#[tokio::test]
async fn one_refused_recipient_does_not_spoil_the_others() {
    for pipelining in [true, false] {
        let no = Act::Say("550 5.1.1 who?");
        let server =
            Scripted::start(pipelining, &[("RCPT#2", no.clone()), ("DATA#2", Act::Say("503 no recipients"))]).await;
        assert_eq!(letters(&courier(server.address).hand_over(batch(4)).await), "araa", "{pipelining}");
    }
    // A server may ask for the body although it refused the recipient; it gets an empty one.
    let server = Scripted::start(true, &[("RCPT#2", Act::Say("450 4.2.2 full"))]).await;
    assert_eq!(letters(&courier(server.address).hand_over(batch(4)).await), "adaa");
}

#[tokio::test]
async fn a_server_with_a_limit_per_conversation_is_called_once_more() {
    let goodbye = Act::Say("421 4.7.0 too many messages in this connection");
    let server = Scripted::start(true, &[("MAIL#3", goodbye.clone())]).await;
    assert_eq!(letters(&courier(server.address).hand_over(batch(6)).await), "aaaadd");
    let server = Scripted::start(true, &[("MAIL#1", goodbye)]).await;
    let handovers = courier(server.address).hand_over(batch(2)).await;
    assert!(
        handovers.iter().all(|(_, handover)| matches!(handover, Handover::Deferred { code: 421, .. })),
        "{handovers:?}"
    );
}

#[tokio::test]
async fn a_kept_line_the_server_has_left_costs_no_mail() {
    let server = Scripted::start(true, &[("MAIL#3", Act::HangUp)]).await;
    let courier = courier(server.address);
    assert_eq!(letters(&courier.hand_over(batch(2)).await), "aa");
    assert_eq!(letters(&courier.hand_over(batch(2)).await), "aa");
}

#[tokio::test]
async fn a_batch_that_takes_too_long_is_left_in_time() {
    let sink = Sink::start(&[]).await;
    let config = SmtpConfig { batch_timeout_seconds: 0, ..to(sink.address) };
    let courier = SmtpCourier::new(config, Clock::System).unwrap();
    assert_eq!(letters(&courier.hand_over(batch(3)).await), "ddd");
}

#[tokio::test]
async fn a_smuggled_end_of_data_never_reaches_a_server() {
    let sink = Sink::start(&[]).await;
    let mut evil = composed(2);
    evil.raw = b"Subject: x\r\n\r\nHallo\n.\nMAIL FROM:<a@b.de>\r\n".to_vec();
    let mut forged = composed(3);
    forged.return_path = "a@b.de>\r\nRCPT TO:<x@y.de".into();
    let handovers = courier(sink.address).hand_over(vec![composed(1), evil, forged, composed(4)]).await;
    assert_eq!(letters(&handovers), "arra");
}

#[tokio::test]
async fn two_batches_do_not_share_a_line() {
    let sink = Sink::start(&[]).await;
    let courier = courier(sink.address);
    let (left, right) = tokio::join!(courier.hand_over(batch(40)), courier.hand_over(batch(40)));
    assert_eq!((letters(&left), letters(&right)), ("a".repeat(40), "a".repeat(40)));
}
