//! Coming in and going out: login, one-time links, one's own password, one's own language.

use crate::{
    door::{Address, Answer, Desk, Fields, House, Path, Seat, Trouble, seat},
    pages::{
        Banner, draw,
        login::{ChangePasswordPage, LinkGonePage, LoginPage, SetPasswordPage},
    },
};
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    Refusal,
    staff::{
        Actor,
        links::{self, Link, Purpose},
        sessions::{self, Origin},
        signing_in::{self, Attempt},
        users,
    },
};
use kernel::{Locale, Sentence, chance, sentence::say};
use std::collections::HashMap;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/anmelden", get(door).post(sign_in))
        .route("/abmelden", post(sign_out))
        .route("/einladung/{secret}", get(invited).post(redeem))
        .route("/passwort", get(own_password).post(change_password))
        .route("/sprache", post(speak))
}

async fn door(State(house): State<House>, seat: Seat, Query(query): Query<HashMap<String, String>>) -> Response {
    let next = local(query.get("weiter").map_or("", String::as_str));
    match &seat.session {
        Some(session) => Redirect::to(&onward(&house, &session.user.actor(""), &next)).into_response(),
        None => login_page(&house, &seat, String::new(), next, None, StatusCode::OK),
    }
}

async fn sign_in(
    State(house): State<House>,
    seat: Seat,
    address: Address,
    headers: HeaderMap,
    fields: Fields,
) -> Answer<Response> {
    let (login, next, now) = (fields.get("email"), local(fields.get("weiter")), house.now());
    if let Err(trouble) = house.limits.login(&address, login, now) {
        let told = crate::door::trouble::headers(&trouble);
        let banner = Banner::warn("", trouble.sentence().say(seat.locale));
        let page = login_page(&house, &seat, login.to_owned(), next, Some(banner), trouble.status());
        return Ok((told, page).into_response());
    }
    let attempt = Attempt { login, password: fields.get("passwort"), from: origin(&address, &headers) };
    let admitted = signing_in::sign_in(&house.db, &attempt, house.times, now, &mut chance::system()).await?;
    let Some(admitted) = admitted else {
        let banner = Banner::bad("", say(seat.locale, "staff-login-refused", None));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(login_page(&house, &seat, login.to_owned(), next, Some(banner), status));
    };
    house.limits.logged_in(&address, login);
    if let Some(old) = &seat.session {
        let unit = house.db.write().await?;
        sessions::end(&unit, old).await?;
        unit.save().await?;
    }
    let target = onward(&house, &admitted.user.actor(""), &next);
    Ok(come_in(&house, &admitted.cookie, &target))
}

async fn sign_out(desk: Desk) -> Answer<Response> {
    let unit = desk.db.write().await?;
    signing_in::sign_out(&unit, &desk.session, &desk.address.0, desk.now()).await?;
    unit.save().await?;
    let mut response = Redirect::to("/anmelden").into_response();
    seat::clear_cookie(&desk, response.headers_mut());
    Ok(response)
}

async fn invited(
    State(house): State<House>,
    seat: Seat,
    address: Address,
    Path(secret): Path<String>,
) -> Answer<Response> {
    house.limits.link(&address, house.now())?;
    let link = links::find(&house.db.read().await?, &secret, house.now()).await?;
    Ok(match link {
        Some(link) => set_password_page(&house, &seat, &secret, &link, &Fields::default(), None),
        None => gone(&house, &seat),
    })
}

