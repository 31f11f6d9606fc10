//! Signatures and letterheads: line after line, each taken for the one thing it looks like.

use super::{Card, name};
use crate::intake::{country, phone, postal};
use kernel::{EmailAddress, text::fold};

/// Lines that are looked at, and characters of each.
const MOST_LINES: usize = 200;
const MOST_LINE: usize = 300;
/// What a company's name ends with or holds, folded.
const LEGAL_FORMS: [&str; 30] = [
    "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "se", "gbr", "e.k.", "ek", "e.v.", "ev", "eg", "e.u.", "kgaa",
    "ltd", "ltd.", "limited", "llc", "inc", "inc.", "corp.", "plc", "s.a.", "sarl", "s.a.r.l.", "s.r.l.", "b.v.",
    "partg",
];
/// Words of a job, folded.
const JOBS: [&str; 34] = [
    "leiter",
    "leiterin",
    "leitung",
    "geschaeftsfuehrer",
    "geschaeftsfuehrerin",
    "geschaeftsleitung",
    "manager",
    "managerin",
    "vertrieb",
    "verkauf",
    "einkauf",
    "assistent",
    "assistentin",
    "assistenz",
    "director",
    "direktor",
    "direktorin",
    "head",
    "sales",
    "berater",
    "beraterin",
    "inhaber",
    "inhaberin",
    "ceo",
    "cto",
    "cfo",
    "coo",
    "vorstand",
    "vorstaendin",
    "prokurist",
    "prokuristin",
    "sachbearbeiter",
    "sachbearbeiterin",
    "buchhaltung",
];
/// Beginnings of lines that say nothing of the person, folded.
const IMPRINT: [&str; 26] = [
    "geschaeftsfuehrer:",
    "geschaeftsfuehrung:",
    "geschaeftsfuehrerin:",
    "vorstand:",
    "vorsitzende",
    "aufsichtsrat",
    "amtsgericht",
    "registergericht",
    "handelsregister",
    "hrb",
    "hra",
    "ust",
    "umsatzsteuer",
    "steuernummer",
    "vat",
    "sitz der",
    "iban",
    "bic",
    "diese e-mail",
    "diese nachricht",
    "this e-mail",
    "this email",
    "this message",
    "gesendet von",
    "sent from",
    "von meinem",
];
/// How people say goodbye, folded.
const CLOSINGS: [&str; 22] = [
    "mit freundlichen gruessen",
    "mit freundlichem gruss",
    "freundliche gruesse",
    "viele gruesse",
    "herzliche gruesse",
    "beste gruesse",
    "liebe gruesse",
    "schoene gruesse",
    "mit besten gruessen",
    "mit herzlichen gruessen",
    "hochachtungsvoll",
    "mfg",
    "lg",
    "vg",
    "best regards",
    "kind regards",
    "regards",
    "best wishes",
    "yours sincerely",
    "sincerely",
    "cheers",
    "gruss",
];
/// Hosts of mailboxes that say nothing of a company.
const FREE_MAIL: [&str; 28] = [
    "gmail.com",
    "googlemail.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "web.de",
    "t-online.de",
    "freenet.de",
    "yahoo.de",
    "yahoo.com",
    "hotmail.com",
    "hotmail.de",
    "outlook.com",
    "outlook.de",
    "live.de",
    "live.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "aol.de",
    "posteo.de",
    "mailbox.org",
    "arcor.de",
    "bluewin.ch",
    "aon.at",
    "proton.me",
];

/// Whether the domain belongs to whoever writes from it, and not to a provider of mailboxes.
pub fn is_own_domain(domain: &str) -> bool {
    !FREE_MAIL.contains(&domain)
}

/// The end of a mail's text that says who wrote it: behind `-- ` or the closing words, before what is quoted.
pub(super) fn block(body: &str) -> String {
    let mut lines = Vec::new();
    let mut from = 0;
    for line in body.lines().filter(|line| !line.trim_start().starts_with('>')) {
        let folded = fold(line);
        if is_quote_head(&folded) {
            break;
        }
        if matches!(line.trim_end(), "--" | "__") {
            from = lines.len() + 1;
        } else if is_closing(&folded) {
            from = lines.len();
        }
        lines.push(line);
    }
    if from == 0 {
        // Nobody said goodbye: the last lines.
        from = lines.len().saturating_sub(12);
    }
    lines.get(from..).unwrap_or_default().join("\n")
}

fn is_quote_head(folded: &str) -> bool {
    folded.contains("urspruengliche nachricht")
        || folded.contains("original message")
        || (folded.starts_with("am ") || folded.starts_with("on ")) && folded.ends_with(':')
        || folded.starts_with("von: ")
        || folded.starts_with("from: ") && folded.contains('@')
}

fn is_closing(folded: &str) -> bool {
    let bare = folded.trim_end_matches([',', '!', '.', ' ']);
    CLOSINGS.iter().any(|closing| bare == *closing || bare.len() < 60 && bare.starts_with(closing) && closing.len() > 8)
}

