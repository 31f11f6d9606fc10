//! Business cards as people have them: a signature, a letterhead, `Ada Lovelace <ada@x.example>`, a vCard, a saved mail. What
//! is certain fills the card; what is a guess stays empty.
//!
//! Everything here is pure and bounded: no more than [`MOST_BYTES`] of a text are looked at and no more than [`MOST_CARDS`]
//! cards are made of it, however it is nested, folded or encoded.

mod given_names;
mod mail;
mod name;
mod signature;
mod vcard;

#[cfg(test)]
mod hostile;

pub use signature::is_own_domain;

use super::{Salutation, phone};
use kernel::{EmailAddress, text::visible};

/// Bytes of a text that are looked at.
pub const MOST_BYTES: usize = 1 << 20;
/// Cards one text may bring; more are a file for the import.
pub const MOST_CARDS: usize = 100;
/// Characters of one field.
const MOST_FIELD: usize = 200;

/// What was found about one person; empty text stands for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub salutation: Option<Salutation>,
    pub title: String,
    pub first_name: String,
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// In the order they were found.
    pub emails: Vec<EmailAddress>,
    /// As typed; fax numbers are none.
    pub phones: Vec<String>,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub company: String,
    pub job: String,
    pub website: String,
    /// The text this card came from, so that the next of several can be opened later.
    pub source: String,
}

impl Card {
    /// Whether there is anybody on it.
    pub fn is_blank(&self) -> bool {
        self.first_name.is_empty()
            && self.last_name.is_empty()
            && self.company.is_empty()
            && self.emails.is_empty()
            && self.phones.is_empty()
    }

    /// Lays what another reading found into what is still empty.
    fn fill(&mut self, other: Card) {
        let take = |mine: &mut String, theirs: String| {
            if mine.is_empty() {
                *mine = theirs;
            }
        };
        self.salutation = self.salutation.or(other.salutation);
        if self.first_name.is_empty() && self.last_name.is_empty() {
            self.first_name = other.first_name;
            self.last_name = other.last_name;
        }
        take(&mut self.title, other.title);
        take(&mut self.birth_date, other.birth_date);
        take(&mut self.street, other.street);
        take(&mut self.postal_code, other.postal_code);
        take(&mut self.city, other.city);
        take(&mut self.country, other.country);
        take(&mut self.company, other.company);
        take(&mut self.job, other.job);
        take(&mut self.website, other.website);
        self.emails.extend(other.emails);
        self.phones.extend(other.phones);
    }

    /// One spelling of everything, nothing twice.
    fn finished(mut self) -> Self {
        for text in [
            &mut self.title,
            &mut self.first_name,
            &mut self.last_name,
            &mut self.street,
            &mut self.postal_code,
            &mut self.city,
            &mut self.company,
            &mut self.job,
            &mut self.website,
        ] {
            *text = kernel::text::one_line(text).chars().take(MOST_FIELD).collect();
        }
        let mut seen = Vec::new();
        self.emails.retain(|address| {
            !seen.contains(&address.key()) && {
                seen.push(address.key());
                true
            }
        });
        for number in &mut self.phones {
            *number = phone::tidy(number.trim(), &self.country);
        }
        let mut seen: Vec<String> = Vec::new();
        self.phones.retain(|number| {
            !seen.contains(number) && {
                seen.push(number.clone());
                true
            }
        });
        if self.salutation.is_none() {
            self.salutation = name::salutation(&self.title, &self.first_name);
        }
        self
    }
}

/// The cards of a file or of pasted text; empty where nobody is to be found in it.
pub fn read(bytes: &[u8]) -> Vec<Card> {
    let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
    let text = decoded(bytes);
    let cards = if vcard::is_vcard(&text) {
        vcard::read(&text)
    } else if mail::is_mail(&text) {
        mail::read(bytes).into_iter().collect()
    } else {
        vec![Card { source: text.clone(), ..signature::read(&visible(&text)) }]
    };
    cards.into_iter().map(Card::finished).filter(|card| !card.is_blank()).take(MOST_CARDS).collect()
}

/// UTF-8 where it is UTF-8, UTF-16 where it says so, else Windows-1252.
fn decoded(bytes: &[u8]) -> String {
    let cut = match bytes {
        [0xff, 0xfe, rest @ ..] => return encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.replace('\0', ""),
        [0xfe, 0xff, rest @ ..] => return encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.replace('\0', ""),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        all => all,
    };
    match std::str::from_utf8(cut) {
        Ok(text) => text.replace('\0', ""),
        // Cut in the middle of a character, the rest is good.
        Err(wrong) if wrong.error_len().is_none() => {
            String::from_utf8_lossy(&cut[..wrong.valid_up_to()]).replace('\0', "")
        }
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cut).0.replace('\0', ""),
    }
}
