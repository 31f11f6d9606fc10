//! Step 3 of a campaign: test, launch, watch, stop; every figure of the ledger leads to its people.

use super::{Frame, campaigns::CampaignHead};
use askama::Template;
use kernel::{ContactId, MessageId, Timestamp};

/// What can be done now; the page shows only these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levers {
    pub launch: bool,
    pub pause: bool,
    pub resume: bool,
    pub cancel: bool,
    pub test: bool,
}

/// How far the sending is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Messages decided: sent, failed, skipped or in doubt.
    pub done: i64,
    pub total: i64,
    /// Remaining time in words; empty when not running.
    pub rest: String,
    /// State in words: ready, running, paused, finished, cancelled, or why it stopped.
    pub state: String,
    /// Whether the page should ask again in two seconds.
    pub running: bool,
    pub tone: &'static str,
}

impl Progress {
    fn percent(&self) -> i64 {
        if self.total > 0 { (self.done.clamp(0, self.total) * 100) / self.total } else { 0 }
    }
}

/// One state of the ledger with its people; `reasons` split failed by class and skipped by reason.
#[derive(Clone, Debug)]
pub struct LedgerState {
    pub label: String,
    pub count: i64,
    pub href: String,
    pub tone: &'static str,
    pub reasons: Vec<LedgerReason>,
}

#[derive(Clone, Debug)]
pub struct LedgerReason {
    pub label: String,
    pub count: i64,
    pub href: String,
}

/// A message nobody knows the fate of.
#[derive(Clone, Debug)]
pub struct Doubt {
    pub message: MessageId,
    pub contact: ContactId,
    pub name: String,
    pub email: String,
    pub since: Timestamp,
}

/// One reaction of a person.
#[derive(Clone, Debug)]
pub struct Reaction {
    pub id: i64,
    pub name: String,
    pub href: String,
    /// email, web, phone, sale.
    pub channel: &'static str,
    pub icon: &'static str,
    pub text: String,
    /// As the clock on the wall says.
    pub time: String,
    pub at: Timestamp,
}

/// `GET /kampagnen/{id}/ausfuehrung`. Posts to `…/probeversand`, `…/start`, `…/pause`, `…/weiter`, `…/abbruch`,
/// `…/zweifel/{message}/versandt` and `…/zweifel/{message}/nicht-versandt`.
#[derive(Template)]
#[template(path = "campaigns_execution.html")]
pub struct ExecutionPage {
    pub frame: Frame,
    pub head: CampaignHead,
    pub levers: Levers,
    pub recipients: i64,
    /// Not approved yet: there is nothing to watch, only something to do first.
    pub draft: bool,
    /// Version of the campaign the page was drawn from.
    pub version: String,
    pub live: LiveFragment,
    /// Address proposed for the test mail, and what became of the last one.
    pub test_address: String,
    pub test_error: String,
    pub doubts: Vec<Doubt>,
    pub reactions: Vec<Reaction>,
}

/// `GET /kampagnen/{id}/fortschritt`: bar and ledger, swapped in every two seconds while it runs. When it stops it
/// should be answered with `HX-Refresh: true`, so that the buttons follow.
#[derive(Template, Clone, Debug)]
#[template(path = "campaigns_live.html")]
pub struct LiveFragment {
    pub frame: Frame,
    /// `/kampagnen/{id}/fortschritt`
    pub address: String,
    pub progress: Progress,
    pub ledger: Vec<LedgerState>,
}

/// `GET /kampagnen/{id}/reaktionen?nach=…`: rows newer than the given id, newest first; 204 when there are none.
#[derive(Template)]
#[template(path = "campaigns_reactions.html")]
pub struct ReactionsFragment {
    pub frame: Frame,
    pub reactions: Vec<Reaction>,
}
