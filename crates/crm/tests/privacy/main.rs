//! Stories of people who ask what is kept about them, want it corrected, locked or gone, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

mod agreeing;
mod asking;
mod erasing;
mod figures;
mod keeping;
mod preferring;
mod requesting;
mod world;
