//! What follows from the figures: campaigns that wait for somebody, figures that fell, and where to begin otherwise.

use super::figures::{self, View};
use crate::{
    door::Desk,
    pages::{Frame, dashboard::NextStep},
};
use crm::{
    evaluation::{self, Idea, Tile},
    planning::{self, CampaignLine, Narrowed, State},
    staff::Right,
};
use kernel::{CampaignId, Cell, Fault, Lens, Sentence};
use store::Rows;

/// Lines of the panel.
const MOST: usize = 6;
/// Campaigns looked at, newest first.
const CAMPAIGNS: i64 = 30;
/// A figure has to fall by this share before it is worth a word.
const FALL: f64 = 0.1;

/// What is worth doing now, as far as rights allow; the most pressing first.
pub async fn steps(
    desk: &Desk,
    lens: &dyn Lens,
    view: &View<'_>,
    rows: &Rows,
    tiles: &[Tile],
) -> Result<Vec<NextStep>, Fault> {
    let frame = view.frame;
    let mut steps = Vec::new();
    if desk.actor.may(Right::SeeCampaigns) {
        let campaigns = planning::list(rows, &Narrowed::default(), None, CAMPAIGNS).await?;
        steps.extend(waiting(desk, frame, &campaigns));
        if desk.actor.may(Right::SeeFigures) {
            steps.extend(ended(frame, lens, &campaigns).await?);
        }
    }
    steps.extend(fallen(view, tiles));
    steps.extend(circles(desk, frame, rows).await?);
    let idea = |right, icon, key: &str, label: &str, href: &str| {
        let step = || NextStep {
            icon,
            head: frame.say(key),
            text: frame.say(&format!("{key}-text")),
            label: frame.say(label),
            href: href.to_owned(),
            ..NextStep::default()
        };
        desk.actor.may(right).then(step)
    };
    let ideas = [
        idea(Right::EditSegments, "filter", "dashboard-next-segment", "dashboard-next-segment-go", "/segmente/neu"),
        idea(Right::ImportData, "file-import", "dashboard-next-import", "dashboard-import", "/import"),
    ];
    steps.extend(ideas.into_iter().flatten());
    steps.truncate(MOST);
    Ok(steps)
}

/// Circles of people worth writing to, each a campaign or a segment in one step.
async fn circles(desk: &Desk, frame: &Frame, rows: &Rows) -> Result<Vec<NextStep>, Fault> {
    let mut steps = Vec::new();
    if !desk.actor.may(Right::EditSegments) {
        return Ok(steps);
    }
    let plans = desk.actor.may(Right::EditCampaigns);
    for idea in Idea::ALL {
        let people = idea.people(rows).await?;
        if people > 0 {
            let key = format!("dashboard-next-{}", idea.code());
            let head = Sentence { key: key.clone().into(), args: Default::default() }.with("n", people);
            steps.push(NextStep {
                icon: if *idea == Idea::Baskets { "shopping-cart-x" } else { "users" },
                head: frame.tell(&head),
                text: frame.say(&format!("{key}-text")),
                label: frame.say(if plans { "dashboard-next-plan-go" } else { "dashboard-next-segment-go" }),
                idea: idea.code(),
                plans,
                ..NextStep::default()
            });
        }
    }
    Ok(steps)
}

/// The newest campaign of each state in which somebody has to act.
fn waiting(desk: &Desk, frame: &Frame, campaigns: &[CampaignLine]) -> Vec<NextStep> {
    let (approves, sends) = (desk.actor.may(Right::ApproveCampaigns), desk.actor.may(Right::SendCampaigns));
    let kinds = [
        (State::Stopped, sends, "alert-triangle", "stopped", "ausfuehrung"),
        (State::Paused, sends, "player-pause", "paused", "ausfuehrung"),
        (State::Approved, sends, "send", "approved", "ausfuehrung"),
        (State::Draft, approves, "check", "draft", "selektion"),
    ];
    let step = |(state, may, icon, key, page): (State, bool, &'static str, &str, &str)| {
        let stands = |line: &&CampaignLine| State::parse(&line.state) == Some(state) && line.segment_id.is_some();
        let line = campaigns.iter().find(stands).filter(|_| may)?;
        let key = format!("dashboard-next-{key}");
        Some(NextStep {
            icon,
            head: Sentence { key: key.clone().into(), args: Default::default() }
                .with("name", &line.name)
                .say(frame.locale),
            text: frame.say(&format!("{key}-text")),
            label: frame.say(&format!("{key}-go")),
            href: format!("/kampagnen/{}/{page}", line.id),
            ..NextStep::default()
        })
    };
    kinds.into_iter().filter_map(step).collect()
}

/// The newest campaign that is over and not yet concluded, with what it brought.
async fn ended(frame: &Frame, lens: &dyn Lens, campaigns: &[CampaignLine]) -> Result<Option<NextStep>, Fault> {
    let over = |line: &&CampaignLine| State::parse(&line.state) == Some(State::Finished);
    let Some(line) = campaigns.iter().find(over) else { return Ok(None) };
    let Some(figures) = evaluation::evaluate(lens, CampaignId(line.id)).await? else { return Ok(None) };
    let text = Sentence::new("dashboard-next-ended-text")
        .with("n", figures.orders)
        .with("revenue", frame.locale.money_round(figures.revenue, figures.currency));
    Ok(Some(NextStep {
        icon: "chart-line",
        head: Sentence::new("dashboard-next-ended").with("name", &line.name).say(frame.locale),
        text: text.say(frame.locale),
        label: frame.say("dashboard-next-ended-go"),
        href: format!("/kampagnen/{}/auswertung", line.id),
        ..NextStep::default()
    }))
}

/// The figure that fell most against the period before.
fn fallen(view: &View<'_>, tiles: &[Tile]) -> Option<NextStep> {
    let frame = view.frame;
    let number = |cell: &Cell| match cell {
        Cell::Int(n) => Some(*n as f64),
        Cell::Real(x) => Some(*x),
        _ => None,
    };
    let fall = |tile: &Tile| {
        let (now, before) = (number(&tile.value)?, number(&tile.before)?);
        (before > 0.0).then(|| 1.0 - now / before).filter(|fall| *fall >= FALL)
    };
    let (tile, _) = tiles
        .iter()
        .filter(|tile| figures::SHOWN.contains(&tile.metric) && !tile.metric.is_better_low())
        .filter_map(|tile| Some((tile, fall(tile)?)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let written = |cell: &Cell| figures::written(frame, cell, tile.unit);
    let text = Sentence::new("dashboard-next-fallen-text")
        .with("now", written(&tile.value))
        .with("before", written(&tile.before));
    Some(NextStep {
        icon: "trending-down",
        head: Sentence::new("dashboard-next-fallen").with("what", frame.tell(&tile.metric.label())).say(frame.locale),
        text: text.say(frame.locale),
        label: frame.say("dashboard-next-fallen-go"),
        href: view.behind(tile.metric.code(), None)?,
        ..NextStep::default()
    })
}
