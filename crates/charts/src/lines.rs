//! Lines over time with their last value beside them, and the small line beside a key figure.

use crate::figure::{Figure, figure, value, words};
use crate::ink::{Colour, Type, Width, greatest, hit, link, part, r, rule, sane, svg};
use kernel::{Locale, Table};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub label: String,
    pub colour: Colour,
    /// One value per category; missing ones at the end are not drawn.
    pub values: Vec<f64>,
    pub dashed: bool,
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    pub label: String,
    pub categories: Vec<String>,
    pub series: Vec<Line>,
    pub figure: Figure,
    /// Lower end of the axis; the least value where that is lower.
    pub min: f64,
    /// Upper end of the axis; 5 % above the greatest value where none is given.
    pub max: Option<f64>,
    pub width: Width,
    pub height: f64,
    /// Room for the end labels in the wide rendering.
    pub end_width: f64,
    pub locale: Locale,
}

impl Lines {
    pub fn new(label: impl Into<String>, categories: Vec<String>, series: Vec<Line>, locale: Locale) -> Self {
        Self {
            label: label.into(),
            categories,
            series,
            figure: Figure::Count,
            min: 0.0,
            max: None,
            width: Width::wide(620.0),
            height: 190.0,
            end_width: 108.0,
            locale,
        }
    }
}

