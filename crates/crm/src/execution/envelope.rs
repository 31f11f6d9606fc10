//! What stands around a letter: sender, return path, Message-ID and the headers receivers ask of bulk mail.

use super::{MailConfig, Tokens};
use crate::planning::Campaign;
use kernel::{
    CampaignId, EmailAddress, MessageId, Seal,
    mail::{OutgoingMail, RenderedMail},
    seal::fingerprint,
};
use std::collections::BTreeMap;

/// The part of the envelope all mails of a step share.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    campaign: CampaignId,
    step: i64,
    from_name: String,
    from: EmailAddress,
    reply_to: Option<EmailAddress>,
    bounce_domain: String,
    unsubscribe_mailbox: Option<EmailAddress>,
    feedback_sender: String,
    seal: Seal,
}

impl Envelope {
    pub fn new(config: &MailConfig, seal: &Seal, campaign: &Campaign) -> Self {
        let content = &campaign.step.content;
        let from = EmailAddress::parse(&content.from_address).unwrap_or_else(|| config.from_address.clone());
        let from_name = if content.from_name.is_empty() { &config.from_name } else { &content.from_name };
        let bounce_domain = config.bounce_domain.clone().unwrap_or_else(|| from.domain().to_owned());
        // Feedback-ID is read by machines: four fields between colons, the last names the sender.
        let feedback_sender = from.domain().chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        Self {
            campaign: campaign.id,
            step: campaign.step.id.0,
            from_name: from_name.clone(),
            reply_to: content.reply_to.as_deref().and_then(EmailAddress::parse),
            from,
            bounce_domain,
            unsubscribe_mailbox: config.unsubscribe_mailbox.clone(),
            feedback_sender,
            seal: seal.clone(),
        }
    }

    /// A mail of the campaign, tracked and with both unsubscribe headers (RFC 2369, RFC 8058).
    pub fn around(
        &self,
        tokens: &Tokens,
        message: MessageId,
        to_name: String,
        to: EmailAddress,
        content: RenderedMail,
    ) -> OutgoingMail {
        let short = short_seal(&self.seal, self.campaign, message);
        let mut unsubscribe = format!("<{}>", tokens.unsubscribe_url(message));
        if let Some(mailbox) = &self.unsubscribe_mailbox {
            unsubscribe += &format!(", <mailto:{mailbox}?subject=unsubscribe-{}-{message}-{short}>", self.campaign);
        }
        let headers = BTreeMap::from([
            ("List-Unsubscribe".to_owned(), unsubscribe),
            ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
            ("Feedback-ID".to_owned(), format!("{}:{}:email:{}", self.campaign, self.step, self.feedback_sender)),
        ]);
        OutgoingMail {
            message,
            return_path: format!("bounce+{}-{message}-{short}@{}", self.campaign, self.bounce_domain),
            from_name: self.from_name.clone(),
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            to_name,
            to,
            message_id: format!("c{}.{message}.{short}@{}", self.campaign, self.from.domain()),
            content,
            headers,
        }
    }

    /// A test mail to a colleague: nothing about it is counted.
    pub fn around_trial(&self, number: usize, to: EmailAddress, content: RenderedMail, mark: &str) -> OutgoingMail {
        OutgoingMail {
            message: MessageId(0),
            return_path: self.from.to_string(),
            from_name: self.from_name.clone(),
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
            to_name: String::new(),
            to,
            message_id: format!("t{}.{number}.{mark}@{}", self.campaign, self.from.domain()),
            content,
            headers: BTreeMap::new(),
        }
    }
}

/// Ten lower-case hexadecimal digits nobody can guess: so that nobody can bounce or answer in others' names.
fn short_seal(seal: &Seal, campaign: CampaignId, message: MessageId) -> String {
    fingerprint(&seal.close_ids("return-path", &[campaign.0, message.0]))[..10].to_owned()
}

/// The message a return path (`bounce+12-345-0123456789@…`) or a Message-ID (`c12.345.0123456789@…`) belongs to; nothing
/// when we did not make it.
pub fn bounced_message(seal: &Seal, address: &str) -> Option<(CampaignId, MessageId)> {
    let local = address.trim().trim_matches(['<', '>']).split('@').next()?.to_ascii_lowercase();
    let (parts, mark) = match local.strip_prefix("bounce+") {
        Some(parts) => (parts, '-'),
        None => (local.strip_prefix('c')?, '.'),
    };
    let mut parts = parts.split(mark);
    let campaign = CampaignId(parts.next()?.parse().ok()?);
    let message = MessageId(parts.next()?.parse().ok()?);
    let short = parts.next().filter(|_| campaign.0 >= 0 && message.0 >= 0)?;
    (parts.next().is_none() && short == short_seal(seal, campaign, message)).then_some((campaign, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::LinkId;

    #[test]
    fn a_return_path_is_recognised_whole_or_not_at_all() {
        let seal = Seal::new(&[1; 32]);
        let short = short_seal(&seal, CampaignId(12), MessageId(345));
        let ours = Some((CampaignId(12), MessageId(345)));
        assert_eq!(bounced_message(&seal, &format!("bounce+12-345-{short}@a.example")), ours);
        assert_eq!(bounced_message(&seal, &format!("<c12.345.{short}@a.example>")), ours);
        assert_eq!(bounced_message(&seal, &format!("bounce+12-346-{short}@a.example")), None);
        assert_eq!(bounced_message(&seal, "bounce+12-345@a.example"), None);
        assert_eq!(bounced_message(&seal, "bounce+-1--1-x"), None);
        assert_eq!(bounced_message(&seal, ""), None);
    }

    #[test]
    fn tokens_come_back_and_do_not_open_each_other() {
        let tokens = Tokens::new(Seal::new(&[1; 32]), "https://k.example/");
        let url = tokens.click_url(MessageId(3), LinkId(9));
        let token = url.strip_prefix("https://k.example/c/").unwrap();
        assert_eq!(tokens.click(token), Some((MessageId(3), LinkId(9))));
        assert_eq!(tokens.open(token), None);
        assert_eq!(tokens.click(&token[1..]), None);
    }
}
