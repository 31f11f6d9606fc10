//! Campaigns in the database: found, listed, written with an optimistic version and an audit entry each time.

use super::{Campaign, Content, EmailStep, Goal, Plan, State, markup::Letter};
use crate::{
    Refusal, Trouble,
    staff::{
        Actor, Right,
        audit::{self, Deed},
    },
};
use kernel::{CampaignId, Currency, Fault, LinkId, SegmentId, Sentence, StepId, Timestamp, UserId};
use serde_json::json;
use store::{FromQueryResult, Rows, Value, Write, values};

const COLUMNS: &str = "c.id, c.name, c.goal, c.goal_text, c.target_orders, c.state, c.stop_reason, c.segment_id, \
     c.frozen_definition, c.fixed_cost_minor, c.unit_cost_minor, c.currency, c.margin_ppm, c.attribution_days, \
     c.control_ppm, c.control_seed, c.created_by, c.created_at, c.updated_at, c.approved_by, c.approved_at, c.frozen_at, \
     c.launched_at, c.finished_at, c.version, s.id AS step_id, s.from_name, s.from_address, s.reply_to, s.subject, s.body";

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    goal: String,
    goal_text: String,
    target_orders: Option<i64>,
    state: String,
    stop_reason: Option<String>,
    segment_id: Option<i64>,
    frozen_definition: Option<String>,
    fixed_cost_minor: i64,
    unit_cost_minor: i64,
    currency: String,
    margin_ppm: i64,
    attribution_days: i64,
    control_ppm: i64,
    control_seed: Option<i64>,
    created_by: Option<i64>,
    created_at: i64,
    updated_at: i64,
    approved_by: Option<i64>,
    approved_at: Option<i64>,
    frozen_at: Option<i64>,
    launched_at: Option<i64>,
    finished_at: Option<i64>,
    version: i64,
    step_id: i64,
    from_name: String,
    from_address: String,
    reply_to: Option<String>,
    subject: String,
    body: String,
}

/// The eleven columns of a plan, in the order its statements name them.
fn columns(plan: &Plan) -> Vec<Value> {
    values![
        plan.name.as_str(),
        plan.goal.code(),
        plan.goal_text.as_str(),
        plan.target_orders,
        plan.segment.map(i64::from),
        plan.fixed_cost_minor,
        plan.unit_cost_minor,
        plan.currency.code(),
        plan.margin_ppm,
        plan.attribution_days,
        plan.control_ppm,
    ]
}

fn unreadable(what: &str, text: &str) -> Fault {
    Fault::Unreadable(format!("{what} of a campaign: {text}"))
}

impl TryFrom<Row> for Campaign {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: CampaignId(row.id),
            plan: Plan {
                name: row.name,
                goal: Goal::parse(&row.goal).ok_or_else(|| unreadable("goal", &row.goal))?,
                goal_text: row.goal_text,
                target_orders: row.target_orders,
                segment: row.segment_id.map(SegmentId),
                fixed_cost_minor: row.fixed_cost_minor,
                unit_cost_minor: row.unit_cost_minor,
                currency: Currency::parse(&row.currency).ok_or_else(|| unreadable("currency", &row.currency))?,
                margin_ppm: row.margin_ppm,
                attribution_days: row.attribution_days,
                control_ppm: row.control_ppm,
            },
            state: State::parse(&row.state).ok_or_else(|| unreadable("state", &row.state))?,
            stop_reason: row.stop_reason.and_then(|text| serde_json::from_str(&text).ok()),
            step: EmailStep {
                id: StepId(row.step_id),
                content: Content {
                    from_name: row.from_name,
                    from_address: row.from_address,
                    reply_to: row.reply_to,
                    subject: row.subject,
                    body: row.body,
                },
            },
            frozen_definition: row.frozen_definition,
            control_seed: row.control_seed,
            created_by: row.created_by.map(UserId),
            created_at: Timestamp(row.created_at),
            updated_at: Timestamp(row.updated_at),
            approved_by: row.approved_by.map(UserId),
            approved_at: row.approved_at.map(Timestamp),
            frozen_at: row.frozen_at.map(Timestamp),
            launched_at: row.launched_at.map(Timestamp),
            finished_at: row.finished_at.map(Timestamp),
            version: row.version,
        })
    }
}

impl Campaign {
    pub async fn find(rows: &Rows, id: CampaignId) -> Result<Option<Self>, Fault> {
        let sql = format!(
            "SELECT {COLUMNS} FROM campaign c JOIN campaign_step s ON s.campaign_id = c.id AND s.position = 1 WHERE c.id = $1"
        );
        rows.one::<Row>(&sql, values![id.0]).await?.map(Self::try_from).transpose()
    }

    /// The campaign, or the refusal that there is none.
    pub async fn get(rows: &Rows, id: CampaignId) -> Result<Self, Trouble> {
        Ok(Self::find(rows, id).await?.ok_or(Refusal::Missing)?)
    }

