//! A campaign and its life: every step says who may take it, from where, and refuses otherwise.

use super::{Content, Plan, State};
use crate::{
    Refusal,
    refusal::Complaint,
    staff::{Actor, Right},
};
use kernel::{CampaignId, SegmentId, Sentence, StepId, Timestamp, UserId};

/// A campaign with its one e-mail step.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    pub id: CampaignId,
    pub plan: Plan,
    pub state: State,
    /// Why it stopped by itself.
    pub stop_reason: Option<Sentence>,
    pub step: EmailStep,
    /// The segment's definition at the moment of the freeze, as JSON.
    pub frozen_definition: Option<String>,
    pub control_seed: Option<i64>,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<Timestamp>,
    pub frozen_at: Option<Timestamp>,
    pub launched_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Grows with every change; who saves an older one is refused.
    pub version: i64,
}

/// The step that sends the e-mail.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailStep {
    pub id: StepId,
    pub content: Content,
}

impl Campaign {
    pub fn segment(&self) -> Option<SegmentId> {
        self.plan.segment
    }

    /// Draft → approved. Refused with a complaint for everything that is still missing.
    pub fn approve(self, by: &Actor, at: Timestamp) -> Result<Self, Refusal> {
        by.must(Right::ApproveCampaigns)?;
        self.must_be(&[State::Draft], "planning-refused-approve")?;
        self.complete()?;
        Ok(Self { approved_by: by.user(), approved_at: Some(at), ..self.moved(State::Approved) })
    }

    /// Approved → draft, to change it. Once launched there is no way back.
    pub fn back_to_draft(self, by: &Actor) -> Result<Self, Refusal> {
        by.must(Right::EditCampaigns)?;
        self.must_be(&[State::Approved], "planning-refused-draft")?;
        Ok(Self { approved_by: None, approved_at: None, ..self.moved(State::Draft) })
    }

    /// Approved → launching: from here the audience is frozen and the ledger written, whatever happens to the process.
    pub fn launch(self, by: &Actor, at: Timestamp, seed: i64) -> Result<Self, Refusal> {
        by.must(Right::SendCampaigns)?;
        self.must_be(&[State::Approved], "planning-refused-launch")?;
        let control_seed = self.control_seed.or(Some(seed));
        Ok(Self { launched_at: Some(at), control_seed, ..self.moved(State::Launching) })
    }

    /// Launching → running: every message stands in the ledger.
    pub fn launched(self) -> Result<Self, Refusal> {
        self.must_be(&[State::Launching], "planning-refused-launch")?;
        Ok(self.moved(State::Running))
    }

    pub fn pause(self, by: &Actor) -> Result<Self, Refusal> {
        by.must(Right::SendCampaigns)?;
        self.must_be(&[State::Running], "planning-refused-pause")?;
        Ok(self.moved(State::Paused))
    }

    /// Paused or stopped → running; the reason of a stop is taken away.
    pub fn resume(self, by: &Actor) -> Result<Self, Refusal> {
        by.must(Right::SendCampaigns)?;
        self.must_be(&[State::Paused, State::Stopped], "planning-refused-resume")?;
        // Stopped before its audience was frozen, it has to go there first.
        let state = if self.frozen_at.is_some() { State::Running } else { State::Launching };
        Ok(Self { stop_reason: None, ..self.moved(state) })
    }

    /// Running → stopped by the house itself, with the reason.
    pub fn stop(self, reason: Sentence) -> Result<Self, Refusal> {
        self.must_be(&[State::Running, State::Launching], "planning-refused-stop")?;
        Ok(Self { stop_reason: Some(reason), ..self.moved(State::Stopped) })
    }

    /// Ends a campaign for good; what has not left the house never will.
    pub fn cancel(self, by: &Actor, at: Timestamp) -> Result<Self, Refusal> {
        by.must(Right::SendCampaigns)?;
        let from = [State::Draft, State::Approved, State::Launching, State::Running, State::Paused, State::Stopped];
        self.must_be(&from, "planning-refused-cancel")?;
        Ok(Self { finished_at: Some(at), ..self.moved(State::Cancelled) })
    }

    /// Running → finished: nothing is planned or on its way any more.
    pub fn finish(self, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be(&[State::Running], "planning-refused-finish")?;
        Ok(Self { finished_at: Some(at), ..self.moved(State::Finished) })
    }

    /// Finished → evaluated: somebody has drawn the conclusions.
    pub fn evaluate(self, by: &Actor) -> Result<Self, Refusal> {
        by.must(Right::EditCampaigns)?;
        self.must_be(&[State::Finished], "planning-refused-evaluate")?;
        Ok(self.moved(State::Evaluated))
    }

    /// Plan and content change in a draft only.
    pub fn must_be_draft(&self) -> Result<(), Refusal> {
        self.must_be(&[State::Draft], "planning-refused-change")
    }

    /// Everything that has to be there before a campaign is approved.
    fn complete(&self) -> Result<(), Refusal> {
        let needed = [
            ("segment", self.plan.segment.is_none(), "planning-segment-required"),
            ("subject", self.step.content.subject.is_empty(), "planning-subject-required"),
            ("body", self.step.content.body.trim().is_empty(), "planning-body-required"),
        ];
        let missing = needed.into_iter().filter(|(_, missing, _)| *missing).map(|(field, _, key)| Complaint {
            field: field.to_owned(),
            code: "required",
            sentence: Sentence::new(key),
        });
        let complaints: Vec<Complaint> = missing.collect();
        if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
    }

    fn must_be(&self, from: &[State], key: &'static str) -> Result<(), Refusal> {
        if from.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::State(Sentence::new(key).with("state", self.state.code())))
    }

    fn moved(self, state: State) -> Self {
        Self { state, ..self }
    }
}
