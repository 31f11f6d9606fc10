//! The overview: figures against the period before, channels, funnel, campaigns, and what just happened.

mod feed;
mod figures;
mod next;

use crate::{
    door::{Answer, Desk, House},
    pages::{Frame, Place, Tab, dashboard::DashboardPage, draw},
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use crm::{
    customers,
    evaluation::{self, Period},
    staff::Right,
};
use serde::Deserialize;

pub fn routes() -> Router<House> {
    Router::new().route("/", get(overview)).route("/strom", get(feed::news))
}

/// The periods one may choose, in days.
const PERIODS: [i64; 4] = [7, 30, 90, 365];

#[derive(Deserialize)]
struct Wish {
    tage: Option<i64>,
}

async fn overview(desk: Desk, Query(wish): Query<Wish>) -> Answer<Response> {
    if !desk.actor.may(Right::SeeDashboard) {
        // Whoever has no overview begins at the first place their rights open.
        if let Some(place) = desk.places(&desk.actor).first() {
            return Ok(Redirect::to(place.href()).into_response());
        }
        desk.actor.must(Right::SeeDashboard)?;
    }
    let days = wish.tage.filter(|days| PERIODS.contains(days)).unwrap_or(30);
    let title = desk.frame().say(Place::Dashboard.key());
    let frame = desk.frame().at(Place::Dashboard, title);
    let (now, zone) = (desk.now(), &desk.zone);
    let period = Period::last_days(days, now, zone);
    let rows = desk.db.read().await?;
    let is_new = customers::is_empty(&rows).await?;
    let (tiles, channels, funnel, next_steps) = if is_new {
        (Vec::new(), None, None, Vec::new())
    } else {
        let course = evaluation::channels(&rows, period, zone, figures::step(days), None).await?;
        let tiles = evaluation::tiles(&rows, period, period.before(zone), None).await?;
        let courses = evaluation::courses(&rows, period, zone, None).await?;
        let steps = evaluation::funnel(&rows, period, None).await?;
        (
            figures::tiles(&frame, &tiles, &courses),
            figures::channels(&frame, &course, days),
            figures::funnel(&frame, &steps),
            next::steps(&desk, &frame, &rows, &tiles).await?,
        )
    };
    let sees_campaigns = desk.actor.may(Right::SeeCampaigns) && desk.actor.may(Right::SeeFigures);
    let campaigns = if sees_campaigns {
        figures::campaigns(&frame, &evaluation::top_campaigns(&rows, 5).await?)
    } else {
        Vec::new()
    };
    let sees_people = desk.actor.may(Right::SeeContacts);
    let feed = if sees_people { feed::lines(&rows, &frame, now, zone, 14).await? } else { Vec::new() };
    let before = period.before(zone);
    let (first, last) = (zone.day(before.from), zone.day(before.to.plus(-1)));
    let today = zone.day(now);
    let page = DashboardPage {
        greeting: DashboardPage::greeting(&frame, zone.civil(now).hour(), &desk.actor.name),
        today: format!("{}, {}", frame.locale.weekday(today), frame.locale.long_day(today)),
        periods: PERIODS.iter().map(|n| period_tab(&frame, *n, *n == days)).collect(),
        period: frame.say(period_key(days)),
        compared: format!("{} – {}", frame.locale.day(first), frame.locale.day(last)),
        as_of: frame.locale.time(now, zone),
        may_plan: desk.actor.may(Right::EditCampaigns),
        notice: None,
        tiles,
        channels,
        funnel,
        campaigns,
        sees_campaigns,
        feed,
        feed_url: if sees_people { "/strom".to_owned() } else { String::new() },
        next_steps,
        frame,
    };
    Ok(draw(StatusCode::OK, &page))
}

fn period_key(days: i64) -> &'static str {
    match days {
        7 => "dashboard-last-7",
        90 => "dashboard-last-90",
        365 => "dashboard-last-365",
        _ => "dashboard-last-30",
    }
}

fn period_tab(frame: &Frame, days: i64, current: bool) -> Tab {
    Tab { label: frame.say(period_key(days)), href: format!("/?tage={days}"), current, count: None }
}
