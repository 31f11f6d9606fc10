//! Documents of contacts, companies and campaigns: listed, taken in, looked at, changed, linked.

mod arriving;
mod listed;
mod one;
mod store;

use crate::door::{Desk, House};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue},
    routing::{get, post},
};
use crm::documents::{Subject, SubjectKind, View, label, view};
use kernel::{Locale, Sentence, sentence::say};
use serde_json::json;
use std::time::Duration;

/// How long a page waits to hear whether a store answers.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes() -> Router<House> {
    Router::new()
        .route("/kontakte/{id}/dokumente", get(listed::contact))
        .route("/firmen/{id}/dokumente", get(listed::company))
        .route("/kampagnen/{id}/dokumente", get(listed::campaign))
        .route("/dokumente/{id}", get(one::show))
        .route("/dokumente/{id}/inhalt", get(one::look))
        .route("/dokumente/{id}/datei", get(one::download))
        .route("/dokumente/{id}/name", post(one::rename))
        .route("/dokumente/{id}/entfernen", post(one::remove))
        .route("/dokumente/{id}/zurueck", post(one::restore))
        .route("/dokumente/speicher", get(store::show).post(store::link))
        .route("/dokumente/speicher/datei", get(store::open))
}

pub fn uploads() -> Router<House> {
    Router::new()
        .route("/kontakte/{id}/dokumente", post(arriving::contact))
        .route("/firmen/{id}/dokumente", post(arriving::company))
        .route("/kampagnen/{id}/dokumente", post(arriving::campaign))
        .route("/dokumente/{id}/version", post(arriving::version))
}

/// Where the documents of a record are.
fn home(subject: Subject) -> String {
    let record = match subject.kind {
        SubjectKind::Contact => "kontakte",
        SubjectKind::Company => "firmen",
        SubjectKind::Campaign => "kampagnen",
    };
    format!("/{record}/{}/dokumente", subject.id)
}

/// The page of the record itself.
fn record(subject: Subject) -> String {
    match subject.kind {
        SubjectKind::Contact => format!("/kontakte/{}", subject.id),
        SubjectKind::Company => format!("/firmen/{}", subject.id),
        SubjectKind::Campaign => format!("/kampagnen/{}/planung", subject.id),
    }
}

/// „PDF · 1,2 MB“.
fn what(content_type: &str, size: i64, locale: Locale) -> String {
    format!("{} · {}", say(locale, label(content_type), None), bytes(size, locale))
}

fn bytes(size: i64, locale: Locale) -> String {
    let part = |unit: i64| size as f64 / unit as f64;
    match size {
        0..1024 => Sentence::new("documents-size-bytes").with("n", size).say(locale),
        1024..1_048_576 => Sentence::new("documents-size-kb").with("n", locale.number(part(1024), 0)).say(locale),
        _ => Sentence::new("documents-size-mb").with("n", locale.number(part(1_048_576), 1)).say(locale),
    }
}

fn icon(content_type: &str) -> &'static str {
    match (view(content_type), label(content_type)) {
        (View::Pdf, _) => "file-type-pdf",
        (View::Image, _) | (_, "documents-kind-image") => "photo",
        (_, "documents-kind-table") => "file-spreadsheet",
        (_, "documents-kind-mail") => "mail",
        (_, "documents-kind-archive") => "package",
        _ => "file-text",
    }
}

/// Largest file in megabytes, as it is said.
fn limit(desk: &Desk) -> u64 {
    desk.cabinet.largest.div_ceil(1024 * 1024)
}

/// Whether a part of a page is asked for.
fn wants_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// A toast for the page that stays. Headers are plain letters, so everything else is escaped.
fn toast(text: &str, undo: Option<String>) -> [(HeaderName, HeaderValue); 1] {
    let mut said = String::new();
    for c in json!({ "toast": { "text": text, "undo": undo } }).to_string().chars() {
        let mut units = [0; 2];
        match c {
            ' '..='~' => said.push(c),
            other => {
                for unit in other.encode_utf16(&mut units) {
                    said += &format!("\\u{unit:04x}");
                }
            }
        }
    }
    [(HeaderName::from_static("hx-trigger"), HeaderValue::from_str(&said).unwrap_or(HeaderValue::from_static("{}")))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_read_them() {
        let said = |size| bytes(size, Locale::De);
        assert_eq!([said(17), said(2048), said(1_572_864)], ["17 Byte", "2 KB", "1,5 MB"]);
    }

    #[test]
    fn a_toast_is_a_header_of_plain_letters() {
        let [(_, value)] = toast("„Müller 😀“ entfernt", Some("/dokumente/7/zurueck".to_owned()));
        let text = value.to_str().unwrap();
        let read: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(read["toast"]["text"], "„Müller 😀“ entfernt");
    }
}
