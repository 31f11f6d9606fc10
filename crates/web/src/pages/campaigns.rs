//! The campaign list, and the head with the circle that the four steps of a campaign share.

use super::Frame;
use askama::Template;
use kernel::{CampaignId, Currency, Locale};

/// A step of the circle; the ring and the navigation of a campaign are drawn from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Planning,
    Selection,
    Execution,
    Evaluation,
}

impl Phase {
    pub const ALL: [Phase; 4] = [Self::Planning, Self::Selection, Self::Execution, Self::Evaluation];

    /// 1 to 4, as drawn in the ring.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Last part of the address.
    pub fn path(self) -> &'static str {
        ["planung", "selektion", "ausfuehrung", "auswertung"][self as usize]
    }

    /// Key of its name in `words/*/campaigns.ftl`.
    pub fn key(self) -> &'static str {
        ["campaign-planning", "campaign-selection", "campaign-execution", "campaign-evaluation"][self as usize]
    }

    fn tone(self) -> &'static str {
        ["", "", "accent", "good"][self as usize]
    }
}

/// Address of one step of a campaign.
pub fn step_href(id: CampaignId, phase: Phase) -> String {
    format!("/kampagnen/{id}/{}", phase.path())
}

/// Address of the people behind a figure of a campaign, e.g. `sent`, `opened`, `skipped-no_consent`.
pub fn people_href(id: CampaignId, group: &str) -> String {
    format!("/kontakte?kampagne={id}&gruppe={group}")
}

/// Head of the four step pages: name, one sentence, the circle.
#[derive(Clone, Debug)]
pub struct CampaignHead {
    pub id: CampaignId,
    pub name: String,
    /// Goal, channel, owner, period; in the reader's language.
    pub subtitle: String,
    /// Where the campaign stands.
    pub now: Phase,
    /// Which step the page shows.
    pub here: Phase,
    /// One short line under each step's name.
    pub notes: [String; 4],
}

impl CampaignHead {
    pub fn ring(&self) -> String {
        ring(self.now.number(), 30)
    }

    /// The circle large, for a page that has nothing to show yet.
    pub fn empty_ring(&self) -> String {
        ring(self.here.number(), 76)
    }

    pub fn steps(&self) -> impl Iterator<Item = HeadStep> + '_ {
        Phase::ALL.into_iter().zip(&self.notes).map(|(phase, note)| HeadStep {
            number: phase.number(),
            key: phase.key(),
            href: step_href(self.id, phase),
            done: phase < self.now && phase != self.here,
            here: phase == self.here,
            note: note.clone(),
        })
    }

    pub fn href(&self, path: &str) -> String {
        format!("/kampagnen/{}/{path}", self.id)
    }

    pub fn people(&self, group: &str) -> String {
        people_href(self.id, group)
    }
}

/// One step in the head's navigation.
pub struct HeadStep {
    pub number: u8,
    pub key: &'static str,
    pub href: String,
    pub done: bool,
    pub here: bool,
    pub note: String,
}

/// How many campaigns are in a phase; `note` names the one or sums up the many.
#[derive(Clone, Debug)]
pub struct PhaseCard {
    pub phase: Phase,
    pub count: i64,
    pub note: String,
}

impl PhaseCard {
    fn ring(&self) -> String {
        ring(self.phase.number(), 30)
    }
}

/// Figures of a campaign that has begun to send.
#[derive(Clone, Debug)]
pub struct CampaignFigures {
    pub sent: i64,
    /// Shares between 0 and 1; `None` when nothing is delivered yet.
    pub opened: Option<f64>,
    pub clicked: Option<f64>,
    pub bookings: i64,
    /// Minor units.
    pub revenue: i64,
    pub currency: Currency,
    /// `None` is written as a dash: cost is 0 or nothing was sent.
    pub roi: Option<f64>,
}

impl CampaignFigures {
    fn opened_share(&self, frame: &Frame) -> String {
        self.opened.map_or_else(|| "–".into(), |x| frame.percent(&x))
    }

    fn clicked_share(&self, frame: &Frame) -> String {
        self.clicked.map_or_else(|| "–".into(), |x| frame.percent(&x))
    }

    fn roi_share(&self, frame: &Frame) -> String {
        signed_percent(frame.locale, self.roi)
    }

    fn roi_tone(&self) -> &'static str {
        tone(self.roi)
    }
}

#[derive(Clone, Debug)]
pub struct CampaignRow {
    pub id: CampaignId,
    pub name: String,
    pub period: String,
    pub phase: Phase,
    /// State in words where it says more than the phase (paused, cancelled); else empty.
    pub state: String,
    pub figures: Option<CampaignFigures>,
    /// What to do next, said when there are no figures yet.
    pub next: String,
}

impl CampaignRow {
    fn ring(&self) -> String {
        ring(self.phase.number(), 20)
    }

    fn href(&self) -> String {
        step_href(self.id, self.phase)
    }

    fn bookings_href(&self) -> String {
        people_href(self.id, "ordered")
    }
}

/// `GET /kampagnen`, filtered by `?phase=planung` and `?q=`.
#[derive(Template)]
#[template(path = "campaigns.html")]
pub struct CampaignsPage {
    pub frame: Frame,
    pub phases: [PhaseCard; 4],
    pub chosen: Option<Phase>,
    pub query: String,
    pub rows: Vec<CampaignRow>,
    /// Sum row; left out when currencies differ or there are no figures.
    pub total: Option<CampaignFigures>,
    /// Whether the organisation has any campaign at all, filtered or not.
    pub any: bool,
    pub may_plan: bool,
}

impl CampaignsPage {
    fn empty_ring(&self) -> String {
        ring(1, 76)
    }

    fn phase_href(&self, phase: &Phase) -> String {
        format!("/kampagnen?phase={}", phase.path())
    }

    fn is_chosen(&self, phase: &Phase) -> bool {
        self.chosen == Some(*phase)
    }
}

/// The circle as a sign: arcs below `now` (1 to 4) are done, arc `now` is current.
pub fn ring(now: u8, px: u32) -> String {
    const ARCS: [&str; 4] = [
        "M15.42 3.50A9.8 9.8 0 0 1 22.50 10.58",
        "M22.50 15.42A9.8 9.8 0 0 1 15.42 22.50",
        "M10.58 22.50A9.8 9.8 0 0 1 3.50 15.42",
        "M3.50 10.58A9.8 9.8 0 0 1 10.58 3.50",
    ];
    let class = |arc: u8| match arc.cmp(&now) {
        std::cmp::Ordering::Less => "on",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "",
    };
    let arcs: String = (1..).zip(ARCS).map(|(n, d)| format!(r#"<path d="{d}" class="{}"/>"#, class(n))).collect();
    format!(
        r#"<svg class="ringlet" style="width:{px}px;height:{px}px" viewBox="0 0 26 26" aria-hidden="true">{arcs}</svg>"#
    )
}

/// A share as percentage with its sign: `+136 %`, `−38 %`, a dash for none.
pub fn signed_percent(locale: Locale, share: Option<f64>) -> String {
    match share {
        Some(x) if x > 0.0 => format!("+{}", locale.percent(x, 0)),
        Some(x) => locale.percent(x, 0),
        None => "–".into(),
    }
}

/// Green and red mean good and bad.
pub fn tone(share: Option<f64>) -> &'static str {
    match share {
        Some(x) if x > 0.0 => "good",
        Some(x) if x < 0.0 => "bad",
        _ => "",
    }
}