/// A card from a signature, a letterhead, or one line such as `Ada Lovelace <ada@engine.example>`.
pub(super) fn read(text: &str) -> Card {
    let mut found = Reading::default();
    for line in text.lines().take(MOST_LINES) {
        let line: String = line.chars().take(MOST_LINE).collect();
        for part in line.split(['|', '•', '·', '\t', '●', '▪', ';']) {
            found.part(part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | ',')));
        }
    }
    found.done()
}

#[derive(Default)]
struct Reading {
    card: Card,
    /// Parts that were taken for nothing so far.
    spare: Vec<String>,
}

impl Reading {
    fn part(&mut self, part: &str) {
        let folded = fold(part);
        if part.is_empty() || is_closing(&folded) || IMPRINT.iter().any(|start| folded.starts_with(start)) {
            return;
        }
        if part.contains('@') {
            return self.addresses(part);
        }
        if self.website(part) || self.phone(part, &folded) || self.place(part) {
            return;
        }
        if let Some(code) = country::read(part).filter(|_| part.chars().count() > 3) {
            self.card.country = code.to_owned();
        } else if self.card.company.is_empty() && is_company(&folded) {
            self.card.company = part.to_owned();
        } else if self.card.street.is_empty() && is_street(&folded) {
            self.card.street = part.to_owned();
        } else if self.card.job.is_empty() && is_job(&folded) {
            self.card.job = part.to_owned();
        } else if self.nameless() && self.card.company.is_empty() | !is_company(&folded) && name::looks_like_name(part)
        {
            name::split(part, &mut self.card);
        } else if part.contains(", ") && part.chars().any(|c| c.is_ascii_digit()) {
            part.split(", ").take(6).for_each(|piece| self.part(piece.trim()));
        } else {
            self.spare.push(part.to_owned());
        }
    }

    fn nameless(&self) -> bool {
        self.card.first_name.is_empty() && self.card.last_name.is_empty()
    }

    /// Addresses, and the name in front of one.
    fn addresses(&mut self, part: &str) {
        let sign = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '"');
        for word in part.split(sign) {
            let word = word.trim_end_matches(['.', ':']);
            self.card.emails.extend(EmailAddress::parse(word.strip_prefix("mailto:").unwrap_or(word)));
            if !word.contains('@') {
                self.website(word);
            }
        }
        if let Some((before, _)) = part.split_once('<') {
            let before = before.trim().trim_matches('"');
            let before = before.rsplit_once(": ").map_or(before, |(_, behind)| behind);
            if self.nameless() && (name::looks_like_name(before) || before.contains(", ")) {
                name::split(before, &mut self.card);
            }
        } else if let Some((number, _)) = part.split_once("E-Mail").or_else(|| part.split_once("Mail")) {
            let number = number.trim_matches([' ', ',', ';', '-']);
            self.phone(number, &fold(number));
        }
    }

    fn website(&mut self, part: &str) -> bool {
        let bare = part.rsplit_once(": ").map_or(part, |(_, behind)| behind).trim();
        let lower = bare.to_ascii_lowercase();
        let is = ["www.", "http://", "https://"].iter().any(|start| lower.starts_with(start)) && !bare.contains(' ');
        if is && self.card.website.is_empty() {
            self.card.website = bare.trim_end_matches('/').to_owned();
        }
        is
    }

    /// A number with its label, or a line of hardly anything else that a numbering plan knows.
    fn phone(&mut self, part: &str, folded: &str) -> bool {
        let from = part.find(|c: char| c.is_ascii_digit() || c == '+' || c == '(').unwrap_or(part.len());
        let label = fold(&part[..from]);
        let label = label.trim_matches([' ', ':', '.', '-', '/']);
        let to = part[from..].find(|c: char| c.is_alphabetic()).map_or(part.len(), |at| from + at);
        let number = part[from..to].trim_matches([' ', ',', ';', ':', '/', '-', '.']);
        let digits = number.chars().filter(char::is_ascii_digit).count();
        if label.starts_with("fax") || label.starts_with("telefax") || label == "f" {
            if let Some(rest) = part.get(to..).filter(|rest| rest.len() < part.len()) {
                self.phone(rest, &fold(rest));
            }
            return true;
        }
        let known =
            ["tel", "fon", "phone", "mobil", "handy", "cell", "zentrale", "durchwahl", "buero", "office", "direct"];
        let labelled = known.iter().any(|word| label.contains(word)) || matches!(label, "t" | "m" | "p" | "d");
        if !(6..=16).contains(&digits) || !labelled && (from > 0 || to < part.len() || folded.contains(',')) {
            return false;
        }
        if !labelled && !phone::is_known(&phone::tidy(number, "")) {
            return false;
        }
        if label.starts_with("mobil") || label.starts_with("handy") || label == "m" {
            self.card.phones.insert(0, number.to_owned());
        } else {
            self.card.phones.push(number.to_owned());
        }
        if to < part.len() {
            let rest = &part[to..];
            self.phone(rest, &fold(rest));
        }
        true
    }

    /// `Hauptstraße 12, D-10115 Berlin`: a postal code, the city behind it, the street in front.
    fn place(&mut self, part: &str) -> bool {
        if !self.card.city.is_empty() {
            return false;
        }
        let words: Vec<&str> = part.split(' ').filter(|word| !word.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            let (sign, code) = word
                .split_once('-')
                .filter(|(s, _)| matches!(*s, "D" | "A" | "CH" | "DE" | "AT" | "FL"))
                .unwrap_or(("", word));
            let figures = matches!(code.len(), 4 | 5) && code.bytes().all(|b| b.is_ascii_digit());
            let city = words[at + 1..].join(" ");
            let city = city.split([',', '/', '(']).next().unwrap_or_default().trim().to_owned();
            if !figures || !city.starts_with(char::is_uppercase) || city.chars().any(|c| c.is_ascii_digit()) {
                continue;
            }
            let before = words[..at].join(" ");
            let before = before.trim_end_matches([',', ' ', '-']);
            if !before.is_empty() && !is_street(&fold(before)) {
                continue;
            }
            if !before.is_empty() {
                self.card.street = before.to_owned();
            }
            let told = match sign {
                "D" | "DE" => "DE",
                "A" | "AT" => "AT",
                "CH" => "CH",
                "FL" => "LI",
                _ => "",
            };
            if !told.is_empty() {
                self.card.country = told.to_owned();
            }
            self.card.postal_code = code.to_owned();
            self.card.city = city;
            if let Some((_, behind)) = part.rsplit_once(", ")
                && let Some(code) = country::read(behind).filter(|_| behind.chars().count() > 3)
            {
                self.card.country = code.to_owned();
            }
            return true;
        }
        false
    }

    fn done(mut self) -> Card {
        let card = &mut self.card;
        if card.country.is_empty() && postal::fits(&card.postal_code, "DE") == Some(true) {
            card.country = "DE".to_owned();
        }
        if card.first_name.is_empty() && card.last_name.is_empty() {
            let local = card.emails.first().and_then(|address| address.as_str().split('@').next().map(str::to_owned));
            if let Some((first, last)) = local.as_deref().and_then(name::from_mailbox) {
                (card.first_name, card.last_name) = (first, last);
            }
        }
        self.card
    }
}

