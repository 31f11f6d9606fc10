//! Stories of campaigns from the launch to the reactions, on both engines.

mod reactions;
mod sending;
mod story;
