//! Mail as it arrives: through a real Postfix, encrypted on the way, into Maildirs, read there by programs of others.

use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use testkit::{api::Api, postfix::Postfix, python::python};

const PEOPLE: usize = 20;
const DOMAIN: &str = "kunden.example";
const SUBJECT: &str =
    "{{ contact.first_name }}, Grüße von der Ägäis – jetzt 20 % günstiger, auch für Ihre ganze Familie";
const BODY: &str = "{{ contact.salutation_line }}\n\nFrom hier bis zum Ende steht nichts Besonderes.\n\n.\n..\n\n\
                    [[Zum Angebot](https://shop.example/kreta?a=1&b=2)]";

/// Reads mails between NULs and says, as JSON, what Python's e-mail package and dkimpy make of each.
const READ: &str = r#"
import email, json, sys, dkim
from email import policy
key = PUBLIC_KEY
def verified(raw):
    return dkim.DKIM(raw).verify(dnsfunc=lambda name, timeout=5: key if name.startswith(b"k1._domainkey.almara.example") else None)
out = []
for raw in sys.stdin.buffer.read().split(b"\0"):
    m = email.message_from_bytes(raw, policy=policy.default)
    parts = list(m.iter_parts())
    forged = raw.replace(b"List-Unsubscribe: <http", b"List-Unsubscribe: <hxxp")
    assert forged != raw
    out.append({
        "return_path": str(m["Return-Path"]), "delivered_to": str(m["Delivered-To"]), "to": str(m["To"]),
        "from": str(m["From"]), "subject": str(m["Subject"]), "received": str(m["Received"]),
        "message_id": str(m["Message-ID"]), "one_click": str(m["List-Unsubscribe-Post"]),
        "types": [m.get_content_type()] + [p.get_content_type() for p in parts],
        "text": parts[0].get_content(), "html": parts[1].get_content(),
        "defects": [str(d) for p in m.walk() for d in p.defects] + [str(d) for h in m.values() for d in getattr(h, "defects", [])],
        "signed": verified(raw), "forged_is_believed": verified(forged),
    })
print(json.dumps(out))
"#;

/// Makes a key; its public half as DNS would publish it.
fn key(file: &Path) -> String {
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).output().expect("openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let path = file.to_str().expect("a plain path");
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path]);
    let public = openssl(&["pkey", "-in", path, "-pubout"]);
    public.lines().filter(|line| !line.starts_with('-')).collect()
}

fn people() -> Vec<u8> {
    let mut file = "Kundennr;Anrede;Vorname;Nachname;E-Mail;Einwilligung E-Mail\n".to_owned();
    for n in 0..PEOPLE {
        file += &format!("{n};Frau;Jördis;Groß-Müller, die {n}.;p{n}@{DOMAIN};ja\n");
    }
    file.into_bytes()
}

/// Sends a campaign to everybody and waits for its end; its id.
async fn send(api: &Api) -> i64 {
    assert_eq!(api.import("contacts", "people.csv", &people()).await["created"], PEOPLE);
    let definition = json!({ "field": "consent.email.marketing", "op": "eq", "value": true });
    let segment = api.post("segments", json!({ "name": "Alle", "definition": { "all": [definition] } })).await;
    let wish = json!({
        "name": "Herbst", "goal": "information", "channel": "email", "segment": segment["id"], "subject": SUBJECT,
        "body": BODY, "from_name": "Möwe Reisen",
    });
    let campaign = api.post("campaigns", wish).await["id"].as_i64().expect("an id");
    api.post(&format!("campaigns/{campaign}/approve"), json!({})).await;
    api.post(&format!("campaigns/{campaign}/launch"), json!({})).await;
    api.until(&format!("campaigns/{campaign}"), |campaign| campaign["state"] == "finished").await;
    campaign
}

