//! Erasing somebody on the running product: afterwards no byte of the data folder and of the log tells of them, and they do not
//! come back with the next import.

use serde_json::json;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use testkit::{api::Api, person::Person};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const FILE: &str = "Kundennr;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Geburtsdatum;Einwilligung E-Mail\n";
const THOMAS: &str =
    "K-4711-X;Thomas;Engel;t.engel@post.example;+49 40 5557771;Himmelsleiter 77;20095;Hamburg;04.03.1971;ja\n";
const TRACES: [&str; 7] =
    ["k-4711-x", "t.engel@post", "t.engel%40post", "5557771", "himmelsleiter 77", "thomas engel", "engel;thomas"];

fn file(rows: &str) -> Vec<u8> {
    let mut file = format!("{FILE}{rows}");
    for n in 0..300 {
        file += &format!("{n:05};Anna {n};Berg{n};a{n}@mail.example;0{n};Weg {n};10115;Berlin;01.02.1980;ja\n");
    }
    // A row that is rejected is kept as it stood.
    file += "K-4711-X;Thomas;Engel;keine-adresse;;;;;;\n";
    file.into_bytes()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the data folder").flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Files in which the person stands, with what stands there.
fn traces(data: &Path) -> Vec<String> {
    let mut all = vec![data.with_extension("log")];
    files(data, &mut all);
    let mut found = Vec::new();
    for path in all {
        let bytes = fs::read(&path).unwrap_or_default().to_ascii_lowercase();
        for trace in TRACES {
            let at = bytes.windows(trace.len()).position(|window| window == trace.as_bytes());
            if let Some(at) = at {
                let around = &bytes[at.saturating_sub(60)..(at + 80).min(bytes.len())];
                found.push(format!("{}: {trace}: {}", path.display(), String::from_utf8_lossy(around)));
            }
        }
    }
    found
}

/// A mail as a program hands it over.
async fn mail(port: u16, to: &str, text: &str) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the catcher listens");
    let told = format!("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n{text}\r\n.\r\nQUIT\r\n");
    for line in told.split_inclusive("\r\n") {
        stream.write_all(line.as_bytes()).await.expect("written");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    assert!(answer.contains("221"), "{answer}");
}

async fn live(api: &Api, port: u16) -> i64 {
    let run = api.import("contacts", "kunden.csv", &file(THOMAS)).await;
    assert_eq!(run["rejected"], 1, "{run}");
    let found = api.get("contacts/by-number/K-4711-X").await;
    let id = found["id"].as_i64().expect("an id");
    // Twice, so that pages of the database hold what was written before.
    for turn in 0..5 {
        let version = api.get(&format!("contacts/{id}")).await["version"].clone();
        let patch = json!({ "version": version, "city": format!("Hamburg {turn}"), "source": "Thomas Engel sagt es" });
        let body = patch.to_string();
        api.call("PATCH", &format!("contacts/{id}"), "application/json", body.as_bytes()).await;
    }
    let event = |n: usize| {
        json!({ "id": format!("e{n}"), "kind": "call_in", "contact_number": "K-4711-X",
            "subject": format!("Thomas Engel ruft an, {n}. Mal"), "props": { "mail": "t.engel@post.example" },
            "occurred_at": "2026-06-01T10:00:00Z" })
    };
    api.post("interactions", json!((0..200).map(event).collect::<Vec<_>>())).await;
    let other = json!({ "id": "o", "kind": "call_in", "contact_number": "00007", "subject": "Freund von Thomas Engel",
        "occurred_at": "2026-06-02T10:00:00Z" });
    api.post("interactions", json!([other])).await;
    mail(port, "t.engel@post.example", "Subject: Hallo\r\nTo: Thomas Engel <t.engel@post.example>\r\n\r\nGuten Tag")
        .await;
    mail(port, "x@y.example", "Subject: Bericht\r\n\r\nGuten Tag Anna Berg").await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn no_byte_of_the_data_folder_tells_of_somebody_erased() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
    let listen = format!("127.0.0.1:{port}");
    let settings = [
        ("KUNDENKREIS_CATCHER_LISTEN", listen.as_str()),
        ("KUNDENKREIS_KNOWLEDGE_WRITE_AFTER_SECONDS", "0.2"),
        ("RUST_LOG", "debug"),
    ];
    let mut api = Api::start(&settings).await;
    let id = live(&api, port).await;
    assert!(traces(api.product.data()).len() > 6, "there is something to be found");

    let roles = ["data_protection_officer"];
    let petra = Person::hired(&api.product, "petra@almara.example", "Petra Sommer", &roles).await;
    petra.goto(&format!("/verwaltung/datenschutz/person/{id}")).await;
    let began = Instant::now();
    petra.press("form[action$='/paket'] button", "a[href$='.zip']").await;
    println!("a package was ready after {:?}", began.elapsed());
    let began = Instant::now();
    petra.press("form[action$='/loeschen'] button", "form[action$='/zulassen']").await;
    petra.browser.wait_for("#stand:not([hx-trigger])").await;
    println!("erased after {:?}", began.elapsed());
    let found = traces(api.product.data());
    assert!(found.is_empty(), "{}", found.join("\n"));

    // The knowledgebase agrees with the truth.
    let verified = api.product.command(&["knowledge", "verify"]).output().await.expect("the program");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let caught = fs::read_dir(api.product.data().join("caught")).expect("a folder").count();
    assert_eq!(caught, 1, "the mail to somebody else stays");

    // The same file a second time brings nobody back.
    let run = api.import("contacts", "kunden.csv", &file(THOMAS)).await;
    assert_eq!(run["created"], 0, "{run}");
    assert_eq!(api.ask("GET", "contacts/by-number/K-4711-X", "application/json", b"").await.status, 404);
    let form = json!({ "first_name": "Tom", "email": "T.Engel@post.example" });
    let refused = api.try_post("contacts", &form).await;
    assert!(refused.status == 422 && refused.text().contains("verlangt"), "{}", refused.text());
    api.product.stop().await;
}
