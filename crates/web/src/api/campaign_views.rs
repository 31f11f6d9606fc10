//! Campaigns as programs write and read them.

use super::{Program, listing::misfit};
use crate::door::Answer;
use crm::{
    Refusal,
    execution::{self, Progress},
    planning::{self, Campaign, Content, Goal, Plan, content_of_links},
};
use kernel::{Currency, SegmentId, Sentence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Goal, audience, costs and content of a campaign with one e-mail step. Costs are minor units.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Frühbucher Griechenland", "goal": "win_back", "channel": "email", "segment": 1, "attribution_days": 30,
    "fixed_cost": 25000, "unit_cost": 2, "currency": "EUR", "margin_rate": 0.2, "control_share": 0.1,
    "subject": "{{ contact.first_name }}, Kreta wartet", "links": ["https://shop.example/kreta"]
}))]
pub struct CampaignWish {
    pub name: String,
    /// `new_customers`, `win_back`, `cross_sell`, `loyalty`, `information`.
    pub goal: String,
    #[serde(default)]
    pub goal_text: String,
    /// Orders hoped for.
    pub target_orders: Option<i64>,
    /// `email`.
    pub channel: Option<String>,
    /// Id of the segment that is meant.
    pub segment: Option<i64>,
    /// Orders and answers count up to this many days after a message; 30 when it is missing.
    pub attribution_days: Option<i64>,
    #[serde(default)]
    pub fixed_cost: i64,
    /// Cost of one message sent.
    #[serde(default)]
    pub unit_cost: i64,
    /// ISO 4217; EUR when it is missing.
    pub currency: Option<String>,
    /// 0 to 1; 1 when it is missing.
    pub margin_rate: Option<f64>,
    /// Share of the audience that gets nothing, 0 to 0.9.
    #[serde(default)]
    pub control_share: f64,
    /// With merge fields such as `{{ contact.first_name }}`.
    pub subject: Option<String>,
    /// As typed in the plain editor.
    pub body: Option<String>,
    /// Targets for a letter that is written for you; not together with `body`.
    pub links: Option<Vec<String>>,
    /// The sender of the house when they are missing.
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub reply_to: Option<String>,
    /// The version a change begins from; only for changes.
    pub version: Option<i64>,
}

/// A share as it is kept: millionths.
fn millionths(share: f64) -> i64 {
    (share.clamp(-10.0, 10.0) * 1_000_000.0).round() as i64
}

impl CampaignWish {
    pub fn plan(&self) -> Answer<Plan> {
        if self.channel.as_deref().is_some_and(|channel| channel != "email") {
            return Err(misfit("channel", "email"));
        }
        let goals = || Goal::ALL.iter().map(|goal| goal.code()).collect::<Vec<_>>().join(", ");
        let goal = Goal::parse(&self.goal).ok_or_else(|| misfit("goal", &goals()))?;
        let empty = Plan::named(&self.name, goal);
        let currency = match self.currency.as_deref() {
            None => empty.currency,
            Some(text) => Currency::parse(text).ok_or_else(|| misfit("currency", text))?,
        };
        Ok(Plan {
            goal_text: self.goal_text.clone(),
            target_orders: self.target_orders,
            segment: self.segment.map(SegmentId),
            fixed_cost_minor: self.fixed_cost,
            unit_cost_minor: self.unit_cost,
            currency,
            margin_ppm: self.margin_rate.map_or(empty.margin_ppm, millionths),
            attribution_days: self.attribution_days.unwrap_or(empty.attribution_days),
            control_ppm: millionths(self.control_share),
            ..empty
        })
    }

    /// The content, where one is given.
    pub fn content(&self) -> Answer<Option<Content>> {
        let subject = self.subject.clone().unwrap_or_default();
        let content = match (&self.body, &self.links) {
            (Some(_), Some(_)) => {
                return Err(Refusal::field("links", "body_given", Sentence::new("api-links-or-body")).into());
            }
            (None, None) if self.subject.is_none() => return Ok(None),
            (None, Some(links)) => content_of_links(&subject, links)?,
            (body, None) => Content { subject, body: body.clone().unwrap_or_default(), ..Content::default() },
        };
        Ok(Some(Content {
            from_name: self.from_name.clone().unwrap_or_default(),
            from_address: self.from_address.clone().unwrap_or_default(),
            reply_to: self.reply_to.clone(),
            ..content
        }))
    }
}

