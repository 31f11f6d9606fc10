//! Segments on both engines: generated definitions against a plain reading of them, and the life of a saved segment.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "selection/acceptance.rs"]
mod acceptance;
#[path = "selection/drawn.rs"]
mod drawn;
#[path = "selection/generated.rs"]
mod generated;
#[path = "selection/plain.rs"]
mod plain;
#[path = "selection/saved.rs"]
mod saved;
#[path = "selection/workbench.rs"]
mod workbench;
#[path = "selection/world.rs"]
mod world;
