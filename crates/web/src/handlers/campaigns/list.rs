//! The list of all campaigns with their figures, by phase.

use super::phase_of;
use crate::{
    door::{Answer, Desk},
    pages::{
        Place,
        campaigns::{CampaignFigures, CampaignRow, CampaignsPage, Phase, PhaseCard},
        draw,
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    evaluation::{self, Figures},
    planning::{self, CampaignLine, Narrowed, State},
    staff::Right,
};
use kernel::{CampaignId, Fault, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;

/// Campaigns shown at most; older ones are found by name.
const MOST: i64 = 500;

pub async fn show(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeCampaigns)?;
    let asked = |name: &str| query.get(name).map_or("", String::as_str);
    let chosen = Phase::ALL.into_iter().find(|phase| phase.path() == asked("phase"));
    let rows = desk.db.read().await?;
    let all = planning::list(&rows, &Narrowed::default(), None, MOST).await?;
    let mut found = match asked("q").trim() {
        "" => all.clone(),
        text => {
            let narrowed = Narrowed { search: text.to_owned(), ..Narrowed::default() };
            planning::list(&rows, &narrowed, None, MOST).await?
        }
    };
    found.retain(|line| chosen.is_none_or(|phase| phase_of_line(line) == phase));
    let sending: Vec<CampaignId> =
        found.iter().filter(|line| line.launched_at.is_some()).map(|line| CampaignId(line.id)).collect();
    let figures = match desk.actor.may(Right::SeeFigures) && !sending.is_empty() {
        true => evaluation::figures(&*desk.lens, &sending, None).await?,
        false => Default::default(),
    };
    let lines = found
        .iter()
        .map(|line| row(&desk, line, figures.get(&CampaignId(line.id)).map(shown)))
        .collect::<Result<Vec<_>, Fault>>()?;
    let title = say(desk.locale, "campaigns-title", None);
    let page = CampaignsPage {
        frame: desk.frame().at(Place::Campaigns, title).with_address("/kampagnen"),
        phases: Phase::ALL.map(|phase| card(&desk, &all, phase)),
        chosen,
        query: asked("q").to_owned(),
        total: total(&lines),
        rows: lines,
        any: !all.is_empty(),
        may_plan: desk.actor.may(Right::EditCampaigns),
    };
    Ok(draw(StatusCode::OK, &page))
}

fn phase_of_line(line: &CampaignLine) -> Phase {
    let state = State::parse(&line.state).unwrap_or(State::Draft);
    phase_of(state, line.segment_id.is_some(), line.launched_at.is_some())
}

fn shown(figures: &Figures) -> CampaignFigures {
    let share = |part: i64| (figures.delivered() > 0).then(|| part as f64 / figures.delivered() as f64);
    CampaignFigures {
        sent: figures.sent,
        opened: share(figures.opened),
        clicked: share(figures.clicked),
        bookings: figures.orders,
        revenue: figures.revenue,
        currency: figures.currency,
        roi: figures.roi(),
    }
}

fn row(desk: &Desk, line: &CampaignLine, figures: Option<CampaignFigures>) -> Result<CampaignRow, Fault> {
    let state = State::parse(&line.state)
        .ok_or_else(|| Fault::Unreadable(format!("state {} of campaign {}", line.state, line.id)))?;
    let locale = desk.locale;
    let day = |at: i64| locale.day(desk.zone.day(Timestamp(at)));
    let period = match (line.launched_at, line.finished_at) {
        (Some(from), Some(to)) if day(from) != day(to) => format!("{} – {}", day(from), day(to)),
        (Some(from), _) => day(from),
        (None, _) => Sentence::new("campaigns-created").with("day", day(line.created_at)).say(locale),
    };
    let next = match state {
        State::Draft if line.segment_id.is_none() => "campaigns-next-segment",
        State::Draft => "campaigns-next-approve",
        State::Approved => "campaigns-next-launch",
        _ => "campaigns-next-look",
    };
    let quiet = matches!(state, State::Draft | State::Finished);
    Ok(CampaignRow {
        id: CampaignId(line.id),
        name: line.name.clone(),
        period,
        phase: phase_of_line(line),
        state: if quiet { String::new() } else { state.label().say(locale) },
        figures,
        next: say(locale, next, None),
    })
}

fn card(desk: &Desk, all: &[CampaignLine], phase: Phase) -> PhaseCard {
    let here: Vec<&CampaignLine> = all.iter().filter(|line| phase_of_line(line) == phase).collect();
    let note = match here.as_slice() {
        [] => String::new(),
        [one] => one.name.clone(),
        [first, rest @ ..] => {
            Sentence::new("campaigns-and-more").with("name", &first.name).with("n", rest.len()).say(desk.locale)
        }
    };
    PhaseCard { phase, count: here.len() as i64, note }
}

/// The sum over all campaigns with figures; nothing where they count in different currencies.
fn total(lines: &[CampaignRow]) -> Option<CampaignFigures> {
    let mut figures = lines.iter().filter_map(|line| line.figures.as_ref());
    let first = figures.next()?.clone();
    figures.try_fold(CampaignFigures { opened: None, clicked: None, roi: None, ..first }, |sum, one| {
        (one.currency == sum.currency).then(|| CampaignFigures {
            sent: sum.sent + one.sent,
            bookings: sum.bookings + one.bookings,
            revenue: sum.revenue + one.revenue,
            ..sum
        })
    })
}