/// A campaign as it stands.
#[derive(Serialize, ToSchema)]
pub struct CampaignView {
    pub id: i64,
    pub name: String,
    pub goal: &'static str,
    pub goal_text: String,
    pub target_orders: Option<i64>,
    pub channel: &'static str,
    /// `draft`, `approved`, `launching`, `running`, `paused`, `stopped`, `finished`, `evaluated`, `cancelled`.
    pub state: &'static str,
    /// Why it stopped by itself.
    pub stop_reason: Option<String>,
    pub segment: Option<i64>,
    pub attribution_days: i64,
    pub fixed_cost: i64,
    pub unit_cost: i64,
    pub currency: String,
    pub margin_rate: f64,
    pub control_share: f64,
    pub from_name: String,
    pub from_address: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub body: String,
    /// Counted links, in the order of the body.
    pub links: Vec<LinkView>,
    pub progress: ProgressView,
    pub created_at: String,
    pub approved_at: Option<String>,
    pub launched_at: Option<String>,
    pub finished_at: Option<String>,
    pub version: i64,
}

#[derive(Serialize, ToSchema)]
pub struct LinkView {
    /// From 0.
    pub position: i64,
    pub url: String,
    pub label: String,
}

/// Messages by state.
#[derive(Serialize, ToSchema)]
pub struct ProgressView {
    pub total: i64,
    pub planned: i64,
    pub sending: i64,
    pub sent: i64,
    pub failed: i64,
    pub skipped: i64,
    /// Nobody knows whether they arrived; never sent again by themselves.
    pub in_doubt: i64,
    /// Mails accepted per second lately.
    pub per_second: f64,
    pub remaining_seconds: Option<i64>,
}

impl From<Progress> for ProgressView {
    fn from(progress: Progress) -> Self {
        Self {
            total: progress.total,
            planned: progress.planned,
            sending: progress.sending,
            sent: progress.sent,
            failed: progress.failed,
            skipped: progress.skipped,
            in_doubt: progress.in_doubt,
            per_second: progress.per_second,
            remaining_seconds: progress.remaining_seconds,
        }
    }
}

/// A campaign with its links and how far the sending is.
pub async fn view(program: &Program, campaign: Campaign) -> Answer<CampaignView> {
    let rows = program.db.read().await?;
    let links = planning::links(&rows, campaign.step.id).await?;
    let progress = execution::progress(&rows, campaign.id, program.now()).await?;
    let (plan, content) = (campaign.plan, campaign.step.content);
    let link = |link: planning::Link| LinkView { position: link.position, url: link.url, label: link.label };
    Ok(CampaignView {
        id: campaign.id.0,
        name: plan.name,
        goal: plan.goal.code(),
        goal_text: plan.goal_text,
        target_orders: plan.target_orders,
        channel: "email",
        state: campaign.state.code(),
        stop_reason: campaign.stop_reason.map(|sentence| sentence.say(kernel::Locale::En)),
        segment: plan.segment.map(i64::from),
        attribution_days: plan.attribution_days,
        fixed_cost: plan.fixed_cost_minor,
        unit_cost: plan.unit_cost_minor,
        currency: plan.currency.code().to_owned(),
        margin_rate: plan.margin_ppm as f64 / 1e6,
        control_share: plan.control_ppm as f64 / 1e6,
        from_name: content.from_name,
        from_address: content.from_address,
        reply_to: content.reply_to,
        subject: content.subject,
        body: content.body,
        links: links.into_iter().map(link).collect(),
        progress: progress.into(),
        created_at: campaign.created_at.rfc3339(),
        approved_at: campaign.approved_at.map(|at| at.rfc3339()),
        launched_at: campaign.launched_at.map(|at| at.rfc3339()),
        finished_at: campaign.finished_at.map(|at| at.rfc3339()),
        version: campaign.version,
    })
}

/// A campaign in a list.
#[derive(Serialize, ToSchema)]
pub struct CampaignLine {
    pub id: i64,
    pub name: String,
    pub goal: String,
    pub state: String,
    pub segment: Option<i64>,
    pub created_at: String,
    pub launched_at: Option<String>,
    pub finished_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct CampaignList {
    pub items: Vec<CampaignLine>,
    pub next: Option<String>,
}
