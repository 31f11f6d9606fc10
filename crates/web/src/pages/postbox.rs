//! The post box of demo and development: mails the built-in catcher took, with links that work.

use super::Frame;
use askama::Template;
use kernel::Timestamp;

/// One caught mail of the list.
#[derive(Clone, Debug)]
pub struct CaughtRow {
    pub id: String,
    pub at: Timestamp,
    pub to: String,
    pub subject: String,
}

/// `GET /postfang`, filtered by `?q=` over recipient and subject; `?seite=` turns the pages.
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
    pub id: String,
    pub at: Timestamp,
    pub subject: String,
    /// Headers in the order they stood, names as written.
    pub headers: Vec<(String, String)>,
    /// Whether there is an HTML part, which `…/html` answers for a frame without scripts whose links open in a new tab.
    pub has_html: bool,
    pub text: String,
    pub bytes: i64,
}
