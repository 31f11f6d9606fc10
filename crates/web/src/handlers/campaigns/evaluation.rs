//! Step 4: what the campaign did, with the people behind each figure.

use super::{find, frame, head, to};
use crate::{
    door::{Answer, Desk, Path},
    handlers,
    pages::{
        campaigns::{Phase, people_href},
        campaigns_evaluation::{Course, Earnings, Effect, EvaluationPage, Group, LinkRow, MetricRow, Statistic},
        draw,
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    evaluation::{self, Figures, Metric, wilson},
    execution,
    planning::{Campaign, State},
    staff::Right,
};
use kernel::{CampaignId, Cell, Sentence, Table, Unit, sentence::say};
use std::collections::HashMap;

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    desk.actor.must(Right::SeeFigures)?;
    let rows = desk.db.read().await?;
    let campaign = find(&desk, &rows, id).await?;
    let figures = evaluation::evaluate(&*desk.lens, campaign.id).await?.unwrap_or_default();
    let course = evaluation::reactions_per_day(&rows, campaign.id, &desk.zone).await?;
    let links = evaluation::clicks_per_link(&rows, campaign.id).await?;
    let (machine_opens, machine_clicks) = evaluation::machines(&rows, campaign.id).await?;
    let page = EvaluationPage {
        frame: frame(&desk, &campaign, Phase::Evaluation, &query),
        head: head(&desk, &rows, &campaign, Phase::Evaluation, Some(&figures)).await?,
        as_of: desk.now(),
        touched: handlers::quality::touched_campaign(&desk, &rows, campaign.id).await?,
        begun: figures.sent > 0,
        may_conclude: campaign.state == State::Finished && desk.actor.may(Right::EditCampaigns),
        statistics: statistics(&desk, campaign.id, &figures),
        effect: effect(&desk, campaign.id, &figures),
        no_effect: no_effect(&desk, &campaign, &figures),
        earnings: earnings(&figures),
        metrics: metrics(&desk, campaign.id, &figures),
        course: drawn(&desk, &course),
        links: link_rows(campaign.id, &links),
        machine_opens,
        machine_clicks,
    };
    Ok(draw(StatusCode::OK, &page))
}

/// The conclusions are drawn.
pub async fn conclude(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    execution::evaluate(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    Ok(to(campaign.id, Phase::Evaluation.path(), ""))
}

/// A figure as words: counts, shares with one place, money rounded, a dash for none.
fn words(desk: &Desk, figures: &Figures, metric: Metric) -> String {
    match (figures.value(metric), metric.unit(figures.currency)) {
        (Cell::Int(minor), Unit::Money(currency)) => desk.locale.money_round(minor, currency),
        (Cell::Int(n), _) => desk.locale.count(n),
        (Cell::Real(share), _) => desk.locale.percent(share, 1),
        (Cell::Text(text), _) => text,
        (Cell::Empty, _) => "–".to_owned(),
    }
}

/// The names the addresses of the contact list know, where they differ from the metric's own.
fn group(metric: Metric) -> &'static str {
    match metric {
        Metric::Converted | Metric::ConversionRate => "ordered",
        other => other.code(),
    }
}

/// What was sent, who looked, who answered, who bought.
fn statistics(desk: &Desk, campaign: CampaignId, figures: &Figures) -> Vec<Statistic> {
    let line = |metric: Metric| {
        let label = match metric {
            // Whoever booked in the window counts, also where another campaign came last and has the booking.
            Metric::Converted => say(desk.locale, "campaign-statistic-people", None),
            other => other.label().say(desk.locale),
        };
        (label, words(desk, figures, metric))
    };
    let one = |channel, icon, key: &str, value: Metric, rate: Metric, lines: [Metric; 3]| Statistic {
        channel,
        icon,
        label: say(desk.locale, key, None),
        value: words(desk, figures, value),
        note: format!("{} {}", words(desk, figures, rate), rate.label().say(desk.locale)),
        href: people_href(campaign, group(value)),
        lines: lines.map(line).to_vec(),
    };
    use Metric::*;
    vec![
        one("email", "mail", "campaign-statistic-sent", Sent, BounceRate, [Delivered, Bounced, Unsubscribed]),
        one("web", "world", "campaign-statistic-viewed", Opened, OpenRate, [Clicked, ClickRate, Viewed]),
        one(
            "phone",
            "phone",
            "campaign-statistic-answered",
            Responded,
            ResponseRate,
            [Delivered, Complained, Unsubscribed],
        ),
        one("sale", "plane", "campaign-statistic-sales", Orders, ConversionRate, [Converted, Revenue, Cost]),
    ]
}

