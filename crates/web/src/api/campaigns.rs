//! Campaigns: planned, checked, steered and evaluated from outside.

use super::{
    Document, Program,
    campaign_views::{CampaignLine, CampaignList, CampaignView, CampaignWish, view},
    listing::{Params, cursor, instant, misfit},
};
use crate::door::{Answer, Path, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    execution,
    planning::{self, Campaign, Narrowed, State},
    staff::Right,
};
use kernel::{CampaignId, chance};

/// List campaigns, newest first
#[utoipa::path(
    get, path = "/api/v1/campaigns", tag = "campaigns",
    params(
        ("state" = Option<String>, Query, description = "`draft`, `approved`, `launching`, `running`, `paused`, `stopped`, \
            `finished`, `evaluated`, `cancelled`"),
        ("search" = Option<String>, Query, description = "Part of the name"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = CampaignList)),
    extensions(("x-right" = json!("see_campaigns")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<CampaignList>> {
    program.actor.must(Right::SeeCampaigns)?;
    let params = params.only(&["state", "search", "cursor", "limit"])?;
    let known = |text| State::parse(text).ok_or_else(|| misfit("state", text));
    let narrowed = Narrowed {
        state: params.text("state").map(known).transpose()?,
        search: params.text("search").unwrap_or("").to_owned(),
    };
    let (limit, before) = (params.limit()?, params.cursor::<CampaignId>()?);
    let found = planning::list(&program.db.read().await?, &narrowed, before, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|last| cursor(&last.id));
    let line = |line: planning::CampaignLine| CampaignLine {
        id: line.id,
        name: line.name,
        goal: line.goal,
        state: line.state,
        segment: line.segment_id,
        created_at: instant(line.created_at),
        launched_at: line.launched_at.map(instant),
        finished_at: line.finished_at.map(instant),
    };
    Ok(Json(CampaignList { items: found.into_iter().map(line).collect(), next }))
}

/// Create a campaign
///
/// A draft with one e-mail step. With `links` and no `body` a short letter is written that names each link, in order.
#[utoipa::path(
    post, path = "/api/v1/campaigns", tag = "campaigns", request_body = CampaignWish,
    responses((status = 201, body = CampaignView)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn create(program: Program, body: Document) -> Answer<(StatusCode, Json<CampaignView>)> {
    program.actor.must(Right::EditCampaigns)?;
    let wish: CampaignWish = body.read()?;
    let (plan, content) = (wish.plan()?, wish.content()?.unwrap_or_default());
    let unit = program.db.write().await?;
    let campaign = Campaign::create(&unit, &program.actor, program.now(), plan, content).await?;
    unit.save().await?;
    Ok((StatusCode::CREATED, Json(view(&program, campaign).await?)))
}

/// Get a campaign
///
/// With its links and how far the sending is.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("see_campaigns")))
)]
pub async fn get(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    program.actor.must(Right::SeeCampaigns)?;
    let campaign = Campaign::get(&program.db.read().await?, CampaignId(id)).await?;
    Ok(Json(view(&program, campaign).await?))
}

/// Change a draft
///
/// The whole plan as for a new campaign, with the `version` it begins from; the content stays when neither `subject` nor
/// `body` nor `links` is given.
#[utoipa::path(
    put, path = "/api/v1/campaigns/{id}", tag = "campaigns", request_body = CampaignWish,
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn change(program: Program, Path(id): Path<i64>, body: Document) -> Answer<Json<CampaignView>> {
    program.actor.must(Right::EditCampaigns)?;
    let wish: CampaignWish = body.read()?;
    let version = wish.version.ok_or_else(|| misfit("version", "1, 2, 3 …"))?;
    let (id, by, now) = (CampaignId(id), &program.actor, program.now());
    let unit = program.db.write().await?;
    let mut campaign = Campaign::replan(&unit, by, now, id, version, wish.plan()?).await?;
    if let Some(content) = wish.content()? {
        campaign = Campaign::rewrite(&unit, by, now, id, campaign.version, content).await?;
    }
    unit.save().await?;
    Ok(Json(view(&program, campaign).await?))
}

/// Approve a draft
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/approve", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("approve_campaigns")))
)]
pub async fn approve(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let campaign =
        execution::approve(&program.db, must(&program, Right::ApproveCampaigns)?, CampaignId(id), program.now());
    stepped(&program, campaign.await).await
}

/// Take an approved campaign back to draft
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/draft", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn back_to_draft(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::EditCampaigns)?;
    stepped(&program, execution::back_to_draft(&program.db, by, CampaignId(id), program.now()).await).await
}

/// Launch an approved campaign
///
/// The audience is frozen, the ledger written, the sending begins. From here there is no way back.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/launch", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("send_campaigns")))
)]
pub async fn launch(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::SendCampaigns)?;
    let rng = &mut chance::system();
    stepped(&program, execution::launch(&program.db, by, CampaignId(id), program.now(), rng).await).await
}

/// Pause a running campaign
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/pause", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("send_campaigns")))
)]
pub async fn pause(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::SendCampaigns)?;
    stepped(&program, execution::pause(&program.db, by, CampaignId(id), program.now()).await).await
}

/// Let a paused or stopped campaign go on
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/resume", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("send_campaigns")))
)]
pub async fn resume(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::SendCampaigns)?;
    stepped(&program, execution::resume(&program.db, by, CampaignId(id), program.now()).await).await
}

/// Cancel a campaign for good
///
/// What has not left the house never will.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/cancel", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("send_campaigns")))
)]
pub async fn cancel(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::SendCampaigns)?;
    stepped(&program, execution::cancel(&program.db, by, CampaignId(id), program.now()).await).await
}

/// Mark a finished campaign as evaluated
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/evaluated", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = CampaignView)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn evaluated(program: Program, Path(id): Path<i64>) -> Answer<Json<CampaignView>> {
    let by = must(&program, Right::EditCampaigns)?;
    stepped(&program, execution::evaluate(&program.db, by, CampaignId(id), program.now()).await).await
}

fn must(program: &Program, right: Right) -> Answer<&crm::staff::Actor> {
    program.actor.must(right)?;
    Ok(&program.actor)
}

/// Wakes the sending task and shows where the campaign stands now.
async fn stepped(program: &Program, outcome: Result<Campaign, crm::Trouble>) -> Answer<Json<CampaignView>> {
    let campaign = outcome.map_err(Trouble::from)?;
    program.nudge.wake(execution::TASK);
    Ok(Json(view(program, campaign).await?))
}
