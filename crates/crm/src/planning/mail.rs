//! The frame around every letter: name of the house above, sender and unsubscribe link below, all of it readable on a
//! phone and without pictures.

use super::markup::{self, Letter};
use kernel::{Locale, Sentence, mail::MailTemplate};

/// What is the same around all letters of the house.
#[derive(Clone, Debug)]
pub struct Frame {
    pub organisation: String,
    /// Who sends this and where they are: the provider's identification that German law asks for (§ 5 DDG); may have
    /// several lines.
    pub imprint: String,
    pub locale: Locale,
}

/// The template of a step: subject, HTML and text with the variables `contact`, `campaign`, `organisation`, `link_1` …,
/// `pixel`, `unsubscribe` and `preferences`.
pub fn mail_template(frame: &Frame, subject: &str, letter: &Letter) -> MailTemplate {
    let say = |key: &'static str| Sentence::new(key).with("organisation", &frame.organisation).say(frame.locale);
    let organisation = escaped(&frame.organisation);
    let imprint = frame.imprint.lines().map(|line| escaped(line.trim())).collect::<Vec<_>>().join("<br>\n");
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{organisation}</title>\n</head>\n\
         <body style=\"margin:0;padding:0;background:#f3f5f4;color:#1d2b2b;\
         font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55\">\n\
         <div style=\"max-width:600px;margin:0 auto;padding:24px 16px\">\n\
         <div style=\"padding:0 4px 14px;font-size:18px;font-weight:700;color:#0b5c6b\">{organisation}</div>\n\
         <div style=\"background:#ffffff;border-radius:10px;padding:28px 26px 14px\">\n{body}</div>\n\
         <div style=\"padding:18px 4px;font-size:13px;line-height:1.5;color:#5a6a6a\">\n\
         <p style=\"margin:0 0 10px\">{reason}</p>\n<p style=\"margin:0 0 10px\">\
         <a href=\"{{{{ unsubscribe }}}}\" style=\"color:#0b5c6b\">{unsubscribe}</a> · \
         <a href=\"{{{{ preferences }}}}\" style=\"color:#0b5c6b\">{preferences}</a></p>\n\
         <p style=\"margin:0\">{imprint}</p>\n</div>\n</div>\n\
         {{% if pixel %}}<img src=\"{{{{ pixel }}}}\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block\">{{% endif %}}\n\
         </body>\n</html>\n",
        lang = frame.locale.code(),
        body = markup::html(letter),
        reason = escaped(&say("planning-mail-reason")),
        unsubscribe = escaped(&say("planning-mail-unsubscribe")),
        preferences = escaped(&say("planning-mail-preferences")),
    );
    let text = format!(
        "{body}-- \n{reason}\n{unsubscribe}: {{{{ unsubscribe }}}}\n{preferences}: {{{{ preferences }}}}\n\n{imprint}\n",
        body = markup::text(letter),
        reason = plain(&say("planning-mail-reason")),
        unsubscribe = plain(&say("planning-mail-unsubscribe")),
        preferences = plain(&say("planning-mail-preferences")),
        imprint = plain(&frame.imprint),
    );
    MailTemplate { subject: subject.to_owned(), html, text }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    markup::escape_html(&mut out, text);
    out
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    markup::escape_text(&mut out, text);
    out
}
