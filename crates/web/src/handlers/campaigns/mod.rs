//! Campaigns: the list, and the four steps every campaign goes through.

mod evaluation;
mod execution;
mod export;
mod list;
pub mod people;
mod plan_form;
pub mod planning;
mod selection;

use crate::{
    door::{Answer, Desk, House, Path, Trouble},
    pages::{
        Crumb, Frame, Place, Toast,
        campaigns::{CampaignHead, Phase, signed_percent},
    },
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    Refusal,
    evaluation::Figures,
    planning::{Campaign, State},
    selection::freeze,
    staff::{Right, users},
};
use kernel::{CampaignId, Sentence, sentence::say};
use std::collections::HashMap;
use store::Rows;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/kampagnen", get(list::show).post(planning::create))
        .route("/kampagnen/neu", get(planning::begin).post(planning::create))
        .route("/kampagnen/{id}", get(current))
        .route("/kampagnen/{id}/planung", get(planning::show).post(planning::save))
        .route("/kampagnen/{id}/vorschau", post(planning::preview))
        .route("/kampagnen/{id}/selektion", get(selection::show))
        .route("/kampagnen/{id}/freigabe", post(selection::approve))
        .route("/kampagnen/{id}/zurueck", post(selection::back))
        .route("/kampagnen/{id}/ausfuehrung", get(execution::show))
        .route("/kampagnen/{id}/fortschritt", get(execution::progress))
        .route("/kampagnen/{id}/reaktionen", get(execution::reactions))
        .route("/kampagnen/{id}/probeversand", post(execution::test))
        .route("/kampagnen/{id}/start", post(execution::launch))
        .route("/kampagnen/{id}/pause", post(execution::pause))
        .route("/kampagnen/{id}/weiter", post(execution::resume))
        .route("/kampagnen/{id}/abbruch", post(execution::cancel))
        .route("/kampagnen/{id}/zweifel/{message}/versandt", post(execution::was_sent))
        .route("/kampagnen/{id}/zweifel/{message}/nicht-versandt", post(execution::was_not_sent))
        .route("/kampagnen/{id}/auswertung", get(evaluation::show))
        .route("/kampagnen/{id}/auswertung.csv", get(export::csv))
        .route("/kampagnen/{id}/auswertung.json", get(export::json))
        .route("/kampagnen/{id}/ausgewertet", post(evaluation::conclude))
}

/// To the step where the campaign stands.
async fn current(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    Ok(to(campaign.id, phase(&campaign).path(), ""))
}

/// A campaign for somebody who may see campaigns.
async fn find(desk: &Desk, rows: &Rows, id: i64) -> Answer<Campaign> {
    desk.actor.must(Right::SeeCampaigns)?;
    Ok(Campaign::get(rows, CampaignId(id)).await?)
}

/// Where a campaign stands in the circle.
fn phase(campaign: &Campaign) -> Phase {
    let content = &campaign.step.content;
    let planned = campaign.segment().is_some() && !content.subject.is_empty() && !content.body.trim().is_empty();
    phase_of(campaign.state, planned, campaign.launched_at.is_some())
}

fn phase_of(state: State, planned: bool, launched: bool) -> Phase {
    match state {
        State::Draft if planned => Phase::Selection,
        State::Draft => Phase::Planning,
        State::Approved | State::Launching | State::Running | State::Paused | State::Stopped => Phase::Execution,
        State::Cancelled if !launched => Phase::Execution,
        State::Finished | State::Evaluated | State::Cancelled => Phase::Evaluation,
    }
}

