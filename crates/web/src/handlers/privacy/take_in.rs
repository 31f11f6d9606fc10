//! Taking a request in: at the office for anybody, or from the page of the person who asked.

use super::done;
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    handlers::contacts,
    pages::{
        Banner, Choice, Place, draw,
        privacy::{RequestForm, TakeInPage},
    },
};
use axum::{http::StatusCode, response::Response};
use crm::{
    Refusal,
    privacy::{
        overview,
        requests::{self, CHANNELS, NewRequest, RequestKind},
    },
    staff::Right,
};
use kernel::{ContactId, Sentence, sentence::say};

/// The form before anybody has typed.
pub fn empty(desk: &Desk) -> RequestForm {
    filled(desk, &Fields::default(), String::new())
}

fn filled(desk: &Desk, typed: &Fields, who_error: String) -> RequestForm {
    let word = |what: &str, code: &str| say(desk.locale, &format!("privacy-{what}-{code}"), None);
    let received = match typed.get("received") {
        "" => desk.zone.day(desk.now()).to_string(),
        typed => typed.to_owned(),
    };
    RequestForm {
        who: typed.get("who").to_owned(),
        who_error,
        kinds: RequestKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.code(), word("kind", kind.code()), typed.get("kind") == kind.code()))
            .collect(),
        channels: CHANNELS
            .iter()
            .map(|code| Choice::new(*code, word("channel", code), typed.get("channel") == *code))
            .collect(),
        received,
        note: typed.get("note").to_owned(),
    }
}

fn wanted(contact: ContactId, fields: &Fields) -> Result<NewRequest, Refusal> {
    let kind = RequestKind::parse(fields.get("kind"))
        .ok_or_else(|| Refusal::field("kind", "unknown", Sentence::new("privacy-unknown-kind")))?;
    let received = fields
        .get("received")
        .parse()
        .map_err(|_| Refusal::field("received", "date", Sentence::new("privacy-received-missing")))?;
    let (channel, note) = (fields.get("channel").to_owned(), fields.get("note").to_owned());
    Ok(NewRequest { contact, kind, channel, received, note })
}

async fn take_in(desk: &Desk, contact: ContactId, fields: &Fields) -> Answer<()> {
    let new = wanted(contact, fields)?;
    let unit = desk.db.write().await?;
    requests::take_in(&unit, &desk.actor, &new, &desk.zone, desk.now()).await?;
    unit.save().await?;
    Ok(())
}

/// Takes one in for whoever is named by number or mail address.
pub async fn from_office(desk: Desk, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::HandlePrivacy)?;
    let found = overview::named(&desk.db.read().await?, &desk.actor, fields.get("who")).await?;
    let Some(contact) = found else {
        let error = say(desk.locale, "privacy-who-unknown", None);
        let notice = Banner::bad("", error.clone());
        let form = filled(&desk, &fields, error);
        return super::page(&desk, StatusCode::UNPROCESSABLE_ENTITY, form, Some(notice), None).await;
    };
    match take_in(&desk, contact, &fields).await {
        Ok(()) => Ok(done(super::HOME, "privacy-taken-now")),
        Err(Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            let notice = Banner::bad("", Trouble::Refusal(refusal).sentence().say(desk.locale));
            let form = filled(&desk, &fields, String::new());
            super::page(&desk, StatusCode::UNPROCESSABLE_ENTITY, form, Some(notice), None).await
        }
        Err(other) => Err(other),
    }
}

/// The form on its own page, for everybody who edits contacts; the data protection officer is led on to the person.
pub async fn blank(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    form_page(&desk, id, empty(&desk), None, StatusCode::OK).await
}

pub async fn from_contact(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    contacts::find(&desk, id).await?;
    match take_in(&desk, ContactId(id), &fields).await {
        Ok(()) if desk.actor.may(Right::HandlePrivacy) => {
            Ok(done(&format!("{}/person/{id}", super::HOME), "privacy-taken-now"))
        }
        Ok(()) => Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!(
            "/kontakte/{id}?da=datenschutz"
        )))),
        Err(Trouble::Refusal(refusal @ Refusal::Invalid(_))) => {
            let notice = Banner::bad("", Trouble::Refusal(refusal).sentence().say(desk.locale));
            let form = filled(&desk, &fields, String::new());
            form_page(&desk, id, form, Some(notice), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other),
    }
}

async fn form_page(
    desk: &Desk,
    id: i64,
    form: RequestForm,
    notice: Option<Banner>,
    status: StatusCode,
) -> Answer<Response> {
    if !desk.actor.may(Right::HandlePrivacy) {
        desk.actor.must(Right::EditContacts)?;
    }
    let name = contacts::find(desk, id).await?.display_name();
    let frame = desk.frame().at(Place::Contacts, say(desk.locale, "privacy-take-in", None));
    Ok(draw(status, &TakeInPage { frame, id, name, notice, form }))
}
