//! Horizontal bars: the plainest comparison there is.

use crate::figure::{figure, value, words};
use crate::ink::{Colour, INK2, Type, Width, greatest, hit, link, part, r, rect, sane, svg, track};
use kernel::{Locale, Table};

/// One bar; `text` stands at its end, `note` at the far right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub text: String,
    pub note: String,
    pub colour: Colour,
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BarsH {
    /// Name of the picture for those who cannot see it.
    pub label: String,
    pub rows: Vec<Bar>,
    /// What a full bar means; the greatest value where none is given.
    pub max: Option<f64>,
    /// A dashed line at a value, with its words.
    pub target: Option<(f64, String)>,
    pub width: Width,
    /// Room for the labels left of the bars in the wide rendering.
    pub label_width: f64,
}

impl BarsH {
    pub fn new(label: impl Into<String>, rows: Vec<Bar>) -> Self {
        let width = Width::wide(640.0);
        Self { label: label.into(), rows, max: None, target: None, width, label_width: 150.0 }
    }
}

/// Bars start at zero; a value below two units still shows.
pub fn bars_h(chart: &BarsH) -> String {
    const BAR: f64 = 22.0;
    const GAP: f64 = 12.0;
    chart.width.both(|w, narrow| {
        let left = if narrow { 0.0 } else { chart.label_width };
        let right = if narrow { 78.0 } else { 96.0 };
        let room = w - left - right;
        let top = if chart.target.is_some() { 20.0 } else { 4.0 };
        let above = if narrow { 18.0 } else { 0.0 };
        let step = BAR + GAP + above;
        let max = chart.max.map_or_else(|| greatest(chart.rows.iter().map(|d| d.value)), sane);
        let scale = |v: f64| room * part(v, max).clamp(0.0, 1.0);
        let height = top + chart.rows.len() as f64 * step;
        let mut out = String::new();
        for (i, d) in chart.rows.iter().enumerate() {
            let y = top + i as f64 * step + above;
            let middle = y + BAR / 2.0 + 4.0;
            let mut bar = hit(0.0, y - if narrow { 17.0 } else { GAP / 2.0 }, w, step);
            bar += &if narrow {
                Type::LABEL.set(0.0, y - 5.0, &d.label)
            } else {
                Type::LABEL.at_end().set(left - 12.0, middle, &d.label)
            };
            bar += &track(left, y, room, BAR);
            bar += &rect(left, y, scale(d.value).max(2.0), BAR, 5, d.colour);
            bar += &Type::VALUE.set(w - right + 10.0, middle + 0.5, &d.text);
            if !d.note.is_empty() {
                bar += &Type::DIM.at_end().set(w, middle + 0.5, &d.note);
            }
            out += &link(d.href.as_deref(), None, &bar);
        }
        if let Some((target, text)) = &chart.target {
            let x = left + scale(*target);
            let (x1, y2) = (r(x), r(height - GAP + 4.0));
            out += &format!(
                r#"<line class="ref" x1="{x1}" x2="{x1}" y1="16" y2="{y2}" stroke="{INK2}" stroke-width="1.5" stroke-dasharray="3 3"/>"#
            );
            out += &Type::DIM.in_middle().set(x, 11.0, text);
        }
        svg(w, height, &chart.label, narrow, &out)
    })
}

/// Bars of one column of a table, named by another.
pub fn bars_of(label: &str, table: &Table, name: &str, column: &str, locale: Locale) -> BarsH {
    let form = figure(table, column);
    let rows = (0..table.rows.len()).map(|row| {
        let value = value(table, row, column);
        Bar { label: words(table, row, name, locale), value, text: form.say(value, locale), ..Bar::default() }
    });
    BarsH::new(label, rows.collect())
}
