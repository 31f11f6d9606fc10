//! Two records become one, and two again, on both engines.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

mod drawn;
mod story;
mod world;
