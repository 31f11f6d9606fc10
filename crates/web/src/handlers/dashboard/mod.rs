//! The overview: figures against another period, channels, funnel, campaigns, and what just happened; it stays alive.

mod arrange;
mod feed;
mod figures;
mod follow;
mod live;
mod next;
mod targets;
pub mod wish;

use crate::{
    door::{Answer, Desk, House},
    handlers,
    pages::{Banner, Frame, Place, Tab, dashboard::DashboardPage, draw},
};
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    customers,
    evaluation::{self, Campaigns, Overview, TileMetric},
    staff::{Right, layout},
};
use std::collections::HashMap;
use wish::{PERIODS, Wish, days_of};

/// Lines of the panel of changes.
const CHANGES: i64 = 5;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/", get(overview))
        .route("/stand", get(overview))
        .route("/live", get(live::stream))
        .route("/uebersicht/kacheln", post(arrange::change))
        .route("/uebersicht/folge", post(follow::follow))
        .route("/ziele", get(targets::show).post(targets::set))
        .route("/ziele/{id}/entfernen", post(targets::remove))
}

async fn overview(desk: Desk, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    if !desk.actor.may(Right::SeeDashboard) {
        // Whoever has no overview begins at the first place their rights open.
        if let Some(place) = desk.places(&desk.actor).first() {
            return Ok(Redirect::to(place.href()).into_response());
        }
        // Nobody without a role is refused at the first step; the centre says what they are told.
        return Ok(Redirect::to("/benachrichtigungen").into_response());
    }
    let wish = Wish::read(&query);
    let title = desk.frame().say(Place::Dashboard.key());
    let frame = desk.frame().at(Place::Dashboard, title);
    let (now, zone) = (desk.now(), &desk.zone);
    let (period, earlier) = (wish.period(now, zone), wish.earlier(now, zone));
    let rows = desk.db.read().await?;
    let seq = crm::interactions::newest(&rows).await?;
    // Behind the position just read: all figures of a page are of one moment, and not older than it says.
    let moment = desk.lens.moment().await?;
    let lens = moment.as_deref().unwrap_or(&*desk.lens);
    let is_new = customers::is_empty(&rows).await?;
    let (who, filters) = wish.people_condition(&desk, &frame, &rows).await?;
    let shown = shown(&desk, &rows).await?;
    let arranging = query.contains_key("anordnen");
    let sees_people = desk.actor.may(Right::SeeContacts);
    let sees_campaigns = desk.actor.may(Right::SeeCampaigns) && desk.actor.may(Right::SeeFigures);
    let view = figures::View { frame: &frame, wish: &wish, period, zone, sees_people };
    let (mut tiles, mut channels, mut funnel, mut next_steps) = (Vec::new(), None, None, Vec::new());
    let mut reached = None;
    let campaigns = match is_new {
        true => Campaigns::default(),
        false => Campaigns::of(lens, &rows, &[period, earlier], who.as_ref()).await?,
    };
    if !is_new {
        let days = days_between(period, zone);
        let Overview { tiles: measured, courses } =
            evaluation::overview(lens, &campaigns, period, earlier, zone, who.as_ref(), now).await?;
        let standings = evaluation::standings(lens, &rows, now, zone).await?;
        let met = standings.iter().filter(|standing| standing.is_reached()).count();
        reached = (!standings.is_empty()).then_some((met, standings.len()));
        tiles = view.tiles(&shown, &measured, &courses, &standings);
        let course = evaluation::channels(lens, period, zone, figures::step(days), who.as_ref()).await?;
        channels = view.channels(&course, days);
        funnel = view.funnel(&evaluation::funnel(&campaigns, period));
        next_steps = next::steps(&desk, lens, &view, &rows, &measured).await?;
    }
    let campaigns = match sees_campaigns {
        true => figures::campaigns(&frame, &evaluation::top_campaigns(&campaigns, 5)),
        false => Vec::new(),
    };
    let feed = if sees_people { feed::lines(&rows, &frame, now, zone, 14).await? } else { Vec::new() };
    let (before_first, before_last) = days_of(earlier, zone);
    let (first, last) = days_of(period, zone);
    let today = zone.day(now);
    let mut today_line = format!("{}, {}", frame.locale.weekday(today), frame.locale.long_day(today));
    if let Some((met, all)) = reached {
        let words = kernel::Sentence::new("dashboard-targets-reached").with("met", met).with("all", all);
        today_line = format!("{today_line} · {}", frame.tell(&words));
    }
    let clock = zone.civil(now);
    let page = DashboardPage {
        greeting: DashboardPage::greeting(&frame, clock.hour(), &desk.actor.name),
        today: today_line,
        periods: PERIODS.iter().map(|n| period_tab(&frame, &wish, *n, now, zone)).collect(),
        period: wish.name(&frame),
        compared_name: wish.compared_name(&frame),
        compared: format!("{} – {}", frame.locale.day(before_first), frame.locale.day(before_last)),
        comparisons: comparisons(&frame, &wish),
        first_day: first.to_string(),
        last_day: last.to_string(),
        kept: wish.kept(),
        filters,
        more_filters: wish.menus(&desk, &frame, &rows).await?,
        live_url: wish.address("/stand", &[]),
        seq: seq.0,
        as_of: format!("{:02}:{:02}:{:02}", clock.hour(), clock.minute(), clock.second()),
        may_plan: desk.actor.may(Right::EditCampaigns),
        may_set_targets: desk.actor.may(Right::SetTargets),
        arrange: (arranging && !is_new).then(|| arrange::panel(&frame, &wish, &shown)),
        arrange_url: arrange::address(&wish),
        notice: notice(&frame, &wish, &rows, who.as_ref()).await?,
        touched: handlers::quality::touched(
            &desk,
            &rows,
            &TileMetric::ALL.iter().map(|one| one.code()).collect::<Vec<_>>(),
        )
        .await?,
        tiles,
        channels,
        funnel,
        campaigns,
        sees_campaigns,
        lines: handlers::changes::newest(&desk, &frame, &rows, CHANGES).await?,
        feed,
        sees_feed: sees_people,
        next_steps,
        frame,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// The figures this person wants to see, in their order.
async fn shown(desk: &Desk, rows: &store::Rows) -> Answer<Vec<TileMetric>> {
    let chosen = match desk.actor.user() {
        Some(user) => layout::tiles(rows, user).await?,
        None => None,
    };
    let known = |codes: Vec<String>| codes.iter().filter_map(|code| TileMetric::parse(code)).collect();
    Ok(chosen.map(known).filter(|tiles: &Vec<_>| !tiles.is_empty()).unwrap_or_else(|| figures::SHOWN.to_vec()))
}

fn days_between(period: evaluation::Period, zone: &kernel::Zone) -> i64 {
    let (first, last) = days_of(period, zone);
    i64::from((last - first).get_days()) + 1
}

fn period_tab(frame: &Frame, wish: &Wish, days: i64, now: kernel::Timestamp, zone: &kernel::Zone) -> Tab {
    let value = days.to_string();
    let value = if days == wish::USUAL { "" } else { value.as_str() };
    let current = wish.period(now, zone) == evaluation::Period::last_days(days, now, zone);
    let href = wish.address("/", &[("tage", value), ("von", ""), ("bis", "")]);
    Tab { label: frame.say(&format!("dashboard-last-{days}")), href, current, count: None }
}

fn comparisons(frame: &Frame, wish: &Wish) -> Vec<Tab> {
    let tab = |key: &str, value: &str| Tab {
        label: frame.say(key),
        href: wish.address("/", &[("vergleich", value)]),
        current: wish.compared_name(frame) == frame.say(key),
        count: None,
    };
    vec![tab("dashboard-before", ""), tab("dashboard-year-before", "vorjahr")]
}

/// What is worth knowing before the figures are believed: an address that could not be read, people a filter cannot see.
async fn notice(
    frame: &Frame,
    wish: &Wish,
    rows: &store::Rows,
    who: Option<&store::sea_query::Condition>,
) -> Answer<Option<Banner>> {
    if !wish.unread.is_empty() {
        let text = frame.say_with("dashboard-unread-text", "what", wish.unread.join(", "));
        return Ok(Some(Banner::warn(frame.say("dashboard-unread"), text)));
    }
    if wish.asks_for_age() && who.is_some() {
        let missing = customers::without_birth_date(rows).await?;
        if missing > 0 {
            let head = frame.say_with("dashboard-quality-age", "n", missing);
            return Ok(Some(Banner::warn(head, frame.say("dashboard-quality-age-text"))));
        }
    }
    Ok(None)
}