fn is_company(folded: &str) -> bool {
    folded.split([' ', ',']).skip(1).any(|word| LEGAL_FORMS.contains(&word)) && !folded.contains(':')
}

fn is_job(folded: &str) -> bool {
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    folded.split(' ').count() <= 8 && (words.any(|word| JOBS.contains(&word)) || folded.contains("leiter"))
}

fn is_street(folded: &str) -> bool {
    let named = ["str.", "strasse", "weg ", "platz", "gasse", "allee", "ring ", "damm", "ufer", "markt", "postfach"];
    let number =
        folded.rsplit(' ').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()) && last.len() <= 8);
    let words = folded.split(' ').count();
    (2..=6).contains(&words)
        && number
        && (named.iter().any(|part| folded.contains(part)) || !folded.contains(':'))
        && folded.starts_with(|c: char| c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use crate::intake::cards::{Card, read};

    fn one(text: &str) -> Card {
        let mut cards = read(text.as_bytes());
        assert_eq!(cards.len(), 1, "{text}");
        cards.remove(0)
    }

    #[test]
    fn one_line_is_enough() {
        let card = one("Max Muster <max@muster.example>");
        assert_eq!((card.first_name.as_str(), card.last_name.as_str()), ("Max", "Muster"));
        assert_eq!(card.emails[0].as_str(), "max@muster.example");
        assert_eq!(one("\"Muster, Max\" <max@muster.example>").last_name, "Muster");
        assert_eq!(one("max.muster@muster.example").first_name, "Max");
        assert_eq!(one("info@muster.example").first_name, "");
        assert!(read(b"   \n\n").is_empty());
        assert!(read("nur ein paar worte".as_bytes()).is_empty());
    }

    #[test]
    fn a_signature_on_few_lines_is_taken_apart() {
        let card = one("Dr. Sabine Öztürk | Leiterin Einkauf | Öztürk & Söhne KG\n\
            Lindenallee 64 · A-1010 Wien · Österreich\nT +43 1 5130000 | M 0664 5211189 | sabine@oeztuerk.example | https://oeztuerk.example/");
        assert_eq!(
            (card.title.as_str(), card.first_name.as_str(), card.last_name.as_str()),
            ("Dr.", "Sabine", "Öztürk")
        );
        assert_eq!((card.company.as_str(), card.job.as_str()), ("Öztürk & Söhne KG", "Leiterin Einkauf"));
        assert_eq!((card.street.as_str(), card.postal_code.as_str()), ("Lindenallee 64", "1010"));
        assert_eq!((card.city.as_str(), card.country.as_str()), ("Wien", "AT"));
        assert_eq!(card.phones, ["+436645211189", "+4315130000"]);
        assert_eq!(card.website, "https://oeztuerk.example");
        assert_eq!(card.salutation, Some(crate::intake::Salutation::Ms));
    }

    #[test]
    fn nothing_hidden_comes_along() {
        let card = one("M\u{200b}ax \u{202e}Muster <max@muster.example>");
        assert_eq!((card.first_name.as_str(), card.last_name.as_str()), ("Max", "Muster"));
    }
}
