//! Figures of the overview as the page shows them: tiles, channels, funnel, campaigns.

use super::wish::{Wish, days_of};
use crate::pages::{
    Aim, Frame, Sign, Tile, Tone, Trend,
    campaigns::{signed_percent, tone},
    dashboard::{CampaignLine, ChannelPanel, ChartPanel, LegendLine},
};
use charts::{Colour, Funnel, Series, StackV, Width, funnel as draw_funnel, spark, stack_v};
use crm::evaluation::{Period, Standing, Step, Tile as Figure, TileMetric};
use jiff::{ToSpan, civil::Date};
use kernel::{Cell, Currency, Sentence, Table, Unit, Zone};
use std::collections::BTreeMap;

/// Columns are weeks, or days where the period is short.
pub fn step(days: i64) -> Step {
    if days <= 14 { Step::Day } else { Step::Week }
}

/// The tiles of the overview, in the design's order.
pub const SHOWN: [TileMetric; 8] = [
    TileMetric::Interactions,
    TileMetric::InteractionsPerContact,
    TileMetric::ConversionRate,
    TileMetric::Revenue,
    TileMetric::OpenRate,
    TileMetric::ClickRate,
    TileMetric::SocialEngagement,
    TileMetric::BasketAbandonment,
];

/// What every panel needs to know: the words, what was asked for, and which people this reader may see.
pub struct View<'a> {
    pub frame: &'a Frame,
    pub wish: &'a Wish,
    pub period: Period,
    pub zone: &'a Zone,
    pub sees_people: bool,
}

impl View<'_> {
    /// `courses` as the room below gives them: the figure over the parts of the period, by its code.
    pub fn tiles(
        &self,
        shown: &[TileMetric],
        figures: &[Figure],
        courses: &BTreeMap<&'static str, Vec<f64>>,
        standings: &[Standing],
    ) -> Vec<Tile> {
        let frame = self.frame;
        let tile = |metric: &TileMetric| {
            let figure = figures.iter().find(|figure| figure.metric == *metric)?;
            let course = courses.get(metric.code()).map_or(&[][..], Vec::as_slice);
            let same = |standing: &&Standing| {
                standing.target.metric == *metric && standing.target.segment == self.wish.segment()
            };
            Some(Tile {
                label: frame.tell(&metric.label()),
                value: written(frame, &figure.value, figure.unit),
                href: self.behind(metric.code(), None),
                trend: trend(frame, figure),
                note: frame.say_with("dashboard-tile-before", "value", written(frame, &figure.before, figure.unit)),
                target: standings.iter().find(same).map(|standing| aim(frame, standing)),
                spark: if course.len() > 2 { spark(course, Colour::C1) } else { String::new() },
            })
        };
        shown.iter().filter_map(tile).collect()
    }

    /// The list of the people behind a figure, for those who may see people.
    pub fn behind(&self, figure: &str, channel: Option<&str>) -> Option<String> {
        self.sees_people.then(|| self.wish.people_behind(figure, self.period, channel, self.zone))
    }

    /// Those of one step of the course over time, from its first day.
    fn behind_step(&self, from: &str, by_day: bool) -> String {
        let (first, last) = days_of(self.period, self.zone);
        let from: Date = from.parse().unwrap_or(first);
        let to = if by_day { from } else { from.checked_add(6.days()).unwrap_or(from) };
        let part = Period::days(from.max(first), to.min(last), self.zone);
        self.wish.people_behind(TileMetric::Interactions.code(), part, None, self.zone)
    }

    pub fn channels(&self, course: &Table, days: i64) -> Option<ChannelPanel> {
        let frame = self.frame;
        let sums: Vec<i64> = (1..course.columns.len()).map(|i| sum(course, i)).collect();
        let all: i64 = sums.iter().sum();
        if all == 0 {
            return None;
        }
        let mut series = Vec::new();
        let mut legend = Vec::new();
        for (index, column) in course.columns.iter().enumerate().skip(1) {
            let label = frame.tell(&Sentence {
                key: format!("interactions-channel-{}", column.key).into(),
                args: Default::default(),
            });
            let (paint, number) = colour(&column.key);
            let values =
                course.rows.iter().map(|row| if let Cell::Int(n) = row[index] { n as f64 } else { 0.0 }).collect();
            series.push(Series { label: label.clone(), colour: paint, values });
            let count = sums[index - 1];
            legend.push((
                count,
                LegendLine {
                    label,
                    colour: number,
                    count: frame.locale.count(count),
                    share: frame.locale.percent(count as f64 / all as f64, 1),
                    href: self.behind(TileMetric::Interactions.code(), Some(&column.key)).unwrap_or_default(),
                },
            ));
        }
        legend.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let by_day = step(days) == Step::Day;
        let every = if course.rows.len() > 14 { 5 } else { 1 };
        let names = (0..course.rows.len())
            .map(|row| if row % every == 0 { name(frame, course.text(row, "from"), by_day) } else { String::new() });
        let mut chart = StackV::new(frame.say("dashboard-channels"), names.collect(), series, frame.locale);
        if self.sees_people {
            let step = |row| self.behind_step(course.text(row, "from"), by_day);
            chart.hrefs = (0..course.rows.len()).map(step).collect();
        }
        chart.width = Width::wide(520.0);
        chart.height = 232.0;
        let subtitle = frame.say(if by_day { "dashboard-channels-days" } else { "dashboard-channels-weeks" });
        let legend = legend.into_iter().map(|(_, line)| line).collect();
        Some(ChannelPanel { subtitle, chart: stack_v(&chart), legend, note: String::new() })
    }

    pub fn funnel(&self, table: &Table) -> Option<ChartPanel> {
        let frame = self.frame;
        let people = |row: usize| table.int(row, "people");
        let (reached, booked) = (people(0), people(table.rows.len().saturating_sub(1)));
        if reached == 0 {
            return None;
        }
        let step = |row: usize| charts::Step {
            label: frame.tell(&Sentence {
                key: format!("evaluation-metric-{}", table.text(row, "stage")).into(),
                args: Default::default(),
            }),
            value: people(row) as f64,
            href: self.behind(table.text(row, "stage"), None),
        };
        let steps = (0..table.rows.len()).map(step).collect();
        let rate = frame.locale.percent(booked as f64 / reached as f64, 1);
        Some(ChartPanel {
            subtitle: frame.say_with("dashboard-funnel-text", "rate", rate),
            chart: draw_funnel(&Funnel::new(frame.say("dashboard-funnel"), steps, frame.locale)),
        })
    }
}

