//! What comes back: opens, clicks, bounces, complaints. Each is judged, recorded in the shared commit of the log, and has
//! the consequences it must have in the same unit.

use super::{Tokens, latest_of, outcome::suppress, resolve_sent, unsubscribe};
use crate::interactions::{
    self, Appended, Errand, Kind, NewInteraction, Reason, Recorder, Verdict,
    verdict::{Act, Earlier, Message, Request, judge},
};
use futures::future::join_all;
use kernel::{CampaignId, Clock, ContactId, Fault, LinkId, Locale, MessageId, Seq, Timestamp};
use serde_json::json;
use std::sync::Arc;
use store::{Db, FromQueryResult, Rows, Write, values};

/// Takes reactions in. Clones share everything.
#[derive(Clone)]
pub struct Reactions {
    pub db: Db,
    pub clock: Clock,
    pub recorder: Recorder,
    pub tokens: Tokens,
    /// For people whose language is not known.
    pub locale: Locale,
}

/// How a tracked address was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// HEAD instead of GET.
    pub head: bool,
    /// The User-Agent header; empty where there is none.
    pub agent: String,
}

#[derive(FromQueryResult)]
struct Target {
    url: String,
}

#[derive(Clone, FromQueryResult)]
struct Letter {
    id: i64,
    campaign_id: i64,
    contact_id: i64,
    address: String,
    state: String,
    sent_at: Option<i64>,
    handed_at: Option<i64>,
    links: i64,
}

async fn letter(rows: &Rows, message: MessageId) -> Result<Option<Letter>, Fault> {
    const SQL: &str = "SELECT m.id, m.campaign_id, m.contact_id, m.address, m.state, m.sent_at, m.handed_at, \
         (SELECT COUNT(*) FROM campaign_link l WHERE l.step_id = m.step_id) AS links FROM message m WHERE m.id = $1";
    rows.one(SQL, values![message.0]).await
}

#[derive(FromQueryResult)]
struct Before {
    seq: i64,
    kind: String,
    occurred_at: i64,
    verdict: String,
    props: Option<String>,
}

