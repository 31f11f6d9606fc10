//! What goes out for a campaign and what it brought: the check before, test mails, the ledger, the figures.

use super::{
    Document, Program,
    listing::{Params, cursor, instant, misfit},
    problem::Language,
};
use crate::door::{Answer, Path, Trouble};
use axum::{Json, http::StatusCode};
use crm::{
    evaluation::{self, Metric},
    execution::{self, MessageState, Resolution},
    planning::Campaign,
    staff::Right,
};
use kernel::{CampaignId, ContactId, MessageId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The check before a launch.
#[derive(Serialize, ToSchema)]
pub struct PreFlightView {
    /// Whether nothing stands in the way.
    pub clear: bool,
    /// How many would get the mail right now.
    pub recipients: i64,
    /// Where the matched people go; the parts add up to `matched`.
    #[schema(value_type = Object, example = json!({ "matched": 80, "archived": 0, "no_consent": 9, "no_address": 2,
        "suppressed": 1, "duplicate_address": 3, "control": 0, "treated": 65 }))]
    pub waterfall: Value,
    pub findings: Vec<FindingView>,
    /// Merge fields that are empty for somebody.
    pub missing: Vec<MissingView>,
    /// How many people were looked at for missing values.
    pub looked_at: i64,
}

#[derive(Serialize, ToSchema)]
pub struct FindingView {
    /// Stable name of the check.
    #[schema(example = "recipients")]
    pub check: &'static str,
    /// `good`, `warning` or `obstacle`.
    #[schema(value_type = String)]
    pub weight: execution::Weight,
    pub detail: String,
}

#[derive(Serialize, ToSchema)]
pub struct MissingView {
    #[schema(example = "contact.first_name")]
    pub field: String,
    pub people: i64,
    /// Ids of up to five of them.
    pub contacts: Vec<i64>,
}

/// Check a campaign before its launch
///
/// Writes nothing.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}/pre-flight", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = PreFlightView)),
    extensions(("x-right" = json!("see_campaigns")))
)]
pub async fn pre_flight(program: Program, Path(id): Path<i64>, language: Language) -> Answer<Json<PreFlightView>> {
    program.actor.must(Right::SeeCampaigns)?;
    let campaign = Campaign::get(&program.db.read().await?, CampaignId(id)).await?;
    let flight = execution::pre_flight(&program.mailroom(), &campaign).await?;
    let finding = |finding: &execution::Finding| FindingView {
        check: finding.check,
        weight: finding.weight,
        detail: finding.sentence.say(language.0),
    };
    let missing = |missing: &execution::Missing| MissingView {
        field: missing.field.clone(),
        people: missing.people,
        contacts: missing.examples.iter().map(|(contact, _)| contact.0).collect(),
    };
    Ok(Json(PreFlightView {
        clear: flight.clear(),
        recipients: flight.waterfall.treated,
        waterfall: serde_json::to_value(flight.waterfall).unwrap_or_default(),
        findings: flight.findings.iter().map(finding).collect(),
        missing: flight.missing.iter().map(missing).collect(),
        looked_at: flight.looked_at,
    }))
}

/// Where test mails go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestWish {
    /// Up to ten addresses.
    #[schema(example = json!(["jana.hoffmann@almara.example"]))]
    pub addresses: Vec<String>,
    /// Whose values fill the merge fields.
    pub contact: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct TestResult {
    pub mails: Vec<TestMail>,
}

#[derive(Serialize, ToSchema)]
pub struct TestMail {
    pub address: String,
    pub accepted: bool,
    /// What the mail server said.
    pub reply: String,
}

/// Send test mails
///
/// With „Test:“ before the subject; nothing about them is counted.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/test-send", tag = "campaigns", request_body = TestWish,
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = TestResult)),
    extensions(("x-right" = json!("edit_campaigns")))
)]
pub async fn test_send(program: Program, Path(id): Path<i64>, body: Document) -> Answer<Json<TestResult>> {
    program.actor.must(Right::EditCampaigns)?;
    let wish: TestWish = body.read()?;
    let campaign = Campaign::get(&program.db.read().await?, CampaignId(id)).await?;
    let (room, reader) = (program.mailroom(), wish.contact.map(ContactId));
    let sent = execution::test_send(&room, &program.actor, &campaign, reader, &wish.addresses).await?;
    let mail =
        |mail: execution::TestMail| TestMail { address: mail.address, accepted: mail.accepted, reply: mail.reply };
    Ok(Json(TestResult { mails: sent.into_iter().map(mail).collect() }))
}

