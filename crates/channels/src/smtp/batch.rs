//! A batch of mails over one connection, and what became of each.
//!
//! With PIPELINING (RFC 2920) MAIL, RCPT and DATA of a mail travel in one write, together with the body before them, so a
//! mail costs one round trip. Without it every command waits for its answer.
//!
//! What is known about a mail changes at one byte: once the dot that ends the body may have left, only the server's answer
//! tells; without one the mail is in doubt for ever.

use super::{
    connection::{Broken, Connection},
    reply::Reply,
    wire,
};
use kernel::mail::{ComposedMail, Handover, RefusalClass};
use std::time::{Duration, Instant};

/// A mail as it goes over the line.
pub(super) struct Prepared {
    return_path: String,
    to: String,
    size: usize,
    /// Dots stuffed, with the end of data.
    data: Vec<u8>,
}

impl Prepared {
    /// # Errors
    /// A mail that must not be put on the line is refused before any server sees it.
    pub(super) fn new(mail: &ComposedMail) -> Result<Self, Handover> {
        let refused = |class, reply: String| Handover::Refused { code: 0, class, reply };
        let fits = |path: &str| {
            path.is_ascii() && !path.bytes().any(|b| b.is_ascii_control() || b == b' ' || b == b'<' || b == b'>')
        };
        if !fits(&mail.return_path) {
            return Err(refused(RefusalClass::Other, "not sent: the return path is not an ASCII address".into()));
        }
        if !fits(mail.to.as_str()) {
            return Err(refused(RefusalClass::Address, "not sent: the address is not ASCII".into()));
        }
        let mut data = Vec::new();
        wire::append(&mail.raw, &mut data).map_err(|flaw| refused(RefusalClass::Other, format!("not sent: {flaw}")))?;
        let (return_path, to) = (mail.return_path.clone(), mail.to.to_string());
        Ok(Self { return_path, to, size: mail.raw.len(), data })
    }
}

/// How far a batch came over one connection.
pub(super) struct Progress {
    /// One for each mail that is decided, in order.
    pub done: Vec<Handover>,
    /// Why the conversation ended before the batch; `None`: all decided, and the connection can be used again.
    pub ended: Option<Ended>,
}

pub(super) struct Ended {
    pub code: u16,
    pub reply: String,
    /// The end left a mail in doubt: go no further by yourself.
    pub in_doubt: bool,
}

/// Offers the mails in order until all are decided, the conversation breaks or the time is up.
pub(super) async fn offer(
    connection: &mut Connection,
    mails: &[Prepared],
    data_patience: Duration,
    until: Instant,
) -> Progress {
    let mut done = Vec::with_capacity(mails.len());
    let mut buffer = Vec::new();
    // Whether the envelope of the mail at hand has already been written together with the body before it.
    let mut ahead = false;
    for (index, mail) in mails.iter().enumerate() {
        if Instant::now() > until {
            let reply = "not offered: the server is too slow for the batch".to_owned();
            return Progress { done, ended: Some(Ended { code: 0, reply, in_doubt: false }) };
        }
        let greeted = if connection.offers.pipelining {
            together(connection, mail, &mut buffer, ahead).await
        } else {
            in_turn(connection, mail, &mut buffer).await
        };
        ahead = false;
        match greeted {
            Err(Broken(reply)) => return Progress { done, ended: Some(Ended { code: 0, reply, in_doubt: false }) },
            Ok(Some(reply)) if reply.code == 421 => {
                return Progress { done, ended: Some(Ended { code: 421, reply: reply.text, in_doubt: false }) };
            }
            Ok(Some(reply)) => {
                done.push(no(reply));
                match connection.ask(b"RSET\r\n").await {
                    Ok(reply) if reply.positive() => continue,
                    Ok(reply) => {
                        let ended = Ended { code: reply.code, reply: reply.text, in_doubt: false };
                        return Progress { done, ended: Some(ended) };
                    }
                    Err(Broken(reply)) => {
                        return Progress { done, ended: Some(Ended { code: 0, reply, in_doubt: false }) };
                    }
                }
            }
            Ok(None) => {}
        }

        buffer.clear();
        let next = mails.get(index + 1).filter(|_| connection.offers.pipelining);
        let sent = match next {
            Some(next) => {
                buffer.extend_from_slice(&mail.data);
                envelope(connection, next, &mut buffer);
                buffer.extend_from_slice(b"DATA\r\n");
                ahead = true;
                connection.send(&buffer).await
            }
            None => connection.send(&mail.data).await,
        };
        if let Err((bytes, Broken(reply))) = sent
            // The end of data is ".CRLF": while not even its dot has gone, the server cannot have taken the mail.
            && bytes <= mail.data.len() - b".\r\n".len()
        {
            // A server that closes in the middle of a body usually says why.
            let answer = connection.reply_within(Duration::from_secs(1)).await;
            let (code, said) = answer.map_or((0, reply.clone()), |answer| (answer.code, answer.text));
            if code / 100 == 5 {
                done.push(refusal(code, said));
                return Progress { done, ended: Some(Ended { code: 0, reply, in_doubt: false }) };
            }
            return Progress { done, ended: Some(Ended { code, reply: said, in_doubt: false }) };
        }
        match connection.reply_within(data_patience).await {
            Ok(reply) if reply.code == 421 => {
                return Progress { done, ended: Some(Ended { code: 421, reply: reply.text, in_doubt: false }) };
            }
            Ok(reply) => done.push(verdict(reply)),
            Err(Broken(reply)) => {
                done.push(Handover::InDoubt { reply: reply.clone() });
                return Progress { done, ended: Some(Ended { code: 0, reply, in_doubt: true }) };
            }
        }
    }
    Progress { done, ended: None }
}

