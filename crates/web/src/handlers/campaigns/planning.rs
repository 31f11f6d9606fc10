//! Step 1: planning a campaign and writing its mail. What was typed is given back whenever it is not saved.

use super::{DONE, find, frame, head, plan_form, to};
use crate::{
    door::{Answer, Desk, Fields, Path, Trouble},
    pages::{
        Choice,
        campaigns::Phase,
        campaigns_planning::{Conflict, MergeField, PlanForm, PlanningPage, Preview, PreviewFragment},
        draw,
    },
};
use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    Complaint, Refusal, customers, execution,
    planning::{Campaign, Content, FIELDS, Goal, Plan, State},
    selection::{self, freeze},
    staff::{Right, audit},
};
use kernel::{CampaignId, ContactId, SegmentId, Sentence, Timestamp, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// People a preview can be shown as.
const READERS: u64 = 8;

/// A new draft under a name, and on to its planning.
pub async fn create(desk: Desk, fields: Fields) -> Answer<Response> {
    let typed = fields.get("name").trim();
    let name = if typed.is_empty() { say(desk.locale, "campaign-unnamed", None) } else { typed.to_owned() };
    draft(&desk, &name, None).await
}

/// The same without a name, for a link.
pub async fn begin(desk: Desk) -> Answer<Response> {
    desk.actor.must(Right::EditCampaigns)?;
    Ok(Redirect::to("/kampagnen?open=new-campaign").into_response())
}

/// A new draft, for a segment where there is one, and on to its planning.
pub async fn draft(desk: &Desk, name: &str, segment: Option<SegmentId>) -> Answer<Response> {
    let mut plan = Plan { segment, ..Plan::named(name, Goal::Information) };
    plan.control_ppm = 100_000;
    let content = Content {
        from_name: desk.mail.from_name.clone(),
        from_address: desk.mail.from_address.to_string(),
        body: "{{ contact.salutation_line }}\n\n".to_owned(),
        ..Content::default()
    };
    let unit = desk.db.write().await?;
    let campaign = Campaign::create(&unit, &desk.actor, desk.now(), plan, content).await?;
    unit.save().await?;
    Ok(to(campaign.id, Phase::Planning.path(), ""))
}

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    let form = plan_form::filled(&campaign, desk.locale);
    page(&desk, &campaign, form, StatusCode::OK, Refused::default(), &query).await
}

/// Saves the whole plan or nothing of it.
pub async fn save(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let form = typed(&fields);
    match keep(&desk, CampaignId(id), &form).await {
        Ok(campaign) => {
            let onward = if fields.has("weiter") { Phase::Selection } else { Phase::Planning };
            Ok(to(campaign.id, onward.path(), DONE[0]))
        }
        Err(Trouble::Refusal(Refusal::Invalid(complaints))) => {
            let campaign = find(&desk, &desk.db.read().await?, id).await?;
            let refused = Refused { complaints, conflict: None };
            page(&desk, &campaign, form, StatusCode::UNPROCESSABLE_ENTITY, refused, &HashMap::new()).await
        }
        Err(Trouble::Refusal(Refusal::Stale)) => {
            let rows = desk.db.read().await?;
            let campaign = find(&desk, &rows, id).await?;
            let conflict = Some(conflict(&desk, &rows, &campaign, &form).await?);
            drop(rows);
            let refused = Refused { complaints: Vec::new(), conflict };
            page(&desk, &campaign, form, StatusCode::CONFLICT, refused, &HashMap::new()).await
        }
        Err(other) => Err(other),
    }
}

/// What was typed. A form that does not name a field leaves it empty.
fn typed(fields: &Fields) -> PlanForm {
    let get = |name: &str| fields.get(name).to_owned();
    PlanForm {
        version: get("version"),
        name: get("name"),
        goal: get("goal"),
        goal_text: get("goal_text"),
        target_bookings: get("target_bookings"),
        segment: get("segment"),
        fixed_cost: get("fixed_cost"),
        unit_cost: get("unit_cost"),
        currency: get("currency"),
        margin: get("margin"),
        attribution_days: get("attribution_days"),
        control: get("control"),
        control_share: get("control_share"),
        sender_name: get("sender_name"),
        sender_address: get("sender_address"),
        reply_to: get("reply_to"),
        subject: get("subject"),
        body: get("body"),
    }
}

async fn keep(desk: &Desk, id: CampaignId, form: &PlanForm) -> Answer<Campaign> {
    desk.actor.must(Right::EditCampaigns)?;
    let (plan, content) = plan_form::read(form, desk.locale).map_err(Refusal::Invalid)?;
    let version = form.version.parse().map_err(|_| Refusal::Stale)?;
    let now = desk.now();
    let unit = desk.db.write().await?;
    let planned = Campaign::replan(&unit, &desk.actor, now, id, version, plan).await?;
    let campaign = Campaign::rewrite(&unit, &desk.actor, now, id, planned.version, content).await?;
    unit.save().await?;
    Ok(campaign)
}

