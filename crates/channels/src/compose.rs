//! A mail becomes bytes: MIME with a text and an HTML part (RFC 5322, 2045, 2047), only ASCII on the wire.
//!
//! Nothing that comes from outside may end a line: names and subjects are cleaned to one line, anything else that could
//! carry a line end is refused.

use crate::smtp::wire;
use kernel::{
    EmailAddress, Sentence, Timestamp,
    mail::{ComposedMail, OutgoingMail},
    text::one_line,
};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime};

/// Headers that make up the mail itself; a caller who sets them would write a second, contradicting mail.
const OURS: [&str; 15] = [
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "return-path",
    "received",
    "dkim-signature",
];

/// Builds the bytes; not yet signed.
pub(crate) fn compose(mail: &OutgoingMail, at: Timestamp) -> Result<ComposedMail, Sentence> {
    let to = mailable(&mail.to)?;
    let from = mailable(&mail.from)?;
    let return_path = match mail.return_path.as_str() {
        "" => String::new(),
        path => EmailAddress::parse(path)
            .ok_or_else(|| Sentence::new("mail-address-domain-invalid").with("address", one_line(path)))
            .and_then(|path| mailable(&path))?
            .to_string(),
    };
    let id_fits = |id: &str| {
        id.len() <= 250
            && id.contains('@')
            && id.bytes().all(|b| b.is_ascii_graphic() && !b"<>()\\\",;:[]".contains(&b))
    };
    if !id_fits(&mail.message_id) {
        return Err(Sentence::new("mail-message-id-refused").with("id", one_line(&mail.message_id)));
    }

    let date = SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0));
    let mut builder = Message::builder()
        .from(mailbox(&mail.from_name, &from)?)
        .to(mailbox(&mail.to_name, &to)?)
        .subject(one_line(&mail.content.subject))
        .date(date)
        .message_id(Some(format!("<{}>", mail.message_id)));
    if let Some(address) = &mail.reply_to {
        builder = builder.reply_to(mailbox("", &mailable(address)?)?);
    }
    for (name, value) in &mail.headers {
        builder = builder.raw_header(header(name, value)?);
    }

    // The boundary is drawn from the Message-ID: unguessable enough for a body that is quoted-printable, where a line
    // that begins with "--=_" cannot occur ("=" is always followed by hexadecimal digits).
    let boundary: String = mail.message_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let parts = MultiPart::alternative()
        .boundary(format!("=_{boundary}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.content.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &mail.content.html)?);
    let message =
        builder.multipart(parts).map_err(|trouble| Sentence::new("mail-not-composed").with("detail", trouble))?;
    let raw = message.formatted();
    if let Err(flaw) = wire::examine(&raw) {
        return Err(match flaw {
            wire::Flaw::LongLine { line } => Sentence::new("mail-line-too-long").with("name", line),
            other => Sentence::new("mail-not-composed").with("detail", other),
        });
    }
    Ok(ComposedMail { message: mail.message, return_path, to, raw })
}

/// The address as SMTP without SMTPUTF8 can carry it: domain in A-labels (RFC 5891), local part in ASCII.
fn mailable(address: &EmailAddress) -> Result<EmailAddress, Sentence> {
    if address.as_str().is_ascii() {
        return Ok(address.clone());
    }
    let local = address.as_str().strip_suffix(address.domain()).unwrap_or_default();
    if !local.is_ascii() {
        return Err(Sentence::new("mail-address-needs-smtputf8").with("address", address));
    }
    idna::domain_to_ascii_strict(address.domain())
        .ok()
        .and_then(|domain| EmailAddress::parse(&format!("{local}{domain}")))
        .ok_or_else(|| Sentence::new("mail-address-domain-invalid").with("address", address))
}

fn mailbox(name: &str, address: &EmailAddress) -> Result<Mailbox, Sentence> {
    let name = one_line(name);
    let address: Address =
        address.as_str().parse().map_err(|_| Sentence::new("mail-address-domain-invalid").with("address", address))?;
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Sentence> {
    let refused = || Sentence::new("mail-header-refused").with("name", one_line(name));
    let token = !name.is_empty() && name.len() <= 76 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !token || OURS.contains(&name.to_ascii_lowercase().as_str()) || value.chars().any(char::is_control) {
        return Err(refused());
    }
    let header_name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| refused())?;
    // List-Unsubscribe and Feedback-ID are read by machines: ASCII stays as it is, never an encoded word in a URL.
    if value.is_ascii() && name.len() + 2 + value.len() <= 990 {
        return Ok(HeaderValue::dangerous_new_pre_encoded(header_name, value.to_owned(), value.to_owned()));
    }
    Ok(HeaderValue::new(header_name, value.to_owned()))
}

/// Quoted-printable always: ASCII lines of at most 76 characters whatever the author wrote. NUL and other control
/// characters have no business in a text and go.
fn part(kind: ContentType, text: &str) -> Result<SinglePart, Sentence> {
    let text = if text.bytes().any(|b| b < 0x20 && !matches!(b, b'\n' | b'\r' | b'\t')) {
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect()
    } else {
        text.to_owned()
    };
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| Sentence::new("mail-not-composed").with("detail", "quoted-printable"))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{MessageId, mail::RenderedMail};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn mail() -> OutgoingMail {
        OutgoingMail {
            message: MessageId(7),
            return_path: "bounce+c1-7-abcd@reisen.example".into(),
            from_name: "Möwe Reisen".into(),
            from: EmailAddress::parse("news@reisen.example").unwrap(),
            reply_to: None,
            to_name: "Jürgen Groß".into(),
            to: EmailAddress::parse("j.gross@kunde.example").unwrap(),
            message_id: "c1.7.abcd@reisen.example".into(),
            content: RenderedMail {
                subject: "Schöne Grüße".into(),
                html: "<p>Grüß Gott</p>".into(),
                text: "Grüß Gott".into(),
            },
            headers: BTreeMap::new(),
        }
    }

    fn head(raw: &[u8]) -> Vec<String> {
        let text = String::from_utf8(raw.to_vec()).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_name_or_subject_with_a_line_end_adds_no_header() {
        let mut evil = mail();
        evil.to_name = "Ada\r\nBcc: x@evil.example".into();
        evil.from_name = "A\nBcc: y@evil.example\0".into();
        evil.content.subject = "Hi\r\nBcc: z@evil.example\r\n\r\nbody".into();
        let composed = compose(&evil, Timestamp(0)).unwrap();
        assert!(!head(&composed.raw).iter().any(|line| line.to_lowercase().starts_with("bcc")));
    }

    #[test]
    fn a_header_with_a_line_end_or_of_ours_is_refused() {
        for (name, value) in [
            ("X-A", "1\r\nBcc: x@y.de"),
            ("X-A", "a\0b"),
            ("X:A", "1"),
            ("X A\r\nB", "1"),
            ("Bcc", "x@y.de"),
            ("", "x"),
        ] {
            let mut evil = mail();
            evil.headers.insert(name.into(), value.into());
            assert_eq!(compose(&evil, Timestamp(0)).unwrap_err().key, "mail-header-refused", "{name:?}");
        }
        let mut evil = mail();
        evil.message_id = "a@b>\r\nBcc: x@y.de".into();
        assert_eq!(compose(&evil, Timestamp(0)).unwrap_err().key, "mail-message-id-refused");
        let mut evil = mail();
        evil.return_path = "a@b.de>\r\nRCPT TO:<x@y.de".into();
        assert!(compose(&evil, Timestamp(0)).is_err());
    }

    #[test]
    fn a_domain_with_umlauts_travels_as_a_label_and_a_local_part_with_umlauts_is_refused() {
        let mut abroad = mail();
        abroad.to = EmailAddress::parse("info@müller.de").unwrap();
        let composed = compose(&abroad, Timestamp(0)).unwrap();
        assert_eq!(composed.to.as_str(), "info@xn--mller-kva.de");
        abroad.to = EmailAddress::parse("jürgen@mueller.de").unwrap();
        assert_eq!(compose(&abroad, Timestamp(0)).unwrap_err().key, "mail-address-needs-smtputf8");
    }

    #[test]
    fn a_header_too_long_for_a_line_is_refused() {
        let mut long = mail();
        long.headers.insert("List-Unsubscribe".into(), format!("<https://x.example/{}>", "a".repeat(1200)));
        assert_eq!(compose(&long, Timestamp(0)).unwrap_err().key, "mail-line-too-long");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_the_head_holds_our_headers_only(name in ".{0,80}", subject in ".{0,300}", text in ".{0,400}") {
            let mut any = mail();
            any.to_name = name;
            any.content.subject = subject;
            any.content.text = text;
            let composed = compose(&any, Timestamp(0)).unwrap();
            let ours = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"];
            for line in head(&composed.raw) {
                let known = line.starts_with(' ') || ours.iter().any(|name| line.starts_with(&format!("{name}: ")));
                prop_assert!(known, "{line}");
            }
            prop_assert!(wire::examine(&composed.raw).is_ok());
        }
    }
}
