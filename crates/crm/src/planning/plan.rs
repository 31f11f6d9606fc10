//! What somebody enters about a campaign besides its content, checked before it is kept.

use super::Goal;
use crate::{Refusal, refusal::Complaint};
use kernel::{Currency, SegmentId, Sentence, text::one_line};

/// Goal, audience, costs and measures of a campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub name: String,
    pub goal: Goal,
    pub goal_text: String,
    /// Orders hoped for.
    pub target_orders: Option<i64>,
    pub segment: Option<SegmentId>,
    pub fixed_cost_minor: i64,
    /// Cost of one message sent.
    pub unit_cost_minor: i64,
    pub currency: Currency,
    /// Margin rate in millionths; 1,000,000 is 100 %.
    pub margin_ppm: i64,
    /// Orders and answers count up to this many days after a message.
    pub attribution_days: i64,
    /// Share of the control group in millionths.
    pub control_ppm: i64,
}

impl Plan {
    /// An empty plan: all revenue is margin, thirty days of attribution, no control group.
    pub fn named(name: &str, goal: Goal) -> Self {
        Self {
            name: name.to_owned(),
            goal,
            goal_text: String::new(),
            target_orders: None,
            segment: None,
            fixed_cost_minor: 0,
            unit_cost_minor: 0,
            currency: Currency::EUR,
            margin_ppm: 1_000_000,
            attribution_days: 30,
            control_ppm: 0,
        }
    }

    /// The plan with its texts cleaned, or everything that does not fit.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = one_line(&self.name);
        let mut complaints = Vec::new();
        let mut complain = |field: &str, code, key| {
            complaints.push(Complaint { field: field.to_owned(), code, sentence: Sentence::new(key) });
        };
        if self.name.is_empty() {
            complain("name", "required", "planning-name-required");
        }
        if self.name.chars().count() > 200 {
            complain("name", "too_long", "planning-name-too-long");
        }
        if self.goal_text.chars().count() > 4000 {
            complain("goal_text", "too_long", "planning-goal-text-too-long");
        }
        if self.target_orders.is_some_and(|n| !(0..=1_000_000_000).contains(&n)) {
            complain("target_orders", "range", "planning-target-out-of-range");
        }
        for (field, amount) in [("fixed_cost", self.fixed_cost_minor), ("unit_cost", self.unit_cost_minor)] {
            if !(0..=1_000_000_000_000).contains(&amount) {
                complain(field, "range", "planning-cost-out-of-range");
            }
        }
        if !(0..=1_000_000).contains(&self.margin_ppm) {
            complain("margin_rate", "range", "planning-margin-out-of-range");
        }
        if !(1..=730).contains(&self.attribution_days) {
            complain("attribution_days", "range", "planning-attribution-out-of-range");
        }
        if !(0..=900_000).contains(&self.control_ppm) {
            complain("control_share", "range", "planning-control-out-of-range");
        }
        if complaints.is_empty() { Ok(self) } else { Err(Refusal::Invalid(complaints)) }
    }
}
