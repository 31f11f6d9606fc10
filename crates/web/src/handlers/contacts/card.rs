//! From a signature, a mail or a vCard to a contact in two clicks: the first opens the filled card, the second saves it.

use super::form::{self, Remarks};
use crate::{
    door::{Answer, Desk, Trouble},
    pages::{
        Place,
        contact_card::{CardNotes, CardPage, Further, Known},
        draw,
    },
};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::Response,
};
use crm::{
    customers::{self, ContactDraft},
    intake::{
        cards::{self, Card},
        phone,
    },
    staff::Right,
};
use kernel::{Sentence, sentence::say};

/// Largest file that is taken; of what is attached to a mail nothing is read.
const MOST: usize = 64 << 20;

pub async fn show(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    Ok(asked(&desk, String::new(), "", StatusCode::OK))
}

/// Takes pasted text or a dropped file and answers the filled card.
pub async fn read(desk: Desk, request: Request) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let bytes = receive(request).await?;
    if bytes.trim_ascii().is_empty() {
        return Ok(asked(&desk, String::new(), "entry-card-missing", StatusCode::UNPROCESSABLE_ENTITY));
    }
    match filled(&desk, &bytes).await? {
        Some(page) => Ok(page),
        None => {
            let typed = String::from_utf8(bytes).unwrap_or_default();
            Ok(asked(&desk, typed, "entry-card-nobody", StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// The form with the first card, and the texts of those after it.
pub(super) async fn filled(desk: &Desk, bytes: &[u8]) -> Answer<Option<Response>> {
    let mut found = cards::read(bytes).into_iter();
    let Some(card) = found.next() else { return Ok(None) };
    let rest: Vec<Card> = found.collect();
    let (draft, mut notes) = drafted(desk, card).await?;
    notes.waiting = rest.len();
    notes.rest = rest.iter().map(|card| card.source.as_str()).collect();
    let typed = form::of(&draft, &[], desk.locale);
    let remarks = Remarks { card: Some(notes), ..Remarks::default() };
    Ok(Some(form::page(desk, None, 0, &typed, remarks, StatusCode::OK).await?))
}

async fn receive(request: Request) -> Answer<Vec<u8>> {
    let unreadable = || Trouble::Unreadable(Sentence::new("door-unreadable"));
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let mut bytes = Vec::new();
    while let Some(mut part) = parts.next_field().await.map_err(|_| unreadable())? {
        let wanted = matches!(part.name(), Some("text" | "file")) && bytes.trim_ascii().is_empty();
        let mut read = 0;
        while let Some(chunk) = part.chunk().await.map_err(|_| Trouble::TooLarge)? {
            read += chunk.len();
            if read > MOST {
                return Err(Trouble::TooLarge);
            }
            if wanted && bytes.len() < cards::MOST_BYTES {
                bytes.extend_from_slice(&chunk);
            }
        }
    }
    Ok(bytes)
}

/// What the form can keep, and what else was found. A company that is not named is the one of the colleagues.
async fn drafted(desk: &Desk, card: Card) -> Answer<(ContactDraft, CardNotes)> {
    let rows = desk.db.read().await?;
    let mut company = card.company;
    if company.is_empty()
        && let Some(address) = card.emails.first().filter(|address| cards::is_own_domain(address.domain()))
    {
        company = customers::company_of_domain(&rows, address.domain()).await?.unwrap_or_default();
    }
    let mut further = Vec::new();
    let mut also = |key: &str, text: String| {
        if !text.is_empty() {
            further.push(Further { label: say(desk.locale, key, None), text });
        }
    };
    also("entry-card-website", card.website);
    card.emails.iter().skip(1).for_each(|address| also("contacts-email", address.to_string()));
    card.phones.iter().skip(1).for_each(|number| also("contacts-phone", phone::international(number)));
    let draft = ContactDraft {
        kind: "prospect".to_owned(),
        salutation: card.salutation.map(|salutation| salutation.code().to_owned()).unwrap_or_default(),
        title: card.title,
        first_name: card.first_name,
        last_name: card.last_name,
        birth_date: card.birth_date,
        email: card.emails.first().map(ToString::to_string).unwrap_or_default(),
        phone: card.phones.into_iter().next().unwrap_or_default(),
        street: card.street,
        postal_code: card.postal_code,
        city: card.city,
        country: card.country,
        occupation: card.job,
        company,
        ..ContactDraft::default()
    };
    let known = known(desk, &draft).await?;
    Ok((draft, CardNotes { known, further, rest: String::new(), waiting: 0 }))
}

/// Who may be the same person.
pub(super) async fn known(desk: &Desk, draft: &ContactDraft) -> Answer<Vec<Known>> {
    if !desk.actor.may(Right::SeeContacts) {
        return Ok(Vec::new());
    }
    let alike = customers::alike(&desk.db.read().await?, &desk.actor, draft).await?;
    let known = |one: customers::Alike| Known {
        under: super::dotted([one.number.as_str(), one.city.as_str()]),
        id: one.id,
        name: one.name,
        why: one.why.say(desk.locale),
    };
    Ok(alike.into_iter().map(known).collect())
}

fn asked(desk: &Desk, typed: String, error: &'static str, status: StatusCode) -> Response {
    let page = CardPage {
        frame: desk.frame().at(Place::Contacts, say(desk.locale, "entry-card-title", None)),
        typed,
        error: if error.is_empty() { String::new() } else { say(desk.locale, error, None) },
    };
    draw(status, &page)
}