#[tokio::test(flavor = "multi_thread")]
async fn what_postfix_delivers_is_whole_signed_and_there_once_and_a_refused_address_is_not_written_to_again() {
    let names: Vec<String> = (0..PEOPLE).map(|n| format!("p{n}")).collect();
    // The last one has no mailbox any more.
    let mailboxes: Vec<&str> = names[..PEOPLE - 1].iter().map(String::as_str).collect();
    let postfix = Postfix::receiving(DOMAIN, &mailboxes).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key_file = folder.path().join("dkim.pem");
    let public = key(&key_file);
    let (port, certificate) = (postfix.port().to_string(), postfix.certificate());
    let settings = [
        ("KUNDENKREIS_SMTP_HOST", "127.0.0.1"),
        ("KUNDENKREIS_SMTP_PORT", port.as_str()),
        ("KUNDENKREIS_SMTP_SECURITY", "starttls"),
        ("KUNDENKREIS_SMTP_CA_FILE", certificate.to_str().expect("a plain path")),
        ("KUNDENKREIS_MAIL_SENDER_ADDRESS", "reisen@almara.example"),
        ("KUNDENKREIS_MAIL_DKIM_DOMAIN", "almara.example"),
        ("KUNDENKREIS_MAIL_DKIM_SELECTOR", "k1"),
        ("KUNDENKREIS_MAIL_DKIM_KEY_FILE", key_file.to_str().expect("a plain path")),
    ];
    let api = Api::start(&settings).await;
    let campaign = send(&api).await;

    let failed = api.get(&format!("campaigns/{campaign}/messages?state=failed")).await;
    let failed = failed["items"].as_array().expect("messages");
    assert_eq!(failed.len(), 1, "{failed:?}");
    let gone = format!("p{}@{DOMAIN}", PEOPLE - 1);
    assert_eq!((&failed[0]["address"], &failed[0]["reason"]), (&json!(gone), &json!("refused_address")));
    let reply = failed[0]["reply"].as_str().expect("a reply");
    assert!(reply.starts_with("5.1.1") && reply.contains("User unknown"), "{reply}");

    let sent = api.get(&format!("campaigns/{campaign}/messages?state=sent&limit=200")).await;
    let sent: HashMap<String, i64> = sent["items"].as_array().expect("messages").iter().map(of_ledger).collect();
    assert_eq!(sent.len(), PEOPLE - 1);
    let mails = delivered(&postfix, &mailboxes).await;
    let script = READ.replace("PUBLIC_KEY", &format!("b'v=DKIM1; k=rsa; p={public}'"));
    let read: Vec<Value> = serde_json::from_str(&python(&script, &mails.join(&b"\0"[..]))).expect("JSON");
    let mut seen = HashSet::new();
    for mail in &read {
        let address = mail["delivered_to"].as_str().expect("an address");
        assert!(seen.insert(address), "{address} got two");
        let message = sent[address];
        let path = mail["return_path"].as_str().expect("a return path").trim_matches(['<', '>']);
        let seal =
            path.strip_prefix(&format!("bounce+{campaign}-{message}-")).and_then(|s| s.strip_suffix("@almara.example"));
        assert!(seal.is_some_and(|seal| seal.len() == 10), "{path} is not the return path of message {message}");
        let letter = mail["message_id"].as_str().expect("a Message-ID");
        assert!(letter.starts_with(&format!("<c{campaign}.{message}.")), "{letter}");
        assert!(mail["received"].as_str().is_some_and(|by| by.contains("with ESMTPS")), "{mail}");
        assert_eq!((&mail["signed"], &mail["forged_is_believed"]), (&json!(true), &json!(false)), "{mail}");
        assert_eq!(mail["defects"], json!([]), "{mail}");
        assert_eq!(mail["types"], json!(["multipart/alternative", "text/plain", "text/html"]));
        assert_eq!(mail["from"], "Möwe Reisen <reisen@almara.example>");
        let number = address.trim_start_matches('p').split('@').next().expect("a number");
        assert_eq!(mail["to"], format!("\"Jördis Groß-Müller, die {number}.\" <{address}>"));
        assert_eq!(mail["subject"], SUBJECT.replace("{{ contact.first_name }}", "Jördis"));
        assert_eq!(mail["one_click"], "List-Unsubscribe=One-Click");
        for part in ["text", "html"] {
            let text = mail[part].as_str().expect("text");
            assert!(text.contains("From hier bis zum Ende") && text.contains("/c/"), "{text}");
        }
        let lines: Vec<&str> = mail["text"].as_str().expect("text").lines().collect();
        assert!(lines.contains(&".") && lines.contains(&".."), "{lines:?}");
    }
    assert_eq!(seen.len(), PEOPLE - 1);

    // Whom Postfix does not know is left out of the next campaign before anything is sent.
    let second = send_again(&api).await;
    let ready = api.get(&format!("campaigns/{second}/pre-flight")).await;
    assert_eq!((&ready["waterfall"]["suppressed"], &ready["recipients"]), (&json!(1), &json!(PEOPLE - 1)), "{ready}");
}

async fn send_again(api: &Api) -> i64 {
    let wish = json!({
        "name": "Winter", "goal": "information", "channel": "email", "segment": 1, "subject": "Winter", "body": "Schnee.",
    });
    api.post("campaigns", wish).await["id"].as_i64().expect("an id")
}

/// Address and id of a message in the ledger.
fn of_ledger(message: &Value) -> (String, i64) {
    (message["address"].as_str().expect("an address").to_owned(), message["id"].as_i64().expect("an id"))
}

/// What lies in all mailboxes, once each of them has something: Postfix takes a mail first and delivers it then.
async fn delivered(postfix: &Postfix, mailboxes: &[&str]) -> Vec<Vec<u8>> {
    let since = Instant::now();
    loop {
        let found: Vec<Vec<Vec<u8>>> = mailboxes.iter().map(|mailbox| postfix.mails(mailbox)).collect();
        if found.iter().all(|mails| !mails.is_empty()) {
            return found.into_iter().flatten().collect();
        }
        assert!(since.elapsed() < Duration::from_secs(60), "not everything was delivered:\n{}", postfix.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
