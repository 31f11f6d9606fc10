//! The page that says what is in the way: no right, not found, broken. It needs neither the database nor a session.

use super::{
    House, Seat, Trouble,
    framing::{right_name, role_name},
};
use crate::pages::{
    draw,
    login::{ForbiddenPage, Granter, StoppedPage},
};
use axum::response::Response;
use crm::{
    Refusal,
    staff::{Right, users},
};
use kernel::sentence::say;

/// Draws it.
pub async fn page(house: &House, seat: &Seat, trouble: &Trouble) -> Response {
    match trouble {
        Trouble::Refusal(Refusal::Right(right)) => forbidden(house, seat, *right).await,
        _ => stopped(house, seat, trouble),
    }
}

/// Which right is missing, which roles bring it, who can give it.
async fn forbidden(house: &House, seat: &Seat, right: Right) -> Response {
    let askable = match house.db.read().await {
        Ok(rows) => users::administrators(&rows).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let page = ForbiddenPage {
        frame: house.frame(seat).titled(say(seat.locale, "forbidden-title", None)),
        right: right_name(right, seat.locale),
        right_code: right.code().to_owned(),
        roles: right.roles().map(|role| role_name(role, seat.locale)).collect(),
        administrators: askable.into_iter().map(|user| Granter { name: user.name, email: user.login }).collect(),
    };
    draw(axum::http::StatusCode::FORBIDDEN, &page)
}

fn stopped(house: &House, seat: &Seat, trouble: &Trouble) -> Response {
    let status = trouble.status();
    let head = say(seat.locale, title(trouble), None);
    let points = match trouble {
        Trouble::Refusal(Refusal::Invalid(complaints)) if complaints.len() > 1 => {
            complaints.iter().map(|complaint| complaint.sentence.say(seat.locale)).collect()
        }
        _ => Vec::new(),
    };
    let page = StoppedPage {
        frame: house.frame(seat).titled(head.clone()),
        number: status.as_u16(),
        head,
        text: trouble.sentence().say(seat.locale),
        points,
        reference: String::new(),
    };
    draw(status, &page)
}

/// Key of the title of a trouble.
pub fn title(trouble: &Trouble) -> &'static str {
    match trouble.status().as_u16() {
        403 => "door-title-forbidden",
        404 | 405 => "door-title-missing",
        409 => "door-title-conflict",
        400 | 413 | 415 | 422 => "door-title-invalid",
        429 => "door-title-patience",
        503 | 507 => "door-title-busy",
        _ => "door-title-fault",
    }
}
