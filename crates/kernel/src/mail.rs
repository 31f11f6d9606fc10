//! The ports of mail: what the trade says to the machines that render, carry and catch mail.

use crate::{EmailAddress, MessageId, Sentence, Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::SocketAddr};

/// What every mail of a step shares. Templates are minijinja; the HTML template already carries the frame, the tracking
/// placeholders and the unsubscribe link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailTemplate {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// A rendered mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedMail {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// Why a template was not rendered; each is a sentence for the author of the template.
#[derive(Clone, Debug, thiserror::Error, Serialize, Deserialize)]
pub enum RenderTrouble {
    /// The template is wrong for everybody: syntax, unknown name or filter.
    #[error("template error in {part}, line {line}: {detail}")]
    Template { part: String, line: usize, detail: String },
    /// Fuel, memory or wall clock ran out.
    #[error("the template costs too much to render")]
    TooCostly,
    /// The worker could not be started or died for another reason.
    #[error("the render worker failed: {0}")]
    Worker(String),
}

impl RenderTrouble {
    /// What the author of the template is told.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Template { part, line, detail } => {
                Sentence::new("mail-template-error").with("part", part).with("line", line).with("detail", detail)
            }
            Self::TooCostly => Sentence::new("mail-template-too-costly"),
            Self::Worker(detail) => Sentence::new("mail-render-worker-failed").with("detail", detail),
        }
    }
}

/// Renders templates in a bounded worker: a template bomb stops the campaign with a sentence, not the server.
#[async_trait::async_trait]
pub trait Renderer: Send + Sync {
    /// Renders one template for many people, in order; `people` are the variables of each. Missing values render empty.
    async fn render(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<RenderedMail>, RenderTrouble>;

    /// For the check before a launch: which values the template asks of each person and does not find, by their dotted
    /// names (`contact.first_name`), in order of `people`. A value behind a `default` filter or an `is defined` counts as found.
    async fn missing_values(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<Vec<String>>, RenderTrouble>;
}

/// One mail ready to be handed over.
#[derive(Clone, Debug)]
pub struct OutgoingMail {
    pub message: MessageId,
    /// Envelope sender: the VERP return path, or empty.
    pub return_path: String,
    pub from_name: String,
    pub from: EmailAddress,
    pub reply_to: Option<EmailAddress>,
    pub to_name: String,
    pub to: EmailAddress,
    /// `Message-ID` without angle brackets.
    pub message_id: String,
    pub content: RenderedMail,
    /// Further headers, e.g. `List-Unsubscribe`; values are encoded where needed and never contain line ends.
    pub headers: BTreeMap<String, String>,
}

/// What became of a mail that was handed to the carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// The server took responsibility (250 after the final dot).
    Accepted { reply: String },
    /// The server said no for now (4xx, or no connection before the mail was offered): nothing was sent.
    Deferred { code: u16, reply: String },
    /// The server said no for ever (5xx).
    Refused { code: u16, class: RefusalClass, reply: String },
    /// The connection broke after the mail was offered and before the answer: nobody knows. Never sent again by itself.
    InDoubt { reply: String },
}

/// What a permanent refusal means (RFC 3463).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalClass {
    /// 5.1.x: this address does not exist.
    Address,
    /// 5.2.x: the mailbox is full or closed.
    Mailbox,
    /// 5.7.x: policy; not the address's fault.
    Policy,
    /// Anything else: protocol, content, system.
    Other,
}

impl RefusalClass {
    /// Reads the class from the enhanced status code at the start of a reply's text; without one, 550, 551 and 553 speak
    /// of the address and 552 of the mailbox (RFC 5321, section 4.2.3).
    pub fn of(code: u16, reply: &str) -> Self {
        let status =
            reply.split_ascii_whitespace().find(|word| word.starts_with("5.") && word.matches('.').count() == 2);
        match status.and_then(|word| word.split('.').nth(1)) {
            Some("1") => Self::Address,
            Some("2") => Self::Mailbox,
            Some("7") => Self::Policy,
            Some(_) => Self::Other,
            None => match code {
                550 | 551 | 553 => Self::Address,
                552 => Self::Mailbox,
                _ => Self::Other,
            },
        }
    }
}

/// A batch is offered in three beats so that the ledger can write down each before the next:
/// compose everything, then `commit` is awaited (the ledger marks `sending`, durably), then the mails are handed over.
#[async_trait::async_trait]
pub trait Courier: Send + Sync {
    /// Composes and signs; cheap refusals (an impossible header) come back per mail before anything is committed.
    async fn compose(&self, mails: Vec<OutgoingMail>) -> Vec<Result<ComposedMail, Sentence>>;

    /// Hands a batch over one connection, pipelined where the server allows, and says what became of each, in order.
    /// The caller has durably marked every one of them `sending` before.
    async fn hand_over(&self, batch: Vec<ComposedMail>) -> Vec<(MessageId, Handover)>;

    /// How many batches may be handed over at the same time.
    fn connections(&self) -> usize;

    /// How many mails one batch should hold.
    fn batch(&self) -> usize;

    /// Tries to greet the server; the sentence says what is wrong.
    async fn check(&self) -> Result<(), Sentence>;
}

/// Bytes on the wire with their envelope.
#[derive(Clone, Debug)]
pub struct ComposedMail {
    pub message: MessageId,
    pub return_path: String,
    pub to: EmailAddress,
    /// RFC 5322 with CRLF line ends, signed.
    pub raw: Vec<u8>,
}

/// One line in the list of caught mails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaughtHeading {
    pub id: String,
    pub received_at: Timestamp,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// Bytes of the whole mail.
    pub size: u64,
}

/// One page of the list, newest first; pages count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaughtPage {
    pub mails: Vec<CaughtHeading>,
    pub page: usize,
    pub pages: usize,
    pub total: usize,
}

/// A caught mail, read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaughtMail {
    pub id: String,
    pub received_at: Timestamp,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// Untrusted: show it in a sandboxed frame only.
    pub html: Option<String>,
    pub text: Option<String>,
    /// Names and decoded values, in the order of the mail.
    pub headers: Vec<(String, String)>,
    /// The mail as it came, with the envelope as `Return-Path` and `Delivered-To` above it.
    pub raw: Vec<u8>,
}

/// The mail catcher: where mails of a demonstration end up instead of at people.
#[async_trait::async_trait]
pub trait CaughtMails: Send + Sync {
    /// Where it listens for SMTP.
    fn address(&self) -> SocketAddr;

    /// A page (from 1, 50 mails each) of those whose sender, recipient or subject contains `search`; empty finds all.
    async fn list(&self, page: usize, search: &str) -> CaughtPage;

    async fn get(&self, id: &str) -> Option<CaughtMail>;

    /// Takes every mail away in which one of its headers or texts is about somebody; answers how many.
    async fn forget(&self, is_about: &(dyn for<'a> Fn(&'a str) -> bool + Send + Sync)) -> usize;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_block_is_not_the_addresss_fault() {
        assert_eq!(RefusalClass::of(550, "5.7.1 Message rejected as spam"), RefusalClass::Policy);
        assert_eq!(RefusalClass::of(550, "5.1.1 <x@y.de>: User unknown"), RefusalClass::Address);
        assert_eq!(RefusalClass::of(552, "5.2.2 Mailbox full"), RefusalClass::Mailbox);
        assert_eq!(RefusalClass::of(554, "5.3.0 Error"), RefusalClass::Other);
        assert_eq!(RefusalClass::of(550, "no such user here"), RefusalClass::Address);
        assert_eq!(RefusalClass::of(554, "go away"), RefusalClass::Other);
    }
}