/// Opens and clicks of a message so far, newest first; served by `interaction_message`.
async fn earlier(rows: &Rows, message: MessageId) -> Result<Vec<Earlier>, Fault> {
    const SQL: &str = "SELECT seq, kind, occurred_at, verdict, props FROM interaction WHERE message_id = $1 \
         AND kind IN ('opened', 'clicked') ORDER BY seq DESC LIMIT 300";
    let rows: Vec<Before> = rows.all(SQL, values![message.0]).await?;
    let read = |row: Before| {
        let act = match row.kind.as_str() {
            "clicked" => {
                let props: Option<serde_json::Value> = row.props.and_then(|text| serde_json::from_str(&text).ok());
                Act::Click(props.and_then(|props| props["link"].as_i64()).unwrap_or_default())
            }
            _ => Act::Open,
        };
        Some(Earlier { seq: Seq(row.seq), act, at: Timestamp(row.occurred_at), verdict: Verdict::parse(&row.verdict)? })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

impl Reactions {
    /// The pixel of a message was asked for. `false` for a token we did not make; otherwise it is committed.
    pub async fn opened(&self, token: &str, asked: Asked) -> Result<bool, Fault> {
        let Some(message) = self.tokens.open(token) else { return Ok(false) };
        if letter(&self.db.read().await?, message).await?.is_none() {
            return Ok(false);
        }
        self.judge(message, Act::Open, None, asked).await?;
        Ok(true)
    }

    /// Where a link of a message leads, from the database. Nothing for a token we did not make, or a link of another step.
    pub async fn target(&self, token: &str) -> Result<Option<String>, Fault> {
        let Some((message, link)) = self.tokens.click(token) else { return Ok(None) };
        const SQL: &str =
            "SELECT l.url FROM campaign_link l JOIN message m ON m.step_id = l.step_id WHERE m.id = $1 AND l.id = $2";
        let found: Option<Target> = self.db.read().await?.one(SQL, values![message.0, link.0]).await?;
        Ok(found.map(|target| target.url))
    }

    /// A link of a message was followed; committed when this answers.
    pub async fn clicked(&self, token: &str, url: &str, asked: Asked) -> Result<(), Fault> {
        let Some((message, link)) = self.tokens.click(token) else { return Ok(()) };
        self.judge(message, Act::Click(link.0), Some((link, url.to_owned())), asked).await?;
        Ok(())
    }

    async fn judge(
        &self,
        message: MessageId,
        act: Act,
        link: Option<(LinkId, String)>,
        asked: Asked,
    ) -> Result<Vec<Appended>, Fault> {
        let now = self.clock.now();
        let errand: Errand = Arc::new(move |unit| {
            // An errand may be run again, so it keeps what it needs and gives away copies.
            let (link, asked) = (link.clone(), asked.clone());
            Box::pin(async move { react(unit, message, act, link, &asked, now).await })
        });
        self.recorder.run(errand).await
    }

    /// Records interactions that came from outside. Those that say something about a message (bounced, complained,
    /// unsubscribed) are attached to the last one before them unless they name one, and have their consequences. Each has
    /// its own answer; a full queue takes none.
    pub async fn record_all(&self, items: Vec<NewInteraction>) -> Result<Vec<Result<Appended, Fault>>, Fault> {
        if !items.iter().any(speaks_of_a_message) {
            return self.recorder.record_all(items).await;
        }
        let one = |item: NewInteraction| async move {
            if !speaks_of_a_message(&item) {
                return self.recorder.record(item).await;
            }
            let now = self.clock.now();
            let errand: Errand = Arc::new(move |unit| {
                let item = item.clone();
                Box::pin(async move { take_in(unit, item, now).await })
            });
            let places = self.recorder.run(errand).await?;
            places.into_iter().next().ok_or_else(|| Fault::Busy("nothing was recorded".to_owned()))
        };
        Ok(join_all(items.into_iter().map(one)).await)
    }
}

fn speaks_of_a_message(item: &NewInteraction) -> bool {
    matches!(item.kind, Kind::Bounced | Kind::Complained | Kind::Unsubscribed)
}

async fn react(
    unit: &Write,
    message: MessageId,
    act: Act,
    link: Option<(LinkId, String)>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Vec<Appended>, Fault> {
    let Some(letter) = letter(unit, message).await? else { return Ok(Vec::new()) };
    let in_doubt = letter.state == "in_doubt";
    let facts = Message {
        handed_over: if in_doubt { letter.handed_at } else { letter.sent_at }.map(Timestamp),
        links: usize::try_from(letter.links).unwrap_or(0),
    };
    if in_doubt {
        resolve_sent(unit, message, now).await?;
    }
    let request = Request { act, head: asked.head, agent: &asked.agent, at: now };
    let judgement = judge(&request, facts, &earlier(unit, message).await?);
    let after_all = [Reason::AllLinksAtHandOver];
    interactions::rejudge(unit, &judgement.machine_after_all, Verdict::Machine, &after_all).await?;
    let agent: String = asked.agent.chars().take(200).collect();
    let kind = if link.is_some() { Kind::Clicked } else { Kind::Opened };
    let item = NewInteraction {
        campaign: Some(CampaignId(letter.campaign_id)),
        message: Some(message),
        verdict: judgement.verdict,
        reasons: judgement.reasons,
        props: Some(match &link {
            Some((link, _)) => json!({ "link": link, "agent": agent }),
            None => json!({ "agent": agent }),
        }),
        url: link.map(|(_, url)| url),
        ..NewInteraction::new(kind, now).of(ContactId(letter.contact_id))
    };
    interactions::append(unit, &[item], now).await
}

async fn take_in(unit: &Write, mut item: NewInteraction, now: Timestamp) -> Result<Vec<Appended>, Fault> {
    if let (None, Some(contact)) = (item.message, item.contact)
        && let Some((message, campaign)) = latest_of(unit, contact, item.occurred_at).await?
    {
        item.message = Some(message);
        item.campaign = item.campaign.or(Some(campaign));
    }
    let appended = interactions::append(unit, &[item.clone()], now).await?;
    if appended.iter().all(|place| place.duplicate) {
        return Ok(appended);
    }
    let letter = match item.message {
        Some(message) => letter(unit, message).await?,
        None => None,
    };
    if let Some(message) = item.message {
        resolve_sent(unit, message, now).await?;
    }
    match item.kind {
        Kind::Bounced => {
            if let Some(letter) = &letter {
                const SQL: &str = "UPDATE message SET bounced_at = COALESCE(bounced_at, $1) WHERE id = $2";
                unit.run(SQL, values![item.occurred_at.0, letter.id]).await?;
                if is_hard(&item) {
                    suppress(unit, &letter.address, "hard_bounce", MessageId(letter.id), now).await?;
                }
            }
        }
        Kind::Complained => {
            if let Some(letter) = &letter {
                suppress(unit, &letter.address, "complaint", MessageId(letter.id), now).await?;
            }
            withdraw(unit, &item, "complaint", now).await?;
        }
        _ => withdraw(unit, &item, "unsubscribe", now).await?,
    }
    Ok(appended)
}

async fn withdraw(unit: &Write, item: &NewInteraction, source: &str, now: Timestamp) -> Result<(), Fault> {
    let Some(contact) = item.contact else { return Ok(()) };
    let wording = item.subject.clone().unwrap_or_else(|| item.kind.code().to_owned());
    unsubscribe::withdraw_email(unit, contact, source, &wording, now).await?;
    Ok(())
}

/// A bounce is for ever unless its sender says otherwise: class `soft`, or a status that begins with 4 (RFC 3463).
fn is_hard(item: &NewInteraction) -> bool {
    let said = |name: &str| item.props.as_ref().and_then(|props| props[name].as_str()).unwrap_or_default();
    said("class") != "soft" && !said("status").starts_with('4')
}
