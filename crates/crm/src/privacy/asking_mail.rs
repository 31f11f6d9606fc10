//! A mail of the house to one person, with one thing to press: no advertising, no tracking.

use crate::evaluation::watch::Post;
use kernel::{
    Clock, EmailAddress, Fault, Locale, MessageId, Seal, Sentence,
    mail::{OutgoingMail, RenderedMail},
    text::escaped,
};
use std::collections::BTreeMap;
use store::{Db, Write, values};

/// What stands in it.
pub(super) struct AskingMail<'a> {
    /// Begins the message id, with the row and the time it was asked.
    pub name: &'static str,
    pub id: i64,
    pub at: i64,
    pub to: &'a str,
    pub locale: Locale,
    pub subject: String,
    pub lead: String,
    pub quoted: Option<&'a str>,
    pub button: String,
    pub link: String,
    pub foot: String,
}

impl AskingMail<'_> {
    /// The mail; nothing where the address is none.
    fn written(&self, post: &Post) -> Option<OutgoingMail> {
        let Self { lead, button, link, foot, .. } = self;
        let quoted = self.quoted.map(|text| format!("„{text}“\n\n")).unwrap_or_default();
        let text = format!("{lead}\n\n{quoted}{button}:\n{link}\n\n{foot}\n");
        let quoted = self.quoted.map(|text| format!("<blockquote>{}</blockquote>", escaped(text))).unwrap_or_default();
        let html = format!(
            "<!doctype html><html lang=\"{}\"><body><p>{}</p>{quoted}<p><a href=\"{link}\">{}</a></p><p>{}</p></body></html>",
            self.locale.code(),
            escaped(lead),
            escaped(button),
            escaped(foot)
        );
        Some(OutgoingMail {
            message: MessageId(0),
            return_path: post.from.to_string(),
            from_name: post.from_name.clone(),
            from: post.from.clone(),
            reply_to: None,
            to_name: String::new(),
            to: EmailAddress::parse(self.to)?,
            message_id: format!("{}.{}.{}@{}", self.name, self.id, self.at, post.from.domain()),
            content: RenderedMail { subject: self.subject.clone(), html, text },
            headers: BTreeMap::from([("Auto-Submitted".to_owned(), "auto-generated".to_owned())]),
        })
    }
}

/// Who asks: what the tasks share that send mails of this kind, each for the rows of its own table.
#[derive(Clone)]
pub struct Asking {
    pub db: Db,
    pub clock: Clock,
    pub seal: Seal,
    pub post: Post,
    pub organisation: String,
    /// The language of whoever has none.
    pub locale: Locale,
}

impl Asking {
    /// A sentence that may name the house.
    pub(super) fn tell(&self, key: &'static str, locale: Locale) -> String {
        Sentence::new(key).with("organisation", &self.organisation).say(locale)
    }

    /// Sends the mail of a row, marked before it is handed over, so that nobody is asked twice; what is not taken has failed.
    pub(super) async fn send(&self, unit: Write, table: &str, mail: &AskingMail<'_>) -> Result<(), Fault> {
        let mark = format!("UPDATE {table} SET state = 'sent', sent_at = $1 WHERE id = $2");
        unit.run(&mark, values![self.clock.now().0, mail.id]).await?;
        unit.save().await?;
        let taken = match mail.written(&self.post) {
            Some(mail) => self.post.deliver(mail).await,
            None => false,
        };
        if !taken {
            let unit = self.db.write().await?;
            unit.run(&format!("UPDATE {table} SET state = 'failed' WHERE id = $1"), values![mail.id]).await?;
            unit.save().await?;
        }
        Ok(())
    }
}