/// A message of the ledger.
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    pub id: i64,
    pub contact: i64,
    pub contact_number: String,
    pub address: String,
    pub state: String,
    /// Code of a failure, a skip or a doubt.
    pub reason: Option<String>,
    /// What the mail server said.
    pub reply: Option<String>,
    pub attempts: i64,
    pub sent_at: Option<String>,
    pub bounced_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MessageList {
    pub items: Vec<MessageView>,
    pub next: Option<String>,
}

/// List the messages of a campaign in one state
///
/// Needs the right to see campaigns as well.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}/messages", tag = "campaigns",
    params(
        ("id" = i64, Path, description = "Id of the campaign"),
        ("state" = String, Query, description = "`planned`, `sending`, `sent`, `failed`, `skipped`, `in_doubt`"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = MessageList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn messages(program: Program, Path(id): Path<i64>, params: Params) -> Answer<Json<MessageList>> {
    program.actor.must(Right::SeeContacts)?;
    program.actor.must(Right::SeeCampaigns)?;
    let params = params.only(&["state", "cursor", "limit"])?;
    let states = || MessageState::ALL.iter().map(|state| state.code()).collect::<Vec<_>>().join(", ");
    let state = params.text("state").and_then(MessageState::parse).ok_or_else(|| misfit("state", &states()))?;
    let (limit, after) = (params.limit()?, params.cursor::<i64>()?.unwrap_or(0));
    let rows = program.db.read().await?;
    Campaign::get(&rows, CampaignId(id)).await?;
    let found = execution::lines(&rows, CampaignId(id), state, after, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|last| cursor(&last.contact_id));
    let view = |line: execution::Line| MessageView {
        id: line.id,
        contact: line.contact_id,
        contact_number: line.number,
        address: line.address,
        state: line.state,
        reason: line.reason,
        reply: line.reply,
        attempts: line.attempts,
        sent_at: line.sent_at.map(instant),
        bounced_at: line.bounced_at.map(instant),
    };
    Ok(Json(MessageList { items: found.into_iter().map(view).collect(), next }))
}

/// What was found out about a message in doubt.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionWish {
    /// `sent` or `not_sent`.
    #[schema(value_type = String, example = "sent")]
    pub resolution: Resolution,
}

/// Settle a message in doubt
///
/// A message found not to have gone is failed, never sent again.
#[utoipa::path(
    post, path = "/api/v1/messages/{id}/resolve", tag = "campaigns", request_body = ResolutionWish,
    params(("id" = i64, Path, description = "Id of the message")),
    responses((status = 204)),
    extensions(("x-right" = json!("send_campaigns")))
)]
pub async fn resolve(program: Program, Path(id): Path<i64>, body: Document) -> Answer<StatusCode> {
    program.actor.must(Right::SendCampaigns)?;
    let wish: ResolutionWish = body.read()?;
    execution::resolve(&program.db, &program.actor, MessageId(id), wish.resolution, program.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The figures of a campaign
///
/// Every metric by its name: counts, money in minor units of `currency`, rates between 0 and 1. A rate of nothing and a
/// figure that needs a control group where there is none are `null`. Machines never count unless the name says so.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}/evaluation", tag = "campaigns",
    params(("id" = i64, Path, description = "Id of the campaign")),
    responses((status = 200, body = Object, example = json!({
        "currency": "EUR", "sent": 65, "bounced": 4, "delivered": 61, "opened": 23, "open_rate": 0.377049, "revenue": 1968498,
        "cost": 25130, "roi": 14.666518, "lift": null
    }))),
    extensions(("x-right" = json!("see_figures")))
)]
pub async fn figures(program: Program, Path(id): Path<i64>) -> Answer<Json<Map<String, Value>>> {
    program.actor.must(Right::SeeFigures)?;
    let found = evaluation::evaluate(&*program.lens, CampaignId(id)).await?;
    let figures = found.ok_or(Trouble::MISSING)?;
    let mut all = Map::new();
    all.insert("currency".to_owned(), figures.currency.code().into());
    for metric in Metric::ALL {
        let value = serde_json::to_value(figures.value(*metric)).unwrap_or_default();
        all.insert(metric.code().to_owned(), value);
    }
    Ok(Json(all))
}
