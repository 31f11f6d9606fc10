//! Merge fields: which there are, what they say for a person, and which names in a template are none.

use super::markup::Piece;
use crate::customers::Addressee;
use kernel::{Locale, Sentence};
use serde_json::{Value, json};
use store::FromQueryResult;

/// Everything a template may ask for, with the key of its description.
pub const FIELDS: &[(&str, &str)] = &[
    ("contact.first_name", "planning-field-first_name"),
    ("contact.last_name", "planning-field-last_name"),
    ("contact.name", "planning-field-name"),
    ("contact.salutation", "planning-field-salutation"),
    ("contact.title", "planning-field-title"),
    ("contact.salutation_line", "planning-field-salutation_line"),
    ("contact.email", "planning-field-email"),
    ("contact.number", "planning-field-number"),
    ("contact.company", "planning-field-company"),
    ("contact.street", "planning-field-street"),
    ("contact.postal_code", "planning-field-postal_code"),
    ("contact.city", "planning-field-city"),
    ("contact.country", "planning-field-country"),
    ("contact.language", "planning-field-language"),
    ("contact.birth_date", "planning-field-birth_date"),
    ("campaign.name", "planning-field-campaign"),
    ("organisation.name", "planning-field-organisation"),
    ("unsubscribe", "planning-field-unsubscribe"),
    ("preferences", "planning-field-preferences"),
];

const WORDS: &[&str] = &[
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "in",
    "not",
    "and",
    "or",
    "is",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "loop",
    "range",
    "recursive",
];

/// The first name in the template language of these pieces that means nothing: not a merge field, not made by the
/// template itself.
pub fn missing_field(pieces: &[Piece]) -> Option<String> {
    let mut own: Vec<String> = Vec::new();
    for piece in pieces {
        let (Piece::Value(whole) | Piece::Tag(whole)) = piece else { continue };
        let names = names(&whole[2..whole.len() - 2]);
        let first = names.first().map(|name| name.text.as_str());
        match (piece, first) {
            (Piece::Tag(_), Some("for")) => {
                let until = names.iter().position(|name| name.text == "in").unwrap_or(names.len());
                own.extend(names[1..until].iter().map(|name| name.text.clone()));
            }
            (Piece::Tag(_), Some("set")) => own.extend(names.iter().filter(|n| n.assigned).map(|n| n.text.clone())),
            _ => {}
        }
        for name in names.iter().filter(|name| !name.assigned && !name.machinery) {
            let root = name.text.split('.').next().unwrap_or_default();
            let known = WORDS.contains(&root)
                || own.iter().any(|own| own == root)
                || FIELDS.iter().any(|(field, _)| *field == name.text)
                || ["contact", "campaign", "organisation"].contains(&name.text.as_str());
            if !known {
                return Some(name.text.clone());
            }
        }
    }
    None
}

struct Name {
    text: String,
    /// Left of an equals sign: a keyword argument or a variable being set.
    assigned: bool,
    /// A filter, a test or a method.
    machinery: bool,
}

/// The dotted names of an expression.
fn names(expression: &str) -> Vec<Name> {
    let chars: Vec<char> = expression.chars().collect();
    let mut out: Vec<Name> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while at < chars.len() {
        let c = chars[at];
        if c == '"' || c == '\'' {
            at += 1;
            while at < chars.len() && chars[at] != c {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
            before = c;
        } else if c.is_alphabetic() || c == '_' {
            let start = at;
            while at < chars.len() && (chars[at].is_alphanumeric() || matches!(chars[at], '_' | '.')) {
                at += 1;
            }
            let text: String = chars[start..at].iter().collect();
            let next = chars[at..].iter().position(|c| !c.is_whitespace()).map(|skip| at + skip);
            let follows = |skip: usize| next.and_then(|n| chars.get(n + skip)).copied();
            let tested = match out.last().map(|name| name.text.as_str()) {
                Some("is") => true,
                Some("not") => out.iter().rev().nth(1).is_some_and(|name| name.text == "is"),
                _ => false,
            };
            out.push(Name {
                text: text.trim_end_matches('.').to_owned(),
                assigned: follows(0) == Some('=') && follows(1) != Some('='),
                machinery: matches!(before, '|' | '.') || tested,
            });
            before = ' ';
        } else if c.is_ascii_digit() {
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '.') {
                at += 1;
            }
            before = '0';
        } else {
            if !c.is_whitespace() {
                before = c;
            }
            at += 1;
        }
    }
    out
}

/// A person as a letter needs to know them; columns of `contact`, with the company's name.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct Person {
    pub number: String,
    pub salutation: Option<String>,
    pub title: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub birth_date: Option<String>,
    pub company: Option<String>,
}

impl Person {
    /// Selected columns for this type; `c` is `contact`, `o` its company.
    pub const COLUMNS: &'static str = "c.number, c.salutation, c.title, c.first_name, c.last_name, c.email, c.street, \
         c.postal_code, c.city, c.country, c.language, c.birth_date, o.name AS company";

    /// The language this person is written to in.
    pub fn locale(&self, house: Locale) -> Locale {
        self.language.as_deref().and_then(Locale::parse).unwrap_or(house)
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// „Sehr geehrte Frau Dr. Müller,“ or, where nothing is known about the person, „Guten Tag,“.
    pub fn salutation_line(&self, house: Locale) -> String {
        let person = Addressee {
            salutation: self.salutation.as_deref(),
            title: self.title.as_deref(),
            first_name: &self.first_name,
            last_name: &self.last_name,
        };
        person.salutation_line(self.locale(house))
    }

    /// The values of `contact.…`; what is not known is empty.
    pub fn values(&self, house: Locale) -> Value {
        let locale = self.locale(house);
        let salutation = match self.salutation.as_deref() {
            Some("ms") => Sentence::new("planning-salutation-ms").say(locale),
            Some("mr") => Sentence::new("planning-salutation-mr").say(locale),
            _ => String::new(),
        };
        json!({
            "first_name": self.first_name,
            "last_name": self.last_name,
            "name": self.name(),
            "salutation": salutation,
            "title": self.title,
            "salutation_line": self.salutation_line(house),
            "email": self.email,
            "number": self.number,
            "company": self.company,
            "street": self.street,
            "postal_code": self.postal_code,
            "city": self.city,
            "country": self.country,
            "language": locale.code(),
            "birth_date": self.birth_date,
        })
    }
}
