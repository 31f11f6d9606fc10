//! Contacts, companies and consents: the one record everything hangs on.

mod company;
mod consent;
mod import;
mod master;

pub use company::Company;
pub use consent::{Consent, MARKETING, Statement, consents, current_consent, note_consent, record_consent};
pub use import::ContactImport;
pub use master::{became_customers, ids_by_number};