async fn redeem(
    State(house): State<House>,
    seat: Seat,
    address: Address,
    headers: HeaderMap,
    Path(secret): Path<String>,
    fields: Fields,
) -> Answer<Response> {
    let now = house.now();
    house.limits.link(&address, now)?;
    let Some(link) = links::find(&house.db.read().await?, &secret, now).await? else {
        return Ok(gone(&house, &seat));
    };
    match choose_password(&house, &address, &headers, &secret, &link, &fields).await {
        Ok(cookie) => Ok(come_in(&house, &cookie, &onward(&house, &link.user.actor(""), ""))),
        Err(Trouble::Refusal(Refusal::Missing)) => Ok(gone(&house, &seat)),
        Err(Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            Ok(set_password_page(&house, &seat, &secret, &link, &fields, Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}

async fn choose_password(
    house: &House,
    address: &Address,
    headers: &HeaderMap,
    secret: &str,
    link: &Link,
    fields: &Fields,
) -> Answer<String> {
    let (password, now) = (fields.get("passwort"), house.now());
    let first = link.purpose == Purpose::FirstAdministrator;
    let login = if first { fields.get("email") } else { &link.user.login };
    if password != fields.get("wiederholung") {
        return Err(Refusal::field("passwort", "differs", Sentence::new("staff-password-differs")).into());
    }
    let hash = links::prepare(password, login, &mut chance::system()).await?;
    let unit = house.db.write().await?;
    if first {
        let by = Actor::system("start");
        users::rename(&unit, &by, link.user.id, login, fields.get("name"), now).await?;
    }
    let user = links::redeem(&unit, secret, &hash, &address.0, now).await?;
    let from = origin(address, headers);
    let cookie = signing_in::sign_in_by_link(&unit, &user, &from, house.times, now, &mut chance::system()).await?;
    unit.save().await?;
    Ok(cookie)
}

async fn own_password(desk: Desk) -> Response {
    change_password_page(&desk, None)
}

async fn change_password(desk: Desk, fields: Fields) -> Answer<Response> {
    let (old, new) = (fields.get("bisher"), fields.get("passwort"));
    if new != fields.get("wiederholung") {
        let refusal = Refusal::field("password", "differs", Sentence::new("staff-password-differs"));
        return Ok(change_password_page(&desk, Some(&refusal)));
    }
    let (session, login, now) = (&desk.session, &desk.session.user.login, desk.now());
    desk.limits.login(&desk.address, login, now)?;
    let changed =
        signing_in::change_password(&desk.db, session, old, new, &desk.address.0, now, &mut chance::system()).await;
    match changed {
        Ok(cookie) => {
            desk.limits.logged_in(&desk.address, login);
            Ok(come_in(&desk, &cookie, &onward(&desk, &desk.actor, "")))
        }
        Err(crm::Trouble::Refusal(refusal @ Refusal::Invalid(_))) => Ok(change_password_page(&desk, Some(&refusal))),
        Err(other) => Err(other.into()),
    }
}

/// Changes the language, of the account or of the browser, and goes back.
async fn speak(State(house): State<House>, seat: Seat, fields: Fields) -> Answer<Response> {
    let locale = Locale::parse(fields.get("sprache")).ok_or(Trouble::MISSING)?;
    if let Some(session) = &seat.session {
        let unit = house.db.write().await?;
        users::set_locale(&unit, session.user.id, locale).await?;
        unit.save().await?;
    }
    let back = local(fields.get("zurueck"));
    let mut response = Redirect::to(if back.is_empty() { "/" } else { &back }).into_response();
    seat::set_language(&house, response.headers_mut(), locale);
    Ok(response)
}

fn login_page(
    house: &House,
    seat: &Seat,
    email: String,
    next: String,
    notice: Option<Banner>,
    status: StatusCode,
) -> Response {
    let address = match next.as_str() {
        "" => "/anmelden".to_owned(),
        next => format!(
            "/anmelden?{}",
            url::form_urlencoded::Serializer::new(String::new()).append_pair("weiter", next).finish()
        ),
    };
    let frame = house.frame(seat).titled(say(seat.locale, "login-title", None)).with_address(address);
    draw(status, &LoginPage { frame, email, next, notice })
}

fn set_password_page(
    house: &House,
    seat: &Seat,
    secret: &str,
    link: &Link,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Response {
    let asks_name = link.purpose == Purpose::FirstAdministrator;
    let action = format!("/einladung/{secret}");
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SetPasswordPage {
        frame: house.frame(seat).titled(say(seat.locale, "password-welcome", None)).with_address(action.clone()),
        action,
        email: if asks_name { typed.get("email").to_owned() } else { link.user.login.clone() },
        asks_name,
        name: typed.get("name").to_owned(),
        error: refusal.map(|r| Trouble::Refusal(r.clone()).sentence().say(seat.locale)).unwrap_or_default(),
        notice: None,
    };
    draw(status, &page)
}

fn gone(house: &House, seat: &Seat) -> Response {
    let frame = house.frame(seat).titled(say(seat.locale, "password-gone", None));
    draw(StatusCode::GONE, &LinkGonePage { frame })
}

fn change_password_page(desk: &Desk, refusal: Option<&Refusal>) -> Response {
    let said = |field: &str| match refusal {
        Some(Refusal::Invalid(complaints)) => {
            let about = complaints.iter().find(|complaint| complaint.field == field);
            about.map(|complaint| complaint.sentence.say(desk.locale)).unwrap_or_default()
        }
        _ => String::new(),
    };
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = desk.frame().titled(say(desk.locale, "shell-password", None)).with_address("/passwort");
    draw(status, &ChangePasswordPage { frame, error_old: said("old"), error_new: said("password") })
}

fn come_in(house: &House, cookie: &str, target: &str) -> Response {
    let mut response = Redirect::to(target).into_response();
    seat::set_cookie(house, response.headers_mut(), cookie);
    response
}

/// Where to go: the page that was asked for, else the first place one's rights open.
fn onward(house: &House, actor: &Actor, next: &str) -> String {
    if !next.is_empty() {
        return next.to_owned();
    }
    house.places(actor).first().map_or("/passwort", |place| place.href()).to_owned()
}

/// A path of this house, or nothing: never the address of another site.
fn local(path: &str) -> String {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().all(|c| !c.is_control())
        && !path.starts_with("/anmelden");
    if ours { path.to_owned() } else { String::new() }
}

fn origin<'a>(address: &'a Address, headers: &'a HeaderMap) -> Origin<'a> {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    Origin { address: &address.0, agent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for path in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"] {
            assert_eq!(local(path), "", "{path}");
        }
        assert_eq!(local("/kampagnen/3?schritt=2"), "/kampagnen/3?schritt=2");
    }
}
