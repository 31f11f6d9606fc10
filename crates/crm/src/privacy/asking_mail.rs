//! A mail of the house to one person, with one thing to press: no advertising, no tracking.

use crate::evaluation::watch::Post;
use kernel::{
    EmailAddress, Locale, MessageId,
    mail::{Handover, OutgoingMail, RenderedMail},
};
use std::collections::BTreeMap;

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
    pub fn written(&self, post: &Post) -> Option<OutgoingMail> {
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

/// Hands it over; whether it was taken.
pub(super) async fn send(post: &Post, mail: OutgoingMail) -> bool {
    match post.courier.compose(vec![mail]).await.pop() {
        Some(Ok(composed)) => {
            let answer = post.courier.hand_over(vec![composed]).await.pop();
            matches!(answer, Some((_, Handover::Accepted { .. })))
        }
        _ => false,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
