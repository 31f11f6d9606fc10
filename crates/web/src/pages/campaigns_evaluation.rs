//! Step 4 of a campaign: what it sent, who looked, who answered, who booked, what it caused and what it earned.

use super::{
    Frame, Place,
    campaigns::{CampaignHead, signed_percent, tone},
    quality::TouchedRow,
};
use askama::Template;
use charts::{Colour, Interval, Lift, Line, Lines, Width, lift, lines};
use kernel::{Currency, Sentence, Timestamp};

/// One of the four statistics: a head figure and a few lines under it, all finished words.
#[derive(Clone, Debug)]
pub struct Statistic {
    /// email, web, phone, sale.
    pub channel: &'static str,
    pub icon: &'static str,
    pub label: String,
    pub value: String,
    pub note: String,
    pub href: String,
    pub lines: Vec<(String, String)>,
}

/// Treated against control, with 95 % intervals (Newcombe, Wilson score); rates are shares between 0 and 1.
#[derive(Clone, Debug)]
pub struct Effect {
    pub treated: Group,
    pub control: Group,
    /// Additional bookings in words, e.g. `+117 Buchungen`, and what follows it.
    pub verdict: String,
    pub verdict_rest: String,
    pub tone: &'static str,
    /// Difference, interval and whether it is sound, in words.
    pub footnote: String,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub rate: f64,
    pub low: f64,
    pub high: f64,
    pub href: String,
}

/// Money of the campaign in minor units.
#[derive(Clone, Debug)]
pub struct Earnings {
    /// Of `revenue`; `None` when cost is 0.
    pub roi: Option<f64>,
    /// Of all attributed revenue, whether or not it would have come anyway.
    pub attributed_roi: Option<f64>,
    pub attributed_revenue: i64,
    pub currency: Currency,
    /// True when revenue is the incremental one against the control group.
    pub incremental: bool,
    pub revenue: i64,
    /// Between 0 and 1.
    pub margin: f64,
    pub contribution: i64,
    pub cost: i64,
    pub profit: i64,
}

impl Earnings {
    fn roi_words(&self, frame: &Frame) -> String {
        signed_percent(frame.locale, self.roi)
    }

    fn roi_tone(&self) -> &'static str {
        tone(self.roi)
    }

    fn head(&self) -> &'static str {
        if self.incremental { "campaign-roi-incremental-head" } else { "campaign-roi-attributed-head" }
    }

    fn lead(&self) -> &'static str {
        if self.incremental { "campaign-roi-incremental-lead" } else { "campaign-roi-attributed-lead" }
    }

    /// The other return on investment, so that nobody takes one for the other.
    fn beside(&self, frame: &Frame) -> String {
        Sentence::new("campaign-roi-beside")
            .with("roi", signed_percent(frame.locale, self.attributed_roi))
            .with("revenue", frame.locale.money_round(self.attributed_revenue, self.currency))
            .say(frame.locale)
    }

    fn margin_words(&self, frame: &Frame) -> String {
        frame.locale.percent(self.margin, 0)
    }
}

/// One metric: finished words and where its people are.
#[derive(Clone, Debug)]
pub struct MetricRow {
    pub label: String,
    pub count: String,
    pub rate: String,
    /// How it is counted, in one sentence.
    pub formula: String,
    pub href: String,
}

#[derive(Clone, Debug)]
pub struct LinkRow {
    pub label: String,
    pub url: String,
    pub people: i64,
    pub clicks: i64,
    pub href: String,
}

/// Opens and clicks by people over time; both as long as `labels`.
#[derive(Clone, Debug, Default)]
pub struct Course {
    pub labels: Vec<String>,
    pub opens: Vec<f64>,
    pub clicks: Vec<f64>,
}

/// `GET /kampagnen/{id}/auswertung`; `auswertung.csv` and `auswertung.json` beside it hold the same figures.
#[derive(Template)]
#[template(path = "campaigns_evaluation.html")]
pub struct EvaluationPage {
    pub frame: Frame,
    pub head: CampaignHead,
    pub as_of: Timestamp,
    /// Figures on this page that open findings touch.
    pub touched: Vec<TouchedRow>,
    /// False before anything was sent: the page then says so.
    pub begun: bool,
    /// Whether the campaign can be marked as evaluated.
    pub may_conclude: bool,
    pub statistics: Vec<Statistic>,
    pub effect: Option<Effect>,
    /// Plain sentence why there is no effect to show; used when `effect` is `None`.
    pub no_effect: String,
    pub earnings: Earnings,
    pub metrics: Vec<MetricRow>,
    pub course: Course,
    pub links: Vec<LinkRow>,
    pub machine_opens: i64,
    pub machine_clicks: i64,
}

impl EvaluationPage {
    fn lift_chart(&self, effect: &Effect) -> String {
        let row = |key: &str, group: &Group, colour| Interval {
            label: self.frame.say(key),
            value: group.rate,
            low: group.low,
            high: group.high,
            colour,
            href: Some(group.href.clone()),
        };
        let rows = vec![
            row("campaign-treated", &effect.treated, Colour::C1),
            row("campaign-control-group", &effect.control, Colour::C7),
        ];
        let label = self.frame.say("campaign-lift-chart");
        lift(&Lift { width: Width::wide(560.0), ..Lift::new(label, rows, self.frame.locale) })
    }

    fn course_chart(&self) -> String {
        let line = |key: &str, values: &[f64], colour, group: &str| Line {
            label: self.frame.say(key),
            colour,
            values: values.to_vec(),
            dashed: false,
            href: Some(self.head.people(group)),
        };
        let series = vec![
            line("campaign-opens", &self.course.opens, Colour::C1, "opened"),
            line("campaign-clicks", &self.course.clicks, Colour::C3, "clicked"),
        ];
        let label = self.frame.say("campaign-course-chart");
        lines(&Lines { height: 210.0, ..Lines::new(label, self.course.labels.clone(), series, self.frame.locale) })
    }

    fn machines(&self) -> i64 {
        self.machine_opens + self.machine_clicks
    }
}
