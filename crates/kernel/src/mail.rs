//! The ports of mail: what the trade says to the machines that render, carry and catch mail.

use crate::{EmailAddress, MessageId, Sentence};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// Renders templates in a bounded worker: a template bomb stops the campaign with a sentence, not the server.
#[async_trait::async_trait]
pub trait Renderer: Send + Sync {
    /// Renders one template for many people, in order; `people` are the variables of each. Missing values render empty.
    async fn render(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<RenderedMail>, RenderTrouble>;
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
