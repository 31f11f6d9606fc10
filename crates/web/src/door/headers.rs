//! What every answer tells the browser: what it may load, that it must not guess, and what it must not keep.

use super::House;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Everything a page uses comes from this house; nothing is inline but style attributes.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; frame-src 'self'";
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// Adds the headers; one a handler has set itself stays.
pub async fn protect(State(house): State<House>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    say(header::CONTENT_SECURITY_POLICY, CONTENT);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::REFERRER_POLICY, "same-origin");
    say(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    say(header::CACHE_CONTROL, "no-store");
    if house.is_https() {
        say(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// `Content-Disposition` of a download: the name in plain letters for old programs and as it is for all others (RFC 6266).
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => whole.push(char::from(byte)),
            other => whole.push_str(&format!("%{other:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_download_is_safe_and_whole() {
        let said = attachment("Kunden \"März\"\r\n.csv");
        assert_eq!(
            said,
            "attachment; filename=\"Kunden _M_rz___.csv\"; filename*=UTF-8''Kunden%20%22M%C3%A4rz%22%0D%0A.csv"
        );
    }
}
