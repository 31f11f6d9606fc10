//! The machines of mail: composing and signing, carrying over SMTP, rendering in a bounded worker, catching.
//!
//! They implement the ports of `kernel::mail`; no rule of the trade lives here and nothing here knows the database.

pub mod catcher;
mod compose;
mod dkim;
pub mod render;
pub mod smtp;

pub use catcher::Catcher;
pub use dkim::DkimConfig;
pub use render::RenderPool;
pub use smtp::{Security, SmtpConfig, SmtpCourier};
