//! A call that is written down on the record of whoever was called.

use super::find;
use crate::door::{Answer, Desk, Fields, Path};
use axum::response::{IntoResponse, Redirect, Response};
use crm::{interactions, staff::Right};

pub async fn note(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::RecordInteractions)?;
    let contact = find(&desk, id).await?.contact_id();
    let unit = desk.db.write().await?;
    let (kind, text) = (fields.get("kind"), fields.get("text"));
    interactions::note_call(&unit, &desk.actor, contact, kind, text, desk.now()).await?;
    unit.save().await?;
    Ok(Redirect::to(&format!("/kontakte/{id}?da=anruf#verlauf")).into_response())
}
