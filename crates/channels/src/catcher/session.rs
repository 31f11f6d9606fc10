//! One conversation of the catcher (RFC 5321, with PIPELINING): strict about limits, calm about nonsense.
//!
//! Only CRLF "." CRLF ends a mail, so that no mail is read as two.

use super::Arrival;
use std::{io, sync::mpsc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};

const LONGEST_COMMAND: usize = 2_048;
const LONGEST_MAIL: usize = 10 << 20;
const RECIPIENTS: usize = 100;
/// Commands that are none before we hang up.
const NONSENSE: usize = 20;
const PATIENCE: Duration = Duration::from_secs(300);

#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

/// Talks until the guest leaves.
pub(super) async fn serve(stream: TcpStream, arrivals: mpsc::SyncSender<Arrival>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut guest = Guest { stream, unread: Vec::with_capacity(16 * 1024), at: 0, replies: Vec::new() };
    let mut envelope = Envelope::default();
    let mut nonsense = 0;
    guest.say("220 mail catcher ESMTP");
    loop {
        let Some(line) = guest.command().await? else { return Ok(()) };
        let Some(line) = line else {
            nonsense += 1;
            guest.say("500 5.5.2 Line too long");
            if nonsense > NONSENSE {
                return guest.leave("421 4.7.0 Too much nonsense").await;
            }
            continue;
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = Envelope::default();
                guest.say(&format!("250-mail catcher\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {LONGEST_MAIL}"));
            }
            "HELO" => {
                envelope = Envelope::default();
                guest.say("250 mail catcher");
            }
            "MAIL" if envelope.from.is_some() => guest.say("503 5.5.1 Nested MAIL"),
            "MAIL" => match path(rest, "FROM:") {
                Some(from) => {
                    envelope.from = Some(from);
                    guest.say("250 2.1.0 Ok");
                }
                None => guest.say("501 5.1.7 Bad sender"),
            },
            "RCPT" if envelope.from.is_none() => guest.say("503 5.5.1 MAIL first"),
            "RCPT" if envelope.to.len() >= RECIPIENTS => guest.say("452 4.5.3 Too many recipients"),
            "RCPT" => match path(rest, "TO:").filter(|to| !to.is_empty()) {
                Some(to) => {
                    envelope.to.push(to);
                    guest.say("250 2.1.5 Ok");
                }
                None => guest.say("501 5.1.3 Bad recipient"),
            },
            "DATA" if envelope.to.is_empty() => guest.say("503 5.5.1 RCPT first"),
            "DATA" => {
                guest.say("354 End data with <CR><LF>.<CR><LF>");
                let Some(mail) = guest.data().await? else { return Ok(()) };
                let Envelope { from, to } = std::mem::take(&mut envelope);
                let reply = match mail {
                    Some(raw) => keep(&arrivals, from.unwrap_or_default(), to, raw).await,
                    None => "552 5.3.4 Message too big".into(),
                };
                guest.say(&reply);
            }
            "RSET" => {
                envelope = Envelope::default();
                guest.say("250 2.0.0 Ok");
            }
            "NOOP" => guest.say("250 2.0.0 Ok"),
            "VRFY" => guest.say("252 2.0.0 Send some mail"),
            "QUIT" => return guest.leave("221 2.0.0 Bye").await,
            _ => {
                nonsense += 1;
                if nonsense > NONSENSE {
                    return guest.leave("421 4.7.0 Too much nonsense").await;
                }
                guest.say("502 5.5.2 Command not recognized");
            }
        }
    }
}

async fn keep(arrivals: &mpsc::SyncSender<Arrival>, from: String, to: Vec<String>, raw: Vec<u8>) -> String {
    let (kept, answer) = oneshot::channel();
    match arrivals.try_send(Arrival { from, to, raw, kept }) {
        Ok(()) => match answer.await {
            Ok(Ok(id)) => format!("250 2.0.0 Ok: kept as {id}"),
            Ok(Err(trouble)) => {
                tracing::warn!(%trouble, "the mail catcher cannot write");
                "452 4.3.1 Cannot write".into()
            }
            Err(_) => "451 4.3.0 Closing".into(),
        },
        Err(_) => "451 4.3.2 Too busy".into(),
    }
}

/// The address of `FROM:<a@b> SIZE=1`, only if it is made of characters that are harmless in a header.
fn path(rest: &str, keyword: &str) -> Option<String> {
    let rest = rest.trim_start();
    let tail =
        rest.get(..keyword.len()).filter(|word| word.eq_ignore_ascii_case(keyword)).map(|_| &rest[keyword.len()..])?;
    let (path, _) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    let harmless = path.len() <= 320 && path.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '<');
    harmless.then(|| path.to_owned())
}

struct Guest {
    stream: TcpStream,
    unread: Vec<u8>,
    /// How far `unread` has been used.
    at: usize,
    replies: Vec<u8>,
}

impl Guest {
    fn say(&mut self, reply: &str) {
        self.replies.extend_from_slice(reply.as_bytes());
        self.replies.extend_from_slice(b"\r\n");
    }

    async fn leave(mut self, reply: &str) -> io::Result<()> {
        self.say(reply);
        timeout(PATIENCE, self.stream.write_all(&self.replies)).await??;
        self.stream.shutdown().await
    }

    /// Sends the replies so far, then waits for more; `false`: the guest left.
    async fn more(&mut self) -> io::Result<bool> {
        if !self.replies.is_empty() {
            timeout(PATIENCE, self.stream.write_all(&self.replies)).await??;
            self.replies.clear();
        }
        self.unread.drain(..self.at);
        self.at = 0;
        Ok(timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await?? > 0)
    }

    /// The next line; `None`: the guest left; `Some(None)`: it was too long.
    async fn command(&mut self) -> io::Result<Option<Option<String>>> {
        let mut too_long = false;
        loop {
            let fresh = &self.unread[self.at..];
            if let Some(end) = fresh.iter().position(|b| *b == b'\n') {
                let line = &fresh[..end];
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = (!too_long && end <= LONGEST_COMMAND).then(|| String::from_utf8_lossy(line).into_owned());
                self.at += end + 1;
                return Ok(Some(line));
            }
            if fresh.len() > LONGEST_COMMAND {
                too_long = true;
                self.at = self.unread.len();
            }
            if !self.more().await? {
                return Ok(None);
            }
        }
    }

    /// A mail with its dots unstuffed; `None`: the guest left; `Some(None)`: it was too big.
    async fn data(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let mut mail = Vec::with_capacity(8 * 1024);
        let mut too_big = false;
        // Whether the bytes before those at hand ended a line with CRLF; DATA begins at the start of a line.
        let mut fresh_line = true;
        loop {
            while let Some(end) = self.unread[self.at..].iter().position(|b| *b == b'\n') {
                let line = &self.unread[self.at..=self.at + end];
                self.at += end + 1;
                if fresh_line && line == b".\r\n" {
                    return Ok(Some((!too_big).then_some(mail)));
                }
                let kept = if fresh_line { line.strip_prefix(b".").unwrap_or(line) } else { line };
                too_big |= mail.len() + kept.len() > LONGEST_MAIL;
                if !too_big {
                    mail.extend_from_slice(kept);
                }
                fresh_line = line.ends_with(b"\r\n");
            }
            // A line without end must not fill the memory: what is too big anyway is dropped, its last byte kept so that
            // a CRLF across the gap is still seen.
            if self.unread.len() - self.at > LONGEST_MAIL {
                too_big = true;
                fresh_line = false;
                self.at = self.unread.len() - 1;
            }
            if !self.more().await? {
                return Ok(None);
            }
        }
    }
}
