//! The overview: how it goes, against the period before, and what is happening right now.

use super::{
    Banner, Choice, FilterChip, Frame, Place, Sign, Tab, Tile, changes::ChangeLine, contacts::FilterMenu,
    quality::TouchedRow,
};
use askama::Template;

/// One channel beside the chart; `colour` is the number of the chart colour (1 to 8).
pub struct LegendLine {
    pub label: String,
    pub colour: u8,
    pub count: String,
    pub share: String,
    pub href: String,
}

/// Interactions by channel over time; `chart` is SVG from crate `charts`.
pub struct ChannelPanel {
    pub subtitle: String,
    pub chart: String,
    pub legend: Vec<LegendLine>,
    pub note: String,
}

/// A panel that is one chart.
pub struct ChartPanel {
    pub subtitle: String,
    pub chart: String,
}

/// One of the best campaigns. `arc` is the current arc of its circle, 1 to 5.
pub struct CampaignLine {
    pub name: String,
    pub href: String,
    pub arc: u8,
    pub sent: String,
    pub opened: String,
    pub orders: String,
    /// Address of the people behind the orders.
    pub orders_href: String,
    pub revenue: String,
    /// „+136 %“ or „—“.
    pub roi: String,
    /// `good`, `bad` or empty.
    pub roi_tone: &'static str,
}

/// One entry of the feed; `id` is where it stands in the log.
pub struct FeedLine {
    pub id: String,
    pub sign: Sign,
    pub name: String,
    /// Empty for somebody who is not known.
    pub href: String,
    /// „klickt „Frühbucher Sommer 2027““.
    pub text: String,
    pub time: String,
    pub iso: String,
}

/// Something worth doing that follows from the figures.
#[derive(Default)]
pub struct NextStep {
    pub icon: &'static str,
    /// What is so, in a few words.
    pub head: String,
    /// What it means.
    pub text: String,
    /// What to do about it.
    pub label: String,
    pub href: String,
    /// Code of the idea a form turns into a segment or campaign; empty where a link leads on.
    pub idea: &'static str,
    /// Whether it becomes a campaign; else a segment.
    pub plans: bool,
}

/// A tile while the tiles are arranged.
pub struct ArrangeTile {
    pub code: String,
    pub label: String,
    pub is_first: bool,
    pub is_last: bool,
}

/// Arranging: the tiles in their order, and those that may be added.
pub struct ArrangePanel {
    pub tiles: Vec<ArrangeTile>,
    pub more: Vec<Choice>,
    /// The address to come back to, with all filters.
    pub back: String,
    pub done: String,
}

/// A target and how it stands.
pub struct TargetRow {
    pub id: i64,
    pub metric: String,
    pub span: String,
    pub segment: String,
    pub goal: String,
    pub value: String,
    pub met: bool,
    /// „erreicht“, „noch 28“, „nicht auf Kurs, noch 1.200“.
    pub state: String,
}

/// `GET /ziele`.
#[derive(Template)]
#[template(path = "targets.html")]
pub struct TargetsPage {
    pub frame: Frame,
    pub rows: Vec<TargetRow>,
    pub may_set: bool,
    pub metrics: Vec<Choice>,
    pub spans: Vec<Choice>,
    pub segments: Vec<Choice>,
    pub days: String,
    pub value: String,
    /// What was wrong with the form, beside its field.
    pub error_days: String,
    pub error_value: String,
}

/// `GET /?tage=30&vergleich=vorjahr&segment=7&land=DE&alter=45-70&kanal=web`, or `von` and `bis` in place of `tage`. The same
/// page under `/stand` is what a live page asks for: it takes the parts marked `data-live` from it.
#[derive(Template)]
#[template(path = "dashboard.html")]
pub struct DashboardPage {
    pub frame: Frame,
    /// „Guten Morgen, Jana“; see [`DashboardPage::greeting`].
    pub greeting: String,
    /// „Dienstag, 24. November 2026“.
    pub today: String,
    pub periods: Vec<Tab>,
    /// Name of the chosen period.
    pub period: String,
    /// What it is compared with, in words, and its days: „Vorperiode“, „26.09.2026 – 25.10.2026“.
    pub compared_name: String,
    pub compared: String,
    pub comparisons: Vec<Tab>,
    /// First and last day of the period, YYYY-MM-DD, for the form of a period of one's own.
    pub first_day: String,
    pub last_day: String,
    /// What that form must keep.
    pub kept: Vec<(String, String)>,
    pub filters: Vec<FilterChip>,
    pub more_filters: Vec<FilterMenu>,
    /// Address of the same page for the script that keeps it fresh, and where the log stood.
    pub live_url: String,
    pub seq: i64,
    /// `09:42:13`.
    pub as_of: String,
    pub may_plan: bool,
    pub may_set_targets: bool,
    /// The panel in which tiles are arranged, while somebody does so.
    pub arrange: Option<ArrangePanel>,
    /// Where to begin with it.
    pub arrange_url: String,
    pub notice: Option<Banner>,
    /// Figures on this page that open findings touch.
    pub touched: Vec<TouchedRow>,
    pub tiles: Vec<Tile>,
    pub channels: Option<ChannelPanel>,
    pub funnel: Option<ChartPanel>,
    pub campaigns: Vec<CampaignLine>,
    pub sees_campaigns: bool,
    pub feed: Vec<FeedLine>,
    pub sees_feed: bool,
    /// Changes that chance does not explain, the newest first.
    pub lines: Vec<ChangeLine>,
    pub next_steps: Vec<NextStep>,
}

impl DashboardPage {
    /// By the hour on the organisation's clock (0 to 23), with the first name.
    pub fn greeting(frame: &Frame, hour: i8, name: &str) -> String {
        let key = match hour {
            4..=10 => "dashboard-morning",
            11..=17 => "dashboard-day",
            _ => "dashboard-evening",
        };
        let first = name.split_whitespace().find(|word| !word.ends_with('.')).unwrap_or(name);
        frame.say_with(key, "name", first)
    }

    /// Nothing was imported yet: the overview says where to begin.
    pub fn is_new(&self) -> bool {
        self.tiles.is_empty()
    }
}
