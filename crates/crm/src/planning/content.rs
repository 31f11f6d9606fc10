//! What a step says: sender, subject and body as typed, checked before they are kept.

use super::{
    FIELDS,
    markup::{self, Letter, scan},
    merge,
};
use crate::{Refusal, refusal::Complaint};
use kernel::{EmailAddress, Sentence, text::one_line};

/// The content of an e-mail step as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Content {
    /// Empty: the sender of the house.
    #[serde(default)]
    pub from_name: String,
    /// Empty: the sender of the house.
    #[serde(default)]
    pub from_address: String,
    #[serde(default)]
    pub reply_to: Option<String>,
    pub subject: String,
    pub body: String,
}

/// Content for a subject and a list of targets: a short letter that names each of them, in order.
///
/// # Errors
/// A target that no link may have, with the path of its field.
pub fn content_of_links(subject: &str, links: &[String]) -> Result<Content, Refusal> {
    let mut body = "{{ contact.salutation_line }}\n".to_owned();
    let mut complaints = Vec::new();
    for (index, link) in links.iter().enumerate() {
        if let Err(sentence) = super::link::target(link) {
            complaints.push(Complaint { field: format!("links[{index}]"), code: "link", sentence });
            continue;
        }
        let shown = link.split_once("://").map_or(link.as_str(), |(_, rest)| rest);
        let shown: String = shown.chars().filter(|c| !"[]*<>{}".contains(*c)).collect();
        body += &format!("\n[{}](<{}>)\n", shown, link.trim());
    }
    if complaints.is_empty() {
        Ok(Content { subject: subject.to_owned(), body, ..Content::default() })
    } else {
        Err(Refusal::Invalid(complaints))
    }
}

impl Content {
    /// The content with its one-line fields cleaned and its body understood, or everything that does not fit. Empty fields
    /// are allowed: a draft need not be complete.
    pub fn checked(mut self) -> Result<(Self, Letter), Refusal> {
        let mut complaints = Vec::new();
        let mut complain = |field: &str, code, sentence: Sentence| {
            complaints.push(Complaint { field: field.to_owned(), code, sentence });
        };
        self.from_name = one_line(&self.from_name);
        self.from_address = one_line(&self.from_address);
        self.reply_to = self.reply_to.map(|text| one_line(&text)).filter(|text| !text.is_empty());
        self.subject = one_line(&self.subject);
        if self.from_name.chars().count() > 200 {
            complain("from_name", "too_long", Sentence::new("planning-sender-too-long"));
        }
        let addresses = [("from_address", Some(&self.from_address)), ("reply_to", self.reply_to.as_ref())];
        for (field, address) in addresses {
            if let Some(address) = address.filter(|a| !a.is_empty() && EmailAddress::parse(a).is_none()) {
                complain(field, "email", Sentence::new("planning-sender-not-an-address").with("address", address));
            }
        }
        if self.subject.chars().count() > 400 {
            complain("subject", "too_long", Sentence::new("planning-subject-too-long"));
        }
        for (field, text) in [("subject", &self.subject), ("body", &self.body)] {
            match scan(text) {
                Ok(pieces) => {
                    if let Some(name) = merge::missing_field(&pieces) {
                        complain(field, "unknown_field", unknown_field(&name));
                    }
                }
                // The body is scanned once more below.
                Err(sentence) if field == "subject" => complain(field, "template", sentence),
                Err(_) => {}
            }
        }
        let letter = match markup::parse(&self.body) {
            Ok(letter) => Some(letter),
            Err(sentences) => {
                for sentence in sentences {
                    let code = if sentence.key.starts_with("planning-link") { "link" } else { "template" };
                    complain("body", code, sentence);
                }
                None
            }
        };
        match letter {
            Some(letter) if complaints.is_empty() => Ok((self, letter)),
            _ => Err(Refusal::Invalid(complaints)),
        }
    }

    /// The letter of content that was kept, and so was checked before.
    pub fn letter(&self) -> Letter {
        markup::parse(&self.body).unwrap_or_default()
    }
}

fn unknown_field(name: &str) -> Sentence {
    let known: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
    let name: String = name.chars().take(80).collect();
    Sentence::new("planning-unknown-field").with("name", name).with("known", known.join(", "))
}
