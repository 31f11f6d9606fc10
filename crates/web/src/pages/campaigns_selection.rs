//! Step 2 of a campaign: from everybody who matches to those who will get the mail, each loss with its people.

use super::{Frame, campaigns::CampaignHead};
use askama::Template;
use charts::{Bar, BarsH, Colour, Width, bars_h};

/// One bar of the waterfall, from everybody who matches down to the recipients.
#[derive(Clone, Debug)]
pub struct WaterfallBar {
    pub label: String,
    /// People left after this step.
    pub left: i64,
    /// People this step took away; 0 for the first and the last bar.
    pub taken: i64,
    pub href: String,
}

/// How an item of the check before approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Warn,
    Bad,
}

/// One item of the check: a sentence, and where it can be mended.
#[derive(Clone, Debug)]
pub struct CheckItem {
    pub verdict: Verdict,
    pub text: String,
    /// Words and address of the link.
    pub link: Option<(String, String)>,
}

impl CheckItem {
    fn tone(&self) -> &'static str {
        match self.verdict {
            Verdict::Good => "good",
            Verdict::Warn => "warn",
            Verdict::Bad => "bad",
        }
    }

    fn icon(&self) -> &'static str {
        match self.verdict {
            Verdict::Good => "circle-check",
            Verdict::Warn => "alert-triangle",
            Verdict::Bad => "circle-x",
        }
    }

    fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Good => "campaign-check-good",
            Verdict::Warn => "campaign-check-warn",
            Verdict::Bad => "campaign-check-bad",
        }
    }
}

/// A person of the audience, shown as an example.
#[derive(Clone, Debug)]
pub struct SamplePerson {
    pub name: String,
    pub href: String,
    pub email: String,
    pub kind: String,
    /// Last order in words, or empty.
    pub last_order: String,
}

/// `GET /kampagnen/{id}/selektion`; approving posts to `/kampagnen/{id}/freigabe`.
#[derive(Template)]
#[template(path = "campaigns_selection.html")]
pub struct SelectionPage {
    pub frame: Frame,
    pub head: CampaignHead,
    /// Name, address and sentence of the segment; `None` when none is chosen yet.
    pub segment: Option<SegmentBrief>,
    pub waterfall: Vec<WaterfallBar>,
    pub recipients: i64,
    pub control: i64,
    /// Percent of the audience kept back; 0 for none.
    pub control_share: f64,
    pub sample: Vec<SamplePerson>,
    pub checks: Vec<CheckItem>,
    /// In words when the audience is frozen: when and by whom; empty before.
    pub approved: String,
    pub may_approve: bool,
    /// Whether the approval can be taken back, to change the plan.
    pub may_reopen: bool,
    /// Whether the audience is written, control group and all.
    pub frozen: bool,
    /// Version of the campaign the page was drawn from.
    pub version: String,
}

#[derive(Clone, Debug)]
pub struct SegmentBrief {
    pub name: String,
    pub href: String,
    pub sentence: String,
}

impl SelectionPage {
    fn share_words(&self) -> String {
        self.frame.locale.number(self.control_share, 0)
    }

    fn blocked(&self) -> bool {
        self.checks.iter().any(|c| c.verdict == Verdict::Bad)
    }

    fn chart(&self) -> String {
        let last = self.waterfall.len().saturating_sub(1);
        let bar = |(i, b): (usize, &WaterfallBar)| Bar {
            label: b.label.clone(),
            value: if b.taken > 0 { b.taken } else { b.left } as f64,
            text: if b.taken > 0 { self.frame.locale.count(-b.taken) } else { self.frame.locale.count(b.left) },
            note: String::new(),
            colour: match i {
                _ if b.taken > 0 => Colour::Grey,
                i if i == last => Colour::C3,
                _ => Colour::C1,
            },
            href: Some(b.href.clone()),
        };
        let rows = self.waterfall.iter().enumerate().map(bar).collect();
        let width = Width::wide(620.0);
        bars_h(&BarsH { width, label_width: 210.0, ..BarsH::new(self.frame.say("campaign-waterfall"), rows) })
    }
}
