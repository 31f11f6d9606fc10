//! Text as people type it, made comparable.

use serde::{Deserialize, Serialize};

/// An address a mail can be sent to: `local@domain`, as typed but trimmed, the domain in lower case.
///
/// Stricter than RFC 5321 where strictness protects: no quoted local parts, no comments, no control characters, no
/// address literals. Internationalised domains are accepted and written as they came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() && !c.is_control() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        let labels: Vec<&str> = domain.split('.').collect();
        let domain_ok = domain.len() <= 253
            && labels.len() >= 2
            && labels.iter().all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            })
            && labels.last().is_some_and(|top| top.chars().count() >= 2 && !top.chars().all(|c| c.is_ascii_digit()));
        (local_ok && domain_ok && text.len() <= 254).then(|| Self(format!("{local}@{}", domain.to_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What two spellings of one mailbox share: everything in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        EmailAddress::parse(&text).ok_or_else(|| serde::de::Error::custom("not an e-mail address"))
    }
}

/// The form names are searched and sorted in: lower case, umlauts spelt out, accents dropped, so that Müller is Mueller
/// and Sánchez is sanchez.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'ø' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ğ' => out.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ț' | 'ţ' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// A text inside HTML, also inside a quoted attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text for one line: control characters (line ends and NUL among them) become spaces, outer space goes.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Text without what nobody sees and what turns the order of reading around (zero-width and bidirectional controls, soft
/// hyphens, byte order marks): what is shown is all there is.
pub fn visible(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

/// Unicode's default ignorables that people meet in text they copy (UAX 31, UTR 36).
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.de", " Ada.Lovelace+x@Example.ORG ", "o'brien@kunde-7.example", "jürgen@müller.de"] {
            assert!(EmailAddress::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.de",
            "a b@c.de",
            "a@b..de",
            ".a@b.de",
            "a@-b.de",
            "a\r\nBcc: x@y.de",
            "a@b.de>",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
        ] {
            assert!(EmailAddress::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(EmailAddress::parse("Ada@Example.ORG").unwrap().as_str(), "Ada@example.org");
    }

    #[test]
    fn nothing_hides_in_a_name() {
        assert_eq!(visible("Max\u{202e}retsuM\u{202c} \u{200b}Mü\u{ad}ller\u{feff}"), "MaxretsuM Müller");
        assert_eq!(visible("Ada"), "Ada");
    }

    #[test]
    fn names_fold_to_one_spelling() {
        assert_eq!(fold("  Müller-Lüdenscheidt "), "mueller-luedenscheidt ".trim());
        assert_eq!(fold("Sánchez"), "sanchez");
        assert_eq!(fold("Weiß"), fold("WEISS"));
    }
}
