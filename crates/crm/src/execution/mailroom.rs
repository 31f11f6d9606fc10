//! Everything sending needs, in one place: database, clock, seal, and the machines behind their ports.

use super::Tokens;
use crate::planning::Frame;
use kernel::{
    Clock, EmailAddress, Locale, Seal, Zone,
    mail::{Courier, Renderer},
};
use std::sync::Arc;
use store::Db;

/// What the house sets about its mails.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Where the tracking addresses lead, without a slash at the end, e.g. `https://kunden.almara.example`.
    pub base_url: String,
    pub organisation: String,
    /// Who sends this and where they are; may have several lines.
    pub imprint: String,
    pub locale: Locale,
    /// Sender of steps that name none.
    pub from_name: String,
    pub from_address: EmailAddress,
    /// Domain of the return paths bounces come back to; empty: the domain of the sender.
    pub bounce_domain: Option<String>,
    /// Mailbox that takes unsubscriptions by mail, if there is one.
    pub unsubscribe_mailbox: Option<EmailAddress>,
    /// Mails per second to one receiving domain at most.
    pub domain_rate: f64,
}

impl MailConfig {
    /// The defaults for a sender; generous towards receiving domains until these ask for patience.
    pub fn new(base_url: &str, organisation: &str, from_address: EmailAddress) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            organisation: organisation.to_owned(),
            imprint: organisation.to_owned(),
            locale: Locale::De,
            from_name: organisation.to_owned(),
            from_address,
            bounce_domain: None,
            unsubscribe_mailbox: None,
            domain_rate: 20_000.0,
        }
    }

    pub fn frame(&self) -> Frame {
        Frame { organisation: self.organisation.clone(), imprint: self.imprint.clone(), locale: self.locale }
    }
}

/// The room mails leave from. Clones share everything.
#[derive(Clone)]
pub struct Mailroom {
    pub db: Db,
    pub clock: Clock,
    /// The organisation's time zone: segments count days in it.
    pub zone: Zone,
    pub seal: Seal,
    pub renderer: Arc<dyn Renderer>,
    pub courier: Arc<dyn Courier>,
    pub config: Arc<MailConfig>,
}

impl Mailroom {
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.seal.clone(), &self.config.base_url)
    }
}
