//! What happened against what was meant: the figures of campaigns and of the house, each with one formula and the people
//! behind it.
//!
//! Rates are over contacts, machines never count unless the name says so. A figure, the link to its people, the chart and
//! the export come from the same statement, so they cannot disagree.

mod behaviour;
mod circle;
mod counts;
mod course;
mod dashboard;
mod facts;
mod figures;
mod group;
mod ideas;
mod interval;
mod launched;
mod metric;
mod targets;
pub mod watch;

pub use behaviour::{MailBehaviour, mail_behaviour};
pub use circle::{Behind, active};
pub use course::{clicks_per_link, machines, reactions_per_day};
pub use dashboard::{Overview, Period, Step, Tile, TileMetric, channels, funnel, overview, tiles, top_campaigns};
pub use figures::{Figures, Lift, evaluate, figures};
pub use group::{Group, fate_label};
pub use ideas::Idea;
pub use interval::{Interval, newcombe, wilson};
pub use launched::Campaigns;
pub use metric::{Metric, people, people_condition};
pub use targets::{
    Draft as TargetDraft, Span, Standing, Target, remove_target, set_target, standings, standings_of, targets,
};