/// The head all four steps share. `figures` where the page has counted them anyway.
async fn head(
    desk: &Desk,
    rows: &Rows,
    campaign: &Campaign,
    here: Phase,
    figures: Option<&Figures>,
) -> Answer<CampaignHead> {
    let (locale, plan) = (desk.locale, &campaign.plan);
    let owner = match campaign.created_by {
        Some(id) => users::find(rows, id).await?.map(|user| user.name),
        None => None,
    };
    let day = |at| locale.day(desk.zone.day(at));
    let period = match (campaign.launched_at, campaign.finished_at) {
        (Some(from), Some(to)) if day(from) != day(to) => format!("{} – {}", day(from), day(to)),
        (Some(from), _) => day(from),
        (None, _) => String::new(),
    };
    let parts = [plan.goal.label().say(locale), owner.unwrap_or_default(), campaign.state.label().say(locale), period];
    let subtitle = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let goal = match plan.target_orders {
        Some(n) => Sentence::new("campaign-note-target").with("n", locale.count(n)).say(locale),
        None => plan.goal.label().say(locale),
    };
    let audience = if campaign.frozen_at.is_some() {
        let frozen = freeze::waterfall(rows, campaign.id).await?;
        let sentence = Sentence::new("campaign-note-audience")
            .with("treated", locale.count(frozen.treated))
            .with("matched", locale.count(frozen.matched));
        sentence.say(locale)
    } else {
        match campaign.segment() {
            Some(id) => crm::selection::find(rows, id).await?.map(|segment| segment.name).unwrap_or_default(),
            None => say(locale, "campaign-note-no-segment", None),
        }
    };
    let counts = crm::execution::counts(rows, campaign.id).await?;
    let sent: i64 = counts.iter().filter(|c| c.state == "sent").map(|c| c.messages).sum();
    let going = match campaign.launched_at {
        Some(_) => Sentence::new("campaign-note-sent").with("n", locale.count(sent)).say(locale),
        None => campaign.state.label().say(locale),
    };
    let outcome = match figures {
        Some(figures) if sent > 0 => {
            Sentence::new("campaign-note-roi").with("roi", signed_percent(locale, figures.roi())).say(locale)
        }
        _ if campaign.state == State::Evaluated => campaign.state.label().say(locale),
        _ if sent > 0 => say(locale, "campaign-note-evaluation", None),
        _ => String::new(),
    };
    Ok(CampaignHead {
        id: campaign.id,
        name: plan.name.clone(),
        subtitle,
        now: phase(campaign),
        here,
        notes: [goal, audience, going, outcome],
    })
}

/// The frame of a step's page.
fn frame(desk: &Desk, campaign: &Campaign, here: Phase, query: &HashMap<String, String>) -> Frame {
    let mut frame = desk.frame().at(Place::Campaigns, campaign.plan.name.clone());
    if let Some(last) = frame.crumbs.last_mut() {
        last.href = Some(format!("/kampagnen/{}", campaign.id));
    }
    let step = frame.say(here.key());
    frame.crumbs.push(Crumb { label: step, href: None });
    let toast = query.get("getan").and_then(|done| DONE.into_iter().find(|key| key == done));
    let toast = toast.map(|key| Toast { text: frame.say(key), undo: None });
    frame.with_toast(toast).with_address(crate::pages::campaigns::step_href(campaign.id, here))
}

/// What was just done, by the key of its words.
const DONE: [&str; 9] = [
    "campaign-was-saved",
    "campaign-was-approved",
    "campaign-was-reopened",
    "campaign-was-launched",
    "campaign-was-paused",
    "campaign-was-resumed",
    "campaign-was-cancelled",
    "campaign-was-tested",
    "campaign-was-settled",
];

/// To a step of a campaign, saying what was done.
fn to(id: CampaignId, step: &str, done: &str) -> Response {
    let query = if done.is_empty() { String::new() } else { format!("?getan={done}") };
    Redirect::to(&format!("/kampagnen/{id}/{step}{query}")).into_response()
}

/// Refuses a lever pulled on a page that shows an older campaign: what was agreed to is not what would happen.
fn still(campaign: &Campaign, version: &str) -> Result<(), Trouble> {
    match version.parse::<i64>() {
        Ok(seen) if seen == campaign.version => Ok(()),
        _ => Err(Refusal::Stale.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_stands_where_the_next_thing_is_to_be_done() {
        assert_eq!(phase_of(State::Draft, false, false), Phase::Planning);
        assert_eq!(phase_of(State::Draft, true, false), Phase::Selection);
        assert_eq!(phase_of(State::Approved, true, false), Phase::Execution);
        assert_eq!(phase_of(State::Finished, true, true), Phase::Evaluation);
        assert_eq!(phase_of(State::Cancelled, true, true), Phase::Evaluation);
        assert_eq!(phase_of(State::Cancelled, true, false), Phase::Execution);
    }
}