/// A figure in the reader's format; a dash where there is none.
pub fn written(frame: &Frame, cell: &Cell, unit: Unit) -> String {
    match (cell, unit) {
        (Cell::Int(n), Unit::Money(currency)) => frame.locale.money_round(*n, currency),
        (Cell::Int(n), _) => frame.locale.count(*n),
        (Cell::Real(x), Unit::Share) => frame.locale.percent(*x, 1),
        (Cell::Real(x), _) => frame.locale.number(*x, 1),
        _ => "–".to_owned(),
    }
}

fn trend(frame: &Frame, figure: &Figure) -> Option<Trend> {
    let number = |cell: &Cell| match cell {
        Cell::Int(n) => Some(*n as f64),
        Cell::Real(x) => Some(*x),
        _ => None,
    };
    let (now, before) = (number(&figure.value)?, number(&figure.before)?);
    let text = match figure.unit {
        // A change of a share is said in percentage points.
        Unit::Share => {
            format!("{} {}", frame.locale.number((now - before).abs() * 100.0, 1), frame.say("dashboard-points"))
        }
        _ if before == 0.0 => return None,
        _ => frame.locale.percent((now / before - 1.0).abs(), 1),
    };
    let better = if figure.metric.is_better_low() { before.total_cmp(&now) } else { now.total_cmp(&before) };
    let good = match better {
        std::cmp::Ordering::Greater => Tone::Good,
        std::cmp::Ordering::Less => Tone::Bad,
        std::cmp::Ordering::Equal => Tone::Plain,
    };
    Some(Trend { up: now >= before, tone: good, text })
}

fn colour(channel: &str) -> (Colour, u8) {
    match Sign::of(channel, "").channel {
        "email" => (Colour::C1, 1),
        "phone" => (Colour::C3, 3),
        "social" => (Colour::C4, 4),
        "sale" => (Colour::C5, 5),
        "letter" => (Colour::C6, 6),
        "service" => (Colour::C7, 7),
        _ if channel == "shop" => (Colour::C5, 5),
        _ => (Colour::C2, 2),
    }
}

/// How a target stands: what it is, and what is missing.
fn aim(frame: &Frame, standing: &Standing) -> Aim {
    let goal = amount(frame, standing.target.value, standing.unit);
    let low = standing.target.metric.is_better_low();
    if standing.is_reached() {
        let key = if low { "dashboard-target-most" } else { "dashboard-target" };
        return Aim { met: true, off_track: false, text: frame.say_with(key, "goal", goal) };
    }
    let missing = match standing.unit {
        Unit::Share => {
            let points = frame.locale.number(standing.missing() * 100.0, 1);
            format!("{points} {}", frame.say("dashboard-points"))
        }
        unit => amount(frame, standing.missing(), unit),
    };
    let key = if low { "dashboard-target-exceeded" } else { "dashboard-target-missing" };
    let text = Sentence::new(key).with("goal", goal).with("missing", missing);
    Aim { met: false, off_track: standing.is_off_track(), text: frame.tell(&text) }
}

/// A plain number in the format of its unit.
pub fn amount(frame: &Frame, value: f64, unit: Unit) -> String {
    let cell = match unit {
        Unit::Share | Unit::Number => Cell::Real(value),
        _ => Cell::Int(value.ceil() as i64),
    };
    written(frame, &cell, unit)
}

fn sum(table: &Table, column: usize) -> i64 {
    table.rows.iter().map(|row| if let Cell::Int(n) = row[column] { n } else { 0 }).sum()
}

fn name(frame: &Frame, from: &str, by_day: bool) -> String {
    let Ok(day) = from.parse::<Date>() else { return from.to_owned() };
    if by_day {
        return format!("{}.{}.", day.day(), day.month());
    }
    frame.say_with("dashboard-week", "week", day.iso_week_date().week())
}

pub fn campaigns(frame: &Frame, table: &Table) -> Vec<CampaignLine> {
    let line = |row: usize| {
        let id = table.int(row, "campaign");
        let roi = if let Cell::Real(roi) = table.cell(row, "roi") { Some(*roi) } else { None };
        let unit = |key: &str| table.index(key).map_or(Unit::Count, |i| table.columns[i].unit);
        let cell = |key: &str| written(frame, table.cell(row, key), unit(key));
        let revenue = match unit("revenue") {
            Unit::Money(currency) => frame.locale.money_round(table.int(row, "revenue"), currency),
            _ => frame.locale.money_round(table.int(row, "revenue"), Currency::EUR),
        };
        CampaignLine {
            name: table.text(row, "name").to_owned(),
            href: format!("/kampagnen/{id}/auswertung"),
            arc: 4,
            sent: cell("sent"),
            opened: cell("open_rate"),
            orders: cell("orders"),
            orders_href: format!("/kontakte?kampagne={id}&gruppe=ordered"),
            revenue,
            roi: signed_percent(frame.locale, roi),
            roi_tone: tone(roi),
        }
    };
    (0..table.rows.len()).map(line).collect()
}
