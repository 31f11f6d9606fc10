//! Leaving, without a login and without a script. GET asks, because programs that check links follow them, too; POST acts
//! at once (RFC 8058) and can be taken back.

use super::tracking::later;
use crate::{
    door::{Answer, House, Trouble},
    pages::draw,
};
use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use kernel::{Locale, Sentence};

/// The page behind the unsubscribe link of a mail; its form posts `aktion` to the same address.
#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    locale: Locale,
    organisation: String,
    head: String,
    text: String,
    /// Value of `aktion` and label of the button, if there is something to press.
    button: Option<(&'static str, String)>,
}

/// The token in the link of a test mail.
const TRIAL: &str = "test";

/// `GET /u/<token>`
pub async fn page(State(house): State<House>, Path(token): Path<String>) -> Answer<Response> {
    if token == TRIAL {
        let locale = house.mail.locale;
        let say = |key: &'static str| Sentence::new(key).say(locale);
        let (head, text) = (say("execution-unsubscribe-ask"), say("execution-unsubscribe-trial"));
        return Ok(show(&house, locale, head, text, None));
    }
    let found = house.reactions().unsubscription(&token).await.map_err(later)?.ok_or(Trouble::MISSING)?;
    let locale = found.locale;
    let say = |key: &'static str| {
        let sentence = Sentence::new(key).with("address", &found.address_hint);
        sentence.with("organisation", &house.mail.organisation).say(locale)
    };
    let answer = if found.subscribed {
        let button = ("abmelden", say("execution-unsubscribe-button"));
        show(&house, locale, say("execution-unsubscribe-ask"), say("execution-unsubscribe-ask-text"), Some(button))
    } else {
        let button = found.can_undo.then(|| ("zurueck", say("execution-unsubscribe-undo")));
        show(&house, locale, say("execution-unsubscribe-done"), say("execution-unsubscribe-done-text"), button)
    };
    Ok(answer)
}

/// `POST /u/<token>`: `List-Unsubscribe=One-Click` from a mail program, `aktion=abmelden` or `aktion=zurueck` from the page.
pub async fn act(State(house): State<House>, Path(token): Path<String>, body: Bytes) -> Answer<Response> {
    let undo = url::form_urlencoded::parse(&body).any(|(name, value)| name == "aktion" && value == "zurueck");
    let reactions = house.reactions();
    let known = if undo { reactions.resubscribe(&token).await } else { reactions.unsubscribe(&token).await };
    if !known.map_err(later)? {
        return Err(Trouble::MISSING);
    }
    let found = reactions.unsubscription(&token).await.map_err(later)?.ok_or(Trouble::MISSING)?;
    if found.subscribed {
        let say = |key: &'static str| Sentence::new(key).with("address", &found.address_hint).say(found.locale);
        let (head, text) = (say("execution-unsubscribe-back"), say("execution-unsubscribe-back-text"));
        return Ok(show(&house, found.locale, head, text, None));
    }
    page(State(house), Path(token)).await
}

/// A page of one thing to say and at most one to press.
pub(super) fn show(
    house: &House,
    locale: Locale,
    head: String,
    text: String,
    button: Option<(&'static str, String)>,
) -> Response {
    let organisation = house.mail.organisation.clone();
    draw(StatusCode::OK, &UnsubscribePage { locale, organisation, head, text, button })
}
