//! Visitors who turned out to be a contact, and taking that back.

use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::contact::Visit,
};
use axum::response::{IntoResponse, Redirect, Response};
use crm::{
    interactions::visitors::{self, Edge},
    staff::Right,
};
use kernel::{ContactId, EdgeId, Sentence};
use store::Rows;

/// Ties shown.
const SHOWN: i64 = 10;

/// The ties of a contact for its page; none where nobody ever was identified.
pub async fn of(desk: &Desk, rows: &Rows, id: ContactId) -> Answer<Vec<Visit>> {
    let visit = |edge: Edge| {
        let entries = Sentence::new("contact-visit-entries").with("n", edge.entries).say(desk.locale);
        Visit {
            id: edge.id.0,
            source: edge.source,
            at: desk.locale.moment(edge.at, &desk.zone),
            under: format!("{} · {entries}", edge.evidence.say(desk.locale)),
            undone: edge.undone_at.is_some(),
        }
    };
    Ok(visitors::edges_of(rows, id, SHOWN).await?.into_iter().map(visit).collect())
}

/// `POST /kontakte/{id}/zuordnung` (`edge`): takes a tie back.
pub async fn undo(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::EditContacts)?;
    let edge: EdgeId = fields.get("edge").parse().map_err(|_| Trouble::MISSING)?;
    let unit = desk.db.write().await?;
    visitors::undo(&unit, &desk.actor, ContactId(id), edge, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/{id}?da=zuordnung")).into_response())
}
