//! The post box of demo and development: mails the built-in catcher took, with links that work.

use super::Frame;
use askama::Template;
use kernel::Timestamp;

/// One caught mail of the list.
#[derive(Clone, Debug)]
pub struct CaughtRow {
    pub id: i64,
    pub at: Timestamp,
    pub to: String,
    pub subject: String,
}

/// `GET /postfang`, filtered by `?q=` over recipient and subject; `?vor=` continues behind an id.
#[derive(Template)]
#[template(path = "postbox.html")]
pub struct PostboxPage {
    pub frame: Frame,
    pub query: String,
    pub rows: Vec<CaughtRow>,
    /// All that were caught, in words of the count.
    pub total: i64,
    /// Address of the next page.
    pub more: Option<String>,
}

/// `GET /postfang/{id}`; `…/quelltext` answers the mail as it came (`message/rfc822`, as a download).
#[derive(Template)]
#[template(path = "postbox_mail.html")]
pub struct CaughtMailPage {
    pub frame: Frame,
    pub id: i64,
    pub at: Timestamp,
    pub subject: String,
    /// Headers in the order they stood, names as written.
    pub headers: Vec<(String, String)>,
    /// HTML part; empty when there is none. Shown in a frame without scripts whose links open in a new tab.
    pub html: String,
    pub text: String,
    pub bytes: i64,
}
