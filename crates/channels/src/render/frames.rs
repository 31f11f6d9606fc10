//! What goes through the pipes between server and worker: length-prefixed frames, little endian.
//!
//! A question is one JSON frame; an answer is a tag and byte strings, because escaping megabytes of HTML as JSON would cost
//! more than rendering them.

use kernel::mail::{MailTemplate, RenderTrouble, RenderedMail};
use serde::{Deserialize, Serialize};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first four bytes of a worker: it is up and it is one.
pub(super) const HELLO: u32 = 0x6b6b_7277;

/// No frame is longer: 64 MiB.
pub(super) const LONGEST: usize = 64 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Mode {
    Render,
    Missing,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Question {
    pub mode: Mode,
    pub template: MailTemplate,
    pub people: Vec<serde_json::Value>,
}

pub(super) enum Answer {
    Mail(RenderedMail),
    Missing(Vec<String>),
    Trouble(RenderTrouble),
}

pub(super) fn question(question: &Question) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, question)?;
    let length = frame.len() - 4;
    if length > LONGEST {
        return Err(io::Error::other("too much for one frame"));
    }
    frame[..4].copy_from_slice(&(length as u32).to_le_bytes());
    Ok(frame)
}

/// Tags of answers.
const MAIL: u8 = 1;
const MISSING: u8 = 2;
const TROUBLE: u8 = 3;

pub(super) fn write_answer(out: &mut impl io::Write, answer: &Answer) -> io::Result<()> {
    match answer {
        Answer::Mail(mail) => {
            out.write_all(&[MAIL])?;
            for part in [&mail.subject, &mail.html, &mail.text] {
                write_bytes(out, part.as_bytes())?;
            }
            Ok(())
        }
        Answer::Missing(names) => {
            out.write_all(&[MISSING])?;
            write_bytes(out, &serde_json::to_vec(names)?)
        }
        Answer::Trouble(trouble) => {
            out.write_all(&[TROUBLE])?;
            write_bytes(out, &serde_json::to_vec(trouble)?)
        }
    }
}

fn write_bytes(out: &mut impl io::Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// # Errors
/// The worker died or does not speak this language.
pub(super) async fn read_answer(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Answer> {
    match from.read_u8().await? {
        MAIL => {
            let subject = read_text(from).await?;
            let html = read_text(from).await?;
            let text = read_text(from).await?;
            Ok(Answer::Mail(RenderedMail { subject, html, text }))
        }
        MISSING => Ok(Answer::Missing(serde_json::from_str(&read_text(from).await?)?)),
        TROUBLE => Ok(Answer::Trouble(serde_json::from_str(&read_text(from).await?)?)),
        _ => Err(io::Error::other("not an answer")),
    }
}

async fn read_text(from: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let length = from.read_u32_le().await? as usize;
    if length > LONGEST {
        return Err(io::Error::other("too long an answer"));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
