//! vCards 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): folded lines, quoted-printable, character sets, several cards in one file.

use super::{Card, MOST_CARDS, name};
use crate::intake::{Salutation, country};
use encoding_rs::Encoding;
use jiff::civil::Date;
use kernel::{EmailAddress, text::visible};

/// Bytes an unfolded line may have; a photograph is passed over.
const MOST_LINE: usize = 16 << 10;

pub(super) fn is_vcard(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// The cards in the order of the file. A card inside a card (the `AGENT` of version 2.1) is no card of its own.
pub(super) fn read(text: &str) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut depth = 0_usize;
    let mut card = Vcard::default();
    let mut raw = String::new();
    for line in Lines(text) {
        let bare = line.trim();
        let opens = bare.eq_ignore_ascii_case("BEGIN:VCARD");
        if opens {
            depth += 1;
        }
        if depth > 0 && line.len() < MOST_LINE {
            raw.push_str(&line);
            raw.push_str("\r\n");
        }
        if bare.eq_ignore_ascii_case("END:VCARD") && depth > 0 {
            depth -= 1;
            if depth == 0 {
                let mut done = std::mem::take(&mut card).done();
                done.source = std::mem::take(&mut raw);
                cards.push(done);
                if cards.len() == MOST_CARDS {
                    return cards;
                }
            }
        } else if depth == 1 && !opens {
            card.take(&line);
        }
    }
    if depth > 0 {
        // The end was cut off; what is there counts.
        let mut done = card.done();
        done.source = raw;
        cards.push(done);
    }
    cards
}

/// Lines without their folds: a line end and one space, or a quoted-printable `=` before it.
struct Lines<'a>(&'a str);

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut line = String::new();
        loop {
            let end = self.0.find('\n').unwrap_or(self.0.len());
            let part = self.0[..end].trim_end_matches('\r');
            self.0 = self.0.get(end + 1..).unwrap_or_default();
            if line.len() < MOST_LINE {
                line.push_str(&part[..part.floor_char_boundary(MOST_LINE)]);
            }
            let head = line.split(':').next().unwrap_or_default();
            if line.ends_with('=') && head.to_ascii_uppercase().contains("QUOTED-PRINTABLE") && !self.0.is_empty() {
                line.pop();
            } else if self.0.starts_with([' ', '\t']) {
                self.0 = &self.0[1..];
            } else {
                return Some(line);
            }
        }
    }
}

#[derive(Default)]
struct Vcard {
    card: Card,
    formatted: String,
    named: bool,
    /// A home address gives way to one at work.
    at_work: bool,
    /// Numbers with their rank: mobile first, then work.
    phones: Vec<(u8, String)>,
}

impl Vcard {
    fn take(&mut self, line: &str) {
        let Some((head, value)) = parted(line) else { return };
        let mut parameters = head.split(';');
        let name = parameters.next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default().to_ascii_uppercase();
        let parameters: Vec<String> = parameters.take(20).map(str::to_ascii_uppercase).collect();
        let value = value_of(value, &parameters);
        let says = |word: &str| parameters.iter().any(|p| p.split(['=', ',', '"']).any(|part| part == word));
        match name.as_str() {
            "FN" => self.formatted = plain(&value),
            "N" => self.name(&value),
            "ORG" => self.card.company = fields(&value).into_iter().next().unwrap_or_default(),
            "TITLE" => self.card.job = plain(&value),
            "ROLE" if self.card.job.is_empty() => self.card.job = plain(&value),
            "EMAIL" => {
                let address = plain(&value);
                self.card.emails.extend(EmailAddress::parse(address.strip_prefix("mailto:").unwrap_or(&address)));
            }
            "TEL" if !says("FAX") && !says("PAGER") => {
                let rank = if says("CELL") { 0 } else { 1 + u8::from(!says("WORK")) };
                let number = plain(&value);
                self.phones.push((rank, number.strip_prefix("tel:").unwrap_or(&number).to_owned()));
            }
            "ADR" if !self.at_work => {
                self.at_work = says("WORK");
                self.address(&value);
            }
            "URL" if self.card.website.is_empty() => self.card.website = plain(&value),
            "BDAY" => self.card.birth_date = birthday(&plain(&value)).map(|day| day.to_string()).unwrap_or_default(),
            "GENDER" => {
                self.card.salutation = match value.trim().chars().next() {
                    Some('M' | 'm') => Some(Salutation::Mr),
                    Some('F' | 'f') => Some(Salutation::Ms),
                    Some('O' | 'o') => Some(Salutation::Diverse),
                    _ => self.card.salutation,
                };
            }
            _ => {}
        }
    }

    /// Family name, given name, further names, prefixes, suffixes.
    fn name(&mut self, value: &str) {
        let parts = fields(value);
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let further = [part(1), part(2)];
        self.card.first_name = further.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        self.card.last_name = part(0);
        self.card.title = part(3);
        for (word, salutation) in [("Herr", Salutation::Mr), ("Frau", Salutation::Ms), ("Mr.", Salutation::Mr)] {
            if let Some(rest) = self.card.title.strip_prefix(word) {
                self.card.salutation = Some(salutation);
                self.card.title = rest.trim().to_owned();
            }
        }
        self.named = !self.card.first_name.is_empty() || !self.card.last_name.is_empty();
    }

