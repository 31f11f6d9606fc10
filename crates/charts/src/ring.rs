//! A ring of shares with its labels beside it.

use crate::figure::{figure, value, words};
use crate::ink::{Colour, INK, Type, Width, link, part, r, rect, sane, svg};
use kernel::{Locale, Table};
use std::f64::consts::PI;

/// One share; `text` is its figure in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    pub label: String,
    pub value: f64,
    pub text: String,
    pub colour: Colour,
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Donut {
    pub label: String,
    pub slices: Vec<Slice>,
    /// Figure and words in the middle.
    pub center: Option<(String, String)>,
    pub width: Width,
    /// Radius of the hole as part of the whole; 0 is a pie.
    pub hole: f64,
    pub locale: Locale,
}

impl Donut {
    pub fn new(label: impl Into<String>, slices: Vec<Slice>, locale: Locale) -> Self {
        Self { label: label.into(), slices, center: None, width: Width::wide(560.0), hole: 0.6, locale }
    }
}

/// Shares of nothing are not drawn, only listed; a share below 4 % has its figure in the list alone.
pub fn donut(chart: &Donut) -> String {
    let hole = sane(chart.hole).clamp(0.0, 0.9);
    let total: f64 = chart.slices.iter().map(|d| sane(d.value).max(0.0)).sum();
    let rows = chart.slices.len() as f64;
    chart.width.both(|w, narrow| {
        let radius = if narrow { 86.0 } else { 108.0 };
        let cx = if narrow { w / 2.0 } else { 150.0 };
        let cy = radius + 12.0;
        let mut start = -PI / 2.0;
        let mut out = String::new();
        for (i, d) in chart.slices.iter().enumerate() {
            let share = part(d.value.max(0.0), total);
            let end = start + share * PI * 2.0;
            let (key, hex) = (d.colour.key(), d.colour.hex());
            let mut inner = String::new();
            if share > 0.0 {
                let shape = arc((cx, cy), radius, radius * hole, start, end);
                inner += &format!(
                    r##"<path class="mk f{key} sep" fill="{hex}" stroke="#fff" stroke-width="2" d="{shape}"/>"##
                );
            }
            if share >= 0.04 {
                let middle = (start + end) / 2.0;
                let out_there = radius * (1.0 + hole) / 2.0;
                let text = chart.locale.percent(share, 0);
                inner += &Type::ON.set(cx + middle.cos() * out_there, cy + middle.sin() * out_there + 4.0, &text);
            }
            let x = if narrow { 20.0 } else { cx + radius + 48.0 };
            let i = i as f64;
            let y = if narrow { cy + radius + 30.0 + i * 26.0 } else { cy - (rows - 1.0) * 22.0 + i * 44.0 };
            inner += &rect(x, y - 9.0, 11.0, 11.0, 3, d.colour);
            inner += &Type::LARGE.set(x + 20.0, y, &d.label);
            inner += &if narrow {
                Type::VALUE.at_end().set(w - 20.0, y, &d.text)
            } else {
                Type::DIM.set(x + 20.0, y + 17.0, &d.text)
            };
            out += &link(d.href.as_deref(), None, &inner);
            start = end;
        }
        if let Some((figure, words)) = &chart.center {
            let large = Type { class: "t-xl", anchor: "middle", fill: INK, size: 22, bold: true };
            out += &large.set(cx, cy + 4.0, figure);
            out += &Type::DIM.in_middle().set(cx, cy + 22.0, words);
        }
        let height = if narrow { cy + radius + 24.0 + rows * 26.0 } else { (radius * 2.0 + 24.0).max(rows * 44.0) };
        svg(w, height, &chart.label, narrow, &out)
    })
}

/// The outline of a slice. A whole turn is drawn as two halves: an arc that ends where it begins is no arc in SVG.
fn arc((cx, cy): (f64, f64), outer: f64, inner: f64, from: f64, to: f64) -> String {
    if to - from > PI * 1.9999 {
        let half = from + PI;
        return arc((cx, cy), outer, inner, from, half) + &arc((cx, cy), outer, inner, half, from + PI * 1.9998);
    }
    let large = u8::from(to - from > PI);
    let at = |angle: f64, q: f64| format!("{} {}", r(cx + angle.cos() * q), r(cy + angle.sin() * q));
    let (ro, ri) = (r(outer), r(inner));
    format!(
        "M{}A{ro} {ro} 0 {large} 1 {}L{}A{ri} {ri} 0 {large} 0 {}Z",
        at(from, outer),
        at(to, outer),
        at(to, inner),
        at(from, inner)
    )
}

/// Shares of one column of a table, named by another.
pub fn donut_of(label: &str, table: &Table, name: &str, column: &str, locale: Locale) -> Donut {
    let form = figure(table, column);
    let slices = (0..table.rows.len()).map(|row| {
        let value = value(table, row, column);
        let text = form.say(value, locale);
        Slice { label: words(table, row, name, locale), value, text, colour: Colour::nth(row), href: None }
    });
    Donut::new(label, slices.collect(), locale)
}
