//! The overview: how it goes, against the period before, and what is happening right now.

use super::{Banner, Frame, Place, Sign, Tab, Tile};
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

/// One entry of the feed; `id` is where it stands in the log, asked for as `?nach=`.
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
pub struct NextStep {
    pub icon: &'static str,
    /// What is so, in a few words.
    pub head: String,
    /// What it means.
    pub text: String,
    /// What to do about it.
    pub label: String,
    pub href: String,
}

/// `GET /?tage=7|30|90|365`.
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
    /// „20.09. bis 19.10.“, what it is compared with.
    pub compared: String,
    /// `09:42`.
    pub as_of: String,
    pub may_plan: bool,
    pub notice: Option<Banner>,
    pub tiles: Vec<Tile>,
    pub channels: Option<ChannelPanel>,
    pub funnel: Option<ChartPanel>,
    pub campaigns: Vec<CampaignLine>,
    pub sees_campaigns: bool,
    pub feed: Vec<FeedLine>,
    /// Answers a [`FeedPart`] for `?nach=<id>`; empty when the person may not see the feed.
    pub feed_url: String,
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

/// New entries of the feed, newest first.
#[derive(Template)]
#[template(path = "feed.html")]
pub struct FeedPart {
    pub frame: Frame,
    pub feed: Vec<FeedLine>,
}
