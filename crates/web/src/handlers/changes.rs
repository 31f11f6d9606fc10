//! Changes that chance does not explain: the list, and why each was told.

use crate::{
    door::{Answer, Desk, House, Path, Trouble},
    pages::{
        Frame, Place, Sign,
        changes::{ChangeLine, ChangesPage, WhyPage},
        draw,
    },
};
use axum::{
    Router,
    http::StatusCode,
    response::{Redirect, Response},
    routing::{get, post},
};
use charts::{Colour, Figure, Line, Lines, lines};
use crm::{
    customers,
    evaluation::{
        TileMetric,
        watch::{self, Why},
    },
    interactions::Channel,
    mining::{Alert, Direction, Subject, alert},
    planning::Campaign,
    selection,
    staff::{Actor, Right},
};
use jiff::civil::Date;
use kernel::{CampaignId, Cell, ContactId, SegmentId, Sentence, time::DAY};
use store::Rows;

/// Lines of the list.
const LINES: i64 = 200;
/// How far back the list goes.
const BACK: i64 = 30 * DAY;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/veraenderungen", get(show))
        .route("/veraenderungen/pruefen", post(look))
        .route("/veraenderungen/{id}", get(why))
}

/// Whose changes somebody may see.
fn subjects(actor: &Actor) -> Vec<Subject> {
    let right = |subject: &Subject| match subject {
        Subject::Contact => Right::SeeContacts,
        Subject::Segment => Right::SeeSegments,
        Subject::Campaign => Right::SeeCampaigns,
        Subject::Channel | Subject::Metric => Right::SeeDashboard,
    };
    Subject::ALL.iter().copied().filter(|subject| actor.may(right(subject))).collect()
}

/// The newest changes, for the panel of the overview and for the list.
pub async fn newest(desk: &Desk, frame: &Frame, rows: &Rows, limit: i64) -> Answer<Vec<ChangeLine>> {
    let since = desk.now().plus(-BACK);
    let found = alert::recent(rows, &subjects(&desk.actor), since, limit).await?;
    let mut lines = Vec::new();
    for alert in &found {
        lines.push(line(desk, frame, rows, alert).await?);
    }
    Ok(lines)
}

/// What a subject is called and where its people are.
async fn named(desk: &Desk, rows: &Rows, alert: &Alert) -> Answer<(String, String, Sign)> {
    let id = alert.key.parse().unwrap_or(0);
    let period = format!("von={}&bis={}", alert.first_day, alert.last_day);
    let gone = || "–".to_owned();
    Ok(match alert.subject {
        Subject::Contact => {
            let id = ContactId(id);
            let name = customers::display_names(rows, &[id]).await?.remove(&id);
            (name.unwrap_or_else(gone), format!("/kontakte/{id}"), Sign { channel: "web", icon: "user" })
        }
        Subject::Segment => {
            let name = selection::find(rows, SegmentId(id)).await?.map(|segment| segment.name);
            let people = format!("/kontakte?kennzahl=interactions&{period}&segment={id}");
            (name.unwrap_or_else(gone), people, Sign { channel: "service", icon: "filter" })
        }
        Subject::Campaign => {
            let name = Campaign::find(rows, CampaignId(id)).await?.map(|campaign| campaign.plan.name);
            let people = format!("/kontakte?kampagne={id}&gruppe=opened");
            (name.unwrap_or_else(gone), people, Sign { channel: "email", icon: "speakerphone" })
        }
        Subject::Channel => {
            let label = Channel::parse(&alert.key).map(|channel| channel.label().say(desk.locale));
            let people = format!("/kontakte?kanal={}&{period}", alert.key);
            (label.unwrap_or_else(gone), people, Sign::of(&alert.key, ""))
        }
        Subject::Metric => {
            let label = TileMetric::parse(&alert.key).map(|metric| metric.label().say(desk.locale));
            let people = format!("/kontakte?kennzahl={}&{period}", alert.key);
            (label.unwrap_or_else(gone), people, Sign { channel: "sale", icon: "chart-bar" })
        }
    })
}