async fn conflict(desk: &Desk, rows: &Rows, campaign: &Campaign, mine: &PlanForm) -> Answer<Conflict> {
    let theirs = plan_form::filled(campaign, desk.locale);
    let who = audit::latest_about(rows, "campaign", campaign.id.0).await?;
    let (name, at) = who.map_or((String::new(), campaign.updated_at), |entry| (entry.actor_name, Timestamp(entry.at)));
    let by = Sentence::new("campaign-conflict-by")
        .with("name", name)
        .with("at", desk.locale.moment(at, &desk.zone))
        .say(desk.locale);
    let mut fields = plan_form::differences(&theirs, mine, desk.locale);
    for difference in &mut fields {
        if difference.label == say(desk.locale, "campaign-segment", None) {
            difference.theirs = segment_name(rows, &difference.theirs).await?;
            difference.mine = segment_name(rows, &difference.mine).await?;
        } else if difference.label == say(desk.locale, "campaign-goal", None) {
            let goal = |code: &str| Goal::parse(code).map_or_else(String::new, |goal| goal.label().say(desk.locale));
            difference.theirs = goal(&difference.theirs);
            difference.mine = goal(&difference.mine);
        }
    }
    Ok(Conflict { by, version: campaign.version.to_string(), fields })
}

async fn segment_name(rows: &Rows, id: &str) -> Answer<String> {
    let Ok(id) = id.parse() else { return Ok(String::new()) };
    Ok(selection::find(rows, SegmentId(id)).await?.map(|segment| segment.name).unwrap_or_default())
}

/// Why a save did not happen.
#[derive(Default)]
struct Refused {
    complaints: Vec<Complaint>,
    conflict: Option<Conflict>,
}

async fn page(
    desk: &Desk,
    campaign: &Campaign,
    form: PlanForm,
    status: StatusCode,
    refused: Refused,
    query: &HashMap<String, String>,
) -> Answer<Response> {
    let locale = desk.locale;
    let rows = desk.db.read().await?;
    let chosen = form.segment.parse().ok().map(SegmentId);
    let none = Choice::new("", say(locale, "campaign-segment-none", None), chosen.is_none());
    let listed = selection::list(&rows, false).await?;
    let segments = std::iter::once(none)
        .chain(listed.iter().map(|s| Choice::new(s.id.to_string(), s.name.clone(), Some(s.id) == chosen)))
        .collect();
    let segment = listed.into_iter().find(|segment| Some(segment.id) == chosen);
    let mut readers = Vec::new();
    let mut segment_note = String::new();
    if let Some(segment) = &segment {
        let people = selection::question(&rows, &segment.definition, desk.now(), &desk.zone).await?.select;
        let n = selection::count(&rows, &segment.definition, desk.now(), &desk.zone).await?;
        segment_note = Sentence::new("campaign-segment-people").with("n", n).say(locale);
        readers = freeze::reachable(&rows, people, 0, READERS).await?;
    }
    let mut people = Vec::new();
    if desk.actor.may(Right::SeeContacts) {
        if readers.is_empty() {
            let query = customers::ContactQuery { limit: READERS, ..Default::default() };
            readers = customers::contact_page(&rows, &desk.actor, &query).await?.lines.iter().map(|l| l.id).collect();
        }
        for id in readers {
            let Some(contact) = customers::find_contact(&rows, ContactId(id)).await? else { continue };
            people.push(Choice::new(id.to_string(), contact.display_name(), people.is_empty()));
        }
    }
    let head = head(desk, &rows, campaign, Phase::Planning, None).await?;
    drop(rows);
    let reader = people.first().and_then(|choice| choice.value.parse().ok());
    let preview = look(desk, &form, reader).await?;
    let page = PlanningPage {
        frame: frame(desk, campaign, Phase::Planning, query),
        head,
        errors: plan_form::errors(&refused.complaints, locale),
        conflict: refused.conflict,
        form,
        segments,
        segment_note,
        merge_fields: FIELDS
            .iter()
            .map(|(name, key)| MergeField { name: (*name).to_owned(), label: say(locale, key, None) })
            .collect(),
        people,
        preview,
        editable: campaign.state == State::Draft && desk.actor.may(Right::EditCampaigns),
    };
    Ok(draw(status, &page))
}

/// The mail as it stands in the form, for the person chosen.
pub async fn preview(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    find(&desk, &desk.db.read().await?, id).await?;
    let reader = fields.get("person").parse().ok().filter(|_| desk.actor.may(Right::SeeContacts));
    let preview = look(&desk, &typed(&fields), reader).await?;
    Ok(draw(StatusCode::OK, &PreviewFragment { frame: desk.frame(), preview }))
}

async fn look(desk: &Desk, form: &PlanForm, reader: Option<i64>) -> Answer<Preview> {
    let letter =
        execution::preview(&desk.mailroom(), &form.name, plan_form::content(form), reader.map(ContactId)).await;
    match letter {
        Ok(mail) => Ok(Preview { subject: mail.subject, html: mail.html, text: mail.text, ..Preview::default() }),
        Err(crm::Trouble::Refusal(Refusal::Invalid(complaints))) => {
            let said: Vec<String> = complaints.iter().map(|c| c.sentence.say(desk.locale)).collect();
            Ok(Preview { trouble: said.join(" "), ..Preview::default() })
        }
        Err(other) => Err(other.into()),
    }
}
