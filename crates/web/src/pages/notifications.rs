//! The notification centre and what somebody wants to be told.

use super::{Choice, Frame};
use askama::Template;

/// One notification.
pub struct NotificationRow {
    pub id: i64,
    pub icon: &'static str,
    pub topic: String,
    pub text: String,
    pub when: String,
    pub iso: String,
    pub read: bool,
}

/// `GET /benachrichtigungen?vor=<id>`.
#[derive(Template)]
#[template(path = "notifications.html")]
pub struct NotificationsPage {
    pub frame: Frame,
    pub rows: Vec<NotificationRow>,
    pub any_unread: bool,
    pub next: Option<String>,
    pub sees_changes: bool,
}

/// `GET /benachrichtigungen/einstellungen`.
#[derive(Template)]
#[template(path = "notifications_wish.html")]
pub struct NotificationWishPage {
    pub frame: Frame,
    pub topics: Vec<Choice>,
    pub strengths: Vec<Choice>,
    /// Nothing chosen means all.
    pub segments: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub mail: bool,
}
