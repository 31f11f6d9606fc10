//! Where a link may lead: checked when it is written down, so that a redirect only ever leads to a valid web address.

use kernel::Sentence;
use url::Url;

/// A target a link may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A web address: clicks are counted.
    Web(String),
    /// An address to write to or a number to call: left as it is, not counted.
    Direct(String),
}

/// Longest web address taken.
const LONGEST: usize = 2000;

/// Reads a target. A web address that is valid as typed stays byte for byte as typed; anything else it contains (umlauts,
/// spaces) is percent-encoded (RFC 3986, WHATWG URL), and the fragment stays.
///
/// # Errors
/// A sentence for the author: not an address, or a scheme other than http, https, mailto and tel.
pub fn target(text: &str) -> Result<Target, Sentence> {
    let text = text.trim();
    let refused = |key| Sentence::new(key).with("url", text.chars().take(120).collect::<String>());
    if text.len() > LONGEST {
        return Err(refused("planning-link-too-long"));
    }
    if text.contains("{{") || text.contains("{%") {
        return Err(refused("planning-link-with-merge-field"));
    }
    if text.chars().any(char::is_control) {
        return Err(refused("planning-link-broken"));
    }
    let url = Url::parse(text).map_err(|_| refused("planning-link-broken"))?;
    match url.scheme() {
        "http" | "https" => {
            if !url.username().is_empty() || url.password().is_some() {
                return Err(refused("planning-link-with-password"));
            }
            let plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
            let as_typed = plain && starts_with_scheme(text);
            Ok(Target::Web(if as_typed { text.to_owned() } else { url.into() }))
        }
        "mailto" | "tel" => Ok(Target::Direct(url.into())),
        _ => Err(refused("planning-link-scheme")),
    }
}

/// The lenient parser also takes `https:example.org`; a Location header should not depend on that.
fn starts_with_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        ["http", "https"].iter().any(|s| s.eq_ignore_ascii_case(scheme)) && !rest.starts_with('/')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(text: &str) -> String {
        match target(text) {
            Ok(Target::Web(url)) => url,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_valid_address_stays_byte_for_byte() {
        for url in [
            "https://shop.example/kreta",
            "https://shop.example/katalog.pdf#s12",
            "https://shop.example?b=2&a=1&a=%20",
            "HTTP://Shop.Example/A//b/../c;d=1?x[]=1#!/top",
        ] {
            assert_eq!(web(url), url);
        }
    }

    #[test]
    fn umlauts_and_spaces_are_encoded_and_the_order_of_the_query_stays() {
        assert_eq!(web("https://shop.example/rhodos?b=1&a=ä"), "https://shop.example/rhodos?b=1&a=%C3%A4");
        assert_eq!(web("https://müller.example/a b#ö"), "https://xn--mller-kva.example/a%20b#%C3%B6");
        assert_eq!(web("https:shop.example"), "https://shop.example/");
    }

    #[test]
    fn only_the_web_mail_and_telephone_are_led_to() {
        assert_eq!(target("tel:+4930123"), Ok(Target::Direct("tel:+4930123".into())));
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " JaVaScRiPt:x", "ftp://x.example/"]
        {
            assert_eq!(target(bad).unwrap_err().key, "planning-link-scheme", "{bad}");
        }
        for bad in ["", "shop.example", "//shop.example", "https://", "https://a\r\nb.example/", "/relative"] {
            assert_eq!(target(bad).unwrap_err().key, "planning-link-broken", "{bad:?}");
        }
        assert_eq!(target("https://user:pw@shop.example/").unwrap_err().key, "planning-link-with-password");
        assert_eq!(
            target("https://shop.example/{{ contact.number }}").unwrap_err().key,
            "planning-link-with-merge-field"
        );
    }
}
