//! Giving a consent that was asked for by mail. GET asks, because programs that check links follow them, too; only the button
//! gives it.

use super::tracking::later;
use crate::{
    door::{Address, Answer, House, Trouble},
    pages::draw,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use crm::privacy::opt_in::{self, Proof};
use kernel::{Locale, Sentence};

/// The page behind the link; its form posts to the same address.
#[derive(Template)]
#[template(path = "opt_in.html")]
struct OptInPage {
    locale: Locale,
    organisation: String,
    head: String,
    text: String,
    /// What is agreed to; empty once it is done.
    wording: String,
    button: String,
}

/// `GET /e/<token>`
pub async fn page(State(house): State<House>, Path(token): Path<String>) -> Answer<Response> {
    let rows = house.db.read().await.map_err(later)?;
    let proof = opt_in::opened(&rows, &house.seal, &token, house.now()).await.map_err(later)?;
    Ok(show(&house, &proof.ok_or(Trouble::MISSING)?))
}

/// `POST /e/<token>`
pub async fn confirm(State(house): State<House>, address: Address, Path(token): Path<String>) -> Answer<Response> {
    let unit = house.db.write().await.map_err(later)?;
    let proof = opt_in::confirm(&unit, &house.seal, &token, &address.0, house.now()).await.map_err(later)?;
    unit.save().await.map_err(later)?;
    Ok(show(&house, &proof.ok_or(Trouble::MISSING)?))
}

fn show(house: &House, proof: &Proof) -> Response {
    let locale = proof.locale(house.mail.locale);
    let organisation = house.mail.organisation.clone();
    let say = |key: &'static str| Sentence::new(key).with("organisation", &organisation).say(locale);
    let done = proof.confirmed_at.is_some();
    let page = OptInPage {
        locale,
        head: say(if done { "privacy-opt-in-thanks" } else { "privacy-opt-in-ask" }),
        text: say(if done { "privacy-opt-in-thanks-text" } else { "privacy-opt-in-ask-text" }),
        wording: if done { String::new() } else { proof.text(locale).to_owned() },
        button: if done { String::new() } else { say("privacy-opt-in-button") },
        organisation: organisation.clone(),
    };
    draw(StatusCode::OK, &page)
}
