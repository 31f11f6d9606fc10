//! From an insight to a segment or a campaign in one step.

use crate::{
    door::{Answer, Desk, Fields, Trouble},
    handlers::campaigns::planning::draft,
};
use axum::response::{IntoResponse, Redirect, Response};
use crm::evaluation::Idea;

/// Makes the segment of an idea, and where asked for, the draft of a campaign for it.
pub async fn follow(desk: Desk, fields: Fields) -> Answer<Response> {
    let idea = Idea::parse(fields.get("idee")).ok_or(Trouble::MISSING)?;
    let unit = desk.db.write().await?;
    let segment = idea.segment(&unit, &desk.actor, desk.locale, desk.now()).await?;
    unit.save().await?;
    if fields.get("ziel") == "kampagne" {
        return draft(&desk, &idea.label().say(desk.locale), Some(segment)).await;
    }
    Ok(Redirect::to(&format!("/segmente/{segment}")).into_response())
}
