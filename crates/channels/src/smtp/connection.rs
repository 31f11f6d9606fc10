//! One conversation with a mail server: connect, greet, encrypt, log in; every wait has a time-out.
//!
//! TCP_NODELAY is set: without it Nagle and delayed acknowledgements cost about 45 ms a mail.

use super::{
    Security, SmtpConfig,
    reply::{self, Reply},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Sentence;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What the server offers in its EHLO.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Offers {
    pub pipelining: bool,
    pub size: bool,
    pub dsn: bool,
    starttls: bool,
    plain: bool,
    login: bool,
}

impl Offers {
    fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("SIZE") => offers.size = true,
                Some("DSN") => offers.dsn = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("AUTH") => {
                    for mechanism in words {
                        offers.plain |= mechanism == "PLAIN";
                        offers.login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        offers
    }
}

/// Why the server cannot be used now: for the log of the mail, and as a sentence for the administrator.
#[derive(Debug)]
pub(super) struct NoConnection {
    pub code: u16,
    pub reply: String,
    pub sentence: Sentence,
}

/// Why a conversation ended.
#[derive(Debug)]
pub(super) struct Broken(pub String);

pub(super) struct Connection {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    pub offers: Offers,
    pub used: Instant,
    patience: Duration,
}

/// The certificates servers are checked against: Mozilla's and those of an extra PEM file.
pub(super) fn tls(config: &SmtpConfig) -> Result<Arc<ClientConfig>, Sentence> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = &config.ca_file {
        let unreadable =
            |detail: String| Sentence::new("mail-ca-unreadable").with("file", file.display()).with("detail", detail);
        let certificates = CertificateDer::pem_file_iter(file).map_err(|trouble| unreadable(trouble.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|trouble| unreadable(trouble.to_string()))?;
            roots.add(certificate).map_err(|trouble| unreadable(trouble.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|trouble| Sentence::new("mail-not-composed").with("detail", trouble))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(client))
}

impl Connection {
    /// Ready for `MAIL FROM`.
    pub(super) async fn open(config: &SmtpConfig, tls: &Arc<ClientConfig>) -> Result<Self, NoConnection> {
        let at = |sentence: Sentence| sentence.with("host", &config.host).with("port", config.port);
        let unreachable = |detail: String| NoConnection {
            code: 0,
            sentence: at(Sentence::new("mail-server-unreachable")).with("detail", &detail),
            reply: detail,
        };
        let late = || NoConnection {
            code: 0,
            reply: "connecting timed out".into(),
            sentence: at(Sentence::new("mail-server-timeout")),
        };
        let patience = Duration::from_secs(config.connect_timeout_seconds);
        let tcp = timeout(patience, TcpStream::connect((config.host.as_str(), config.port)))
            .await
            .map_err(|_| late())?
            .map_err(|trouble| unreachable(trouble.to_string()))?;
        tcp.set_nodelay(true).map_err(|trouble| unreachable(trouble.to_string()))?;

        let mut connection = Self {
            stream: Box::new(tcp),
            unread: Vec::with_capacity(4096),
            offers: Offers::default(),
            used: Instant::now(),
            patience: Duration::from_secs(config.command_timeout_seconds),
        };
        if config.security == Security::Tls {
            connection =
                timeout(patience, connection.encrypt(config, tls)).await.map_err(|_| late())?.map_err(unreachable)?;
        }
        let broken = |Broken(detail)| unreachable(detail);
        let greeting = connection.reply().await.map_err(broken)?;
        refuse_unless(greeting.code == 220, config, &greeting)?;
        connection.greet(config).await?;
        if config.security == Security::StartTls {
            if !connection.offers.starttls {
                let sentence = at(Sentence::new("mail-server-no-starttls"));
                return Err(NoConnection { code: 0, reply: "no STARTTLS offered".into(), sentence });
            }
            let ready = connection.ask(b"STARTTLS\r\n").await.map_err(broken)?;
            refuse_unless(ready.code == 220, config, &ready)?;
            if !connection.unread.is_empty() {
                // Somebody in between put words into the server's mouth before encryption began (CVE-2011-0411).
                return Err(unreachable("the server spoke before encryption".into()));
            }
            connection =
                timeout(patience, connection.encrypt(config, tls)).await.map_err(|_| late())?.map_err(unreachable)?;
            connection.greet(config).await?;
        }
        if let (Some(user), Some(password)) = (&config.user, &config.password) {
            connection.log_in(config, user, password).await?;
        }
        Ok(connection)
    }

    async fn encrypt(mut self, config: &SmtpConfig, tls: &Arc<ClientConfig>) -> Result<Self, String> {
        let name = ServerName::try_from(config.host.clone()).map_err(|trouble| trouble.to_string())?;
        let connector = TlsConnector::from(tls.clone());
        let stream = connector.connect(name, self.stream).await.map_err(|trouble| trouble.to_string())?;
        self.stream = Box::new(stream);
        Ok(self)
    }

    async fn greet(&mut self, config: &SmtpConfig) -> Result<(), NoConnection> {
        let broken = |Broken(detail): Broken| NoConnection {
            code: 0,
            sentence: Sentence::new("mail-server-unreachable")
                .with("host", &config.host)
                .with("port", config.port)
                .with("detail", &detail),
            reply: detail,
        };
        let reply = self.ask(format!("EHLO {}\r\n", config.helo).as_bytes()).await.map_err(broken)?;
        if reply.positive() {
            self.offers = Offers::read(&reply);
            return Ok(());
        }
        let reply = self.ask(format!("HELO {}\r\n", config.helo).as_bytes()).await.map_err(broken)?;
        self.offers = Offers::default();
        refuse_unless(reply.positive(), config, &reply)
    }

    async fn log_in(&mut self, config: &SmtpConfig, user: &str, password: &str) -> Result<(), NoConnection> {
        let at = |key| Sentence::new(key).with("host", &config.host).with("port", config.port);
        let answers = if self.offers.plain {
            let secret = STANDARD.encode(format!("\0{user}\0{password}"));
            vec![format!("AUTH PLAIN {secret}\r\n")]
        } else if self.offers.login {
            let line = |text: &str| format!("{}\r\n", STANDARD.encode(text));
            vec!["AUTH LOGIN\r\n".to_owned(), line(user), line(password)]
        } else {
            let sentence = at("mail-server-no-auth");
            return Err(NoConnection { code: 0, reply: "no supported AUTH offered".into(), sentence });
        };
        let steps = answers.len();
        for (step, answer) in answers.into_iter().enumerate() {
            let reply = self.ask(answer.as_bytes()).await.map_err(|Broken(detail)| NoConnection {
                code: 0,
                sentence: at("mail-server-unreachable").with("detail", &detail),
                reply: detail,
            })?;
            let expected = if step + 1 == steps { 235 } else { 334 };
            if reply.code != expected {
                let sentence = at("mail-server-auth-refused").with("code", reply.code).with("detail", &reply.text);
                return Err(NoConnection { code: reply.code, reply: reply.text, sentence });
            }
        }
        Ok(())
    }

    /// Sends commands and waits for one reply.
    pub(super) async fn ask(&mut self, command: &[u8]) -> Result<Reply, Broken> {
        self.send(command).await.map_err(|(_, broken)| broken)?;
        self.reply().await
    }

    /// Writes all of it or says how many bytes went out before it broke.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), (usize, Broken)> {
        let mut sent = 0;
        while sent < bytes.len() {
            match timeout(self.patience, self.stream.write(&bytes[sent..])).await {
                Ok(Ok(0)) => return Err((sent, Broken("the server closed the connection".into()))),
                Ok(Ok(n)) => sent += n,
                Ok(Err(trouble)) => return Err((sent, Broken(trouble.to_string()))),
                Err(_) => return Err((sent, Broken("the server does not read: timed out".into()))),
            }
        }
        match timeout(self.patience, self.stream.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(trouble)) => Err((sent, Broken(trouble.to_string()))),
            Err(_) => Err((sent, Broken("the server does not read: timed out".into()))),
        }
    }

    pub(super) async fn reply(&mut self) -> Result<Reply, Broken> {
        self.reply_within(self.patience).await
    }

    pub(super) async fn reply_within(&mut self, patience: Duration) -> Result<Reply, Broken> {
        loop {
            if let Some((reply, used)) = reply::take(&self.unread).map_err(Broken)? {
                self.unread.drain(..used);
                return Ok(reply);
            }
            let read = timeout(patience, self.stream.read_buf(&mut self.unread)).await;
            match read {
                Ok(Ok(0)) => return Err(Broken("the server closed the connection".into())),
                Ok(Ok(_)) => {}
                Ok(Err(trouble)) if trouble.kind() == io::ErrorKind::Interrupted => {}
                Ok(Err(trouble)) => return Err(Broken(trouble.to_string())),
                Err(_) => return Err(Broken("the server does not answer: timed out".into())),
            }
        }
    }

    /// Whether every answer has been read: only then can the connection be used again.
    pub(super) fn quiet(&self) -> bool {
        self.unread.is_empty()
    }

    /// Whether a connection that rested is still good.
    pub(super) async fn alive(&mut self) -> bool {
        self.quiet() && self.ask(b"RSET\r\n").await.is_ok_and(|reply| reply.positive())
    }

    /// Says goodbye; an answer is not needed.
    pub(super) async fn quit(mut self) {
        let farewell = async {
            if self.send(b"QUIT\r\n").await.is_ok() {
                let _unread = self.reply().await;
            }
        };
        let _late = timeout(Duration::from_secs(1), farewell).await;
    }
}

fn refuse_unless(fine: bool, config: &SmtpConfig, reply: &Reply) -> Result<(), NoConnection> {
    if fine {
        return Ok(());
    }
    let sentence = Sentence::new("mail-server-refuses")
        .with("host", &config.host)
        .with("port", config.port)
        .with("code", reply.code)
        .with("detail", &reply.text);
    Err(NoConnection { code: reply.code, reply: reply.text.clone(), sentence })
}
