//! Who a segment means: some of its people, how many a mail reaches, what it has in common with another.

use super::{Choice, Frame, segments::Head};
use askama::Template;
use charts::{Bar, BarsH, Colour, Width, bars_h};

/// Somebody found by name or number.
#[derive(Clone, Debug)]
pub struct Hit {
    pub id: i64,
    pub name: String,
    pub under: String,
}

/// Whom the builder is asked about: the chosen person first, then the hits. Answer of `GET /segmente/wer?wer=`.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_who.html")]
pub struct Who {
    pub frame: Frame,
    pub search: String,
    pub chosen: Option<Hit>,
    pub hits: Vec<Hit>,
}

impl Who {
    fn none_found(&self) -> bool {
        !self.search.is_empty() && self.hits.is_empty()
    }
}

/// One bar from everybody who fits to those a mail would reach.
#[derive(Clone, Debug)]
pub struct ReachBar {
    pub label: String,
    pub people: i64,
    /// Whether these people fall out here.
    pub falls: bool,
    /// Empty where people must not be seen.
    pub href: String,
}

/// Answer of `POST /segmente/reichweite`; also part of the page of people.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_reach.html")]
pub struct ReachFragment {
    pub frame: Frame,
    pub bars: Vec<ReachBar>,
}

impl ReachFragment {
    fn chart(&self) -> String {
        let last = self.bars.len().saturating_sub(1);
        let bar = |(at, bar): (usize, &ReachBar)| Bar {
            label: bar.label.clone(),
            value: bar.people as f64,
            text: self.frame.locale.count(if bar.falls { -bar.people } else { bar.people }),
            note: String::new(),
            colour: match at {
                _ if bar.falls => Colour::Grey,
                at if at == last => Colour::C3,
                _ => Colour::C1,
            },
            href: Some(bar.href.clone()).filter(|href| !href.is_empty()),
        };
        let rows = self.bars.iter().enumerate().map(bar).collect();
        let width = Width::wide(480.0);
        bars_h(&BarsH { width, label_width: 170.0, ..BarsH::new(self.frame.say("segment-reach"), rows) })
    }
}

/// Answer of `POST /segmente/stichprobe`; also part of the page of people.
#[derive(Template, Clone, Debug)]
#[template(path = "segments_sample.html")]
pub struct SampleFragment {
    pub frame: Frame,
    pub people: Vec<Hit>,
    /// The lot the next drawing takes.
    pub next: u64,
    /// Address of the next drawing; empty inside the builder, where the form is posted instead.
    pub again: String,
}

/// Three figures, each with its people.
#[derive(Clone, Debug)]
pub struct OverlapView {
    /// Label, people, address (or empty).
    pub parts: Vec<(String, i64, String)>,
    /// Share of the common ones among all of both, in words.
    pub note: String,
}

/// `GET /segmente/{id}/menschen?los=&mit=`.
#[derive(Template)]
#[template(path = "segments_people.html")]
pub struct PeoplePage {
    pub frame: Frame,
    pub head: Head,
    pub reach: ReachFragment,
    /// `None` where people must not be seen.
    pub sample: Option<SampleFragment>,
    pub lot: u64,
    pub others: Vec<Choice>,
    pub overlap: Option<OverlapView>,
}
