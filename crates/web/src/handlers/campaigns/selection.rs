//! Step 2: who will get the mail and who will not, the check, and the approval.

use super::{DONE, find, frame, head, still, to};
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{
        campaigns::{Phase, people_href, step_href},
        campaigns_selection::{CheckItem, SamplePerson, SegmentBrief, SelectionPage, Verdict, WaterfallBar},
        draw,
    },
};
use axum::{extract::Query, http::StatusCode, response::Response};
use crm::{
    customers::{self, ContactKind},
    evaluation::fate_label,
    execution::{self, Finding, Weight},
    planning::{Campaign, State},
    sales,
    selection::{
        self, Definition, Names,
        freeze::{self, Fate, Waterfall},
    },
    staff::{Right, users},
};
use kernel::{CampaignId, ContactId, Sentence, Timestamp, chance, sentence::say};
use rand::{Rng, seq::IndexedRandom};
use std::collections::HashMap;
use store::Rows;

/// People shown as examples, and how many they are drawn from.
const SHOWN: usize = 6;
const DRAWN_FROM: u64 = 400;

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    let open = campaign.state == State::Draft;
    // The check asks the mail server and renders letters: only where something can still be changed.
    let check = match open || campaign.state == State::Approved {
        true => Some(execution::pre_flight(&desk.mailroom(), &campaign).await?),
        false => None,
    };
    let rows = desk.db.read().await?;
    let waterfall = match &check {
        Some(check) => check.waterfall,
        None => freeze::waterfall(&rows, campaign.id).await?,
    };
    let segment = brief(&desk, &rows, &campaign).await?;
    let approver = match campaign.approved_by {
        Some(id) => users::find(&rows, id).await?.map(|user| user.name),
        None => None,
    };
    let at = campaign.approved_at.map(|at| desk.locale.moment(at, &desk.zone));
    let approved = match (at, approver) {
        (Some(at), Some(name)) => {
            Sentence::new("campaign-approved-by").with("name", name).with("at", at).say(desk.locale)
        }
        // No person of this house did: a program, or somebody who is gone.
        (Some(at), None) => Sentence::new("campaign-approved-at").with("at", at).say(desk.locale),
        (None, _) => String::new(),
    };
    let page = SelectionPage {
        frame: frame(&desk, &campaign, Phase::Selection, &query),
        head: head(&desk, &rows, &campaign, Phase::Selection, None).await?,
        segment,
        waterfall: bars(&desk, campaign.id, &waterfall),
        recipients: waterfall.treated,
        control: waterfall.control,
        control_share: campaign.plan.control_ppm as f64 / 10_000.0,
        sample: if desk.actor.may(Right::SeeContacts) { sample(&desk, &rows, &campaign).await? } else { Vec::new() },
        checks: check.map(|check| checks(&desk, campaign.id, &check.findings)).unwrap_or_default(),
        approved,
        may_approve: open && desk.actor.may(Right::ApproveCampaigns),
        may_reopen: campaign.state == State::Approved && desk.actor.may(Right::EditCampaigns),
        frozen: campaign.frozen_at.is_some(),
        version: campaign.version.to_string(),
    };
    Ok(draw(StatusCode::OK, &page))
}

/// Name and sentence of the segment: as frozen, else as it is now.
async fn brief(desk: &Desk, rows: &Rows, campaign: &Campaign) -> Answer<Option<SegmentBrief>> {
    let Some(id) = campaign.segment() else { return Ok(None) };
    let Some(segment) = selection::find(rows, id).await? else { return Ok(None) };
    let frozen = campaign
        .frozen_definition
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .and_then(|json| Definition::parse(&json, &Names::default()).ok());
    let definition = frozen.unwrap_or(segment.definition);
    let sentence = crate::handlers::segments::sentence::of(rows, &definition, desk).await?;
    Ok(Some(SegmentBrief { name: segment.name, href: format!("/segmente/{id}"), sentence }))
}