async fn line(desk: &Desk, frame: &Frame, rows: &Rows, alert: &Alert) -> Answer<ChangeLine> {
    let (name, people, sign) = named(desk, rows, alert).await?;
    let up = alert.direction == Direction::Rise;
    let text = detail(frame, alert);
    let strength = match alert.strength() {
        n if n >= 1_000 => frame.say("change-sudden"),
        n => format!("{}{}\u{a0}%", if up { "+" } else { "−" }, frame.locale.count(n)),
    };
    Ok(ChangeLine {
        id: alert.id,
        sign,
        name,
        text,
        people,
        up,
        strength,
        day: frame.locale.day(alert.last_day),
        href: format!("/veraenderungen/{}", alert.id),
    })
}

/// The sentence without the name in front.
fn detail(frame: &Frame, alert: &Alert) -> String {
    let sentence = alert.sentence("", frame.locale);
    let key = match alert.subject {
        Subject::Campaign => "change-detail-rate",
        _ => "change-detail",
    };
    frame.tell(&Sentence { key: key.into(), args: sentence.args })
}

async fn show(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::SeeDashboard)?;
    let rows = desk.db.read().await?;
    let frame = desk.frame();
    let title = frame.say("change-title");
    let frame = frame.at(Place::Dashboard, title);
    let lines = newest(&desk, &frame, &rows, LINES).await?;
    Ok(draw(StatusCode::OK, &ChangesPage { lines, frame }))
}

/// Looks now instead of tonight.
async fn look(desk: Desk) -> Answer<Redirect> {
    desk.actor.must(Right::SeeDashboard)?;
    watch::look_again(&desk.db).await?;
    desk.nudge.wake(watch::TASK);
    Ok(Redirect::to("/veraenderungen"))
}

async fn why(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    desk.actor.must(Right::SeeDashboard)?;
    let rows = desk.db.read().await?;
    let alert = alert::find(&rows, id).await?.ok_or(Trouble::MISSING)?;
    if !subjects(&desk.actor).contains(&alert.subject) {
        return Err(Trouble::MISSING);
    }
    let line = line(&desk, &desk.frame(), &rows, &alert).await?;
    let found = watch::why(&*desk.lens, &rows, &alert, desk.now(), &desk.zone).await?;
    let frame = desk.frame().at(Place::Dashboard, line.name.clone());
    let (first, last) = (frame.locale.day(alert.first_day), frame.locale.day(alert.last_day));
    let page = WhyPage {
        chart: chart(&frame, &found, alert.subject),
        days: if alert.first_day == alert.last_day { last } else { format!("{first} – {last}") },
        chance: chance(&frame, alert.q),
        method: frame.say(match alert.subject {
            Subject::Contact => "change-method-person",
            Subject::Campaign => "change-method-campaign",
            _ => "change-method-series",
        }),
        people_label: frame.say(match alert.subject {
            Subject::Contact => "change-to-person",
            _ => "change-to-people",
        }),
        sees_people: desk.actor.may(Right::SeeContacts),
        makes_segment: desk.actor.may(Right::EditSegments),
        plans: desk.actor.may(Right::EditCampaigns),
        line,
        frame,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// How many of so many such reports would be chance.
fn chance(frame: &Frame, q: f64) -> String {
    if q < 0.001 {
        frame.say("change-chance-tiny")
    } else {
        frame.say_with("change-chance", "share", frame.locale.percent(q, 1))
    }
}

fn chart(frame: &Frame, why: &Why, subject: Subject) -> String {
    let column = |key: &str| -> Vec<f64> {
        let value = |row: usize| match why.table.cell(row, key) {
            Cell::Real(x) => *x,
            Cell::Int(n) => *n as f64,
            _ => 0.0,
        };
        (0..why.table.rows.len()).map(value).collect()
    };
    let line = |key: &str, column: Vec<f64>, colour, dashed| Line {
        label: frame.say(key),
        colour,
        values: column,
        dashed,
        href: None,
    };
    let name = |row: usize| {
        let text = why.table.text(row, "day");
        text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| format!("{}.{}.", day.day(), day.month()))
    };
    let mut series = vec![
        line("change-observed", column("observed"), Colour::C1, false),
        line("change-expected", column("expected"), Colour::C7, true),
    ];
    if subject != Subject::Campaign {
        series.push(line("change-high", column("high"), Colour::C3, true));
        series.push(line("change-low", column("low"), Colour::C3, true));
    }
    let names = (0..why.table.rows.len()).map(name).collect();
    let mut chart = Lines::new(frame.say("change-chart"), names, series, frame.locale);
    chart.figure = Figure::of(why.unit);
    chart.height = 240.0;
    lines(&chart)
}
