//! A furnished house for tests: databases of both kinds, people, a clock that stands still.

#![allow(clippy::unwrap_used, reason = "a test kit fails loudly")]

pub mod house;
pub mod postgres;

pub use house::House;
