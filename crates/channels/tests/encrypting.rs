//! Encryption and login: nothing is sent in the clear that should not be, nobody is believed without a certificate.

mod workshop;

use channels::{Security, SmtpConfig, SmtpCourier};
use kernel::{
    Clock, Locale,
    mail::{Courier, Handover},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{path::PathBuf, process::Command, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use workshop::{batch, program};

struct Certificate {
    folder: tempfile::TempDir,
}

impl Certificate {
    /// For `localhost`, signed by itself.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let output = Command::new(program("openssl", "Debian's package openssl"))
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", &path("key.pem"), "-out", &path("cert.pem")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn acceptor(&self) -> TlsAcceptor {
        let certificate = CertificateDer::from_pem_file(self.path()).unwrap();
        let key = PrivateKeyDer::from_pem_file(self.folder.path().join("key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

#[derive(Clone, Copy)]
struct Manners {
    encrypted_first: bool,
    starttls: bool,
    mechanisms: &'static str,
    /// Words put in before encryption begins.
    injected: bool,
}

/// A server that takes mail from `ada` with the password `geheim` only.
async fn server(certificate: &Certificate, manners: Manners) -> u16 {
    let listener = TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = certificate.acceptor();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move { greet(stream, acceptor, manners).await });
        }
    });
    port
}

async fn greet(stream: TcpStream, acceptor: TlsAcceptor, manners: Manners) -> Option<()> {
    if manners.encrypted_first {
        let mut stream = BufReader::new(acceptor.accept(stream).await.ok()?);
        stream.write_all(b"220 hello\r\n").await.ok()?;
        return serve(&mut stream, manners, true).await;
    }
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 hello\r\n").await.ok()?;
    serve(&mut stream, manners, false).await?;
    let mut stream = BufReader::new(acceptor.accept(stream.into_inner()).await.ok()?);
    serve(&mut stream, manners, true).await
}

/// `Some` after STARTTLS.
async fn serve(
    stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    manners: Manners,
    encrypted: bool,
) -> Option<()> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut known = false;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let answer = match words[0] {
            "EHLO" => {
                let starttls = if manners.starttls && !encrypted { "250-STARTTLS\r\n" } else { "" };
                format!("250-x\r\n{starttls}250-AUTH {}\r\n250 PIPELINING", manners.mechanisms)
            }
            "STARTTLS" => {
                let injected: &[u8] = if manners.injected { b"250 injected\r\n" } else { b"" };
                stream.write_all(&[b"220 go\r\n", injected].concat()).await.ok()?;
                return Some(());
            }
            "AUTH" if words[1] == "PLAIN" => {
                known = STANDARD.decode(words[2]).ok()? == b"\0ada\0geheim";
                if known { "235 welcome".into() } else { "535 5.7.8 no".to_owned() }
            }
            "AUTH" => {
                let mut said = Vec::new();
                for question in ["334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n"] {
                    stream.write_all(question.as_bytes()).await.ok()?;
                    line.clear();
                    stream.read_line(&mut line).await.ok()?;
                    said.push(STANDARD.decode(line.trim()).ok()?);
                }
                known = said == [b"ada".to_vec(), b"geheim".to_vec()];
                if known { "235 welcome".into() } else { "535 5.7.8 no".to_owned() }
            }
            "MAIL" | "RCPT" | "DATA" if !known || !encrypted => "530 5.7.0 not you".into(),
            "DATA" => {
                stream.write_all(b"354 go\r\n").await.ok()?;
                while line != ".\r\n" {
                    line.clear();
                    stream.read_line(&mut line).await.ok()?;
                }
                "250 taken".into()
            }
            _ => "250 ok".into(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

fn courier(port: u16, security: Security, ca_file: Option<PathBuf>, password: &str) -> SmtpCourier {
    let (user, password) = (Some("ada".to_owned()), Some(password.to_owned()));
    let host = "localhost".to_owned();
    let config = SmtpConfig { host, port, security, user, password, ca_file, ..SmtpConfig::default() };
    SmtpCourier::new(config, Clock::System).unwrap()
}

const POLITE: Manners = Manners { encrypted_first: false, starttls: true, mechanisms: "PLAIN LOGIN", injected: false };

#[tokio::test]
async fn mail_travels_encrypted_and_logged_in() {
    let certificate = Certificate::new();
    for (manners, security) in [
        (POLITE, Security::StartTls),
        (Manners { mechanisms: "LOGIN", ..POLITE }, Security::StartTls),
        (Manners { encrypted_first: true, ..POLITE }, Security::Tls),
    ] {
        let port = server(&certificate, manners).await;
        let courier = courier(port, security, Some(certificate.path()), "geheim");
        courier.check().await.unwrap();
        let handovers = courier.hand_over(batch(30)).await;
        assert!(handovers.iter().all(|(_, handover)| matches!(handover, Handover::Accepted { .. })), "{handovers:?}");
    }
}

#[tokio::test]
async fn a_stranger_s_certificate_is_not_believed() {
    let certificate = Certificate::new();
    for (manners, security) in
        [(POLITE, Security::StartTls), (Manners { encrypted_first: true, ..POLITE }, Security::Tls)]
    {
        let courier = courier(server(&certificate, manners).await, security, None, "geheim");
        assert_eq!(courier.check().await.unwrap_err().key, "mail-server-unreachable");
        let handovers = courier.hand_over(batch(1)).await;
        assert!(matches!(handovers[0].1, Handover::Deferred { .. }));
    }
}

#[tokio::test]
async fn without_encryption_nothing_is_sent_and_the_reason_is_said() {
    let certificate = Certificate::new();
    let check = async |manners: Manners, password: &str| {
        let port = server(&certificate, manners).await;
        courier(port, Security::StartTls, Some(certificate.path()), password).check().await.unwrap_err()
    };
    let trouble = check(Manners { starttls: false, ..POLITE }, "geheim").await;
    assert_eq!(trouble.key, "mail-server-no-starttls");
    assert!(trouble.say(Locale::De).contains("localhost"));
    assert_eq!(check(Manners { injected: true, ..POLITE }, "geheim").await.key, "mail-server-unreachable");
    assert_eq!(check(POLITE, "falsch").await.key, "mail-server-auth-refused");
    assert_eq!(check(Manners { mechanisms: "GSSAPI", ..POLITE }, "geheim").await.key, "mail-server-no-auth");
}
