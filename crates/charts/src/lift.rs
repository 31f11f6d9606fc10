//! A point with its confidence interval: the treated beside the control group.

use crate::figure::{value, words};
use crate::ink::{Colour, LINE, Type, Width, hit, link, r, rect, sane, svg};
use kernel::{Locale, Table};

/// One group: value and bounds as shares between 0 and 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interval {
    pub label: String,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub colour: Colour,
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lift {
    pub label: String,
    pub rows: Vec<Interval>,
    pub width: Width,
    pub locale: Locale,
}

impl Lift {
    pub fn new(label: impl Into<String>, rows: Vec<Interval>, locale: Locale) -> Self {
        Self { label: label.into(), rows, width: Width::wide(620.0), locale }
    }
}

/// Ticks of 1, 2 or 5 times a power of ten, seven at most above zero; in percent.
fn tick(most: f64) -> f64 {
    let raw = (most / 7.0).max(0.001);
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|t| *t >= raw * 0.999).unwrap_or(power * 10.0)
}

/// The axis begins at zero (or at the lowest bound below it) and ends at the tick above the highest bound.
pub fn lift(chart: &Lift) -> String {
    let percent = |share: f64| sane(share).clamp(-10.0, 10.0) * 100.0;
    let bounds = || chart.rows.iter().flat_map(|d| [percent(d.value), percent(d.low), percent(d.high)]);
    let (least, most) = bounds().fold((0.0_f64, 0.0_f64), |(a, b), v| (a.min(v), b.max(v)));
    let step = tick(if most - least > 0.0 { most - least } else { 1.0 });
    let from = (least / step).floor() * step;
    let to = ((most / step).ceil() * step).max(from + step);
    let places = if step < 0.1 { 2 } else { 1 };
    chart.width.both(|w, narrow| {
        let left = if narrow { 8.0 } else { 150.0 };
        let right = if narrow { 8.0 } else { 76.0 };
        let row = if narrow { 56.0 } else { 44.0 };
        let scale = |v: f64| left + (w - left - right) * (v - from) / (to - from);
        let height = chart.rows.len() as f64 * row + 26.0;
        let mut out = String::new();
        let ticks = ((to - from) / step).round() as usize;
        let every = if narrow { ticks.div_ceil(4).max(1) } else { 1 };
        for k in 0..=ticks {
            let v = from + k as f64 * step;
            let (x, y2) = (r(scale(v)), r(height - 22.0));
            out += &format!(r#"<line class="grid-l" x1="{x}" x2="{x}" y1="4" y2="{y2}" stroke="{LINE}"/>"#);
            if k % every == 0 {
                let text = chart.locale.percent(v / 100.0, places);
                out += &Type::SMALL.in_middle().set(scale(v), height - 6.0, &text);
            }
        }
        for (i, d) in chart.rows.iter().enumerate() {
            let y = i as f64 * row + row / 2.0 + if narrow { 10.0 } else { 2.0 };
            let text = chart.locale.percent(percent(d.value) / 100.0, 2);
            let mut mark = hit(0.0, i as f64 * row + 2.0, w, row - 4.0);
            if narrow {
                mark += &Type::LABEL.set(left, y - 15.0, &format!("{} · {text}", d.label));
            } else {
                mark += &Type::LARGE.at_end().set(left - 14.0, y + 4.0, &d.label);
                mark += &Type::VALUE.at_end().set(w, y + 4.5, &text);
            }
            let (low, high) = (scale(percent(d.low)), scale(percent(d.high)));
            mark += &rect(low, y - 5.0, high - low, 10.0, 5, d.colour).replace("/>", r#" opacity=".28"/>"#);
            mark += &format!(
                r#"<circle class="mk f{}" cx="{}" cy="{}" r="7" fill="{}"/>"#,
                d.colour.key(),
                r(scale(percent(d.value))),
                r(y),
                d.colour.hex()
            );
            out += &link(d.href.as_deref(), None, &mark);
        }
        svg(w, height, &chart.label, narrow, &out)
    })
}

/// One group per row: columns of the name, the value and its two bounds. The second group is drawn in grey-blue.
pub fn lift_of(label: &str, table: &Table, name: &str, [at, low, high]: [&str; 3], locale: Locale) -> Lift {
    let rows = (0..table.rows.len()).map(|row| Interval {
        label: words(table, row, name, locale),
        value: value(table, row, at),
        low: value(table, row, low),
        high: value(table, row, high),
        colour: if row == 0 { Colour::C1 } else { Colour::C7 },
        href: None,
    });
    Lift::new(label, rows.collect(), locale)
}
