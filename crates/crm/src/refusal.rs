//! The two ways a room says no: a refusal is a sentence for the user, a fault is the machine's.

use crate::staff::Right;
use kernel::{Fault, Sentence};

/// Why something the user asked for is not done. Each is said in the user's language, beside the field where there is one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The right is missing: HTTP 403 and a page that names it.
    #[error("the right {0:?} is missing")]
    Right(Right),
    /// What was asked for does not exist (any more).
    #[error("not found")]
    Missing,
    /// Somebody else was faster: both states are shown, nothing is lost.
    #[error("changed by somebody else meanwhile")]
    Stale,
    /// Values that do not fit, each with the path of its field.
    #[error("invalid: {0:?}")]
    Invalid(Vec<Complaint>),
    /// The record's state does not allow it.
    #[error("{0:?}")]
    State(Sentence),
    /// What stands outside the house and is needed for it does not answer; later it may.
    #[error("{0:?}")]
    Away(Sentence),
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Complaint {
    /// Name of a form field or path in a JSON document, e.g. `all[2].did.kind`.
    pub field: String,
    /// Stable code for programs, e.g. `required`, `unknown_field`.
    pub code: &'static str,
    pub sentence: Sentence,
}

impl Refusal {
    /// One field that does not fit.
    pub fn field(field: impl Into<String>, code: &'static str, sentence: Sentence) -> Self {
        Self::Invalid(vec![Complaint { field: field.into(), code, sentence }])
    }

    pub fn state(sentence: impl Into<Sentence>) -> Self {
        Self::State(sentence.into())
    }
}

/// A refusal or a fault: what a room's function that touches the database may answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Refusal(#[from] Refusal),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Trouble {
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refusal(refusal) => Some(refusal),
            Self::Fault(_) => None,
        }
    }
}
