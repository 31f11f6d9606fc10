//! What the browser needs beside the pages, built into the binary: style, behaviour, font, icons.
//!
//! A page asks for `/static/<name>?v=<hash of the content>`; with the right hash the answer may be kept for a year, without
//! one (the font, whose name carries its version, and the icons' neighbours) for a day, always with an ETag.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{collections::BTreeMap, sync::LazyLock};

/// One file as it is served.
pub struct Asset {
    content_type: &'static str,
    body: &'static [u8],
    /// First 16 hex digits of the SHA-256 of the body.
    hash: String,
}

const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/components.css"),
    include_str!("../assets/css/charts.css"),
    include_str!("../assets/css/screens.css"),
    include_str!("../assets/css/application.css"),
    include_str!("../assets/css/loop.css"),
    include_str!("../assets/css/segments.css"),
    include_str!("../assets/css/documents.css"),
);

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const WOFF2: &str = "font/woff2";
const TEXT: &str = "text/plain; charset=utf-8";

type File = (&'static str, &'static str, &'static [u8]);

const FILES: &[File] = &[
    ("kundenkreis.css", CSS, STYLE.as_bytes()),
    ("theme.js", JS, include_bytes!("../assets/theme.js")),
    ("app.js", JS, include_bytes!("../assets/app.js")),
    ("live.js", JS, include_bytes!("../assets/live.js")),
    ("forms.js", JS, include_bytes!("../assets/forms.js")),
    ("documents.js", JS, include_bytes!("../assets/documents.js")),
    ("cards.js", JS, include_bytes!("../assets/cards.js")),
    ("segments.js", JS, include_bytes!("../assets/segments.js")),
    ("htmx.js", JS, include_bytes!("../assets/vendor/htmx-2.0.11.min.js")),
    ("icons.svg", SVG, include_bytes!("../assets/icons/icons.svg")),
    ("mark.svg", SVG, include_bytes!("../assets/mark.svg")),
    ("geist-5.3.0-latin.woff2", WOFF2, include_bytes!("../assets/fonts/geist-5.3.0-latin.woff2")),
    ("geist-5.3.0-latin-ext.woff2", WOFF2, include_bytes!("../assets/fonts/geist-5.3.0-latin-ext.woff2")),
    ("licence-geist.txt", TEXT, include_bytes!("../assets/fonts/LICENSE-OFL.txt")),
    ("licence-icons.txt", TEXT, include_bytes!("../assets/icons/LICENSE-MIT.txt")),
    ("licence-htmx.txt", TEXT, include_bytes!("../assets/vendor/LICENSE-htmx.txt")),
];

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    FILES.iter().map(|(name, content_type, body)| (*name, Asset { content_type, body, hash: hash(body) })).collect()
});

fn hash(body: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, body);
    digest.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Address of an asset with the hash of its content, `/static/app.js?v=…`. An unknown name gets no hash and answers 404.
pub fn href(name: &str) -> String {
    match ASSETS.get(name) {
        Some(asset) => format!("/static/{name}?v={}", asset.hash),
        None => format!("/static/{name}"),
    }
}

/// All assets as name, content: for whoever writes pages to a folder.
pub fn all() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES.iter().map(|(name, _, body)| (*name, *body))
}

/// The one path of all assets.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{name}", get(serve))
}

/// `GET /static/{name}`: 200 with the file, 304 when the browser has it, 404.
async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(name.as_str()) else { return StatusCode::NOT_FOUND.into_response() };
    let etag = format!("\"{}\"", asset.hash);
    let asked_for_this = query.as_deref().and_then(|q| q.strip_prefix("v=")) == Some(asset.hash.as_str());
    let versioned = asked_for_this || name.ends_with(".woff2");
    let keep = if versioned { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    let has_it = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&etag));
    let mut answer = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut answer = Bytes::from_static(asset.body).into_response();
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
        answer
    };
    let head = answer.headers_mut();
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    head.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(name: &str, query: Option<&str>, etag: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(etag) = etag {
            headers.insert(header::IF_NONE_MATCH, etag.parse().unwrap());
        }
        serve(Path(name.to_owned()), RawQuery(query.map(str::to_owned)), headers).await
    }

    #[tokio::test]
    async fn an_asset_with_its_hash_may_be_kept_for_ever() {
        let address = href("app.js");
        let (_, query) = address.split_once('?').unwrap();
        let kept = ask("app.js", Some(query), None).await;
        assert_eq!(kept.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(kept.headers()[header::CONTENT_TYPE], JS);
        let stale = ask("app.js", Some("v=0000000000000000"), None).await;
        assert_eq!(stale.headers()[header::CACHE_CONTROL], "public, max-age=86400");
        let etag = kept.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(ask("app.js", None, Some(&etag)).await.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("passwd", None, None).await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_style_names_only_files_that_are_served() {
        for part in STYLE.split("url(\"").skip(1) {
            let name = part.split('"').next().unwrap();
            let name = name.strip_prefix("/static/").expect(name);
            assert!(ASSETS.contains_key(name), "{name}");
        }
    }
}