fn envelope(connection: &Connection, mail: &Prepared, out: &mut Vec<u8>) {
    mail_from(connection, mail, out);
    rcpt_to(mail, out);
}

fn mail_from(connection: &Connection, mail: &Prepared, out: &mut Vec<u8>) {
    out.extend_from_slice(b"MAIL FROM:<");
    out.extend_from_slice(mail.return_path.as_bytes());
    out.push(b'>');
    if connection.offers.size {
        out.extend_from_slice(format!(" SIZE={}", mail.size).as_bytes());
    }
    if connection.offers.dsn {
        // A bounce needs the headers only (RFC 3461): the VERP address says the rest.
        out.extend_from_slice(b" RET=HDRS");
    }
    out.extend_from_slice(b"\r\n");
}

fn rcpt_to(mail: &Prepared, out: &mut Vec<u8>) {
    out.extend_from_slice(b"RCPT TO:<");
    out.extend_from_slice(mail.to.as_bytes());
    out.extend_from_slice(b">\r\n");
}

/// MAIL, RCPT and DATA in one write. `None`: the server waits for the body; otherwise its first refusal.
async fn together(
    connection: &mut Connection,
    mail: &Prepared,
    buffer: &mut Vec<u8>,
    ahead: bool,
) -> Result<Option<Reply>, Broken> {
    if !ahead {
        buffer.clear();
        envelope(connection, mail, buffer);
        buffer.extend_from_slice(b"DATA\r\n");
        connection.send(buffer).await.map_err(|(_, broken)| broken)?;
    }
    let mut refusal: Option<Reply> = None;
    for _ in ["MAIL", "RCPT"] {
        let reply = connection.reply().await?;
        if reply.code == 421 {
            return Ok(Some(reply));
        }
        if !reply.positive() && refusal.is_none() {
            refusal = Some(reply);
        }
    }
    let data = match connection.reply().await {
        Ok(data) => data,
        // The connection broke, but this mail was answered before: its answer counts, the next one meets the end.
        Err(broken) => return refusal.map(Some).ok_or(broken),
    };
    match (data.code, refusal) {
        (354, None) => Ok(None),
        (354, Some(refusal)) => {
            // The server wants a body although it refused the recipient: an empty one ends it (RFC 2920, section 3.1).
            connection.ask(b".\r\n").await?;
            Ok(Some(refusal))
        }
        (_, Some(refusal)) => Ok(Some(refusal)),
        (_, None) => Ok(Some(data)),
    }
}

/// MAIL, RCPT and DATA, each after the answer to the one before.
async fn in_turn(connection: &mut Connection, mail: &Prepared, buffer: &mut Vec<u8>) -> Result<Option<Reply>, Broken> {
    buffer.clear();
    mail_from(connection, mail, buffer);
    let reply = connection.ask(buffer).await?;
    if !reply.positive() {
        return Ok(Some(reply));
    }
    buffer.clear();
    rcpt_to(mail, buffer);
    let reply = connection.ask(buffer).await?;
    if !reply.positive() {
        return Ok(Some(reply));
    }
    let reply = connection.ask(b"DATA\r\n").await?;
    Ok((reply.code != 354).then_some(reply))
}

/// A refusal before the body; whatever it is, nothing was sent.
fn no(reply: Reply) -> Handover {
    match reply.code / 100 {
        5 => refusal(reply.code, reply.text),
        _ => Handover::Deferred { code: reply.code, reply: reply.text },
    }
}

/// The answer to a whole mail; one that is none leaves the mail in doubt.
fn verdict(reply: Reply) -> Handover {
    match reply.code / 100 {
        2 => Handover::Accepted { reply: reply.said() },
        3 => Handover::InDoubt { reply: reply.said() },
        _ => no(reply),
    }
}

fn refusal(code: u16, reply: String) -> Handover {
    Handover::Refused { code, class: RefusalClass::of(code, &reply), reply }
}