    /// Post office box, extension, street, city, region, postal code, country.
    fn address(&mut self, value: &str) {
        let parts = fields(value);
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        self.card.street = if part(2).is_empty() { part(0) } else { part(2) };
        self.card.city = part(3);
        self.card.postal_code = part(5);
        self.card.country = country::read(&part(6)).unwrap_or_default().to_owned();
    }

    fn done(mut self) -> Card {
        if !self.named && !self.formatted.is_empty() && self.formatted != self.card.company {
            name::split(&self.formatted, &mut self.card);
        }
        self.phones.sort_by_key(|(rank, _)| *rank);
        self.card.phones = self.phones.into_iter().map(|(_, number)| number).take(MOST_CARDS).collect();
        self.card.emails.truncate(MOST_CARDS);
        self.card
    }
}

/// Name with parameters, and value: parted at the first colon outside quotes.
fn parted(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    })?;
    Some((&line[..colon.0], &line[colon.0 + 1..]))
}

fn value_of(value: &str, parameters: &[String]) -> String {
    if !parameters.iter().any(|p| p == "QUOTED-PRINTABLE" || p == "ENCODING=QUOTED-PRINTABLE") {
        return value.to_owned();
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = |b: Option<&u8>| b.and_then(|b| (*b as char).to_digit(16));
        match (first, hex(behind.first()), hex(behind.get(1))) {
            (b'=', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    let told =
        parameters.iter().find_map(|p| p.strip_prefix("CHARSET=")).and_then(|n| Encoding::for_label(n.as_bytes()));
    let text = match (told, std::str::from_utf8(&bytes)) {
        (Some(encoding), _) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(),
    };
    text.replace('\0', "")
}

/// The parts between semicolons, each plain.
fn fields(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        match c {
            ';' if !escaped => parts.push(String::new()),
            c => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    parts.truncate(8);
    parts.iter().map(|part| plain(part)).collect()
}

/// Without escapes, on one line, with nothing hidden in it.
fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut escaped = false;
    for c in value.chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (true, 'n' | 'N') => {
                out.push(' ');
                escaped = false;
            }
            (_, c) => {
                out.push(c);
                escaped = false;
            }
        }
    }
    kernel::text::one_line(&visible(&out))
}

/// `1980-04-13`, `19800413`; a day without its year is none.
fn birthday(text: &str) -> Option<Date> {
    let day = text.split('T').next().unwrap_or_default();
    let digits: String = day.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 8 || day.starts_with('-') {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use crate::intake::{Salutation, cards};

    #[test]
    fn a_card_of_an_old_telephone_is_read() {
        let text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;Dr.;\r\n\
            FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Dr. J=C3=B6rg =\r\nM=C3=BCller\r\nTEL;CELL:0171 1234567\r\n\
            TEL;WORK;FAX:030 999\r\nEMAIL;INTERNET:joerg@mueller.example\r\n\
            ADR;WORK;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:;;Stra=DFe 1;Berlin;;10115;Deutschland\r\nBDAY:19800413\r\nEND:VCARD\r\n";
        let cards = cards::read(text.as_bytes());
        assert_eq!(cards.len(), 1);
        let card = &cards[0];
        assert_eq!((card.title.as_str(), card.first_name.as_str(), card.last_name.as_str()), ("Dr.", "Jörg", "Müller"));
        assert_eq!(card.phones, ["+491711234567"]);
        assert_eq!(
            (card.street.as_str(), card.postal_code.as_str(), card.country.as_str()),
            ("Straße 1", "10115", "DE")
        );
        assert_eq!(card.birth_date, "1980-04-13");
        assert_eq!(card.emails[0].as_str(), "joerg@mueller.example");
    }

    #[test]
    fn folds_groups_escapes_and_several_cards_are_read() {
        let text = "begin:vcard\nVERSION:3.0\nN:Lovelace;Ada;;;\nFN:Ada Love\n lace\nitem1.EMAIL;TYPE=\"work,pref\":ada@engine.example\n\
            ORG:Analytical\\, Engines \\; Co;Research\nTITLE:Head of\\nNumbers\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nFN:Frau Grace Hopper\n\
            GENDER:F\nTEL;VALUE=uri;TYPE=cell:tel:+43-664-5211189\nEND:VCARD\n";
        let cards = cards::read(text.as_bytes());
        assert_eq!(cards.len(), 2);
        assert_eq!((cards[0].company.as_str(), cards[0].job.as_str()), ("Analytical, Engines ; Co", "Head of Numbers"));
        assert_eq!(cards[0].emails[0].as_str(), "ada@engine.example");
        assert_eq!((cards[1].first_name.as_str(), cards[1].last_name.as_str()), ("Grace", "Hopper"));
        assert_eq!(cards[1].salutation, Some(Salutation::Ms));
        assert_eq!(cards[1].phones, ["+436645211189"]);
        assert_eq!(cards::read(cards[1].source.as_bytes())[0].last_name, "Hopper");
    }
}
