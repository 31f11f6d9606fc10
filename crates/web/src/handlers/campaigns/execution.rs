//! Step 3: test, launch, watch, stop.

use super::{DONE, find, frame, head, still, to};
use crate::{
    door::{Answer, Desk, Fields, Path},
    pages::{
        campaigns::{Phase, people_href},
        campaigns_execution::{
            Doubt, ExecutionPage, LedgerReason, LedgerState, Levers, LiveFragment, Progress, Reaction,
            ReactionsFragment,
        },
        draw,
    },
};
use axum::{
    extract::Query,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use crm::{
    Refusal, customers,
    execution::{self, MessageState, Resolution, reason_label},
    interactions::{self, Channel, Interaction, Kind},
    planning::{Campaign, State},
    selection::{self, freeze},
    staff::Right,
};
use kernel::{CampaignId, ContactId, Fault, MessageId, Sentence, Seq, Timestamp, chance, sentence::say};
use std::collections::HashMap;
use store::Rows;

/// Doubts and reactions shown at a time.
const DOUBTS: i64 = 50;
const REACTIONS: i64 = 12;

pub async fn show(desk: Desk, Path(id): Path<i64>, Query(query): Query<HashMap<String, String>>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    let typed = desk.session.user.login.clone();
    page(&desk, &campaign, StatusCode::OK, (typed, String::new()), &query).await
}

async fn page(
    desk: &Desk,
    campaign: &Campaign,
    status: StatusCode,
    (test_address, test_error): (String, String),
    query: &HashMap<String, String>,
) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let page = ExecutionPage {
        frame: frame(desk, campaign, Phase::Execution, query),
        head: head(desk, &rows, campaign, Phase::Execution, None).await?,
        levers: levers(desk, campaign.state),
        recipients: recipients(desk, &rows, campaign).await?,
        draft: campaign.state == State::Draft,
        version: campaign.version.to_string(),
        live: live(desk, &rows, campaign).await?,
        test_address,
        test_error,
        doubts: doubts(desk, &rows, campaign.id).await?,
        reactions: happened(desk, &rows, campaign.id, Seq(0)).await?,
    };
    Ok(draw(status, &page))
}

/// Only what the state and the rights allow.
fn levers(desk: &Desk, state: State) -> Levers {
    let sends = desk.actor.may(Right::SendCampaigns);
    let begun = matches!(state, State::Launching | State::Running | State::Paused | State::Stopped);
    Levers {
        launch: sends && state == State::Approved,
        pause: sends && state == State::Running,
        resume: sends && matches!(state, State::Paused | State::Stopped),
        cancel: sends && (begun || state == State::Approved),
        test: desk.actor.may(Right::EditCampaigns) && matches!(state, State::Draft | State::Approved),
    }
}

/// How many get the mail: as frozen, else as a freeze would decide now.
async fn recipients(desk: &Desk, rows: &Rows, campaign: &Campaign) -> Answer<i64> {
    if campaign.frozen_at.is_some() {
        return Ok(freeze::waterfall(rows, campaign.id).await?.treated);
    }
    let Some(id) = campaign.segment() else { return Ok(0) };
    let Some(segment) = selection::find(rows, id).await? else { return Ok(0) };
    let people = selection::question(rows, &segment.definition, desk.now(), &desk.zone).await?.select;
    Ok(freeze::preview(rows, people, campaign.plan.control_ppm).await?.treated)
}

