//! The road of a mail's pixel and links: judged by the request, the message and what was asked for before.
//!
//! Sources of the rules: Apple Mail Privacy Protection loads pictures through a proxy that calls itself `Mozilla/5.0` and
//! nothing more; gateways that check links ask for all of them at the moment of delivery, first with HEAD (RFC 9110,
//! 9.3.2: asks for headers only), then with GET and the User-Agent of an ordinary browser.

use super::{Reason, Step, Verdict, agents, walk};
use kernel::{Seq, Timestamp, time::SECOND};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The pixel.
    Open,
    /// A link, by the id of its target.
    Click(i64),
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub act: Act,
    /// Method HEAD instead of GET.
    pub head: bool,
    /// The User-Agent header; empty where there is none.
    pub agent: &'a str,
    pub at: Timestamp,
}

/// The message it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// When the message was accepted (`sent_at`); for one whose fate is in doubt, when it was handed over (`handed_at`).
    /// Empty while it is still on its way: then no time at all has passed.
    pub handed_over: Option<Timestamp>,
    /// How many different links the mail holds.
    pub links: usize,
}

/// An earlier request for something of the same message.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub seq: Seq,
    pub act: Act,
    pub at: Timestamp,
    pub verdict: Verdict,
}

/// The verdict on a request, and what it says about earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
    /// Earlier entries of the log that are now seen to be a machine's, for `rejudge` with [`Reason::AllLinksAtHandOver`].
    pub machine_after_all: Vec<Seq>,
}

/// So soon after the hand-over nobody has read anything.
const AT_ONCE: i64 = 2 * SECOND;

/// Mail services that load pictures for their readers when these open the mail.
const IMAGE_PROXIES: &[&str] = &["googleimageproxy", "yahoomailproxy", "yahoocachesystem"];

/// What the steps look at.
pub struct Case {
    act: Act,
    head: bool,
    at: Timestamp,
    agent: String,
    message: Message,
    earlier: Vec<Earlier>,
}

/// The road of a request for a pixel or a link.
pub const MAIL_ROAD: &[Step<Case>] = &[
    Step { name: "head_request", rule: head_request },
    Step { name: "known_scanner", rule: known_scanner },
    Step { name: "privacy_proxy", rule: privacy_proxy },
    Step { name: "pixel_at_hand_over", rule: pixel_at_hand_over },
    Step { name: "links_at_hand_over", rule: links_at_hand_over },
    Step { name: "no_agent", rule: no_agent },
    Step { name: "image_proxy", rule: image_proxy },
];

/// Judges a request. The reader's own clicks on every link, some seconds after the hand-over, stay a reader's.
pub fn judge(request: &Request, message: Message, earlier: &[Earlier]) -> Judgement {
    let Request { act, head, at, .. } = *request;
    let agent = request.agent.trim().to_lowercase();
    let case = Case { act, head, at, agent, message, earlier: earlier.to_vec() };
    let (verdict, mut reasons) = match walk(MAIL_ROAD, &case) {
        Some((verdict, reason)) => (verdict, vec![reason]),
        None => (Verdict::Human, Vec::new()),
    };
    let mut machine_after_all = Vec::new();
    if case.all_links_at_hand_over() {
        if !reasons.contains(&Reason::AllLinksAtHandOver) {
            reasons.push(Reason::AllLinksAtHandOver);
        }
        let doubtful = |e: &&Earlier| e.verdict != Verdict::Machine && matches!(e.act, Act::Click(_));
        machine_after_all.extend(earlier.iter().filter(doubtful).filter(|e| case.at_once(e.at)).map(|e| e.seq));
    }
    Judgement { verdict, reasons, machine_after_all }
}

impl Case {
    fn at_once(&self, at: Timestamp) -> bool {
        self.message.handed_over.is_none_or(|handed_over| at.0 - handed_over.0 <= AT_ONCE)
    }

    /// Whether with this request every link of the mail has been asked for at the moment of the hand-over.
    fn all_links_at_hand_over(&self) -> bool {
        let Act::Click(link) = self.act else { return false };
        if !self.at_once(self.at) {
            return false;
        }
        let mut asked: Vec<i64> = self
            .earlier
            .iter()
            .filter(|e| self.at_once(e.at))
            .filter_map(|e| if let Act::Click(link) = e.act { Some(link) } else { None })
            .chain([link])
            .collect();
        asked.sort_unstable();
        asked.dedup();
        asked.len() >= self.message.links
    }
}

fn head_request(case: &Case) -> Option<(Verdict, Reason)> {
    case.head.then_some((Verdict::Machine, Reason::HeadRequest))
}

fn known_scanner(case: &Case) -> Option<(Verdict, Reason)> {
    agents::is_scanner(&case.agent).then_some((Verdict::Machine, Reason::KnownScanner))
}

fn privacy_proxy(case: &Case) -> Option<(Verdict, Reason)> {
    (case.agent == "mozilla/5.0").then_some((Verdict::Machine, Reason::PrivacyProxy))
}

fn pixel_at_hand_over(case: &Case) -> Option<(Verdict, Reason)> {
    let at_once = case.act == Act::Open && case.at_once(case.at);
    at_once.then_some((Verdict::Machine, Reason::AtHandOver))
}

fn links_at_hand_over(case: &Case) -> Option<(Verdict, Reason)> {
    if case.act == Act::Open || !case.at_once(case.at) {
        None
    } else if case.all_links_at_hand_over() {
        Some((Verdict::Machine, Reason::AllLinksAtHandOver))
    } else {
        Some((Verdict::Unknown, Reason::SomeLinksAtHandOver))
    }
}

fn no_agent(case: &Case) -> Option<(Verdict, Reason)> {
    case.agent.is_empty().then_some((Verdict::Unknown, Reason::NoAgent))
}

/// The service fetched the picture because a person opened the mail.
fn image_proxy(case: &Case) -> Option<(Verdict, Reason)> {
    let proxy = case.act == Act::Open && IMAGE_PROXIES.iter().any(|part| case.agent.contains(part));
    proxy.then_some((Verdict::Human, Reason::ImageProxy))
}

#[cfg(test)]
mod tests;
