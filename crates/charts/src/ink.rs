//! The strokes every chart is made of: escaped text, rounded coordinates, colours, links and the frame.

/// A colour of the chart palette; class `f…` or `s…` in the page, hex in the attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Grey: the thing compared with.
    Grey,
    /// Petrol: the one series.
    #[default]
    C1,
    C2,
    C3,
    C4,
    C5,
    C6,
    C7,
    C8,
    /// Orange: now.
    Sun,
}

impl Colour {
    const SERIES: [Colour; 8] = [Self::C1, Self::C2, Self::C3, Self::C4, Self::C5, Self::C6, Self::C7, Self::C8];

    /// The n-th category's colour; after eight they begin again.
    pub fn nth(n: usize) -> Self {
        Self::SERIES[n % Self::SERIES.len()]
    }

    pub(crate) fn hex(self) -> &'static str {
        match self {
            Self::Grey => "#cbd4d5",
            Self::C1 => "#0e7483",
            Self::C2 => "#4a5fc4",
            Self::C3 => "#a36000",
            Self::C4 => "#a83c77",
            Self::C5 => "#2d7a43",
            Self::C6 => "#7d573a",
            Self::C7 => "#5a687d",
            Self::C8 => "#c2402b",
            Self::Sun => "#e8632a",
        }
    }

    pub(crate) fn key(self) -> char {
        match self {
            Self::Grey => '0',
            Self::C1 => '1',
            Self::C2 => '2',
            Self::C3 => '3',
            Self::C4 => '4',
            Self::C5 => '5',
            Self::C6 => '6',
            Self::C7 => '7',
            Self::C8 => '8',
            Self::Sun => 's',
        }
    }
}

pub(crate) const INK: &str = "#121a1c";
pub(crate) const INK2: &str = "#435053";
pub(crate) const INK3: &str = "#58666a";
pub(crate) const LINE: &str = "#e2e8e8";
pub(crate) const AXIS: &str = "#cbd4d5";
pub(crate) const TRACK: &str = "#edf1f1";

/// How wide the two renderings are, in units of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Width {
    pub wide: f64,
    pub narrow: f64,
}

impl Width {
    pub const fn wide(wide: f64) -> Self {
        Self { wide, narrow: 330.0 }
    }

    /// Both renderings, one after the other; `draw` gets the width and whether it is the narrow one.
    pub(crate) fn both(self, draw: impl Fn(f64, bool) -> String) -> String {
        draw(self.wide, false) + &draw(self.narrow, true)
    }
}

/// Text inside XML: markup escaped, characters XML 1.0 cannot hold left out.
pub(crate) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
    out
}

/// A value the picture can bear: not a number becomes 0, the monstrous is cut at 10^15.
pub(crate) fn sane(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-1e15, 1e15) } else { 0.0 }
}

/// Part of a whole; 0 where the whole is nothing.
pub(crate) fn part(value: f64, whole: f64) -> f64 {
    if whole > 0.0 { sane(sane(value) / whole) } else { 0.0 }
}

/// The greatest of some values, at least 0.
pub(crate) fn greatest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(sane).fold(0.0, f64::max)
}

/// A coordinate with one decimal place, written as short as it goes.
pub(crate) fn r(n: f64) -> String {
    let n = (sane(n) * 10.0).round() / 10.0;
    if n == 0.0 { "0".to_owned() } else { n.to_string() }
}

/// How a text stands at its point and how it looks.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    pub class: &'static str,
    pub anchor: &'static str,
    pub fill: &'static str,
    pub size: u8,
    pub bold: bool,
}

impl Type {
    pub const LABEL: Type = Type { class: "t-ink", anchor: "start", fill: INK, size: 12, bold: false };
    pub const LARGE: Type = Type { class: "t-ink t-lg", size: 13, ..Self::LABEL };
    pub const VALUE: Type = Type { class: "t-ink t-b t-lg", size: 13, bold: true, ..Self::LABEL };
    pub const DIM: Type = Type { class: "t-dim", fill: INK3, ..Self::LABEL };
    pub const SMALL: Type = Type { class: "t-dim t-sm", fill: INK3, size: 11, ..Self::LABEL };
    pub const ON: Type = Type { class: "t-on", anchor: "middle", fill: "#fff", bold: true, ..Self::LABEL };

    pub fn at_end(self) -> Self {
        Self { anchor: "end", ..self }
    }

    pub fn in_middle(self) -> Self {
        Self { anchor: "middle", ..self }
    }

    /// The text element; the blank behind it keeps neighbouring words apart in a link's name.
    pub fn set(self, x: f64, y: f64, text: &str) -> String {
        format!(
            r#"<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}"{} class="{}">{}</text> "#,
            r(x),
            r(y),
            self.anchor,
            self.fill,
            self.size,
            if self.bold { r#" font-weight="600""# } else { "" },
            self.class,
            esc(text)
        )
    }
}

/// A mark's rectangle in a colour.
pub(crate) fn rect(x: f64, y: f64, w: f64, h: f64, radius: u8, colour: Colour) -> String {
    let (key, hex) = (colour.key(), colour.hex());
    let (x, y, w, h) = (r(x), r(y), r(w.max(0.0)), r(h.max(0.0)));
    format!(r#"<rect class="mk f{key}" x="{x}" y="{y}" width="{w}" height="{h}" rx="{radius}" fill="{hex}"/>"#)
}

/// The invisible rectangle that makes a mark easy to hit.
pub(crate) fn hit(x: f64, y: f64, w: f64, h: f64) -> String {
    let (x, y, w, h) = (r(x), r(y), r(w.max(0.0)), r(h.max(0.0)));
    format!(r#"<rect class="hit" x="{x}" y="{y}" width="{w}" height="{h}" rx="6" fill="none"/>"#)
}

/// The pale bed a bar lies in.
pub(crate) fn track(x: f64, y: f64, w: f64, h: f64) -> String {
    let (x, y, w, h) = (r(x), r(y), r(w.max(0.0)), r(h.max(0.0)));
    format!(r#"<rect class="track" x="{x}" y="{y}" width="{w}" height="{h}" rx="5" fill="{TRACK}"/>"#)
}

/// A horizontal hairline; the lowest one is the axis.
pub(crate) fn rule(x2: f64, y: f64, axis: bool) -> String {
    let (class, stroke) = if axis { ("axis", AXIS) } else { ("grid-l", LINE) };
    let (x2, y) = (r(x2), r(y));
    format!(r#"<line class="{class}" x1="0" x2="{x2}" y1="{y}" y2="{y}" stroke="{stroke}"/>"#)
}

/// A link round a mark. Its name is its visible text; `label` only where there is none or more must be said.
pub(crate) fn link(href: Option<&str>, label: Option<&str>, inner: &str) -> String {
    let Some(href) = href else { return format!("<g>{inner}</g>") };
    let label = label.map_or(String::new(), |label| format!(r#" aria-label="{}""#, esc(label)));
    format!(r#"<a href="{}"{label}>{inner}</a>"#, esc(href))
}

/// The whole picture.
pub(crate) fn svg(w: f64, h: f64, label: &str, narrow: bool, inner: &str) -> String {
    let (w, h, label, class) = (r(w), r(h), esc(label), if narrow { "narrow" } else { "wide" });
    format!(
        r#"<svg class="chart {class}" viewBox="0 0 {w} {h}" role="group" aria-label="{label}" font-family="Geist, sans-serif">{inner}</svg>"#
    )
}