/// Bar and ledger while it runs. When it stopped, the page is asked to load again, so that the levers follow.
pub async fn progress(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let campaign = find(&desk, &rows, id).await?;
    let live = live(&desk, &rows, &campaign).await?;
    let running = live.progress.running;
    let mut response = draw(StatusCode::OK, &live);
    if !running {
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn live(desk: &Desk, rows: &Rows, campaign: &Campaign) -> Answer<LiveFragment> {
    let locale = desk.locale;
    let going = execution::progress(rows, campaign.id, desk.now()).await?;
    let running = matches!(campaign.state, State::Launching | State::Running);
    let rest = match going.remaining_seconds.filter(|_| running) {
        None => String::new(),
        Some(seconds) if seconds < 60 => say(locale, "campaign-rest-moment", None),
        Some(seconds) => Sentence::new("campaign-rest-minutes").with("n", (seconds + 59) / 60).say(locale),
    };
    let state = match &campaign.stop_reason {
        Some(reason) => format!("{}: {}", campaign.state.label().say(locale), reason.say(locale)),
        None => campaign.state.label().say(locale),
    };
    let tone = match campaign.state {
        State::Finished | State::Evaluated => "good",
        State::Paused => "warn",
        State::Stopped | State::Cancelled => "bad",
        _ => "",
    };
    let progress =
        Progress { done: going.total - going.planned - going.sending, total: going.total, rest, state, running, tone };
    let ledger = ledger(desk, rows, campaign.id).await?;
    let address = format!("/kampagnen/{}/fortschritt", campaign.id);
    Ok(LiveFragment { frame: desk.frame(), address, progress, ledger })
}

/// Every state of the ledger; those that ended badly say why.
async fn ledger(desk: &Desk, rows: &Rows, campaign: CampaignId) -> Result<Vec<LedgerState>, Fault> {
    let counts = execution::counts(rows, campaign).await?;
    let one = |state: &MessageState| {
        let mine: Vec<_> = counts.iter().filter(|count| count.state == state.code()).collect();
        let reasons = mine
            .iter()
            .filter_map(|count| Some((count.reason.as_deref()?, count.messages)))
            .map(|(reason, count)| LedgerReason {
                label: reason_label(reason).say(desk.locale),
                count,
                href: people_href(campaign, &format!("{}-{reason}", state.code())),
            })
            .collect();
        LedgerState {
            label: state.label().say(desk.locale),
            count: mine.iter().map(|count| count.messages).sum(),
            href: people_href(campaign, state.code()),
            tone: match state {
                MessageState::Sent => "good",
                MessageState::Failed => "bad",
                MessageState::InDoubt => "warn",
                MessageState::Sending => "accent",
                MessageState::Planned | MessageState::Skipped => "",
            },
            reasons,
        }
    };
    Ok(MessageState::ALL.iter().map(one).collect())
}

async fn doubts(desk: &Desk, rows: &Rows, campaign: CampaignId) -> Result<Vec<Doubt>, Fault> {
    if !desk.actor.may(Right::SendCampaigns) {
        return Ok(Vec::new());
    }
    let lines = execution::lines(rows, campaign, MessageState::InDoubt, 0, DOUBTS).await?;
    let doubt = |line: execution::Line| {
        let name = format!("{} {}", line.first_name, line.last_name).trim().to_owned();
        Doubt {
            message: MessageId(line.id),
            contact: ContactId(line.contact_id),
            name: if name.is_empty() { line.number } else { name },
            email: line.address,
            since: Timestamp(line.handed_at.unwrap_or(line.due_at)),
        }
    };
    Ok(lines.into_iter().map(doubt).collect())
}

/// What people did since an entry, newest first.
pub async fn reactions(
    desk: Desk,
    Path(id): Path<i64>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Response> {
    let rows = desk.db.read().await?;
    let campaign = find(&desk, &rows, id).await?;
    let after = query.get("nach").and_then(|text| text.parse().ok()).unwrap_or(0);
    let reactions = happened(&desk, &rows, campaign.id, Seq(after)).await?;
    if reactions.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(draw(StatusCode::OK, &ReactionsFragment { frame: desk.frame(), reactions }))
}

async fn happened(desk: &Desk, rows: &Rows, campaign: CampaignId, after: Seq) -> Answer<Vec<Reaction>> {
    if !desk.actor.may(Right::SeeContacts) {
        return Ok(Vec::new());
    }
    let entries = interactions::campaign_feed(rows, campaign, after, REACTIONS).await?;
    let ids: Vec<ContactId> = entries.iter().filter_map(|entry| entry.contact).collect();
    let names = customers::display_names(rows, &ids).await?;
    let mut reactions = Vec::new();
    for entry in entries {
        let Some((id, name)) = entry.contact.and_then(|id| Some((id, names.get(&id)?))) else { continue };
        let (channel, icon) = sign(&entry);
        let at = entry.occurred_at;
        let today = desk.zone.day(desk.now()) == desk.zone.day(at);
        reactions.push(Reaction {
            id: entry.seq.0,
            name: name.clone(),
            href: format!("/kontakte/{id}"),
            channel,
            icon,
            text: entry.kind.label().say(desk.locale),
            time: if today { desk.locale.time(at, &desk.zone) } else { desk.locale.day(desk.zone.day(at)) },
            at,
        });
    }
    Ok(reactions)
}

/// Colour and icon of an entry.
fn sign(entry: &Interaction) -> (&'static str, &'static str) {
    match (entry.channel, entry.kind) {
        (Channel::Email, Kind::Clicked) => ("email", "click"),
        (Channel::Email, _) => ("email", "mail"),
        (Channel::Phone, _) => ("phone", "phone"),
        (Channel::Shop | Channel::Offer | Channel::Sales, _) => ("sale", "plane"),
        _ => ("web", "world"),
    }
}

/// The letter to a colleague, before anybody else gets it.
pub async fn test(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    let typed = fields.get("address").to_owned();
    let addresses: Vec<String> = typed.split([',', ';', ' ']).map(str::to_owned).collect();
    let trouble = match execution::test_send(&desk.mailroom(), &desk.actor, &campaign, None, &addresses).await {
        Ok(mails) => match mails.into_iter().find(|mail| !mail.accepted) {
            None => return Ok(to(campaign.id, Phase::Execution.path(), DONE[7])),
            Some(mail) => Sentence::new("campaign-test-refused")
                .with("address", mail.address)
                .with("reply", mail.reply)
                .say(desk.locale),
        },
        Err(crm::Trouble::Refusal(Refusal::Invalid(complaints))) => {
            complaints.iter().map(|c| c.sentence.say(desk.locale)).collect::<Vec<_>>().join(" ")
        }
        Err(other) => return Err(other.into()),
    };
    page(&desk, &campaign, StatusCode::UNPROCESSABLE_ENTITY, (typed, trouble), &HashMap::new()).await
}

pub async fn launch(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Answer<Response> {
    desk.actor.must(Right::SendCampaigns)?;
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    still(&campaign, fields.get("version"))?;
    execution::launch(&desk.db, &desk.actor, campaign.id, desk.now(), &mut chance::system()).await?;
    desk.nudge.wake(execution::TASK);
    Ok(to(campaign.id, Phase::Execution.path(), DONE[3]))
}

pub async fn pause(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    execution::pause(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    Ok(to(campaign.id, Phase::Execution.path(), DONE[4]))
}

pub async fn resume(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    execution::resume(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    desk.nudge.wake(execution::TASK);
    Ok(to(campaign.id, Phase::Execution.path(), DONE[5]))
}

pub async fn cancel(desk: Desk, Path(id): Path<i64>) -> Answer<Response> {
    let campaign = find(&desk, &desk.db.read().await?, id).await?;
    execution::cancel(&desk.db, &desk.actor, campaign.id, desk.now()).await?;
    desk.nudge.wake(execution::TASK);
    Ok(to(campaign.id, Phase::Execution.path(), DONE[6]))
}

pub async fn was_sent(desk: Desk, Path((id, message)): Path<(i64, i64)>) -> Answer<Response> {
    settle(&desk, id, message, Resolution::Sent).await
}

pub async fn was_not_sent(desk: Desk, Path((id, message)): Path<(i64, i64)>) -> Answer<Response> {
    settle(&desk, id, message, Resolution::NotSent).await
}

async fn settle(desk: &Desk, id: i64, message: i64, found: Resolution) -> Answer<Response> {
    let campaign = find(desk, &desk.db.read().await?, id).await?;
    execution::resolve(&desk.db, &desk.actor, MessageId(message), found, desk.now()).await?;
    Ok(to(campaign.id, Phase::Execution.path(), DONE[8]))
}
