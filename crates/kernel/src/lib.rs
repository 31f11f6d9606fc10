//! The ground floor: the words every other floor speaks.
//!
//! Ids, time, money, text, tables, questions, sealed tokens and the ports the machines implement. It knows no
//! database, no network and no rule of the trade.

pub mod chance;
pub mod csv;
pub mod fault;
pub mod id;
pub mod locale;
pub mod mail;
pub mod money;
pub mod people;
pub mod question;
pub mod repository;
pub mod seal;
pub mod sentence;
pub mod table;
pub mod text;
pub mod time;

pub use fault::Fault;
pub use id::*;
pub use locale::Locale;
pub use money::{Currency, Money};
pub use people::People;
pub use question::{KEPT, Lens, Question};
pub use seal::Seal;
pub use sentence::Sentence;
pub use table::{Cell, Column, Table, Unit};
pub use text::EmailAddress;
pub use time::{Clock, Timestamp, Zone};
