//! Measures the machines of mail, one figure a line: `mailroom measure [HOST:PORT of an SMTP server [DKIM key]]`.
//!
//! Also stands for the product's binary where a render worker is needed: `mailroom render-worker`.

use channels::{Catcher, DkimConfig, RenderPool, Security, SmtpConfig, SmtpCourier};
use futures::{StreamExt, stream};
use kernel::{
    Clock, EmailAddress, MessageId,
    mail::{CaughtMails, Courier, Handover, MailTemplate, OutgoingMail, RenderedMail, Renderer},
};
use std::{net::SocketAddr, process::ExitCode, time::Instant};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("render-worker") => channels::render::worker_main(),
        Some("measure") => {
            let server = arguments.get(2).map(|address| address.parse().expect("HOST:PORT"));
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            let key = arguments.get(3).map(|path| std::fs::read_to_string(path).expect("a key"));
            runtime.block_on(measure(server, key));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("mailroom measure [HOST:PORT [KEY.PEM]] | mailroom render-worker");
            ExitCode::FAILURE
        }
    }
}

fn mail(number: i64) -> OutgoingMail {
    let address = |text: &str| EmailAddress::parse(text).expect("an address");
    OutgoingMail {
        message: MessageId(number),
        return_path: "bounce@reisen.example".into(),
        from_name: "Möwe Reisen".into(),
        from: address("news@reisen.example"),
        reply_to: None,
        to_name: "Jürgen Groß".into(),
        to: address("j.gross@kunde.example"),
        message_id: format!("c1.{number}@reisen.example"),
        content: RenderedMail {
            subject: "Schöne Grüße von der Nordsee".into(),
            html: "<p class=\"a\">Über das weite Meer fahren wir</p>\n".repeat(85),
            text: "Über das weite Meer fahren wir\n".repeat(35),
        },
        headers: [("List-Unsubscribe".to_owned(), "<https://crm.example/u/abc>".to_owned())].into(),
    }
}

fn courier(address: SocketAddr, connections: usize) -> SmtpCourier {
    let (host, port) = (address.ip().to_string(), address.port());
    let config = SmtpConfig { host, port, security: Security::None, connections, ..SmtpConfig::default() };
    SmtpCourier::new(config, Clock::System).expect("a courier")
}

fn rate(what: &str, count: usize, begun: Instant) {
    println!("{what}: {:.0}/s", count as f64 / begun.elapsed().as_secs_f64());
}

async fn measure(server: Option<SocketAddr>, key: Option<String>) {
    let folder = std::env::temp_dir().join(format!("mailroom-{}", std::process::id()));
    let local = ([127, 0, 0, 1], 0).into();
    let catcher = Catcher::start(local, folder.clone(), 5_000, Clock::System).await.expect("a catcher");

    let composer = courier(catcher.address(), 1);
    let begun = Instant::now();
    let composed = composer.compose((0..20_000).map(mail).collect()).await;
    rate("composed, all cores", composed.len(), begun);
    let composed: Vec<_> = composed.into_iter().map(|mail| mail.expect("composed")).collect();
    println!("one mail: {} bytes", composed[0].raw.len());

    if let Some(private_key) = key {
        let dkim = Some(DkimConfig { domain: "reisen.example".into(), selector: "k1".into(), private_key });
        let signing = SmtpCourier::new(SmtpConfig { dkim, ..SmtpConfig::default() }, Clock::System).expect("a courier");
        let begun = Instant::now();
        let signed = signing.compose((0..5_000).map(mail).collect()).await;
        rate("composed and signed, all cores", signed.len(), begun);
    }

    for (name, address) in [("catcher", Some(catcher.address())), ("server", server)] {
        let Some(address) = address else { continue };
        for connections in [1, 4] {
            let courier = courier(address, connections);
            let begun = Instant::now();
            let offers = composed.chunks(50).map(|batch| courier.hand_over(batch.to_vec()));
            let handovers: Vec<_> = stream::iter(offers).buffer_unordered(connections).collect().await;
            let taken = |(_, handover): &&(MessageId, Handover)| matches!(handover, Handover::Accepted { .. });
            let accepted = handovers.iter().flatten().filter(taken).count();
            rate(&format!("{name}, {connections} connections, {accepted} accepted"), accepted, begun);
        }
    }

    let worker = std::env::current_exe().expect("this program");
    let pool = RenderPool::new(worker, vec!["render-worker".into()], 1);
    let line = "<p>Über das weite Meer fahren wir mit {{ contact.first_name }}</p>\n";
    let template = MailTemplate {
        subject: "Grüße an {{ contact.first_name }}".into(),
        html: line.repeat(60) + "{% for o in orders %}<li>{{ o }}</li>{% endfor %}",
        text: "Hallo {{ contact.first_name|default('Sie') }}\n".repeat(20),
    };
    let person = serde_json::json!({"contact": {"first_name": "Jürgen"}, "orders": [1, 2, 3]});
    let people = vec![person; 20_000];
    let begun = Instant::now();
    let mails = pool.render(&template, people).await.expect("rendered");
    rate("rendered by one worker", mails.len(), begun);
    drop(catcher);
    std::fs::remove_dir_all(folder).expect("the folder goes");
}
