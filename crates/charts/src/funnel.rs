//! A funnel: how many are left after each step, with the rate between two of them.

use crate::figure::{Figure, value, words};
use crate::ink::{Colour, TRACK, Type, Width, greatest, hit, link, part, r, svg};
use kernel::{Locale, Table};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub label: String,
    pub value: f64,
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    pub label: String,
    pub steps: Vec<Step>,
    pub width: Width,
    pub locale: Locale,
}

impl Funnel {
    pub fn new(label: impl Into<String>, steps: Vec<Step>, locale: Locale) -> Self {
        Self { label: label.into(), steps, width: Width::wide(400.0), locale }
    }
}

/// Full width is the greatest step, usually the first. A rate after a step of nobody is a dash.
pub fn funnel(chart: &Funnel) -> String {
    const LEFT: f64 = 112.0;
    const BAR: f64 = 27.0;
    const GAP: f64 = 18.0;
    chart.width.both(|w, narrow| {
        let room = w - LEFT - 56.0;
        let max = greatest(chart.steps.iter().map(|s| s.value));
        let length = |v: f64| (room * part(v, max).max(0.0)).max(3.0);
        let mut out = String::new();
        for (i, s) in chart.steps.iter().enumerate() {
            let y = 2.0 + i as f64 * (BAR + GAP);
            let bar = length(s.value);
            let mut mark = hit(0.0, y - 2.0, w, BAR + 4.0);
            mark += &Type::LARGE.set(0.0, y + BAR / 2.0 + 4.5, &s.label);
            mark += &format!(
                r#"<rect class="mk f1" x="{}" y="{}" width="{}" height="{}" rx="5" fill="{}" opacity="{}"/>"#,
                r(LEFT),
                r(y),
                r(bar),
                r(BAR),
                Colour::C1.hex(),
                ((1.0 - i as f64 * 0.09).max(0.3) * 100.0).round() / 100.0
            );
            let text = Figure::Count.say(s.value, chart.locale);
            mark += &Type::VALUE.set(LEFT + bar + 10.0, y + BAR / 2.0 + 4.5, &text);
            out += &link(s.href.as_deref(), None, &mark);
            if let Some(next) = chart.steps.get(i + 1) {
                let (x, from, to) = (r(LEFT), r(y + BAR), r(y + BAR + GAP));
                let (right, below) = (r(LEFT + bar), r(LEFT + length(next.value)));
                out += &format!(r#"<path class="track" d="M{x} {from}H{right}L{below} {to}H{x}Z" fill="{TRACK}"/>"#);
                let rate =
                    if s.value > 0.0 { chart.locale.percent(part(next.value, s.value), 1) } else { "–".to_owned() };
                out += &Type::SMALL.set(LEFT + 8.0, y + BAR + GAP / 2.0 + 4.0, &format!("↓ {rate}"));
            }
        }
        let height = (chart.steps.len() as f64 * (BAR + GAP) - GAP + 4.0).max(4.0);
        svg(w, height, &chart.label, narrow, &out)
    })
}

/// One step per row of a table.
pub fn funnel_of(label: &str, table: &Table, name: &str, column: &str, locale: Locale) -> Funnel {
    let steps = (0..table.rows.len()).map(|row| Step {
        label: words(table, row, name, locale),
        value: value(table, row, column),
        href: None,
    });
    Funnel::new(label, steps.collect(), locale)
}
