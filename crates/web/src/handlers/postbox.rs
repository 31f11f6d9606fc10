//! The post box of demonstration and development: what would have gone out.

use crate::{
    door::{Answer, Desk, House, Path, Trouble},
    pages::{
        Place, draw,
        postbox::{CaughtMailPage, CaughtRow, PostboxPage},
    },
};
use axum::{
    Router,
    extract::Query,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use crm::staff::Right;
use kernel::{
    mail::{CaughtMail, CaughtMails},
    sentence::say,
};
use std::{collections::HashMap, sync::Arc};

/// A mail is a stranger's page: no scripts, no forms, no cookies. Its links open beside us, and its pictures are loaded, so
/// that what happens to a mail outside can be seen here.
const MAIL: &str = "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; \
     default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; font-src https: data:; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

pub fn routes() -> Router<House> {
    Router::new()
        .route("/postfang", get(list))
        .route("/postfang/{id}", get(show))
        .route("/postfang/{id}/html", get(html))
        .route("/postfang/{id}/quelltext", get(source))
}

/// The catcher, where there is one and this person may look into it.
fn catcher(desk: &Desk) -> Answer<Arc<dyn CaughtMails>> {
    let caught = desk.caught.clone().ok_or(Trouble::MISSING)?;
    if !desk.actor.may(Right::SeeSystem) {
        desk.actor.must(Right::SeeCampaigns)?;
    }
    Ok(caught)
}

async fn find(desk: &Desk, id: &str) -> Answer<CaughtMail> {
    catcher(desk)?.get(id).await.ok_or(Trouble::MISSING)
}

async fn list(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let search = query.get("q").map_or("", String::as_str).trim();
    let page = query.get("seite").and_then(|text| text.parse().ok()).unwrap_or(1);
    let found = catcher(&desk)?.list(page, search).await;
    let next = || {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !search.is_empty() {
            query.append_pair("q", search);
        }
        format!("/postfang?{}", query.append_pair("seite", &(found.page + 1).to_string()).finish())
    };
    let page = PostboxPage {
        frame: desk.frame().at(Place::Postbox, say(desk.locale, "postbox-title", None)),
        query: search.to_owned(),
        total: found.total as i64,
        more: (found.page < found.pages).then(next),
        rows: found
            .mails
            .into_iter()
            .map(|mail| CaughtRow { id: mail.id, at: mail.received_at, to: mail.to, subject: mail.subject })
            .collect(),
    };
    Ok(draw(StatusCode::OK, &page))
}

async fn show(desk: Desk, Path(id): Path<String>) -> Answer<Response> {
    let mail = find(&desk, &id).await?;
    let title = match mail.subject.as_str() {
        "" => say(desk.locale, "postbox-no-subject", None),
        subject => subject.to_owned(),
    };
    let page = CaughtMailPage {
        frame: desk.frame().at(Place::Postbox, title),
        at: mail.received_at,
        subject: mail.subject,
        headers: mail.headers,
        has_html: mail.html.is_some(),
        text: mail.text.unwrap_or_default(),
        bytes: mail.raw.len() as i64,
        id: mail.id,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// The mail itself, for the frame of its page. Links without a target open a tab of their own.
async fn html(desk: Desk, Path(id): Path<String>) -> Answer<Response> {
    let html = find(&desk, &id).await?.html.ok_or(Trouble::MISSING)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(MAIL)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, with_own_tabs(&html)).into_response())
}

/// Puts the default target behind the head's opening, so that a document type stays first.
fn with_own_tabs(html: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    let lower = html.to_ascii_lowercase();
    let after = lower.find("<head").and_then(|head| lower[head..].find('>').map(|end| head + end + 1));
    match after {
        Some(at) => format!("{}{BASE}{}", &html[..at], &html[at..]),
        None => format!("{BASE}{html}"),
    }
}

async fn source(desk: Desk, Path(id): Path<String>) -> Answer<Response> {
    let mail = find(&desk, &id).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("message/rfc822")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"mail.eml\"")),
    ];
    Ok((headers, mail.raw).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_mail_open_a_tab_of_their_own() {
        let whole = with_own_tabs("<!doctype html><html><HEAD lang=de><title>x</title></head>");
        assert_eq!(whole, "<!doctype html><html><HEAD lang=de><base target=\"_blank\"><title>x</title></head>");
        assert_eq!(with_own_tabs("<p>Hallo"), "<base target=\"_blank\"><p>Hallo");
    }
}