/// From everybody who matches to the recipients; each loss with its people.
fn bars(desk: &Desk, campaign: CampaignId, waterfall: &Waterfall) -> Vec<WaterfallBar> {
    if waterfall.matched == 0 {
        return Vec::new();
    }
    let bar = |label: Sentence, left, taken, group: &str| WaterfallBar {
        label: label.say(desk.locale),
        left,
        taken,
        href: people_href(campaign, group),
    };
    let mut left = waterfall.matched;
    let mut bars = vec![bar(Sentence::new("evaluation-group-matched"), left, 0, "matched")];
    for fate in Fate::ALL.iter().filter(|fate| **fate != Fate::Treated) {
        let taken = waterfall.of(*fate);
        left -= taken;
        if taken > 0 {
            bars.push(bar(fate_label(*fate), left, taken, fate.code()));
        }
    }
    bars.push(bar(fate_label(Fate::Treated), waterfall.treated, 0, "recipients"));
    bars
}

/// The findings as the page lists them: what is in the way first.
fn checks(desk: &Desk, campaign: CampaignId, findings: &[Finding]) -> Vec<CheckItem> {
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    let item = |finding: &Finding| {
        let verdict = match finding.weight {
            Weight::Good => Verdict::Good,
            Weight::Warning => Verdict::Warn,
            Weight::Obstacle => Verdict::Bad,
        };
        let words = |key| say(desk.locale, key, None);
        let link = match (finding.weight, finding.check) {
            (Weight::Good, _) | (_, "server") => None,
            (_, "consent") => Some((words("campaign-check-see"), people_href(campaign, Fate::NoConsent.code()))),
            _ => Some((words("campaign-check-mend"), step_href(campaign, Phase::Planning))),
        };
        CheckItem { verdict, text: finding.sentence.say(desk.locale), link }
    };
    findings.into_iter().map(item).collect()
}

/// A few recipients, drawn from behind a random place.
async fn sample(desk: &Desk, rows: &Rows, campaign: &Campaign) -> Answer<Vec<SamplePerson>> {
    let most = customers::highest_id(rows).await?;
    let mut ids = Vec::new();
    for after in [chance::system().random_range(0..most.max(1)), 0] {
        if ids.len() < SHOWN {
            ids = recipients(desk, rows, campaign, after).await?;
        }
    }
    let chosen: Vec<i64> = ids.choose_multiple(&mut chance::system(), SHOWN).copied().collect();
    let mut sample = Vec::new();
    for id in chosen.into_iter().map(ContactId) {
        let Some(contact) = customers::find_contact(rows, id).await? else { continue };
        let last = sales::orders_of(rows, id, 1).await?.first().map(|order| Timestamp(order.placed_at));
        sample.push(SamplePerson {
            name: contact.display_name(),
            href: format!("/kontakte/{id}"),
            email: contact.email.unwrap_or_default(),
            kind: ContactKind::of(&contact.kind).map(|kind| kind.label().say(desk.locale)).unwrap_or_default(),
            last_order: last.map(|at| desk.locale.day(desk.zone.day(at))).unwrap_or_default(),
        });
    }
    Ok(sample)
}

async fn recipients(desk: &Desk, rows: &Rows, campaign: &Campaign, after: i64) -> Answer<Vec<i64>> {
    if campaign.frozen_at.is_some() {
        let members = freeze::members(rows, campaign.id, Fate::Treated, after, DRAWN_FROM as i64).await?;
        return Ok(members.into_iter().map(|member| member.contact_id).collect());
    }
    let Some(id) = campaign.segment() else { return Ok(Vec::new()) };
    let Some(segment) = selection::find(rows, id).await? else { return Ok(Vec::new()) };
    let people = selection::question(rows, &segment.definition, desk.now(), &desk.zone).await?.select;
    Ok(freeze::reachable(rows, people, after, DRAWN_FROM).await?)
}

pub async fn approve(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::ApproveCampaigns)?;
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    still(&campaign, fields.get("version"))?;
    execution::approve(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    Ok(to(campaign.id, Phase::Execution.path(), DONE[1]))
}

/// Back to a draft, to change it.
pub async fn back(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    execution::back_to_draft(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    Ok(to(campaign.id, Phase::Planning.path(), DONE[2]))
}
