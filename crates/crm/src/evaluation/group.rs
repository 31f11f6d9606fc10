//! The people behind a figure of a campaign by the name the figure's address carries: fates of the audience, states of the
//! ledger, reactions, links. One name, one condition over `contact`, so a page and its list cannot disagree.

use super::{Metric, people_condition};
use crate::{
    execution::{MessageState, reason_label},
    planning::{Campaign, State},
    selection::{
        self,
        freeze::{self, Fate},
    },
};
use kernel::{CampaignId, Fault, Sentence, Timestamp, Zone};
use sea_query::{Condition, Expr};
use store::Rows;

/// A group of people of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Everybody the segment matched.
    Matched,
    Fate(Fate),
    /// Messages of a state, all or those of one reason; a reason of `-` means those without one.
    Message(MessageState, Option<String>),
    Metric(Metric),
    /// Opens or clicks by machines.
    Machine,
    /// Human clicks on a link.
    Link(i64),
}

/// Codes of reasons are lower-case words with underscores.
fn is_code(text: &str) -> bool {
    text == "-" || (!text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
}

impl Group {
    /// Reads the name, e.g. `sent`, `opened`, `failed-refused_mailbox`, `no_consent`, `link-12`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((head, tail)) = text.split_once('-') {
            return match head {
                "link" => tail.parse().ok().map(Self::Link),
                _ if is_code(tail) => {
                    MessageState::parse(head).map(|state| Self::Message(state, Some(tail.to_owned())))
                }
                _ => None,
            };
        }
        match text {
            "matched" => Some(Self::Matched),
            "recipients" => Some(Self::Fate(Fate::Treated)),
            "ordered" => Some(Self::Metric(Metric::Converted)),
            "machine" => Some(Self::Machine),
            _ => Fate::parse(text)
                .map(Self::Fate)
                .or_else(|| MessageState::parse(text).map(|state| Self::Message(state, None)))
                .or_else(|| Metric::parse(text).map(Self::Metric)),
        }
    }

    /// Its name for people.
    pub fn label(&self) -> Sentence {
        match self {
            Self::Matched => Sentence::new("evaluation-group-matched"),
            Self::Fate(fate) => fate_label(*fate),
            Self::Message(_, Some(reason)) if reason != "-" => reason_label(reason),
            Self::Message(state, _) => state.label(),
            Self::Metric(metric) => metric.label(),
            Self::Machine => Metric::MachineOpened.label(),
            Self::Link(_) => Metric::Clicked.label(),
        }
    }

    /// The people as a condition over the table `contact`; nothing where a figure has no people, such as costs. Before the
    /// freeze a fate is what a freeze would write now.
    pub async fn condition(
        &self,
        rows: &Rows,
        campaign: CampaignId,
        now: Timestamp,
        zone: &Zone,
    ) -> Result<Option<Condition>, Fault> {
        let id = campaign.0;
        let within = |select: String| Some(Condition::all().add(Expr::cust(format!("contact.id IN ({select})"))));
        Ok(match self {
            Self::Matched => match unfrozen(rows, campaign, now, zone).await? {
                Some(people) => Some(people),
                None => within(format!("SELECT a.contact_id FROM audience a WHERE a.campaign_id = {id}")),
            },
            Self::Fate(fate) => match before_freeze(rows, campaign, *fate, now, zone).await? {
                Some(people) => Some(people),
                None => within(format!(
                    "SELECT a.contact_id FROM audience a WHERE a.campaign_id = {id} AND a.fate = '{}'",
                    fate.code()
                )),
            },
            Self::Message(state, reason) => {
                let reason = match reason.as_deref() {
                    None => String::new(),
                    Some("-") => " AND m.reason IS NULL".to_owned(),
                    Some(code) if is_code(code) => format!(" AND m.reason = '{code}'"),
                    Some(_) => " AND 1 = 0".to_owned(),
                };
                within(format!(
                    "SELECT m.contact_id FROM message m WHERE m.campaign_id = {id} AND m.state = '{}'{reason}",
                    state.code()
                ))
            }
            Self::Metric(metric) => people_condition(*metric, campaign),
            Self::Machine => within(format!(
                "SELECT i.contact_id FROM interaction i WHERE i.campaign_id = {id} AND i.kind IN ('opened', 'clicked') \
                 AND i.verdict = 'machine' AND i.contact_id IS NOT NULL"
            )),
            Self::Link(link) => within(format!(
                "SELECT i.contact_id FROM campaign_link l JOIN campaign_step s ON s.id = l.step_id \
                 JOIN interaction i ON i.campaign_id = s.campaign_id AND i.kind = 'clicked' AND i.verdict = 'human' \
                 AND i.url = l.url WHERE s.campaign_id = {id} AND l.id = {link} AND i.contact_id IS NOT NULL"
            )),
        })
    }
}

/// The words for what became of a person.
pub fn fate_label(fate: Fate) -> Sentence {
    Sentence::new(match fate {
        Fate::Archived => "evaluation-group-archived",
        Fate::NoConsent => "evaluation-group-no_consent",
        Fate::NoAddress => "evaluation-group-no_address",
        Fate::Suppressed => "evaluation-group-suppressed",
        Fate::DuplicateAddress => "evaluation-group-duplicate_address",
        Fate::Control => "evaluation-group-control",
        Fate::Treated => "evaluation-group-treated",
    })
}

/// The segment's condition of a campaign whose audience is not written yet.
async fn unfrozen(rows: &Rows, campaign: CampaignId, now: Timestamp, zone: &Zone) -> Result<Option<Condition>, Fault> {
    let Some(campaign) = Campaign::find(rows, campaign).await? else { return Ok(None) };
    let open = campaign.frozen_at.is_none() && campaign.state != State::Cancelled;
    let Some(segment) = campaign.segment().filter(|_| open) else { return Ok(None) };
    let Some(segment) = selection::find(rows, segment).await? else { return Ok(None) };
    Ok(Some(selection::condition(rows, &segment.definition, now, zone).await?))
}

async fn before_freeze(
    rows: &Rows,
    campaign: CampaignId,
    fate: Fate,
    now: Timestamp,
    zone: &Zone,
) -> Result<Option<Condition>, Fault> {
    let Some(people) = unfrozen(rows, campaign, now, zone).await? else { return Ok(None) };
    let people =
        sea_query::Query::select().expr(Expr::cust("contact.id")).from("contact").cond_where(people).to_owned();
    Ok(Some(freeze::would_be(people, fate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_found_by_its_name() {
        assert_eq!(Group::parse("ordered"), Some(Group::Metric(Metric::Converted)));
        assert_eq!(Group::parse("sent"), Some(Group::Message(MessageState::Sent, None)));
        let full = Group::Message(MessageState::Failed, Some("refused_mailbox".into()));
        assert_eq!(Group::parse("failed-refused_mailbox"), Some(full));
        assert_eq!(Group::parse("link-12"), Some(Group::Link(12)));
        assert_eq!(Group::parse("no_consent"), Some(Group::Fate(Fate::NoConsent)));
        assert_eq!(Group::parse("responded"), Some(Group::Metric(Metric::Responded)));
    }

    #[test]
    fn nothing_but_a_name_is_taken() {
        for text in ["", "sent-'", "sent-x' OR 1=1", "link-1;2", "link-", "unknown", "failed-"] {
            assert_eq!(Group::parse(text), None, "{text}");
        }
    }
}
