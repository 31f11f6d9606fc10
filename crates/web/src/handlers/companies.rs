//! A company: what is known of it, its people and its documents.

use super::contacts::kind_name;
use crate::{
    door::{Answer, Desk, House, Path, Trouble},
    pages::{
        Crumb, Place,
        company::{CompanyPage, Member},
        draw,
    },
};
use axum::{Router, http::StatusCode, response::Response, routing::get};
use crm::{
    customers::{self, FoundPerson},
    intake::phone,
};
use kernel::Sentence;

pub fn routes() -> Router<House> {
    Router::new().route("/firmen/{id}", get(show))
}

/// People that are shown.
const SHOWN: u64 = 200;

async fn show(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let company = customers::company(&rows, &desk.actor, id).await?.ok_or(Trouble::MISSING)?;
    let (people, all) = customers::company_people(&rows, &desk.actor, id, SHOWN).await?;
    drop(rows);
    let more = match all - people.len() as i64 {
        0 => String::new(),
        more => Sentence::new("company-more").with("n", more).say(desk.locale),
    };
    let mut frame = desk.frame().at(Place::Contacts, company.name.clone());
    frame.crumbs.push(Crumb { label: company.name.clone(), href: None });
    let page = CompanyPage {
        frame,
        id,
        name: company.name,
        industry: company.industry.unwrap_or_default(),
        count: Sentence::new("company-count").with("n", all).say(desk.locale),
        people: people.into_iter().map(|person| member(&desk, person)).collect(),
        more,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn member(desk: &Desk, person: FoundPerson) -> Member {
    Member {
        id: person.id,
        name: person.display_name(),
        kind: kind_name(&person.kind, desk.locale),
        city: person.city.unwrap_or_default(),
        email: person.email.unwrap_or_default(),
        phone: phone::shown(person.phone.as_deref().unwrap_or_default(), phone::HOME),
        dial: person.phone.unwrap_or_default(),
    }
}
