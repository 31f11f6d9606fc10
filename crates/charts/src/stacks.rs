//! Stacked columns over time and stacked bars of shares.

use crate::figure::{Figure, figure, value, words};
use crate::ink::{Colour, Type, Width, greatest, hit, link, part, r, rule, sane, svg};
use kernel::{Locale, Table};

/// One colour of a stack; `values` has one entry per category (`StackV`) or is empty (`StackH`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    pub label: String,
    pub colour: Colour,
    pub values: Vec<f64>,
}

impl Series {
    fn at(&self, i: usize) -> f64 {
        self.values.get(i).map_or(0.0, |v| sane(*v).max(0.0))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct StackV {
    pub label: String,
    pub categories: Vec<String>,
    pub series: Vec<Series>,
    /// One link per category; may be shorter than the categories.
    pub hrefs: Vec<String>,
    /// The category that is now.
    pub hot: Option<usize>,
    pub figure: Figure,
    pub width: Width,
    pub height: f64,
    pub locale: Locale,
}

impl StackV {
    pub fn new(label: impl Into<String>, categories: Vec<String>, series: Vec<Series>, locale: Locale) -> Self {
        Self {
            label: label.into(),
            categories,
            series,
            hrefs: Vec::new(),
            hot: None,
            figure: Figure::Count,
            width: Width::wide(620.0),
            height: 236.0,
            locale,
        }
    }
}

/// The total stands above each column. Where there are more than eight, the narrow rendering shows the last six.
pub fn stack_v(chart: &StackV) -> String {
    const TOP: f64 = 22.0;
    const BELOW: f64 = 22.0;
    let h = chart.height;
    chart.width.both(|w, narrow| {
        let all = chart.categories.len();
        let first = if narrow && all > 8 { all - 6 } else { 0 };
        let n = (all - first).max(1) as f64;
        let total = |i: usize| chart.series.iter().map(|s| s.at(i)).sum::<f64>();
        let max = greatest((first..all).map(total));
        let (plot, step) = (h - TOP - BELOW, w / n);
        let bar = (step * 0.66).min(46.0);
        let mut out = String::new();
        for k in [0.0, 0.5, 1.0] {
            out += &rule(w, TOP + plot * (1.0 - k), k == 0.0);
        }
        for (i, category) in chart.categories.iter().enumerate().skip(first) {
            let at = step * (i - first) as f64;
            let x = at + (step - bar) / 2.0;
            let mut y = TOP + plot;
            let mut inner = hit(at, 0.0, step, h);
            let shown: Vec<&Series> = chart.series.iter().filter(|s| plot * part(s.at(i), max) >= 0.6).collect();
            for (k, s) in shown.iter().enumerate() {
                let tall = plot * part(s.at(i), max);
                y -= tall;
                inner += &block(s.colour, x, y, bar, tall, k + 1 == shown.len());
            }
            let (value, hot) = (chart.figure.say(total(i), chart.locale), chart.hot == Some(i));
            let small = |class| Type { class, ..Type::SMALL.in_middle() };
            let below = small(if hot { "t-ink t-sm" } else { "t-dim t-sm" });
            let above = small(if hot { "t-ink t-b t-sm" } else { "t-dim t-sm" });
            inner += &below.set(x + bar / 2.0, h - 5.0, category);
            inner += &above.set(x + bar / 2.0, y - 6.0, &value);
            let parts: Vec<String> = chart
                .series
                .iter()
                .map(|s| format!("{} {}", s.label, chart.figure.say(s.at(i), chart.locale)))
                .collect();
            let name = format!("{category} {value}: {}", parts.join(", "));
            out += &link(chart.hrefs.get(i).map(String::as_str), Some(&name), &inner);
        }
        svg(w, h, &chart.label, narrow, &out)
    })
}

/// One block of a column; the topmost one has round shoulders where it is tall and broad enough for them.
fn block(colour: Colour, x: f64, y: f64, w: f64, h: f64, last: bool) -> String {
    let (key, hex) = (colour.key(), colour.hex());
    if last && h >= 6.0 && w >= 9.0 {
        return format!(
            r#"<path class="mk f{key}" fill="{hex}" d="M{} {}v{}q0 -4 4 -4h{}q4 0 4 4v{}z"/>"#,
            r(x),
            r(y + h - 1.0),
            r(-(h - 1.0) + 4.0),
            r(w - 8.0),
            r(h - 5.0)
        );
    }
    let (x, y, w, h) = (r(x), r(y), r(w), r((h - 1.0).max(0.8)));
    format!(r#"<rect class="mk f{key}" x="{x}" y="{y}" width="{w}" height="{h}" fill="{hex}"/>"#)
}

/// One stacked bar: a value per series and a link per part (either may be shorter).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub label: String,
    pub values: Vec<f64>,
    pub hrefs: Vec<String>,
    /// Text at the bar's end; the total where it is empty.
    pub end: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StackH {
    pub label: String,
    pub groups: Vec<Group>,
    pub series: Vec<Series>,
    /// Every bar is 100 % long; otherwise as long as its total.
    pub shares: bool,
    pub width: Width,
    pub label_width: f64,
    pub locale: Locale,
}

impl StackH {
    pub fn new(label: impl Into<String>, groups: Vec<Group>, series: Vec<Series>, locale: Locale) -> Self {
        let width = Width::wide(640.0);
        Self { label: label.into(), groups, series, shares: true, width, label_width: 150.0, locale }
    }
}

/// A part too small for its figure has it in the link's name.
pub fn stack_h(chart: &StackH) -> String {
    const BAR: f64 = 28.0;
    let at = |g: &Group, k: usize| g.values.get(k).map_or(0.0, |v| sane(*v).max(0.0));
    let total = |g: &Group| (0..chart.series.len()).map(|k| at(g, k)).sum::<f64>();
    let max = greatest(chart.groups.iter().map(total));
    chart.width.both(|w, narrow| {
        let left = if narrow { 0.0 } else { chart.label_width };
        let room = w - left - if narrow { 48.0 } else { 64.0 };
        let row = if narrow { 60.0 } else { 46.0 };
        let mut out = String::new();
        for (i, g) in chart.groups.iter().enumerate() {
            let y = 4.0 + i as f64 * row + if narrow { 20.0 } else { 0.0 };
            let sum = total(g);
            let full = room * if chart.shares { 1.0 } else { part(sum, max) };
            let middle = y + BAR / 2.0 + 4.0;
            out += &if narrow {
                Type::LABEL.set(0.0, y - 6.0, &g.label)
            } else {
                Type::LABEL.at_end().set(left - 12.0, middle, &g.label)
            };
            let mut x = left;
            for (k, s) in chart.series.iter().enumerate() {
                let (value, share) = (at(g, k), part(at(g, k), sum));
                let (long, count) = (full * share, Figure::Count.say(value, chart.locale));
                let share = chart.locale.percent(share, if narrow { 0 } else { 1 });
                let (text, name) = if chart.shares {
                    let name = format!("{}, {}: {share}, {count}", g.label, s.label);
                    (share, name)
                } else {
                    let name = format!("{}, {}: {count}", g.label, s.label);
                    (count, name)
                };
                let (key, hex) = (s.colour.key(), s.colour.hex());
                let mut inner = format!(
                    r##"<rect class="mk f{key} sep" x="{}" y="{}" width="{}" height="{BAR}" rx="3" fill="{hex}" stroke="#fff" stroke-width="1.5"/>"##,
                    r(x),
                    r(y),
                    r(long)
                );
                if long > text.chars().count() as f64 * 6.6 + 6.0 {
                    inner += &Type::ON.set(x + long / 2.0, middle, &text);
                }
                out += &link(g.hrefs.get(k).map(String::as_str), Some(&name), &inner);
                x += long;
            }
            let end = if g.end.is_empty() { Figure::Count.say(sum, chart.locale) } else { g.end.clone() };
            out += &Type::DIM.set(left + full + 8.0, middle, &end);
        }
        let height = 4.0 + chart.groups.len() as f64 * row - if narrow { 8.0 } else { 14.0 };
        svg(w, height.max(4.0), &chart.label, narrow, &out)
    })
}

fn series(table: &Table, columns: &[(&str, &str)]) -> Vec<Series> {
    let rows = 0..table.rows.len();
    let one = |(i, (column, label)): (usize, &(&str, &str))| Series {
        label: (*label).to_owned(),
        colour: Colour::nth(i),
        values: rows.clone().map(|row| value(table, row, column)).collect(),
    };
    columns.iter().enumerate().map(one).collect()
}

/// A column per row of the table, a colour per given column `(key, label)`.
pub fn stack_v_of(label: &str, table: &Table, name: &str, columns: &[(&str, &str)], locale: Locale) -> StackV {
    let categories = (0..table.rows.len()).map(|row| words(table, row, name, locale)).collect();
    let form = columns.first().map_or(Figure::Count, |(column, _)| figure(table, column));
    StackV { figure: form, ..StackV::new(label, categories, series(table, columns), locale) }
}

/// A bar per row of the table, a colour per given column `(key, label)`.
pub fn stack_h_of(label: &str, table: &Table, name: &str, columns: &[(&str, &str)], locale: Locale) -> StackH {
    let groups = (0..table.rows.len()).map(|row| Group {
        label: words(table, row, name, locale),
        values: columns.iter().map(|(column, _)| value(table, row, column)).collect(),
        ..Group::default()
    });
    let groups = groups.collect();
    StackH::new(label, groups, series(table, columns), locale)
}
