//! Takes a seat: the session behind the cookie, and the language to speak.

use super::{House, Trouble, trouble};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use crm::staff::{
    notifications,
    sessions::{self, Session},
};
use kernel::{Fault, Locale, chance};
use std::{convert::Infallible, sync::Arc};

/// Who sits there, if anybody, and the language to speak.
#[derive(Clone, Debug)]
pub struct Seat {
    pub session: Option<Arc<Session>>,
    pub locale: Locale,
    /// Notifications that wait for them.
    pub unread: i64,
}

impl<S: Sync> FromRequestParts<S> for Seat {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let seat = parts.extensions.get::<Self>().cloned();
        Ok(seat.unwrap_or_else(|| Self { session: None, locale: asked_for(&parts.headers), unread: 0 }))
    }
}

/// The cookie that remembers the language of somebody who is not signed in.
pub const LANGUAGE: &str = "sprache";

/// Looks the session up and hands it on; changes the cookie where the session asks for it.
pub async fn take(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let found = match cookie(request.headers(), cookie_name(&house)) {
        Some(value) if value.len() == 43 => look_up(&house, value).await,
        _ => Ok((None, 0)),
    };
    let (session, unread) = match found {
        Ok(found) => found,
        Err(fault) => {
            let seat = Seat { session: None, locale: asked_for(request.headers()), unread: 0 };
            return trouble::page(&house, &seat, request.method(), &Trouble::Fault(fault)).await;
        }
    };
    let locale = session.as_ref().map_or_else(|| asked_for(request.headers()), |s| s.user.locale);
    let navigates = request.method() == Method::GET && !request.headers().contains_key("hx-request");
    let mut fresh = None;
    if let Some(session) = &session {
        match keep(&house, session, navigates).await {
            Ok(cookie) => fresh = cookie,
            // Reading goes on where nothing can be written; the session only ends a little earlier.
            Err(fault) => tracing::warn!(error = %fault, "A session's last use could not be noted"),
        }
    }
    request.extensions_mut().insert(Seat { session: session.map(Arc::new), locale, unread });
    let mut response = next.run(request).await;
    if let Some(cookie) = fresh {
        set_cookie(&house, response.headers_mut(), &cookie);
    }
    response
}

/// The session and how many notifications wait for its person.
async fn look_up(house: &House, cookie: &str) -> Result<(Option<Session>, i64), Fault> {
    let rows = house.db.read().await?;
    let session = sessions::find(&rows, cookie, house.times, house.now()).await?;
    let unread = match &session {
        Some(session) => notifications::unread(&rows, session.user.id).await?,
        None => 0,
    };
    Ok((session, unread))
}

async fn keep(house: &House, session: &Session, navigates: bool) -> Result<Option<String>, Fault> {
    let now = house.now();
    let renew = session.renew && navigates;
    if !renew && !sessions::is_due(session, now) {
        return Ok(None);
    }
    let unit = house.db.write().await?;
    let fresh = if renew {
        sessions::rotate(&unit, session, now, &mut chance::system()).await?
    } else {
        sessions::touch(&unit, session, now).await?;
        None
    };
    unit.save().await?;
    Ok(fresh)
}

/// Gives the browser a session's cookie.
pub fn set_cookie(house: &House, headers: &mut HeaderMap, value: &str) {
    let age = house.times.absolute / kernel::time::SECOND;
    append(headers, &format!("{}={value}; Max-Age={age}; {}", cookie_name(house), attributes(house)));
}

/// Takes the session's cookie away.
pub fn clear_cookie(house: &House, headers: &mut HeaderMap) {
    append(headers, &format!("{}=; Max-Age=0; {}", cookie_name(house), attributes(house)));
}

/// Remembers the language for a year.
pub fn set_language(house: &House, headers: &mut HeaderMap, locale: Locale) {
    append(headers, &format!("{LANGUAGE}={}; Max-Age=31536000; {}", locale.code(), attributes(house)));
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// With `__Host-` a browser takes the cookie only encrypted, from this very host (RFC 6265bis).
pub fn cookie_name(house: &House) -> &'static str {
    if house.is_https() { "__Host-kundenkreis" } else { "kundenkreis" }
}

fn attributes(house: &House) -> &'static str {
    if house.is_https() { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(';')).find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    })
}

/// The language of somebody without a session: their choice, then what their browser asks for, then German.
pub fn asked_for(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LANGUAGE).and_then(Locale::parse);
    chosen.or_else(|| accepted(headers)).unwrap_or_default()
}

/// The first language of `Accept-Language` we speak; browsers send them in order of preference.
pub fn accepted(headers: &HeaderMap) -> Option<Locale> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    text.split(',').find_map(|part| Locale::parse(part.trim()))
}
