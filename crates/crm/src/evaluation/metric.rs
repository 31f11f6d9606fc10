//! The catalogue of a campaign's figures: name, unit, formula and the people behind each.

use super::facts::{Fact, Scope};
use crate::interactions::coded;
use kernel::{CampaignId, Column, Currency, Question, Sentence, Unit};
use sea_query::{Alias, Condition, Expr, Query};

coded! {
    /// A figure of a campaign.
    Metric, "evaluation-metric" {
        Sent = "sent",
        Bounced = "bounced",
        BounceRate = "bounce_rate",
        Delivered = "delivered",
        Opened = "opened",
        OpenRate = "open_rate",
        Clicked = "clicked",
        ClickRate = "click_rate",
        ClickToOpenRate = "click_to_open_rate",
        MachineOpened = "machine_opened",
        Viewed = "viewed",
        ViewRate = "view_rate",
        Responded = "responded",
        ResponseRate = "response_rate",
        Converted = "converted",
        ConversionRate = "conversion_rate",
        Unsubscribed = "unsubscribed",
        UnsubscribeRate = "unsubscribe_rate",
        Complained = "complained",
        ComplaintRate = "complaint_rate",
        Orders = "orders",
        Revenue = "revenue",
        Cost = "cost",
        Contribution = "contribution",
        Roi = "roi",
        Control = "control",
        ControlConverted = "control_converted",
        ControlConversionRate = "control_conversion_rate",
        Lift = "lift",
        LiftLow = "lift_low",
        LiftHigh = "lift_high",
        IncrementalRevenue = "incremental_revenue",
        IncrementalRoi = "incremental_roi",
    }
}

impl Metric {
    pub fn unit(self, currency: Currency) -> Unit {
        match self {
            Self::BounceRate
            | Self::OpenRate
            | Self::ClickRate
            | Self::ClickToOpenRate
            | Self::ViewRate
            | Self::ResponseRate
            | Self::ConversionRate
            | Self::UnsubscribeRate
            | Self::ComplaintRate
            | Self::ControlConversionRate
            | Self::Lift
            | Self::LiftLow
            | Self::LiftHigh
            | Self::Roi
            | Self::IncrementalRoi => Unit::Share,
            Self::Revenue | Self::Cost | Self::Contribution | Self::IncrementalRevenue => Unit::Money(currency),
            _ => Unit::Count,
        }
    }

    /// How it is computed, in words.
    pub fn formula(self) -> Sentence {
        let key = match self {
            Self::Sent => "evaluation-formula-sent",
            Self::Bounced => "evaluation-formula-bounced",
            Self::BounceRate => "evaluation-formula-bounce_rate",
            Self::Delivered => "evaluation-formula-delivered",
            Self::Opened => "evaluation-formula-opened",
            Self::OpenRate => "evaluation-formula-open_rate",
            Self::Clicked => "evaluation-formula-clicked",
            Self::ClickRate => "evaluation-formula-click_rate",
            Self::ClickToOpenRate => "evaluation-formula-click_to_open_rate",
            Self::MachineOpened => "evaluation-formula-machine_opened",
            Self::Viewed => "evaluation-formula-viewed",
            Self::ViewRate => "evaluation-formula-view_rate",
            Self::Responded => "evaluation-formula-responded",
            Self::ResponseRate => "evaluation-formula-response_rate",
            Self::Converted => "evaluation-formula-converted",
            Self::ConversionRate => "evaluation-formula-conversion_rate",
            Self::Unsubscribed => "evaluation-formula-unsubscribed",
            Self::UnsubscribeRate => "evaluation-formula-unsubscribe_rate",
            Self::Complained => "evaluation-formula-complained",
            Self::ComplaintRate => "evaluation-formula-complaint_rate",
            Self::Orders => "evaluation-formula-orders",
            Self::Revenue => "evaluation-formula-revenue",
            Self::Cost => "evaluation-formula-cost",
            Self::Contribution => "evaluation-formula-contribution",
            Self::Roi => "evaluation-formula-roi",
            Self::Control => "evaluation-formula-control",
            Self::ControlConverted => "evaluation-formula-control_converted",
            Self::ControlConversionRate => "evaluation-formula-control_conversion_rate",
            Self::Lift | Self::LiftLow | Self::LiftHigh => "evaluation-formula-lift",
            Self::IncrementalRevenue => "evaluation-formula-incremental_revenue",
            Self::IncrementalRoi => "evaluation-formula-incremental_roi",
        };
        Sentence::new(key)
    }

    /// What its people did; a rate leads to those above the line, money to those who brought it. Costs have no people.
    pub(super) fn fact(self) -> Option<Fact> {
        Some(match self {
            Self::Sent => Fact::Sent,
            Self::Bounced | Self::BounceRate => Fact::Bounced,
            Self::Delivered => Fact::Delivered,
            Self::Opened | Self::OpenRate => Fact::Opened,
            Self::Clicked | Self::ClickRate | Self::ClickToOpenRate => Fact::Clicked,
            Self::MachineOpened => Fact::MachineOpened,
            Self::Viewed | Self::ViewRate => Fact::Viewed,
            Self::Responded | Self::ResponseRate => Fact::Responded,
            Self::Converted | Self::ConversionRate => Fact::Converted,
            Self::Unsubscribed | Self::UnsubscribeRate => Fact::Unsubscribed,
            Self::Complained | Self::ComplaintRate => Fact::Complained,
            Self::Orders | Self::Revenue => Fact::Attributed,
            Self::Control => Fact::Control,
            Self::ControlConverted | Self::ControlConversionRate => Fact::ControlOrdered,
            _ => return None,
        })
    }
}

/// The people behind a figure as a question: one column, `contact`.
pub fn people(metric: Metric, campaign: CampaignId) -> Option<Question> {
    let condition = people_condition(metric, campaign)?;
    let select = Query::select()
        .expr_as(Expr::cust("contact.id"), Alias::new("contact"))
        .from("contact")
        .cond_where(condition)
        .to_owned();
    Some(Question::new(select, vec![Column::new("contact", Unit::Id)]))
}

/// The same as a condition over `contact`, for the contact list.
pub fn people_condition(metric: Metric, campaign: CampaignId) -> Option<Condition> {
    let facts = metric.fact()?.sql(&Scope::of(&[campaign]));
    let within = Expr::cust(format!("contact.id IN (SELECT fact.contact_id FROM ({facts}) fact)"));
    Some(Condition::all().add(within))
}
