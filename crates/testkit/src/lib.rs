//! A furnished house for tests: databases of both kinds, people, a clock that stands still.

#![allow(clippy::unwrap_used, reason = "a test kit fails loudly")]

pub mod api;
mod axe;
pub mod browser;
pub mod bucket;
pub mod disk;
pub mod drawer;
pub mod house;
pub mod http;
pub mod letterbox;
pub mod node;
pub mod person;
pub mod postfix;
pub mod postgres;
pub mod process;
pub mod python;
pub mod setting;
pub mod sink;
pub mod site;
pub mod webdav;

pub use house::House;