    /// A new draft.
    pub async fn create(
        unit: &Write,
        by: &Actor,
        at: Timestamp,
        plan: Plan,
        content: Content,
    ) -> Result<Self, Trouble> {
        by.must(Right::EditCampaigns)?;
        let plan = plan.checked()?;
        let (content, letter) = content.checked()?;
        segment_exists(unit, &plan).await?;
        const CAMPAIGN: &str = "INSERT INTO campaign (name, goal, goal_text, target_orders, state, segment_id, fixed_cost_minor, \
             unit_cost_minor, currency, margin_ppm, attribution_days, control_ppm, created_by, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) RETURNING id";
        let mut binds = columns(&plan);
        binds.extend(values![by.user().map(i64::from), at.0]);
        let id = unit.insert(CAMPAIGN, binds).await?;
        const STEP: &str = "INSERT INTO campaign_step (campaign_id, position, channel, from_name, from_address, reply_to, subject, body) \
             VALUES ($1, 1, 'email', $2, $3, $4, $5, $6) RETURNING id";
        let Content { from_name, from_address, reply_to, subject, body } = content;
        let step = unit.insert(STEP, values![id, from_name, from_address, reply_to, subject, body]).await?;
        write_links(unit, StepId(step), &letter).await?;
        audit::note(unit, by, at, Deed::new("campaign.created", "campaign", id).with(json!({ "name": plan.name })))
            .await?;
        Self::get(unit, CampaignId(id)).await
    }

    /// Changes the plan of a draft. `version` is the one the changes were made on.
    pub async fn replan(
        unit: &Write,
        by: &Actor,
        at: Timestamp,
        id: CampaignId,
        version: i64,
        plan: Plan,
    ) -> Result<Self, Trouble> {
        by.must(Right::EditCampaigns)?;
        let before = Self::get(unit, id).await?;
        before.must_be_draft()?;
        let plan = plan.checked()?;
        segment_exists(unit, &plan).await?;
        const SQL: &str = "UPDATE campaign SET name = $1, goal = $2, goal_text = $3, target_orders = $4, segment_id = $5, \
             fixed_cost_minor = $6, unit_cost_minor = $7, currency = $8, margin_ppm = $9, attribution_days = $10, \
             control_ppm = $11, updated_at = $12, version = version + 1 WHERE id = $13 AND version = $14";
        let mut binds = columns(&plan);
        binds.extend(values![at.0, id.0, version]);
        if unit.run(SQL, binds).await? == 0 {
            return Err(Refusal::Stale.into());
        }
        let detail = json!({ "before": summary(&before.plan), "after": summary(&plan) });
        audit::note(unit, by, at, Deed::new("campaign.changed", "campaign", id.0).with(detail)).await?;
        Self::get(unit, id).await
    }

    /// Changes the content of a draft. `version` is the one the changes were made on.
    pub async fn rewrite(
        unit: &Write,
        by: &Actor,
        at: Timestamp,
        id: CampaignId,
        version: i64,
        content: Content,
    ) -> Result<Self, Trouble> {
        by.must(Right::EditCampaigns)?;
        let before = Self::get(unit, id).await?;
        before.must_be_draft()?;
        let (content, letter) = content.checked()?;
        touch(unit, id, version, at).await?;
        const SQL: &str = "UPDATE campaign_step SET from_name = $1, from_address = $2, reply_to = $3, subject = $4, body = $5 \
             WHERE id = $6";
        let Content { from_name, from_address, reply_to, subject, body } = content;
        let detail = json!({ "subject": subject });
        unit.run(SQL, values![from_name, from_address, reply_to, subject, body, before.step.id.0]).await?;
        write_links(unit, before.step.id, &letter).await?;
        audit::note(unit, by, at, Deed::new("campaign.written", "campaign", id.0).with(detail)).await?;
        Self::get(unit, id).await
    }

    /// Keeps a step of the campaign's life; refused when somebody else was faster.
    pub async fn keep(&self, unit: &Write, by: &Actor, at: Timestamp) -> Result<Self, Trouble> {
        const SQL: &str = "UPDATE campaign SET state = $1, stop_reason = $2, control_seed = $3, approved_by = $4, \
             approved_at = $5, frozen_at = $6, frozen_definition = $7, launched_at = $8, finished_at = $9, updated_at = $10, \
             version = version + 1 WHERE id = $11 AND version = $12";
        let reason = self.stop_reason.as_ref().and_then(|sentence| serde_json::to_string(sentence).ok());
        let binds = values![
            self.state.code(),
            reason,
            self.control_seed,
            self.approved_by.map(i64::from),
            self.approved_at.map(|t| t.0),
            self.frozen_at.map(|t| t.0),
            self.frozen_definition.clone(),
            self.launched_at.map(|t| t.0),
            self.finished_at.map(|t| t.0),
            at.0,
            self.id.0,
            self.version,
        ];
        if unit.run(SQL, binds).await? == 0 {
            return Err(Refusal::Stale.into());
        }
        let action = format!("campaign.{}", self.state.code());
        let detail = self.stop_reason.as_ref().map_or(json!({}), |sentence| json!({ "reason": sentence }));
        audit::note(unit, by, at, Deed::new(&action, "campaign", self.id.0).with(detail)).await?;
        Ok(Self { version: self.version + 1, updated_at: at, ..self.clone() })
    }
}

