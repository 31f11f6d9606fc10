//! The sealed addresses in a mail: pixel, links, unsubscribe. They hold ids, never a target and never a person's data.

use kernel::{LinkId, MessageId, Seal};

/// Purpose of the seal that names a mail on the page of preferences.
const PREFERENCES: &str = "preferences-of-mail";

/// Makes and reads the tracking addresses.
#[derive(Clone, Debug)]
pub struct Tokens {
    seal: Seal,
    base_url: String,
}

impl Tokens {
    pub fn new(seal: Seal, base_url: &str) -> Self {
        Self { seal, base_url: base_url.trim_end_matches('/').to_owned() }
    }

    pub fn pixel_url(&self, message: MessageId) -> String {
        format!("{}/o/{}.gif", self.base_url, self.seal.close_ids("open", &[message.0]))
    }

    pub fn click_url(&self, message: MessageId, link: LinkId) -> String {
        format!("{}/c/{}", self.base_url, self.seal.close_ids("click", &[message.0, link.0]))
    }

    pub fn unsubscribe_url(&self, message: MessageId) -> String {
        format!("{}/u/{}", self.base_url, self.seal.close_ids("unsubscribe", &[message.0]))
    }

    /// Where a person says what they want to be written about.
    pub fn preferences_url(&self, message: MessageId) -> String {
        format!("{}/p/{}", self.base_url, self.seal.close_ids(PREFERENCES, &[message.0]))
    }

    pub fn trial_preferences_url(&self) -> String {
        format!("{}/p/test", self.base_url)
    }

    /// The message of `/p/<token>`.
    pub fn preferences(&self, token: &str) -> Option<MessageId> {
        self.seal.open_ids::<1>(PREFERENCES, token).map(|[message]| MessageId(message))
    }

    /// In test mails: leads to a page that says so.
    pub fn trial_unsubscribe_url(&self) -> String {
        format!("{}/u/test", self.base_url)
    }

    /// The message of `/o/<token>.gif`.
    pub fn open(&self, token: &str) -> Option<MessageId> {
        self.seal.open_ids::<1>("open", token).map(|[message]| MessageId(message))
    }

    /// Message and link of `/c/<token>`.
    pub fn click(&self, token: &str) -> Option<(MessageId, LinkId)> {
        self.seal.open_ids::<2>("click", token).map(|[message, link]| (MessageId(message), LinkId(link)))
    }

    /// The message of `/u/<token>`.
    pub fn unsubscribe(&self, token: &str) -> Option<MessageId> {
        self.seal.open_ids::<1>("unsubscribe", token).map(|[message]| MessageId(message))
    }
}
