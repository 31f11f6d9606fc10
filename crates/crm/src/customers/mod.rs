//! Contacts, companies and consents: the one record everything hangs on.

mod company;
mod consent;
mod contact;
mod draft;
mod import;
mod master;
mod recent;
mod register;

pub use company::{Company, companies};
pub use consent::{Consent, MARKETING, Statement, consents, current_consent, note_consent, record_consent};
pub use contact::{Contact, ContactKind, contact_by_number, display_name, display_names, find_contact};
pub use draft::{ContactDraft, create_contact, edit_contact};
pub use import::ContactImport;
pub use master::{became_customers, ids_by_number};
pub use register::{
    ContactLine, ContactPage, ContactQuery, Sort, contact_page, count_contacts, highest_id, is_empty,
    without_birth_date,
};
