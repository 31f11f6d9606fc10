//! The states of a campaign and the goals it may have.

use kernel::Sentence;
use serde::{Deserialize, Serialize};

/// Where a campaign stands: draft → approved → launching → running → (paused) → finished → evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Approved,
    /// Launched by a person; the audience is being frozen and the ledger written.
    Launching,
    Running,
    Paused,
    /// Stopped by itself because something is wrong with it; the reason is kept.
    Stopped,
    Finished,
    Evaluated,
    Cancelled,
}

/// What a campaign is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    NewCustomers,
    WinBack,
    CrossSell,
    Loyalty,
    Information,
}

impl State {
    pub const ALL: &'static [State] = &[
        Self::Draft,
        Self::Approved,
        Self::Launching,
        Self::Running,
        Self::Paused,
        Self::Stopped,
        Self::Finished,
        Self::Evaluated,
        Self::Cancelled,
    ];

    /// Stable name in storage and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Launching => "launching",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Evaluated => "evaluated",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == text)
    }

    /// Its name for people.
    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::Draft => "planning-state-draft",
            Self::Approved => "planning-state-approved",
            Self::Launching => "planning-state-launching",
            Self::Running => "planning-state-running",
            Self::Paused => "planning-state-paused",
            Self::Stopped => "planning-state-stopped",
            Self::Finished => "planning-state-finished",
            Self::Evaluated => "planning-state-evaluated",
            Self::Cancelled => "planning-state-cancelled",
        })
    }
}

impl Goal {
    pub const ALL: &'static [Goal] =
        &[Self::NewCustomers, Self::WinBack, Self::CrossSell, Self::Loyalty, Self::Information];

    /// Stable name in storage and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::NewCustomers => "new_customers",
            Self::WinBack => "win_back",
            Self::CrossSell => "cross_sell",
            Self::Loyalty => "loyalty",
            Self::Information => "information",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|goal| goal.code() == text)
    }

    /// Its name for people.
    pub fn label(self) -> Sentence {
        Sentence::new(match self {
            Self::NewCustomers => "planning-goal-new_customers",
            Self::WinBack => "planning-goal-win_back",
            Self::CrossSell => "planning-goal-cross_sell",
            Self::Loyalty => "planning-goal-loyalty",
            Self::Information => "planning-goal-information",
        })
    }
}