/// Both ends of the axis are printed. One category is a point, none is an empty frame.
pub fn lines(chart: &Lines) -> String {
    const TOP: f64 = 14.0;
    const BELOW: f64 = 22.0;
    let all = || chart.series.iter().flat_map(|s| s.values.iter().map(|v| sane(*v)));
    let min = all().fold(sane(chart.min), f64::min);
    let max = chart.max.map_or_else(|| greatest(all()) * 1.05, sane);
    let max = if max > min { max } else { min + 1.0 };
    let (h, n) = (chart.height, chart.categories.len());
    let gaps = n.saturating_sub(1).max(1) as f64;
    chart.width.both(|w, narrow| {
        let right = if narrow { 78.0 } else { chart.end_width };
        let at_x = |i: usize| 6.0 + i as f64 * (w - right - 6.0) / gaps;
        let at_y = |v: f64| TOP + (h - TOP - BELOW) * (1.0 - (sane(v) - min) / (max - min)).clamp(0.0, 1.0);
        let mut out = String::new();
        for k in [0.0, 0.5, 1.0] {
            let v = min + (max - min) * k;
            out += &rule(w - right + 6.0, at_y(v), k == 0.0);
            if k != 0.5 {
                out += &Type::SMALL.set(0.0, at_y(v) - 4.0, &chart.figure.say(v, chart.locale));
            }
        }
        let most = if narrow { 4 } else { 12 };
        let every = n.div_ceil(most).max(1);
        for (i, c) in chart.categories.iter().enumerate().step_by(every) {
            let text = if i == 0 { Type::SMALL } else { Type::SMALL.in_middle() };
            out += &text.set(at_x(i), h - 5.0, c);
        }
        let ends: Vec<Option<f64>> =
            chart.series.iter().map(|s| s.values[..s.values.len().min(n)].last().map(|v| at_y(*v))).collect();
        let places = apart(&ends, h);
        for (s, place) in chart.series.iter().zip(places) {
            let values = &s.values[..s.values.len().min(n)];
            let (Some(last), Some(text)) = (values.last(), place) else { continue };
            let points: Vec<String> =
                values.iter().enumerate().map(|(i, v)| format!("{},{}", r(at_x(i)), r(at_y(*v)))).collect();
            out += &format!(
                r#"<polyline class="s{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"{} points="{}"/>"#,
                s.colour.key(),
                s.colour.hex(),
                if s.dashed { r#" stroke-dasharray="4 4""# } else { "" },
                points.join(" ")
            );
            let (x, y) = (at_x(values.len() - 1), at_y(*last));
            let mut mark = hit(x - 8.0, text - 14.0, right, 34.0);
            let (key, hex) = (s.colour.key(), s.colour.hex());
            mark +=
                &format!(r#"<circle class="mk f{key}" cx="{}" cy="{}" r="4" fill="{hex}"/>"#, r(x), r(y));
            let bold = Type { class: "t-ink t-b", bold: true, ..Type::LABEL };
            mark += &bold.set(x + 10.0, text + 1.0, &chart.figure.say(*last, chart.locale));
            mark += &Type::SMALL.set(x + 10.0, text + 15.0, &s.label);
            out += &link(s.href.as_deref(), None, &mark);
        }
        svg(w, h, &chart.label, narrow, &out)
    })
}

/// Where the end labels go: beside their points, 32 units apart, in the order of the lines, above the names of the axis.
fn apart(ends: &[Option<f64>], height: f64) -> Vec<Option<f64>> {
    const APART: f64 = 32.0;
    let (highest, lowest) = (10.0, height - 38.0);
    let mut order: Vec<usize> = (0..ends.len()).filter(|i| ends[*i].is_some()).collect();
    order.sort_by(|a, b| ends[*b].partial_cmp(&ends[*a]).unwrap_or(std::cmp::Ordering::Equal).then(b.cmp(a)));
    let mut places = vec![None; ends.len()];
    let mut below = lowest + APART;
    for i in &order {
        below = ends[*i].unwrap_or(lowest).min(below - APART);
        places[*i] = Some(below);
    }
    // Too many for the room above: the rest moves down again.
    let mut above = highest - APART;
    for i in order.iter().rev() {
        above = places[*i].unwrap_or(highest).max(above + APART);
        places[*i] = Some(above);
    }
    places
}

/// A line per column over the rows of a table, in the order they stand.
pub fn lines_of(label: &str, table: &Table, name: &str, columns: &[(&str, &str)], locale: Locale) -> Lines {
    let rows = 0..table.rows.len();
    let categories = rows.clone().map(|row| words(table, row, name, locale)).collect();
    let series = columns.iter().enumerate().map(|(i, (column, label))| Line {
        label: (*label).to_owned(),
        colour: Colour::nth(i),
        values: rows.clone().map(|row| value(table, row, column)).collect(),
        dashed: false,
        href: None,
    });
    let form = columns.first().map_or(Figure::Count, |(column, _)| figure(table, column));
    Lines { figure: form, ..Lines::new(label, categories, series.collect(), locale) }
}

/// The small course beside a key figure; purely decorative, so hidden from those who cannot see it.
pub fn spark(values: &[f64], colour: Colour) -> String {
    const W: f64 = 76.0;
    const H: f64 = 26.0;
    let values: Vec<f64> = values.iter().map(|v| sane(*v)).collect();
    let Some(first) = values.first() else { return String::new() };
    let (min, max) = values.iter().fold((*first, *first), |(a, b), v| (a.min(*v), b.max(*v)));
    let gaps = (values.len() - 1).max(1) as f64;
    let at =
        |(i, v): (usize, &f64)| (i as f64 * (W - 6.0) / gaps + 2.0, H - 4.0 - part(v - min, max - min) * (H - 8.0));
    let points: Vec<(f64, f64)> = values.iter().enumerate().map(at).collect();
    let (x, y) = points[points.len() - 1];
    let (key, hex) = (colour.key(), colour.hex());
    let joined: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", r(*x), r(*y))).collect();
    format!(
        r#"<svg class="spark chart" viewBox="0 0 {W} {H}" aria-hidden="true"><polyline class="s{key}" fill="none" stroke="{hex}" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round" points="{}"/><circle class="f{key}" cx="{}" cy="{}" r="2.6" fill="{hex}"/></svg>"#,
        joined.join(" "),
        r(x),
        r(y)
    )
}

/// The course of one column.
pub fn spark_of(table: &Table, column: &str, colour: Colour) -> String {
    let values: Vec<f64> = (0..table.rows.len()).map(|row| value(table, row, column)).collect();
    spark(&values, colour)
}