fn effect(desk: &Desk, campaign: CampaignId, figures: &Figures) -> Option<Effect> {
    let lift = figures.lift()?;
    let locale = desk.locale;
    let group = |hits: i64, all: i64, group: &str| {
        let interval = wilson(hits, all);
        Group {
            rate: hits as f64 / all as f64,
            low: interval.low,
            high: interval.high,
            href: people_href(campaign, group),
        }
    };
    let additional = (lift.difference * figures.delivered() as f64).round() as i64;
    let sound = lift.interval.low > 0.0 || lift.interval.high < 0.0;
    let sign = if additional > 0 { "+" } else { "" };
    let verdict = Sentence::new("campaign-effect-bookings").with("n", format!("{sign}{}", locale.count(additional)));
    let points = |share: f64| {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{}", locale.number(share * 100.0, 2))
    };
    let key = if sound { "campaign-effect-sound" } else { "campaign-effect-unsound" };
    let footnote = Sentence::new(key)
        .with("difference", points(lift.difference))
        .with("low", points(lift.interval.low))
        .with("high", points(lift.interval.high));
    let tone = match (sound, additional) {
        (true, 1..) => "good",
        (true, ..=-1) => "bad",
        _ => "",
    };
    Some(Effect {
        treated: group(figures.converted, figures.delivered(), "ordered"),
        control: group(figures.control_converted, figures.control, "control_converted"),
        verdict: verdict.say(locale),
        verdict_rest: say(locale, "campaign-effect-against-control", None),
        tone,
        footnote: footnote.say(locale),
    })
}

fn no_effect(desk: &Desk, campaign: &Campaign, figures: &Figures) -> String {
    let key = match (campaign.plan.control_ppm, figures.delivered()) {
        (0, _) => "campaign-effect-no-control",
        (_, 0) => "campaign-effect-not-yet",
        _ => "campaign-effect-too-few",
    };
    say(desk.locale, key, None)
}

/// Against the control group where there is one, else by attribution.
fn earnings(figures: &Figures) -> Earnings {
    let incremental = figures.incremental_revenue();
    let counted = incremental.map_or_else(|| figures.clone(), |revenue| Figures { revenue, ..figures.clone() });
    Earnings {
        roi: counted.roi(),
        attributed_roi: figures.roi(),
        attributed_revenue: figures.revenue,
        currency: counted.currency,
        incremental: incremental.is_some(),
        revenue: counted.revenue,
        margin: counted.margin_ppm as f64 / 1_000_000.0,
        contribution: counted.contribution(),
        cost: counted.cost(),
        profit: counted.contribution() - counted.cost(),
    }
}

/// Counts with their rates.
fn metrics(desk: &Desk, campaign: CampaignId, figures: &Figures) -> Vec<MetricRow> {
    use Metric::*;
    let pairs = [
        (Sent, None),
        (Delivered, None),
        (Bounced, Some(BounceRate)),
        (Opened, Some(OpenRate)),
        (Clicked, Some(ClickRate)),
        (Clicked, Some(ClickToOpenRate)),
        (Viewed, Some(ViewRate)),
        (Responded, Some(ResponseRate)),
        (Converted, Some(ConversionRate)),
        (Unsubscribed, Some(UnsubscribeRate)),
        (Complained, Some(ComplaintRate)),
    ];
    let row = |(count, rate): (Metric, Option<Metric>)| MetricRow {
        label: rate.unwrap_or(count).label().say(desk.locale),
        count: words(desk, figures, count),
        rate: rate.map(|rate| words(desk, figures, rate)).unwrap_or_default(),
        formula: rate.unwrap_or(count).formula().say(desk.locale),
        href: people_href(campaign, group(count)),
    };
    pairs.into_iter().map(row).collect()
}

/// Day by day; the labels are short.
fn drawn(desk: &Desk, table: &Table) -> Course {
    let mut course = Course::default();
    for row in 0..table.rows.len() {
        let label = match table.text(row, "day").parse::<jiff::civil::Date>() {
            Ok(day) if desk.locale == kernel::Locale::De => format!("{}. {}.", day.day(), day.month()),
            Ok(day) => format!("{}/{}", day.day(), day.month()),
            Err(_) => table.text(row, "day").to_owned(),
        };
        course.labels.push(label);
        course.opens.push(table.int(row, "opened") as f64);
        course.clicks.push(table.int(row, "clicked") as f64);
    }
    course
}

fn link_rows(campaign: CampaignId, table: &Table) -> Vec<LinkRow> {
    let row = |row: usize| {
        let (url, label) = (table.text(row, "url"), table.text(row, "label"));
        LinkRow {
            label: if label.is_empty() { url.to_owned() } else { label.to_owned() },
            url: url.to_owned(),
            people: table.int(row, "people"),
            clicks: table.int(row, "clicks"),
            href: people_href(campaign, &format!("link-{}", table.int(row, "link"))),
        }
    };
    (0..table.rows.len()).map(row).collect()
}