async fn touch(unit: &Write, id: CampaignId, version: i64, at: Timestamp) -> Result<(), Trouble> {
    const SQL: &str = "UPDATE campaign SET updated_at = $1, version = version + 1 WHERE id = $2 AND version = $3";
    if unit.run(SQL, values![at.0, id.0, version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    Ok(())
}

async fn segment_exists(unit: &Write, plan: &Plan) -> Result<(), Trouble> {
    let Some(segment) = plan.segment else { return Ok(()) };
    const SQL: &str = "SELECT COUNT(*) FROM segment WHERE id = $1 AND archived_at IS NULL";
    if unit.number(SQL, values![segment.0]).await? == 0 {
        let sentence = Sentence::new("planning-segment-missing");
        return Err(Refusal::field("segment", "unknown", sentence).into());
    }
    Ok(())
}

fn summary(plan: &Plan) -> serde_json::Value {
    json!({
        "name": plan.name,
        "goal": plan.goal,
        "target_orders": plan.target_orders,
        "segment": plan.segment,
        "fixed_cost_minor": plan.fixed_cost_minor,
        "unit_cost_minor": plan.unit_cost_minor,
        "margin_ppm": plan.margin_ppm,
        "attribution_days": plan.attribution_days,
        "control_ppm": plan.control_ppm,
    })
}

/// A counted link of a step.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Link {
    pub id: i64,
    /// From 0, in the order of first appearance in the body.
    pub position: i64,
    pub url: String,
    pub label: String,
}

impl Link {
    pub fn id(&self) -> LinkId {
        LinkId(self.id)
    }
}

/// The links of a step in their order; served by the unique index on step and position.
pub async fn links(rows: &Rows, step: StepId) -> Result<Vec<Link>, Fault> {
    const SQL: &str = "SELECT id, position, url, label FROM campaign_link WHERE step_id = $1 ORDER BY position";
    rows.all(SQL, values![step.0]).await
}

/// Writes the links down. A target that was there before keeps its id, so that its figures stay its own.
async fn write_links(unit: &Write, step: StepId, letter: &Letter) -> Result<(), Fault> {
    let before = links(unit, step).await?;
    for link in before.iter().filter(|link| !letter.links.contains(&link.url)) {
        unit.run("DELETE FROM campaign_link WHERE id = $1", values![link.id]).await?;
    }
    // Two links may change places: out of the way first.
    unit.run("UPDATE campaign_link SET position = -1 - position WHERE step_id = $1", values![step.0]).await?;
    for (position, (url, label)) in letter.links.iter().zip(&letter.labels).enumerate() {
        let position = position as i64;
        let label: String = label.chars().take(200).collect();
        match before.iter().find(|link| link.url == *url) {
            Some(link) => {
                const SQL: &str = "UPDATE campaign_link SET position = $1, label = $2 WHERE id = $3";
                unit.run(SQL, values![position, label, link.id]).await?;
            }
            None => {
                const SQL: &str = "INSERT INTO campaign_link (step_id, position, url, label) VALUES ($1, $2, $3, $4)";
                unit.run(SQL, values![step.0, position, url.as_str(), label]).await?;
            }
        }
    }
    Ok(())
}

/// A campaign in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CampaignLine {
    pub id: i64,
    pub name: String,
    pub goal: String,
    pub state: String,
    pub segment_id: Option<i64>,
    pub segment_name: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub launched_at: Option<i64>,
    pub finished_at: Option<i64>,
}

/// What the list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub state: Option<State>,
    /// Part of the name.
    pub search: String,
}

/// Newest first, before an id; served by the primary key.
pub async fn list(
    rows: &Rows,
    narrowed: &Narrowed,
    before: Option<CampaignId>,
    limit: i64,
) -> Result<Vec<CampaignLine>, Fault> {
    const SQL: &str = "SELECT c.id, c.name, c.goal, c.state, c.segment_id, s.name AS segment_name, c.created_at, c.updated_at, \
             c.launched_at, c.finished_at FROM campaign c LEFT JOIN segment s ON s.id = c.segment_id \
             WHERE c.id < $1 AND ($2 = '' OR c.state = $2) AND ($3 = '' OR LOWER(c.name) LIKE $3 ESCAPE '\\') \
             ORDER BY c.id DESC LIMIT $4";
    let search = narrowed.search.trim().to_lowercase();
    let pattern = if search.is_empty() {
        String::new()
    } else {
        format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    };
    let state = narrowed.state.map_or("", State::code);
    rows.all(SQL, values![before.map_or(i64::MAX, |id| id.0), state, pattern, limit]).await
}
