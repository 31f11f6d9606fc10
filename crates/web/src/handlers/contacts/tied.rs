//! Household and companions: shown beside the contact, tied after a search.

use super::{find, kind_name};
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{
        Crumb, Place, Toast,
        contact_tied::{Candidate, TiePage, TieRow},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Refusal,
    customers::{self, ContactQuery, Tie},
    staff::Right,
};
use kernel::{ContactId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// People who are offered.
const OFFERED: u64 = 20;

/// Those a contact is tied to.
pub async fn rows_of(desk: &Desk, rows: &Rows, contact: ContactId) -> Answer<Vec<TieRow>> {
    let tied = customers::tied_to(rows, &desk.actor, contact).await?;
    Ok(tied
        .into_iter()
        .map(|one| TieRow {
            link: one.link,
            id: one.who.id,
            name: one.who.display_name(),
            tie: say(desk.locale, &format!("customers-tie-{}", one.tie.code()), None),
        })
        .collect())
}

/// `GET /kontakte/{id}/verbindungen?q=`
pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let contact = find(&desk, id).await?;
    let search = query.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let rows = desk.db.read().await?;
    let mut found = Vec::new();
    if !search.is_empty() {
        let question = ContactQuery { search: Some(search.clone()), limit: OFFERED, ..ContactQuery::default() };
        let page = customers::contact_page(&rows, &desk.actor, &question).await?;
        found = page.lines.into_iter().filter(|line| line.id != id).collect();
    }
    let name = contact.display_name();
    let mut frame = desk.frame().at(Place::Contacts, say(desk.locale, "contact-tied-title", None));
    frame.crumbs.insert(1, Crumb { label: name.clone(), href: Some(format!("/kontakte/{id}")) });
    let page = TiePage {
        frame,
        id,
        name,
        search,
        ties: Tie::ALL
            .map(|tie| (tie.code(), say(desk.locale, &format!("customers-tie-{}", tie.code()), None)))
            .to_vec(),
        found: found
            .into_iter()
            .map(|line| Candidate {
                id: line.id,
                name: line.display_name(),
                under: super::dotted([
                    kind_name(&line.kind, desk.locale).as_str(),
                    line.number.as_str(),
                    line.city.as_deref().unwrap_or_default(),
                ]),
            })
            .collect(),
    };
    Ok(draw(StatusCode::OK, &page))
}

/// `POST /kontakte/{id}/verbindungen` with `other` and `tie`.
pub async fn add(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let unknown = || Refusal::field("tie", "unknown", Sentence::new("customers-tie-unknown"));
    let tie = Tie::of(fields.get("tie")).ok_or_else(unknown)?;
    let other = ContactId(fields.get("other").parse().map_err(|_| Refusal::Missing)?);
    let unit = desk.db.write().await?;
    let link = customers::tie(&unit, &desk.actor, ContactId(id), other, tie, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/{id}?da=verbunden&verbindung={link}#verbindungen")).into_response())
}

/// `POST /kontakte/{id}/verbindungen/{link}/weg`
pub async fn remove(desk: Desk, Path((id, link)): Path<(i64, i64)>) -> Answer<Response> {
    change(desk, id, link, true).await
}

/// `POST /kontakte/{id}/verbindungen/{link}/zurueck`
pub async fn restore(desk: Desk, Path((id, link)): Path<(i64, i64)>) -> Answer<Response> {
    change(desk, id, link, false).await
}

async fn change(desk: Desk, id: i64, link: i64, removed: bool) -> Answer<Response> {
    let unit = desk.db.write().await?;
    let (one, other) = customers::untie(&unit, &desk.actor, link, removed, desk.now()).await?;
    if ![one, other].contains(&ContactId(id)) {
        return Err(Refusal::Missing.into());
    }
    unit.save().await?;
    let deed = if removed { "geloest" } else { "verbunden" };
    Ok(Redirect::to(&format!("/kontakte/{id}?da={deed}&verbindung={link}#verbindungen")).into_response())
}

/// What was done just now, with the way back.
pub fn toast(desk: &Desk, id: i64, query: &HashMap<String, String>) -> Option<Toast> {
    let (key, undo) = match query.get("da")?.as_str() {
        "verbunden" => ("contact-tied-added", "weg"),
        "geloest" => ("contact-tied-removed", "zurueck"),
        _ => return None,
    };
    let link: i64 = query.get("verbindung")?.parse().ok()?;
    let undo = desk.actor.may(Right::EditContacts).then(|| format!("/kontakte/{id}/verbindungen/{link}/{undo}"));
    Some(Toast { text: say(desk.locale, key, None), undo })
}
