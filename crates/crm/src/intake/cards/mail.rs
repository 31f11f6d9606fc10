//! Saved mails (RFC 5322): who wrote it, and the signature under what they wrote.

use super::{Card, name, signature};
use kernel::{EmailAddress, text::visible};
use mail_parser::MessageParser;

/// Headers one of which a saved mail begins with.
const HEADERS: [&str; 12] = [
    "return-path",
    "received",
    "delivered-to",
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "reply-to",
    "x-",
    "dkim-signature",
];
/// Bytes of a mail that are looked at: headers and text come before what is attached.
const MOST_MAIL: usize = 256 << 10;
/// Characters of a body that are looked at, from its end.
const MOST_BODY: usize = 16_000;

/// Whether the text is a mail with its headers, and not one that was copied out of a window.
pub(super) fn is_mail(text: &str) -> bool {
    let mut known = 0;
    for line in text.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && known > 0 {
            continue;
        }
        let Some((header, _)) = line.split_once(':') else { return false };
        let header = header.to_ascii_lowercase();
        if header.contains(' ') {
            return false;
        }
        known += usize::from(
            HEADERS.iter().any(|known| header == *known || known.ends_with('-') && header.starts_with(known)),
        );
    }
    known >= 2
        && text.lines().take(200).any(|line| line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("from:")))
}

/// The writer: the address to answer to, the name of the sender, the rest from the signature.
pub(super) fn read(bytes: &[u8]) -> Option<Card> {
    let bytes = &bytes[..bytes.len().min(MOST_MAIL)];
    let message = MessageParser::default().parse(bytes)?;
    let mut card = Card::default();
    let sender = message.from().and_then(|from| from.first());
    let answer = message.reply_to().and_then(|reply| reply.first());
    for written in [answer, sender].into_iter().flatten() {
        card.emails.extend(written.address().and_then(EmailAddress::parse));
    }
    let said = sender.and_then(|sender| sender.name()).map(visible).unwrap_or_default();
    if name::looks_like_name(&said) || said.contains(',') {
        name::split(&said, &mut card);
    }
    let body = message.body_text(0).unwrap_or_default();
    let start = body.char_indices().rev().nth(MOST_BODY).map_or(0, |(at, _)| at);
    let mut found = signature::read(signature::block(&visible(&body[start..])).as_str());
    // Whoever signs with another name than the sender's, as a secretary does, is not taken for the sender.
    let same = card.last_name.is_empty() || found.last_name == card.last_name;
    if !same {
        found.job = String::new();
        found.title = String::new();
        found.salutation = None;
    }
    card.fill(found);
    if card.first_name.is_empty() && card.last_name.is_empty() {
        let local = card.emails.first().and_then(|address| address.as_str().split('@').next().map(str::to_owned));
        if let Some((first, last)) = local.as_deref().and_then(name::from_mailbox) {
            (card.first_name, card.last_name) = (first, last);
        }
    }
    Some(card)
}

#[cfg(test)]
mod tests {
    use crate::intake::cards;

    #[test]
    fn a_saved_mail_says_who_wrote_it() {
        let mail = "Return-Path: <x@y.example>\r\nFrom: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg.mueller@mueller-bau.example>\r\n\
            To: jana@almara.example\r\nSubject: Anfrage\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: 8bit\r\n\r\nGuten Tag,\r\n\r\nwir sind zu zweit und rufen Sie unter 030 111111 an.\r\n\r\n\
            Mit freundlichen Grüßen\r\n\r\nJörg Müller\r\nGeschäftsführer\r\n\r\nMüller Bau GmbH\r\nHauptstraße 12a\r\n10115 Berlin\r\n\
            Tel. +49 (0)30 650138\r\nFax +49 30 650139\r\nwww.mueller-bau.example\r\n\r\nAmtsgericht Berlin HRB 12345\r\n\r\n\
            > Am 1.1. schrieb Jana: Tel. 0171 1234567\r\n";
        let cards = cards::read(mail.as_bytes());
        assert_eq!(cards.len(), 1, "{cards:?}");
        let card = &cards[0];
        assert_eq!((card.first_name.as_str(), card.last_name.as_str()), ("Jörg", "Müller"));
        assert_eq!((card.company.as_str(), card.job.as_str()), ("Müller Bau GmbH", "Geschäftsführer"));
        assert_eq!(
            (card.street.as_str(), card.postal_code.as_str(), card.city.as_str()),
            ("Hauptstraße 12a", "10115", "Berlin")
        );
        assert_eq!(card.phones, ["+4930650138"]);
        assert_eq!(card.website, "www.mueller-bau.example");
    }
}
