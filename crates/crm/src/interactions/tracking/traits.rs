//! What an event says about a person, and the little of it that may reach the master data: names, address, phone and company
//! of people who have none there yet.

use super::wire::Event;
use crate::{
    Refusal, Trouble,
    customers::{self, Contact, ContactDraft, ContactKind},
    staff::Actor,
};
use kernel::{ContactId, EmailAddress, Fault, Timestamp};
use serde_json::{Map, Value};
use store::Write;

/// What may be taken over, with the names it comes under. Everything else an event says about a person is not kept.
const TAKEN: &[(Field, &[&str])] = &[
    (|d| &mut d.email, &["email"]),
    (|d| &mut d.title, &["title"]),
    (|d| &mut d.first_name, &["firstName", "first_name", "firstname"]),
    (|d| &mut d.last_name, &["lastName", "last_name", "lastname"]),
    (|d| &mut d.phone, &["phone"]),
    (|d| &mut d.street, &["address.street", "street"]),
    (|d| &mut d.postal_code, &["address.postalCode", "address.postal_code", "postalCode", "postal_code", "zip"]),
    (|d| &mut d.city, &["address.city", "city"]),
    (|d| &mut d.country, &["address.country", "country"]),
    (|d| &mut d.company, &["company.name", "company"]),
];

type Field = fn(&mut ContactDraft) -> &mut String;

/// What an identify or group says, as far as it may be taken over.
pub fn told(event: &Event, group: bool) -> ContactDraft {
    let mut draft = ContactDraft::default();
    if group {
        draft.company = text(&event.traits, "name").unwrap_or_default();
        return draft;
    }
    for (field, names) in TAKEN {
        if let Some(said) = names.iter().find_map(|name| text(&event.traits, name)) {
            *field(&mut draft) = said;
        }
    }
    if draft.first_name.is_empty()
        && draft.last_name.is_empty()
        && let Some(name) = text(&event.traits, "name")
    {
        let (first, last) = name.rsplit_once(' ').unwrap_or(("", &name));
        (draft.first_name, draft.last_name) = (first.trim().to_owned(), last.to_owned());
    }
    draft
}

/// The e-mail address of a person, where it is one.
pub fn email(event: &Event) -> Option<EmailAddress> {
    EmailAddress::parse(&text(&event.traits, "email")?)
}

fn text(traits: &Map<String, Value>, path: &str) -> Option<String> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (traits.get(first)?, rest) {
        (Value::Object(inner), Some(rest)) => text(inner, rest),
        (Value::String(text), None) => super::wire::plain(text, 200),
        (Value::Number(number), None) => Some(number.to_string()),
        _ => None,
    }
}

/// Who writes what a source has told.
fn house() -> Actor {
    Actor::system("tracking")
}

/// Fills what is empty in a contact's master data; what stands there stays. What does not fit is left out.
pub async fn fill(
    unit: &Write,
    id: ContactId,
    told: &ContactDraft,
    zone: &kernel::Zone,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(contact) = customers::find_contact(unit, id).await? else { return Ok(()) };
    let mut told = told.clone();
    // The address of another person cannot become this one's.
    let mut draft = merged(&contact, &mut told);
    for _ in 0..2 {
        if draft == ContactDraft::from(&contact) {
            return Ok(());
        }
        match customers::edit_contact(unit, &house(), id, contact.version, draft.clone(), now, zone.day(now)).await {
            Ok(_) => return Ok(()),
            Err(Trouble::Refusal(Refusal::Invalid(wrong))) => {
                for (field, name) in TAKEN.iter().zip(NAMES) {
                    if wrong.iter().any(|complaint| complaint.field == *name) {
                        field.0(&mut told).clear();
                    }
                }
                draft = merged(&contact, &mut told);
            }
            Err(Trouble::Refusal(_)) => return Ok(()),
            Err(Trouble::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// Names of the fields of [`TAKEN`], as a draft's complaints call them.
const NAMES: &[&str] =
    &["email", "title", "first_name", "last_name", "phone", "street", "postal_code", "city", "country", "company"];

fn merged(contact: &Contact, told: &mut ContactDraft) -> ContactDraft {
    let mut draft = ContactDraft::from(contact);
    for (field, _) in TAKEN {
        let said = field(told).clone();
        let held = field(&mut draft);
        if held.is_empty() {
            *held = said;
        }
    }
    draft
}

/// Makes a lead out of somebody unknown who gave an address. Nothing where it does not fit together.
pub async fn lead(
    unit: &Write,
    source: &str,
    told: &ContactDraft,
    zone: &kernel::Zone,
    now: Timestamp,
) -> Result<Option<ContactId>, Fault> {
    let whole = ContactDraft {
        kind: ContactKind::Lead.code().to_owned(),
        source: source.chars().take(100).collect(),
        ..told.clone()
    };
    let bare = ContactDraft {
        kind: whole.kind.clone(),
        source: whole.source.clone(),
        email: told.email.clone(),
        ..ContactDraft::default()
    };
    for draft in [whole, bare] {
        match customers::create_contact(unit, &house(), draft, now, zone.day(now)).await {
            Ok(contact) => return Ok(Some(contact.contact_id())),
            Err(Trouble::Refusal(_)) => {}
            Err(Trouble::Fault(fault)) => return Err(fault),
        }
    }
    Ok(None)
}
