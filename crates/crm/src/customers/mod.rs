//! Contacts, companies and consents: the one record everything hangs on.

mod addressing;
mod alike;
pub mod attributes;
mod bulk;
mod company;
mod consent;
mod contact;
mod draft;
pub mod duplicates;
mod editing;
pub mod erased;
mod found;
mod import;
mod import_ledger;
mod links;
mod master;
pub mod merge;
mod points;
mod recent;
mod register;
mod reverting;
mod undoing;
mod values;

pub use attributes::{Attribute, AttributeChoice, AttributeKind, attribute, attributes};
mod views;

pub use addressing::Addressee;
pub use alike::{Alike, alike, company_of_domain};
pub use bulk::{
    Bulk, BulkField, BulkWorker, Preview, Whom, cancel_bulk, find_bulk, plan_bulk, preview_bulk, start_bulk, undo_bulk,
};
pub use company::{Company, companies};
pub use consent::{
    CHANNELS, Consent, MARKETING, Statement, allows, consents, current_consent, note_consent, object, record_consent,
};
pub use contact::{
    COUNTED, Contact, ContactKind, by_ids, contact_by_number, display_name, display_names, find_contact,
};
pub use draft::ContactDraft;
pub use editing::{create_contact, edit_contact};
pub use found::{FoundPerson, company, company_people, found_companies, found_people};
pub use import::ContactImport;
pub use links::{Tie, Tied, tie, tied_to, untie};
pub use master::{became_customers, ids_by_number};
pub use points::{ContactPoint, KINDS as POINT_KINDS, WHATS as POINT_WHATS};
pub use register::{
    ContactLine, ContactPage, ContactQuery, Sort, contact_page, count_contacts, highest_id, is_empty,
    without_birth_date,
};
pub use reverting::{RevertImport, revert_import};
pub use undoing::{Kept, TakenBack, archive_contacts, field_label, take_back};
pub use values::{Tag, tags};
pub use views::{ListView, default_view, remove_view, rename_view, restore_view, save_view, set_default_view, views};
