//! Composed and signed mails, read by somebody else's software: Python's e-mail package and dkimpy.

mod workshop;

use channels::{DkimConfig, Security, SmtpConfig, SmtpCourier};
use kernel::{Clock, mail::Courier};
use std::process::Command;
use workshop::{MORNING, outgoing, program, python};

fn openssl(arguments: &[&str]) -> String {
    let output = Command::new(program("openssl", "Debian's package openssl")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn courier(dkim: Option<DkimConfig>) -> SmtpCourier {
    let config = SmtpConfig { security: Security::None, dkim, ..SmtpConfig::default() };
    SmtpCourier::new(config, Clock::standing(MORNING)).unwrap()
}

#[tokio::test]
async fn dkimpy_finds_the_signature_valid_and_every_header_that_matters_signed() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    let key_path = key.to_str().unwrap();
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key_path]);
    let public = openssl(&["pkey", "-in", key_path, "-pubout"]);
    let public: String = public.lines().filter(|line| !line.starts_with('-')).collect();
    let private_key = std::fs::read_to_string(&key).unwrap();
    let dkim = DkimConfig { domain: "reisen.example".into(), selector: "k1".into(), private_key };
    let mails = courier(Some(dkim)).compose((1..=10).map(outgoing).collect()).await;
    for mail in mails {
        let raw = mail.unwrap().raw;
        let script = format!(
            "import sys, dkim\n\
             raw = sys.stdin.buffer.read()\n\
             d = dkim.DKIM(raw)\n\
             print(d.verify(dnsfunc=lambda name, timeout=5: b'v=DKIM1; k=rsa; p={public}'))\n\
             import re\n\
             h = re.search(rb'h=([^;]*);', re.sub(rb'\\r\\n[ \\t]+', b'', raw)).group(1).decode().lower().replace(' ', '')\n\
             print(','.join(sorted(h.split(':'))))\n\
             forged = raw.replace(b'https://crm.example/u/abc', b'https://evil.example/u/a')\n\
             assert forged != raw\n\
             print(dkim.DKIM(forged).verify(dnsfunc=lambda name, timeout=5: b'v=DKIM1; k=rsa; p={public}'))\n"
        );
        let said = python("dkim", "dkimpy", &script, &raw);
        let said: Vec<&str> = said.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            said,
            [
                "True",
                "content-type,date,from,list-unsubscribe,list-unsubscribe-post,message-id,mime-version,reply-to,subject,to",
                "False"
            ]
        );
    }
}

#[tokio::test]
async fn python_reads_the_umlauts_the_parts_and_the_headers() {
    let mail = courier(None).compose(vec![outgoing(5)]).await.remove(0).unwrap();
    let script = "import sys, json, email\n\
        from email import policy\n\
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)\n\
        out = {k: str(m[k]) for k in ['From','To','Reply-To','Subject','Date','Message-ID','List-Unsubscribe','List-Unsubscribe-Post','Feedback-ID','MIME-Version']}\n\
        out['type'] = m.get_content_type()\n\
        out['parts'] = [(p.get_content_type(), p.get_content_charset(), p.get_content().replace('\\r\\n', '\\n')) for p in m.iter_parts()]\n\
        out['defects'] = [str(d) for p in m.walk() for d in p.defects] + [str(d) for h in m.values() for d in h.defects]\n\
        print(json.dumps(out))\n";
    let read: serde_json::Value = serde_json::from_str(&python("email", "python3", script, &mail.raw)).unwrap();
    let sent = outgoing(5);
    assert_eq!(read["From"], "Möwe Reisen <news@reisen.example>");
    assert_eq!(read["To"], "\"Jürgen Groß, Köln\" <kunde5@kunden.example>");
    assert_eq!(read["Reply-To"], "service@reisen.example");
    assert_eq!(read["Subject"], sent.content.subject);
    assert_eq!(read["Date"], "Sun, 22 Nov 2026 10:00:00 +0000");
    assert_eq!(read["Message-ID"], "<c7.5.0123abcd@reisen.example>");
    assert_eq!(read["List-Unsubscribe"], "<https://crm.example/u/abc>");
    assert_eq!(read["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
    assert_eq!(read["Feedback-ID"], "7:news:kundenkreis");
    assert_eq!(read["MIME-Version"], "1.0");
    assert_eq!(read["type"], "multipart/alternative");
    assert_eq!(read["defects"], serde_json::json!([]));
    assert_eq!(read["parts"][0][0], "text/plain");
    assert_eq!(read["parts"][1][0], "text/html");
    assert_eq!(read["parts"][0][1], "utf-8");
    assert_eq!(read["parts"][0][2].as_str().unwrap().trim_end(), sent.content.text.trim_end());
    assert_eq!(read["parts"][1][2].as_str().unwrap().trim_end(), sent.content.html.trim_end());
}

#[test]
fn a_key_that_is_none_is_refused_with_a_sentence() {
    let dkim = DkimConfig { domain: "a.de".into(), selector: "s".into(), private_key: "-----BEGIN nothing".into() };
    let config = SmtpConfig { dkim: Some(dkim), ..SmtpConfig::default() };
    let Err(trouble) = SmtpCourier::new(config, Clock::System) else { panic!("a key that is none was taken") };
    assert_eq!(trouble.key, "mail-dkim-key-unreadable");
}
